//! The registry from outside: its store in memory against the suite, its use cases over it.

mod memory;
