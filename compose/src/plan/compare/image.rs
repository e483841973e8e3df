//! What a container has from its image, as the engine gives it.

use longshore_api::ops::spec::{ContainerSpec, CreateBody};
use serde_json::Value as Json;

use super::face::variable;

/// Fills in what the image says where nothing is asked for. `image` is its `Config`.
pub(super) fn inherit(spec: &mut ContainerSpec, image: &Json) {
    let Ok(image) = ContainerSpec::of_body(image.clone()) else { return };
    let (body, image): (&mut CreateBody, _) = (&mut spec.body, image.body);
    for entry in image.env {
        if !body.env.iter().any(|own| variable(own).0 == variable(&entry).0) {
            body.env.push(entry);
        }
    }
    // A command belongs to its entry point: who gives the one gives the other.
    if body.entrypoint.as_ref().is_none_or(Vec::is_empty) {
        if body.cmd.is_empty() {
            body.cmd = image.cmd;
        }
        if body.entrypoint.is_none() {
            body.entrypoint = image.entrypoint;
        }
    }
    for (own, of_image) in [
        (&mut body.user, image.user),
        (&mut body.working_dir, image.working_dir),
        (&mut body.stop_signal, image.stop_signal),
    ] {
        if own.is_empty() {
            *own = of_image;
        }
    }
    body.stop_timeout = body.stop_timeout.or(image.stop_timeout);
    for (key, value) in image.labels {
        body.labels.entry(key).or_insert(value);
    }
    let (own, of_image) = (&mut body.health, image.health);
    if own.test.is_empty() {
        own.test = of_image.test;
    }
    for (own, of_image) in [
        (&mut own.interval, of_image.interval),
        (&mut own.timeout, of_image.timeout),
        (&mut own.retries, of_image.retries),
        (&mut own.start_period, of_image.start_period),
        (&mut own.start_interval, of_image.start_interval),
    ] {
        if *own == 0 {
            *own = of_image;
        }
    }
}
