//! Containers that run, as a template of our own format: whoever deploys it is asked for ports and secrets.

use longshore_compose::saved::Saved;

use crate::{
    format,
    secret::Alphabet,
    template::{Deploys, StackFile, Template},
    variable::{Kind, Protocol, Variable},
    words::{Both, Words},
};

/// How long secrets are that are made.
const SECRET_LENGTH: usize = 32;

/// The template's file. No value of a secret is in it.
pub fn template(name: &str, saved: &Saved) -> String {
    let question = |name: &str, kind: Kind, default: Option<String>| Variable {
        name: name.to_owned(),
        label: Words::one(name.to_owned()),
        help: Words::default(),
        sealed: matches!(kind, Kind::Secret { .. }),
        kind,
        required: true,
        default,
        asked: true,
    };
    let ports = saved.ports.iter().map(|(name, (port, protocol))| {
        let known = Protocol::ALL.into_iter().find(|(word, _)| word == protocol);
        let protocol = known.map_or(Protocol::Tcp, |(_, protocol)| protocol);
        question(name, Kind::Port { protocol }, Some(port.to_string()))
    });
    let secret = || Kind::Secret { length: SECRET_LENGTH, alphabet: Alphabet::Alphanumeric };
    let secrets = saved.secrets.keys().map(|name| question(name, secret(), None));
    let template = Template {
        id: name.to_owned(),
        title: Words::one(name.to_owned()),
        description: Words::new(
            format!("{name}, as it was saved from running containers."),
            format!("{name}，由运行中的容器保存而来。"),
        ),
        notes: Both::one(Vec::new()),
        categories: Vec::new(),
        source: Vec::new(),
        mark: name.chars().filter(|c| c.is_alphanumeric()).take(2).collect(),
        logo: None,
        platform: None,
        administrators_only: false,
        name: name.to_owned(),
        maintainer: String::new(),
        variables: ports.chain(secrets).collect(),
        deploys: Deploys::Stack { file: StackFile::Text { text: saved.text.clone() }, swarm: false },
        open: Vec::new(),
    };
    format::write(&template).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn what_is_saved_is_read_as_a_template_and_tells_no_secret() {
        let text = "services:\n  web:\n    image: nginx:1.29\n    ports:\n      - \"${WEB_PORT_80}:80\"\n    environment:\n      - \"TOKEN=${TOKEN}\"\n";
        let saved = Saved {
            text: text.to_owned(),
            secrets: BTreeMap::from([("TOKEN".to_owned(), "harbour".to_owned())]),
            ports: BTreeMap::from([("WEB_PORT_80".to_owned(), (8080, "tcp".to_owned()))]),
        };
        let file = template("web_1", &saved);
        assert!(!file.contains("harbour"), "{file}");
        let read = format::read("web.yaml", &file);
        assert!(read.findings.is_empty(), "{:?}\n{file}", read.findings);
        let template = read.template.expect("a template");
        let asked: Vec<_> =
            template.variables.iter().map(|it| (it.name.as_str(), it.default.as_deref())).collect();
        assert_eq!(asked, [("WEB_PORT_80", Some("8080")), ("TOKEN", None)]);
        assert!(matches!(template.variables[1].kind, Kind::Secret { .. }));
    }
}
