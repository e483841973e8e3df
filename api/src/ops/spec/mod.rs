//! A container as it is asked for: the body of the engine's create with the few things beside it, and the same as
//! `docker run` text, both ways, and as compose text. Pure functions, used live in the form.

mod body;
mod compose;
mod copy;
mod env;
mod fit;
mod flags;
mod inspect;
mod mounts;
mod networks;
mod own;
mod ports;
mod run;
mod shell;
#[cfg(test)]
mod tests;
mod uncomposed;
mod units;
mod yaml;

use serde_json::{Map, Value, json};

use crate::{sentence::Sentence, words::say};

pub use body::{
    BindOptions, CreateBody, Device, DeviceRequest, Empty, Endpoint, Health, HostConfig, ImageOptions, Ipam,
    LogConfig, Mount, Networking, Pairs, PortBinding, Rate, RestartPolicy, TmpfsOptions, Ulimit,
    VolumeDriver, VolumeOptions, Weight,
};
pub use compose::{FileService, Named, Needed, compose_file, compose_text};
pub use env::{EnvRow, read_env};
pub use flags::{FLAGS, Flag, Group, Slot, flag};
pub use inspect::of_inspect;
pub use networks::{is_user_defined, settle};
pub use run::{Pasted, bad_value, beyond_flags, read_run, read_words, run_text, unsaid};
pub use shell::{join, split};
pub use uncomposed::uncomposed;

pub(crate) use fit::once;

/// A container as it is asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ContainerSpec {
    /// Its name; the engine makes one up, if empty.
    pub name: String,
    /// `os/arch[/variant]` of the image; the engine's own, if empty.
    pub platform: String,
    /// When the image is pulled: `always`, `missing`, `never`; `missing`, if empty.
    pub pull: String,
    /// What the engine is sent.
    pub body: CreateBody,
    /// What the engine is sent besides and this build has no name for, laid over the body.
    pub rest: Map<String, Value>,
}

impl ContainerSpec {
    /// The spec of a create body. What it has no field for is kept in [`ContainerSpec::rest`].
    ///
    /// # Errors
    /// A field is of another kind than the engine's.
    pub fn of_body(body: Value) -> Result<Self, serde_json::Error> {
        let body = without_nulls(body);
        let typed: CreateBody = serde_json::from_value(body.clone())?;
        let known = serde_json::to_value(&typed)?;
        let rest = match minus(without_zeros(body), &known) {
            Some(Value::Object(rest)) => rest,
            _ => Map::new(),
        };
        Ok(Self { body: typed, rest, ..Self::default() })
    }

    /// The spec that somebody asks for: a create body in which every field is one that engines know.
    ///
    /// # Errors
    /// A field is none, is written in another case, or is of another kind than the engine's; or a variable has no name.
    pub fn asked(body: Value) -> Result<Self, Sentence> {
        <CreateBody as fit::Fit>::fit(&body, "")?;
        let spec = Self::of_body(body).map_err(|_| say::spec_kind(""))?;
        match fit::nameless(&spec.body.env) {
            Some(number) => Err(say::env_no_name(number)),
            None => Ok(spec),
        }
    }

    /// The create body, the rest laid over it.
    pub fn to_body(&self) -> Value {
        let mut body = serde_json::to_value(&self.body).unwrap_or_default();
        lay_over(&mut body, Value::Object(self.rest.clone()));
        body
    }

    /// The create body with the empty lists that `docker` sends, so that a container reads the same in an inspection,
    /// whoever made it.
    pub fn to_engine(&self) -> Value {
        let mut body = json!({
            "Volumes": {}, "Labels": {},
            "HostConfig": {
                "NetworkMode": "default", "PortBindings": {}, "RestartPolicy": {"Name": "no"},
                "Dns": [], "DnsOptions": [], "DnsSearch": [], "Devices": [], "Ulimits": [],
                "BlkioWeightDevice": [], "BlkioDeviceReadBps": [], "BlkioDeviceWriteBps": [],
                "BlkioDeviceReadIOps": [], "BlkioDeviceWriteIOps": [],
                "OomKillDisable": false, "PidsLimit": 0, "ConsoleSize": [0, 0],
            },
        });
        lay_over(&mut body, self.to_body());
        body
    }

    /// A name has at most so many bytes: engines set no limit, but what knows a container by its name does.
    pub const NAME_MAX: usize = 255;

    /// Whether the engine takes such a name: two or more letters, digits, `_`, `.` or `-`, a letter or digit first.
    pub fn is_name(name: &str) -> bool {
        let mut bytes = name.bytes();
        bytes.next().is_some_and(|first| first.is_ascii_alphanumeric())
            && name.len() > 1
            && bytes.all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b))
    }
}

/// Lays one value over another: objects are merged, anything else takes the place of what was there.
pub fn lay_over(under: &mut Value, over: Value) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => {
            for (key, value) in over {
                lay_over(under.entry(key).or_insert(Value::Null), value);
            }
        }
        (under, over) => *under = over,
    }
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(map) => map
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| (key, without_nulls(value)))
            .collect(),
        Value::Array(all) => all.into_iter().map(without_nulls).collect(),
        other => other,
    }
}

/// Without what says nothing to the engine. Lists keep their length.
fn without_zeros(value: Value) -> Value {
    match value {
        Value::Object(map) => map
            .into_iter()
            .map(|(key, value)| (key, without_zeros(value)))
            .filter(|(_, value)| !is_zero(value))
            .collect(),
        Value::Array(all) => all.into_iter().map(without_zeros).collect(),
        other => other,
    }
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Number(n) => n.as_f64() == Some(0.0),
        Value::String(s) => s.is_empty(),
        Value::Array(all) => all.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(true) => false,
    }
}

/// What is in `value` and not in `known`.
fn minus(value: Value, known: &Value) -> Option<Value> {
    match (value, known) {
        (Value::Object(map), Value::Object(known)) => {
            let left: Map<String, Value> = map
                .into_iter()
                .filter_map(|(key, value)| {
                    let left = match known.get(&key) {
                        Some(known) => minus(value, known)?,
                        None => value,
                    };
                    Some((key, left))
                })
                .collect();
            (!left.is_empty()).then_some(Value::Object(left))
        }
        (value, known) => (value != without_zeros(known.clone())).then_some(value),
    }
}
