//! What is done to images, networks and volumes.

pub mod routes;

mod detail;
mod logic;
mod save;
