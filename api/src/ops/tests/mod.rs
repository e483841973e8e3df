//! The table as a whole, what real clients send, and what an attacker would try.

mod attacks;
mod clients;
mod round_trip;
mod table;

use super::{
    route::{Segment, segments},
    *,
};

/// A path that the row should be found by.
fn sample(pattern: &str) -> String {
    segments(pattern).fold(String::new(), |path, segment| {
        path + "/"
            + match Segment::of(segment) {
                Segment::Literal(text) => text,
                Segment::One => "web_1",
                Segment::Many => "docker.io/library/busybox:1.35",
            }
    })
}

fn found(method: &str, path: &str) -> Matched {
    resolve(method, path).unwrap_or_else(|error| panic!("{method} {path}: {error}"))
}

fn refused(method: &str, path: &str) -> RouteError {
    match resolve(method, path) {
        Err(error) => error,
        Ok(matched) => panic!("{method} {path} is {}", matched.operation.id),
    }
}

fn row(id: &str) -> &'static Operation {
    operation(id).unwrap_or_else(|| panic!("no row {id}"))
}
