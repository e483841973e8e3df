//! Our own format: a YAML file for each template.
//!
//! ```yaml
//! id: wordpress                      # lower-case letters, digits, `-`; unique
//! title: WordPress                   # a text, or one for each language
//! mark: Wp                           # one or two letters where there is no picture
//! categories: [web, publishing]      # of the list in `category`
//! description:
//!   en: Blog and website, with its database.
//!   zh-CN: 博客与网站系统，含数据库。
//! notes:                             # paragraphs, `- ` lists, `code`, addresses
//!   en: The first visitor names the site.
//!   zh-CN: 首位访问者将设置站点。
//! source:                            # where tags, ports and checks are documented
//!   - https://github.com/docker-library/docs/tree/master/wordpress
//! variables:                         # in the order of the form
//!   PORT:
//!     type: port                     # text, number, port, choice, flag, path, secret, memory, cpus
//!     default: 8080
//!     label: {en: Port of the page, zh-CN: 网页端口}
//!   DB_PASSWORD:
//!     type: secret                   # made when nothing is entered, sealed, never shown again
//!     length: 32
//!     label: {en: Password of the database, zh-CN: 数据库密码}
//! open:                              # what the page of results links to
//!   - port: PORT
//!     path: /
//!     label: {en: Open the page, zh-CN: 打开网页}
//! compose: |
//!   services:
//!     wordpress:
//!       image: wordpress:7.1.0
//!       ports: ["${PORT}:80"]
//!       environment: {WORDPRESS_DB_PASSWORD: "${DB_PASSWORD}"}
//! ```
//!
//! Of a variable: `required` (whether it has to be answered), `default`, `help`; of `text` `min`, `max` and `shape`; of
//! `number` `least` and `most`; of `port` `protocol`; of `choice` `choices`, each with `value` and `label`; of `flag` `on` and
//! `off`; of `secret` `length` and `alphabet`. The file is a Compose file that uses each variable and no other.

mod reader;
mod variable;
mod write;

use std::collections::BTreeMap;

use indexmap::IndexMap;
use longshore_compose::{
    interpolate,
    place::Place,
    problem::Problem as Text,
    tree::Node,
    yaml::{self, Limits},
};

use crate::{
    category, notes,
    problem::{Finding, Problem},
    template::{Deploys, Open, StackFile, Template},
    variable::Kind,
    words::{Both, Words},
};
use reader::Reader;

pub use write::write;

/// How large a file may be.
pub const LIMITS: Limits = Limits { bytes: 256 << 10, nodes: 10_000, text: 1 << 20, depth: 32 };

const KEYS: &[&str] = &[
    "id",
    "title",
    "mark",
    "categories",
    "description",
    "notes",
    "source",
    "logo",
    "maintainer",
    "administrators_only",
    "variables",
    "open",
    "compose",
];

/// What came of a file.
#[derive(Clone, Debug)]
pub struct Read {
    /// The template, unless something stands in its way.
    pub template: Option<Template>,
    /// What was found, in the order of lines.
    pub findings: Vec<Finding>,
}

/// Reads a template.
pub fn read(file: &str, text: &str) -> Read {
    let documents = match yaml::read(file, text, LIMITS) {
        Ok(documents) => documents,
        Err(finding) => return Read { template: None, findings: vec![(*finding).into()] },
    };
    let mut reader = Reader::default();
    let Some(root) = documents.first() else {
        reader.say(Text::MissingKey { key: "id" }, &Place::start(file), "");
        return Read { template: None, findings: reader.findings };
    };
    let template = template(root, &mut reader);
    let refused = reader.findings.iter().any(|finding| !finding.is_note());
    Read { template: template.filter(|_| !refused), findings: reader.into_sorted() }
}

fn template(root: &Node, reader: &mut Reader) -> Option<Template> {
    reader.keys(root, KEYS, "")?;
    let id = reader.text(root, "id", "").unwrap_or_default();
    let word = id.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if root.get("id").is_some() && !word {
        reader.say(Problem::BadId { id: id.clone() }, root.place(["id"]), "id");
    }
    let title = reader.title(root, "title", "");
    let description = reader.words(root, "description", "", true);
    let written = reader.words(root, "notes", "", false);
    let notes = Both { en: notes::from_plain(&written.en), zh: written.zh.as_deref().map(notes::from_plain) };
    let mark = reader.text(root, "mark", "").unwrap_or_default();
    if root.get("mark").is_some() && !(1..=2).contains(&mark.chars().count()) {
        reader.say(Problem::BadMark, root.place(["mark"]), "mark");
    }
    let mut categories = Vec::new();
    for (key, at) in reader.texts(root, "categories") {
        match category::words(&key).filter(|_| category::ALL.iter().any(|(known, ..)| *known == key)) {
            Some(words) => categories.push(words),
            None => {
                let choices = category::ALL.iter().map(|(known, ..)| (*known).to_owned()).collect();
                reader.say(Problem::NotOne { value: key, choices }, &at, "categories");
            }
        }
    }
    let mut source = Vec::new();
    for (address, at) in reader.texts(root, "source") {
        match notes::is_address(&address) {
            true => source.push(address),
            false => reader.say(Problem::BadAddress { value: address }, &at, "source"),
        }
    }
    let logo = reader.optional(root, "logo", "");
    if let Some(logo) = logo.as_ref().filter(|logo| !notes::is_address(logo)) {
        reader.say(Problem::BadAddress { value: logo.clone() }, root.place(["logo"]), "logo");
    }
    let variables = variable::all(root, reader);
    let ports: Vec<_> = variables
        .iter()
        .filter(|variable| matches!(variable.kind, Kind::Port { .. }))
        .map(|variable| variable.name.as_str())
        .collect();
    let open = pages(root, &ports, reader);
    let text = reader.text(root, "compose", "").unwrap_or_default();
    if let Some(node) = root.get("compose").filter(|_| !text.is_empty()) {
        let declared: Vec<_> = variables.iter().map(|variable| variable.name.as_str()).collect();
        compose(node, &text, &declared, root, reader);
    }
    Some(Template {
        name: id.clone(),
        id,
        title,
        description,
        notes,
        categories,
        source,
        mark,
        logo,
        platform: None,
        administrators_only: reader.flag(root, "administrators_only", "").unwrap_or_default(),
        maintainer: reader.optional(root, "maintainer", "").unwrap_or_default(),
        variables,
        deploys: Deploys::Stack { file: StackFile::Text { text }, swarm: false },
        open,
    })
}

/// The pages that there are when all runs.
fn pages(root: &Node, ports: &[&str], reader: &mut Reader) -> Vec<Open> {
    let mut pages = Vec::new();
    for (n, node) in reader.list(root, "open").into_iter().enumerate() {
        let path = format!("open.{n}");
        if reader.keys(&node, &["port", "label", "path", "scheme"], &path).is_none() {
            continue;
        }
        let port = reader.text(&node, "port", &path).unwrap_or_default();
        if !port.is_empty() && !ports.contains(&port.as_str()) {
            reader.say(
                Problem::NotAPort { name: port.clone() },
                node.place(["port"]),
                &format!("{path}.port"),
            );
        }
        let scheme = reader.optional(&node, "scheme", &path).unwrap_or_else(|| "http".to_owned());
        if !matches!(scheme.as_str(), "http" | "https") {
            let choices = vec!["http".to_owned(), "https".to_owned()];
            let problem = Problem::NotOne { value: scheme.clone(), choices };
            reader.say(problem, node.place(["scheme"]), &format!("{path}.scheme"));
        }
        let page = reader.optional(&node, "path", &path).unwrap_or_else(|| "/".to_owned());
        if !page.starts_with('/')
            || page.starts_with("//")
            || !crate::notes::is_address(&format!("http://x{page}"))
        {
            reader.say(
                Problem::BadPage { value: page.clone() },
                node.place(["path"]),
                &format!("{path}.path"),
            );
        }
        pages.push(Open { port, label: reader.words(&node, "label", &path, true), path: page, scheme });
    }
    pages
}

/// Whether the Compose file can be read, and uses what is asked for and nothing else. What it resolves to is asked with
/// answers, when they are there.
fn compose(node: &Node, text: &str, declared: &[&str], root: &Node, reader: &mut Reader) {
    // A block's text begins on the line after its key, as far in as its place says.
    let first = root.place(["compose"]).line;
    let place =
        |at: &Place| Place { line: at.line + first, column: at.column + node.at.column - 1, ..at.clone() };
    let documents = match yaml::read(&node.at.file, text, LIMITS) {
        Ok(documents) => documents,
        Err(finding) => return reader.say(finding.problem.clone(), &place(&finding.at), "compose"),
    };
    let mut asked = IndexMap::new();
    documents.iter().for_each(|document| interpolate::asked(document, &mut asked));
    for (name, asked) in &asked {
        if !declared.contains(&name.as_str()) && name != "COMPOSE_PROJECT_NAME" {
            let at = asked.places.first().map(place).unwrap_or_else(|| node.at.clone());
            reader.say(Problem::NotDeclared { name: name.clone() }, &at, "compose");
        }
    }
    for name in declared.iter().filter(|name| !asked.contains_key(**name)) {
        let at = root.place(["variables", name]);
        reader.say(Problem::NotUsed { name: (*name).to_owned() }, at, &format!("variables.{name}"));
    }
}

/// Says which of several templates have one id, by the files that they came from.
pub fn twice(templates: &[(String, Template)]) -> Vec<Finding> {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    let mut findings = Vec::new();
    for (file, template) in templates {
        if let Some(other) = seen.insert(&template.id, file) {
            let problem = Problem::IdTaken { id: template.id.clone(), other: other.to_owned() };
            findings.push(Finding::new(problem, crate::problem::At::Place(Place::start(file)), "id"));
        }
    }
    findings
}

/// A text in both languages where a file has one text for both.
fn same(text: String) -> Words {
    Words { zh: Some(text.clone()), en: text }
}
