//! What is done to images, networks and volumes.

pub mod routes;

mod logic;
