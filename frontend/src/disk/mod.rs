//! What takes the room on a host's disk.

mod layout;
mod map;
mod measure;
mod page;
mod parts;

pub(crate) use measure::{Measure, MeasureTrouble, Measuring};
pub(crate) use page::DiskPage;
