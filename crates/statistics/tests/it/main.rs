//! Laws of statistics, attacks on protection, the map, the small world end to end.

mod attack;
mod extract;
mod map;
mod protection;
mod small_world;
