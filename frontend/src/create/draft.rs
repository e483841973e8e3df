//! What is typed into the form: a text for every flag, rows for ports, volumes and environment.

use std::collections::BTreeMap;

use leptos::prelude::*;
use longshore_api::{
    ops::spec::{ContainerSpec, EnvRow, FLAGS, Flag, bad_value, beyond_flags, lay_over, settle, split},
    sentence::Sentence,
    words::say,
};

/// A row of ports, volumes or variables.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Row {
    /// Tells it apart.
    pub(super) key: u32,
    /// What is typed, from left to right.
    pub(super) cells: [String; 3],
}

/// The rows there are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Host port, container port, protocol.
    Ports,
    /// From, to, mode.
    Volumes,
    /// Name, value, and whether the image's is taken away.
    Env,
}

/// The third cell of a variable that is taken away.
const TAKEN_AWAY: &str = "-";

/// What is typed. In the context.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    /// Why the variables cannot be read as they stand in the text of a file; the rows are the last that could.
    pub(super) unread_env: RwSignal<Option<Sentence>>,
    /// The image.
    pub(super) image: RwSignal<String>,
    /// The command, as a shell would read it.
    pub(super) command: RwSignal<String>,
    /// What has no flag, as JSON.
    pub(super) rest: RwSignal<String>,
    texts: RwSignal<BTreeMap<&'static str, String>>,
    rows: [RwSignal<Vec<Row>>; 3],
    next: RwSignal<u32>,
}

/// What a draft asks for, and what is wrong with it by field.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Asked {
    /// The spec, without what is wrong.
    pub(super) spec: ContainerSpec,
    /// What is wrong: the flag's name, `command` or `rest`.
    pub(super) wrong: Vec<(&'static str, Sentence)>,
}

impl Draft {
    /// An empty one.
    pub(super) fn new() -> Self {
        Self {
            unread_env: RwSignal::new(None),
            image: RwSignal::default(),
            command: RwSignal::default(),
            rest: RwSignal::default(),
            texts: RwSignal::default(),
            rows: std::array::from_fn(|_| RwSignal::default()),
            next: RwSignal::new(0),
        }
    }

    /// What is typed for a flag; a line each, where there can be several.
    pub(super) fn text(self, flag: &str) -> String {
        self.texts.with(|texts| texts.get(flag).cloned().unwrap_or_default())
    }

    /// Types for a flag.
    pub(super) fn type_in(self, flag: &'static str, text: String) {
        self.texts.update(|texts| {
            texts.insert(flag, text);
        });
    }

    /// How many of these flags have something.
    pub(super) fn filled(self, flags: &[&'static Flag]) -> usize {
        self.texts.with(|texts| {
            flags.iter().filter(|flag| texts.get(flag.name).is_some_and(|text| !text.is_empty())).count()
        })
    }

    /// The rows of a kind.
    pub(super) fn rows(self, kind: Kind) -> RwSignal<Vec<Row>> {
        self.rows[kind as usize]
    }

    /// Adds a row.
    pub(super) fn add(self, kind: Kind, cells: [String; 3]) {
        let key = self.next.get_untracked() + 1;
        self.next.set(key);
        self.rows(kind).update(|rows| rows.push(Row { key, cells }));
    }

    /// Puts other variables in the place of those there are.
    pub(super) fn set_env(self, env: &[EnvRow]) {
        self.rows(Kind::Env).update(Vec::clear);
        for EnvRow { name, value } in env {
            let away = if value.is_none() { TAKEN_AWAY } else { "" };
            self.add(Kind::Env, [name.clone(), value.clone().unwrap_or_default(), away.to_owned()]);
        }
    }

    /// The variables.
    pub(super) fn env(self) -> Vec<EnvRow> {
        let row = |Row { cells: [name, value, away], .. }: &Row| EnvRow {
            name: name.clone(),
            value: (away != TAKEN_AWAY || !value.is_empty()).then(|| value.clone()),
        };
        let named = |row: &EnvRow| !row.name.is_empty();
        self.rows(Kind::Env).with(|rows| rows.iter().map(row).filter(named).collect())
    }

    /// Fills the form from a spec. What has no flag goes into the JSON.
    pub(super) fn fill(self, spec: &ContainerSpec) {
        let mut spec = spec.clone();
        self.image.set(spec.body.image.clone());
        let more = spec.body.entrypoint.iter().flat_map(|words| words.iter().skip(1));
        self.command.set(longshore_api::ops::spec::join(more.chain(&spec.body.cmd)));
        let rest = beyond_flags(&spec);
        let rest = if rest.is_empty() {
            String::new()
        } else {
            serde_json::to_string_pretty(&rest).unwrap_or_default()
        };
        self.rest.set(rest);
        self.texts.update(BTreeMap::clear);
        for kind in [Kind::Ports, Kind::Volumes] {
            self.rows(kind).update(Vec::clear);
        }
        self.set_env(&spec.body.env.iter().map(|entry| EnvRow::of_entry(entry)).collect::<Vec<_>>());
        for flag in FLAGS {
            let values = flag.write(&mut spec);
            match flag.name {
                "publish" => values.iter().for_each(|value| self.add(Kind::Ports, port_cells(value))),
                "volume" => values.iter().for_each(|value| self.add(Kind::Volumes, volume_cells(value))),
                "env" => {}
                // An entrypoint of nothing is asked for by the JSON: a field that is empty says nothing.
                _ if !values.is_empty() => self.type_in(flag.name, values.join("\n")),
                _ => {}
            }
        }
    }

    /// What is asked for.
    pub(super) fn asked(self) -> Asked {
        let mut asked = Asked::default();
        self.image.get().trim().clone_into(&mut asked.spec.body.image);
        match self.command.with(|text| split(text)) {
            Ok(words) => asked.spec.body.cmd = words,
            Err(why) => asked.wrong.push(("command", why)),
        }
        for flag in FLAGS {
            for value in self.values(flag) {
                if flag.read(&mut asked.spec, &value).is_none() {
                    asked.wrong.push((flag.name, bad_value(flag, &value)));
                }
            }
        }
        settle(&mut asked.spec);
        if let Some(why) = self.unread_env.get() {
            asked.wrong.push(("env-file", why));
        }
        let rest = self.rest.get();
        if !rest.trim().is_empty() {
            match serde_json::from_str(&rest) {
                Ok(serde_json::Value::Object(rest)) => self.lay(&mut asked, rest),
                Ok(_) => asked.wrong.push(("rest", say::nc_json("{…}"))),
                Err(why) => asked.wrong.push(("rest", say::nc_json(why.to_string()))),
            }
        }
        asked
    }

    fn lay(self, asked: &mut Asked, rest: serde_json::Map<String, serde_json::Value>) {
        let mut body = asked.spec.to_body();
        lay_over(&mut body, serde_json::Value::Object(rest));
        match ContainerSpec::asked(body) {
            Ok(laid) => {
                asked.spec.body = laid.body;
                asked.spec.rest = laid.rest;
            }
            Err(why) => asked.wrong.push(("rest", why)),
        }
    }

    fn values(self, flag: &Flag) -> Vec<String> {
        let rows = |kind, text: fn(&[String; 3]) -> String| {
            self.rows(kind).with(|rows| {
                rows.iter().map(|row| text(&row.cells)).filter(|text| !text.is_empty()).collect()
            })
        };
        match flag.name {
            "publish" => rows(Kind::Ports, port_text),
            "volume" => rows(Kind::Volumes, volume_text),
            "env" => self.env().iter().map(EnvRow::entry).collect(),
            name => {
                let text = self.text(name);
                if flag.is_many() {
                    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
                } else if text.is_empty() {
                    Vec::new()
                } else {
                    vec![text]
                }
            }
        }
    }
}

fn port_text([host, container, protocol]: &[String; 3]) -> String {
    let (host, container) = (host.trim(), container.trim());
    let protocol = if protocol.is_empty() { "tcp" } else { protocol };
    match (host, container) {
        ("", "") => String::new(),
        ("", container) => format!("{container}/{protocol}"),
        // An address alone is followed by no port.
        (host, container) => format!("{host}:{container}/{protocol}"),
    }
}

fn port_cells(text: &str) -> [String; 3] {
    let (text, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    let (host, container) = text.rsplit_once(':').unwrap_or(("", text));
    [host, container, protocol].map(str::to_owned)
}

fn volume_text([from, to, mode]: &[String; 3]) -> String {
    let parts = [from.trim(), to.trim(), mode.trim()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(":")
}

fn volume_cells(text: &str) -> [String; 3] {
    let mut parts = text.splitn(3, ':');
    let first = parts.next().unwrap_or_default();
    match parts.next() {
        Some(to) => [first, to, parts.next().unwrap_or_default()].map(str::to_owned),
        None => [String::new(), first.to_owned(), String::new()],
    }
}

/// The draft, from the context.
pub(super) fn draft() -> Draft {
    expect_context()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_and_texts_are_the_same() {
        for text in ["8080:80/tcp", "127.0.0.1::53/udp", "[::1]:81:81/tcp", "80/tcp"] {
            assert_eq!(port_text(&port_cells(text)), text);
        }
        for text in ["data:/data", "/srv:/srv:ro,z", "/anonymous"] {
            assert_eq!(volume_text(&volume_cells(text)), text);
        }
    }
}
