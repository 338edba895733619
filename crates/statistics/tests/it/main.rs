//! Laws of statistics, attacks on protection, the small world end to end.

mod attack;

mod protection;
