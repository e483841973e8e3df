//! One entry of a file.

use longshore_compose::problem::Wanted;

use super::{
    environment,
    fields::{Fields, Sayings},
    json::Json,
};
use crate::{
    category,
    container::{Container, From, Mount, Port},
    notes,
    problem::{At, Finding, Problem},
    template::{Deploys, Platform, StackFile, Template},
    variable::{Kind, Protocol, Variable, port},
    words::{Both, Words},
};

/// All that an entry may say, for what was meant by what it may not.
const KNOWN: &[&str] = &[
    "administrator_only",
    "categories",
    "command",
    "description",
    "env",
    "hostname",
    "hosts",
    "id",
    "image",
    "interactive",
    "labels",
    "logo",
    "maintainer",
    "name",
    "network",
    "note",
    "platform",
    "ports",
    "privileged",
    "registry",
    "repository",
    "restart_policy",
    "stackFile",
    "title",
    "type",
    "volumes",
];

/// Reads an entry.
pub(super) fn read(index: usize, json: Json) -> (Option<Template>, Vec<Finding>) {
    let mut sayings = Sayings { at: At::Entry { index, title: String::new() }, findings: Vec::new() };
    let template =
        Fields::of(json, "", &mut sayings).and_then(|fields| template(index, fields, &mut sayings));
    let refused = sayings.refused();
    (template.filter(|_| !refused), sayings.findings)
}

fn template(index: usize, mut fields: Fields, sayings: &mut Sayings) -> Option<Template> {
    let title = fields.text(&["title"], sayings).unwrap_or_default();
    sayings.at = At::Entry { index, title: title.clone() };
    if title.trim().is_empty() {
        sayings.say(Problem::Missing { field: "title" }, "");
    }
    let id = fields.text(&["id"], sayings).unwrap_or_default();
    let kind = fields.text(&["type"], sayings).unwrap_or_default();
    let note = fields.text(&["note"], sayings).unwrap_or_default();
    let logo = fields.text(&["logo"], sayings).filter(|logo| !logo.is_empty());
    if let Some(logo) = logo.as_ref().filter(|logo| !notes::is_address(logo)) {
        sayings.say(Problem::Ignored { value: logo.clone(), choices: vec!["https://…".to_owned()] }, "logo");
    }
    let name = fields.text(&["name"], sayings).unwrap_or_default();
    let mut template = Template {
        id,
        description: Words::one(fields.text(&["description"], sayings).unwrap_or_default()),
        notes: Both::one(notes::from_html(&note)),
        categories: categories(fields.list("categories", sayings), sayings),
        source: Vec::new(),
        mark: title.chars().filter(|c| c.is_alphanumeric()).take(2).collect(),
        logo: logo.filter(|logo| notes::is_address(logo)),
        platform: platform(&mut fields, sayings),
        administrators_only: fields.flag(&["administrator_only", "administrator-only"], sayings),
        name: if name.is_empty() { title.clone() } else { name },
        maintainer: fields.text(&["maintainer"], sayings).unwrap_or_default(),
        variables: Vec::new(),
        deploys: Deploys::Container(Box::default()),
        open: Vec::new(),
        title: Words::one(title),
    };
    let container = match kind.trim().to_ascii_lowercase().as_str() {
        // Version 1 left it out where it was a container.
        "1" | "container" | "" => true,
        "2" | "stack" | "swarm" | "3" | "compose" | "4" => false,
        _ => {
            sayings.say(Problem::UnknownKind { kind }, "type");
            return None;
        }
    };
    let environment = environment::read(fields.list("env", sayings), container, sayings);
    template.variables = environment.iter().map(|(_, variable)| variable.clone()).collect();
    if container {
        let mut made = self::container(&mut fields, &mut template.variables, sayings);
        made.environment = environment.into_iter().map(|(name, variable)| (name, variable.name)).collect();
        (made.memory, made.cpus) = limits(&mut template.variables);
        template.deploys = Deploys::Container(Box::new(made));
    } else {
        let file = stack_file(&mut fields, sayings)?;
        let swarm = matches!(kind.trim().to_ascii_lowercase().as_str(), "2" | "stack" | "swarm");
        template.deploys = Deploys::Stack { file, swarm };
    }
    fields.end(KNOWN, sayings);
    if template.id.trim().is_empty() {
        template.id = hash(&template);
    }
    Some(template)
}

/// What a template without an id is known by: the same one has the same, however often the file is fetched.
pub(super) fn hash(template: &Template) -> String {
    let kind = match &template.deploys {
        Deploys::Container(container) => format!("container\n{}", container.image),
        Deploys::Stack { file: StackFile::Text { text }, .. } => format!("text\n{text}"),
        Deploys::Stack { file: StackFile::Address { url }, .. } => format!("address\n{url}"),
        Deploys::Stack { file: StackFile::Repository { url, path }, .. } => {
            format!("repository\n{url}\n{path}")
        }
    };
    let whole = format!("{kind}\n{}\n{}", template.title.en, template.is_swarm());
    // FNV-1a: it tells templates apart and guards nothing.
    let hash = whole.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

fn categories(list: Vec<Json>, sayings: &mut Sayings) -> Vec<Words> {
    let mut categories: Vec<Words> = Vec::new();
    for item in list {
        match item.scalar() {
            Some(text) if text.trim().is_empty() => {}
            Some(text) => {
                let text = text.trim();
                let words = category::words(text).unwrap_or_else(|| Words::one(text.to_owned()));
                if !categories.contains(&words) {
                    categories.push(words);
                }
            }
            None => sayings.wrong::<()>(&item, Wanted::Text, "categories").unwrap_or_default(),
        }
    }
    categories
}

fn platform(fields: &mut Fields, sayings: &mut Sayings) -> Option<Platform> {
    match fields.text(&["platform"], sayings)?.trim().to_ascii_lowercase().as_str() {
        "" => None,
        "linux" => Some(Platform::Linux),
        "windows" => Some(Platform::Windows),
        other => {
            let choices = vec!["linux".to_owned(), "windows".to_owned()];
            sayings.say(Problem::Ignored { value: other.to_owned(), choices }, "platform");
            None
        }
    }
}

fn stack_file(fields: &mut Fields, sayings: &mut Sayings) -> Option<StackFile> {
    let written = fields.text(&["stackFile", "stackfile"], sayings).filter(|text| !text.trim().is_empty());
    if let Some(repository) = fields.take(&["repository"]) {
        let mut repository = Fields::of(repository, "repository", sayings)?;
        let url = repository.text(&["url"], sayings).unwrap_or_default().trim().to_owned();
        let path =
            repository.text(&["stackfile", "stackFile"], sayings).unwrap_or_default().trim().to_owned();
        repository.end(&["url", "stackfile"], sayings);
        if url.is_empty() {
            sayings.say(Problem::Missing { field: "url" }, "repository");
        } else if !notes::is_address(&url) {
            sayings.say(Problem::BadAddress { value: url.clone() }, "repository.url");
        }
        // Portainer looks for this name where none is said.
        let path = if path.is_empty() { "docker-compose.yml".to_owned() } else { path };
        if path.starts_with('/') || path.contains('\\') || path.split('/').any(|part| part == "..") {
            sayings.say(Problem::BadPath { value: path.clone() }, "repository.stackfile");
        }
        return Some(StackFile::Repository { url, path });
    }
    match written {
        Some(url) if notes::is_address(url.trim()) => Some(StackFile::Address { url: url.trim().to_owned() }),
        Some(text) => Some(StackFile::Text { text }),
        None => {
            sayings.say(Problem::NothingToDeploy, "");
            None
        }
    }
}

fn container(fields: &mut Fields, variables: &mut Vec<Variable>, sayings: &mut Sayings) -> Container {
    let image = fields.text(&["image"], sayings).unwrap_or_default().trim().to_owned();
    if image.is_empty() {
        sayings.say(Problem::Missing { field: "image" }, "");
    }
    let registry = fields.text(&["registry"], sayings).unwrap_or_default();
    let registry = registry.trim().trim_start_matches("https://").trim_end_matches('/');
    let image = match registry {
        "" | "docker.io" => image,
        registry if image.starts_with(&format!("{registry}/")) => image,
        registry => format!("{registry}/{image}"),
    };
    let restart = fields.text(&["restart_policy"], sayings).unwrap_or_default();
    let restart = if restart.is_empty() { "always".to_owned() } else { restart };
    let policies = ["always", "no", "on-failure", "unless-stopped"];
    if !policies.contains(&restart.split(':').next().unwrap_or_default()) {
        let choices = policies.map(str::to_owned).to_vec();
        sayings.say(Problem::NotOne { value: restart.clone(), choices }, "restart_policy");
    }
    let mut texts = |key: &str, sayings: &mut Sayings| {
        let list = fields.list(key, sayings);
        list.into_iter()
            .filter_map(|item| match item.scalar() {
                Some(text) => Some(text.trim().to_owned()),
                None => sayings.wrong(&item, Wanted::Text, key),
            })
            .collect::<Vec<_>>()
    };
    let ports = texts("ports", sayings);
    let hosts = texts("hosts", sayings).into_iter().filter(|host| !host.is_empty()).collect();
    Container {
        image,
        restart,
        ports: ports.iter().filter_map(|text| self::port_of(text, variables, sayings)).collect(),
        mounts: mounts(fields.list("volumes", sayings), variables, sayings),
        labels: labels(fields.list("labels", sayings), sayings),
        hosts,
        command: fields.text(&["command"], sayings).unwrap_or_default(),
        hostname: fields.text(&["hostname"], sayings).unwrap_or_default(),
        network: fields.text(&["network"], sayings).unwrap_or_default().trim().to_owned(),
        privileged: fields.flag(&["privileged"], sayings),
        interactive: fields.flag(&["interactive"], sayings),
        ..Container::default()
    }
}

/// The questions of how much memory and how many processors it may use at most: the format has no words for that, and
/// whoever deploys has to say it somewhere.
fn limits(variables: &mut Vec<Variable>) -> (String, String) {
    let mut ask = |name: &str, label: Words, kind: Kind| {
        let name = unused(name, variables);
        variables.push(Variable {
            name: name.clone(),
            label,
            help: Words::default(),
            kind,
            required: false,
            default: None,
            asked: true,
            sealed: false,
        });
        name
    };
    let both = |en: &str, zh: &str| Words::new(en.to_owned(), zh.to_owned());
    (
        ask("LIMIT_MEMORY", both("Memory limit", "内存限制"), Kind::Memory),
        ask("LIMIT_CPUS", both("CPU limit", "CPU 限制"), Kind::Cpus),
    )
}

/// A name that no variable has yet.
fn unused(name: &str, variables: &[Variable]) -> String {
    let taken = |name: &str| variables.iter().any(|variable| variable.name == name);
    let mut names = std::iter::once(name.to_owned()).chain((2..).map(|n| format!("{name}_{n}")));
    names.find(|name| !taken(name)).unwrap_or_default()
}

/// A port: `[host:]container[/protocol]`.
fn port_of(text: &str, variables: &mut Vec<Variable>, sayings: &mut Sayings) -> Option<Port> {
    let bad = |sayings: &mut Sayings| sayings.say(Problem::BadPort { value: text.to_owned() }, "ports");
    let (ports, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    let protocol =
        Protocol::ALL.iter().find(|(word, _)| word.eq_ignore_ascii_case(protocol)).map(|(_, it)| *it);
    let (host, inside) = ports.rsplit_once(':').unwrap_or(("", ports));
    let range = |text: &str| {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        port(first).zip(port(last)).is_some_and(|(first, last)| first <= last)
    };
    // An address may stand before the port of the host.
    let host_port = host.rsplit(':').next().unwrap_or_default();
    let Some(protocol) = protocol.filter(|_| range(inside) && (host.is_empty() || range(host_port))) else {
        bad(sayings);
        return None;
    };
    let single = !inside.contains('-') && !host.contains(['-', ':']);
    let mut variable = None;
    if single {
        let suffix = if protocol == Protocol::Tcp {
            String::new()
        } else {
            format!("_{}", protocol.word().to_ascii_uppercase())
        };
        let name = unused(&format!("PORT_{inside}{suffix}"), variables);
        variables.push(Variable {
            name: name.clone(),
            label: Words::new(
                format!("Host port of {inside}/{}", protocol.word()),
                format!("容器端口 {inside}/{} 的主机端口", protocol.word()),
            ),
            help: Words::default(),
            kind: Kind::Port { protocol },
            required: false,
            default: (!host.is_empty()).then(|| host.to_owned()),
            asked: true,
            sealed: false,
        });
        variable = Some(name);
    }
    Some(Port { variable, host: host.to_owned(), container: inside.to_owned(), protocol })
}

fn mounts(list: Vec<Json>, variables: &mut Vec<Variable>, sayings: &mut Sayings) -> Vec<Mount> {
    let mut mounts: Vec<Mount> = Vec::new();
    for (n, item) in list.into_iter().enumerate() {
        let path = format!("volumes.{n}");
        let Some(mut fields) = Fields::of(item, &path, sayings) else { continue };
        let target = fields.text(&["container"], sayings).unwrap_or_default().trim().to_owned();
        let bind = fields.text(&["bind"], sayings).unwrap_or_default().trim().to_owned();
        let readonly = fields.flag(&["readonly", "readOnly"], sayings);
        fields.end(&["container", "bind", "readonly"], sayings);
        let windows = longshore_compose::paths::is_windows(&target);
        if !target.starts_with('/') && !windows {
            match target.is_empty() {
                true => sayings.say(Problem::Missing { field: "container" }, &path),
                false => sayings.say(Problem::BadMount { value: target }, &path),
            }
            continue;
        }
        let from = if bind.is_empty() {
            let parts = target.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
            let word = parts.collect::<Vec<_>>().join("_").to_ascii_lowercase();
            let word = if word.is_empty() { "data".to_owned() } else { word };
            let taken = |name: &str| mounts.iter().any(|mount| mount.from == From::Volume(name.to_owned()));
            let mut names = std::iter::once(word.clone()).chain((2..).map(|n| format!("{word}_{n}")));
            From::Volume(names.find(|name| !taken(name)).unwrap_or(word))
        } else {
            let name = unused(&format!("FOLDER_{}", n + 1), variables);
            variables.push(Variable {
                name: name.clone(),
                label: Words::new(
                    format!("Folder of the host for {target}"),
                    format!("挂载到 {target} 的主机目录"),
                ),
                help: Words::default(),
                kind: Kind::Path,
                required: true,
                default: Some(bind),
                asked: true,
                sealed: false,
            });
            From::Folder(name)
        };
        mounts.push(Mount { target, from, readonly });
    }
    mounts
}

fn labels(list: Vec<Json>, sayings: &mut Sayings) -> Vec<(String, String)> {
    let mut labels = Vec::new();
    for (n, item) in list.into_iter().enumerate() {
        let path = format!("labels.{n}");
        let Some(mut fields) = Fields::of(item, &path, sayings) else { continue };
        let name = fields.text(&["name"], sayings).unwrap_or_default();
        let value = fields.text(&["value"], sayings).unwrap_or_default();
        fields.end(&["name", "value"], sayings);
        match name.trim().is_empty() {
            true => sayings.say(Problem::Missing { field: "name" }, &path),
            false => labels.push((name, value)),
        }
    }
    labels
}
