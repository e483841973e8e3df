//! What is done to images, networks and volumes.

pub mod routes;

mod detail;
mod load;
mod logic;
mod save;
