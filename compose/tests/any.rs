//! Whatever the table of shapes allows becomes a project, and whatever it does not is said: no file breaks the reader.

mod support;

use longshore_compose::{
    config,
    problem::Problem,
    shape::{FILE, Kind, SERVICE, Short},
};
use proptest::{prelude::*, test_runner::TestRng};
use support::Stack;

/// A writer of files by the table.
struct Writer {
    rng: TestRng,
    /// How many of a thousand values are not what they should be.
    wrong: u32,
    out: String,
}

const JUNK: &[&str] = &[
    "",
    "~",
    "5",
    "-1",
    "1.5",
    "true",
    "x",
    "[]",
    "{}",
    "[1, {a: b}]",
    "{soft: 1}",
    "!reset 1",
    "!override []",
    "é:ü",
    "\"\"",
    "$A",
    "${B:-c}",
    "${C:?}",
    "/a:/b:ro",
    "80:80",
    "0x1F",
    "1e400",
    "-",
    "!reset {}",
    "99999999999999999999",
];

impl Writer {
    fn below(&mut self, most: u32) -> u32 {
        self.rng.next_u32() % most
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len() as u32) as usize]
    }

    fn value(&mut self, kind: Kind, depth: usize) {
        if self.below(1000) < self.wrong {
            let junk = self.one(JUNK);
            self.out.push_str(junk);
            return;
        }
        let text = match kind {
            Kind::Short(short, kind) if self.below(2) == 0 => match self.short(short) {
                Some(text) => text,
                None => return self.value(*kind, depth),
            },
            Kind::Short(_, kind) => return self.value(*kind, depth),
            Kind::Maybe(kind) => return self.value(*kind, depth),
            Kind::Object(fields) => {
                self.out.push('{');
                for field in fields {
                    // Few, deep inside; and those without which nothing is one.
                    let needed = [
                        "image",
                        "source",
                        "target",
                        "path",
                        "soft",
                        "hard",
                        "type",
                        "service",
                        "condition",
                        "context",
                    ];
                    let needed = needed.contains(&field.name);
                    if field.name != "external" && (needed || self.below(3 + depth as u32) == 0) {
                        self.out.push_str(&format!("{}: ", field.name));
                        match fitting(field.name) {
                            Some(fitting) if self.wrong == 0 => {
                                let fitting = self.one(fitting);
                                self.out.push_str(fitting);
                            }
                            _ => self.value(field.kind, depth + 1),
                        }
                        self.out.push_str(", ");
                    }
                }
                self.out.push_str("x-more: 1}");
                return;
            }
            Kind::Map(kind) | Kind::Named(kind) => {
                self.out.push('{');
                for n in 0..self.below(3) {
                    self.out.push_str(&format!("k{n}: "));
                    self.value(*kind, depth + 1);
                    self.out.push_str(", ");
                }
                self.out.push('}');
                return;
            }
            Kind::List(kind) => {
                self.out.push('[');
                for _ in 0..self.below(3) {
                    self.value(*kind, depth + 1);
                    self.out.push_str(", ");
                }
                self.out.push(']');
                return;
            }
            Kind::Any => self.one(&["1", "[a]", "{b: c}"]),
            Kind::Text => self.one(&[
                "\"t\"",
                "\"/t\"",
                "\"a b\"",
                "\"5\"",
                "\"$$x\"",
                "\"10.0.0.1\"",
                "\"a: b\"",
                "\"no\"",
            ]),
            Kind::Loose => self.one(&["t", "5", "true", "\"x\"", "\"80\""]),
            Kind::Flag => self.one(&["true", "false", "\"true\"", "no"]),
            Kind::Whole { .. } => self.one(&["1", "\"2\"", "80"]),
            Kind::CountOrAll => self.one(&["all", "2"]),
            Kind::Mode => self.one(&["0440", "\"0444\"", "0o17"]),
            Kind::Number => self.one(&["0.5", "1", "\"0.25\""]),
            Kind::Size => self.one(&["1g", "64", "\"1.5mb\""]),
            Kind::Span => self.one(&["1m30s", "\"5ms\"", "2h"]),
            Kind::Micros => self.one(&["1000", "20ms"]),
            Kind::Choice(choices) => self.one(choices),
            Kind::Path(_) => self.one(&["./a", "b/c", "/srv/shop/d"]),
        };
        self.out.push_str(text);
    }

    fn short(&mut self, short: Short) -> Option<&'static str> {
        Some(match short {
            Short::Command => self.one(&["run me", "\"a 'b c'\""]),
            Short::HealthTest => "curl x",
            Short::List | Short::Build | Short::EnvFiles | Short::Grant | Short::Include => "a",
            Short::Pairs | Short::FullPairs => self.one(&["[A=1, B]", "[\"C=${D:-e}\"]"]),
            Short::Names | Short::DependsOn => "[k0]",
            Short::Ports => self.one(&["[80]", "[\"8080:80/udp\", \"1-2:3-4\"]"]),
            Short::Volume => self.one(&["/a", "k0:/b", "./c:/d:ro"]),
            Short::Device => self.one(&["/dev/a", "/dev/a:/dev/b:r"]),
            Short::Gpus => "all",
            Short::Ulimit => "5",
            Short::Hosts => "[\"a=1.2.3.4\", \"b:::1\"]",
            Short::Extends | Short::Resource => return None,
        })
    }

    fn file(rng: TestRng, wrong: u32) -> String {
        let mut writer = Self { rng, wrong, out: String::new() };
        writer.value(Kind::Object(FILE), 0);
        writer.out
    }
}

/// Values that make sense beneath a key where many would be of its kind and make none.
fn fitting(key: &str) -> Option<&'static [&'static str]> {
    Some(match key {
        "configs" | "secrets" => &["[k0, {source: k1, target: z, mode: 0400}]"],
        "container_name" | "name" => &["n1", "some-name"],
        "depends_on" => &["[k1]", "{k1: {condition: service_started, restart: true}}"],
        // Beneath the folder of the stack, which other texts may lead out of.
        "dockerfile" => &["d", "./b/c"],
        "dns" => &["8.8.8.8", "[1.1.1.1, \"::1\"]"],
        "env_file" | "label_file" => &["a", "[a, ./d]"],
        "expose" => &["[80, \"1-2/udp\"]"],
        "extends" => &["k2", "{service: k1}"],
        "healthcheck" => &[
            "{test: a b, interval: 5s, start_period: 1m}",
            "{test: [CMD, a], retries: 3}",
            "{disable: true}",
        ],
        "host_ip" => &["127.0.0.1", "\"::1\""],
        "ipv4_address" => &["10.0.0.1"],
        "ipv6_address" => &["fd00::1"],
        "links" => &["[k1, \"k2:alias\"]"],
        "models" => &["[k0]", "{k0: {endpoint_var: A}}"],
        "network_mode" => &["none", "host", "service:k1", "bridge"],
        "networks" => &["[k0]", "{k0: , k1: {aliases: [b], priority: 3, driver_opts: {x: 1}}}"],
        "protocol" => &["tcp", "udp"],
        "published" => &["0", "\"80-90\""],
        "pull_policy" => &["always", "every_12h", "if_not_present"],
        "restart" => &["always", "on-failure:3", "\"no\""],
        "scale" | "replicas" => &["1"],
        "tmpfs" => &["/run", "[/run2, \"/tmp:size=1m\"]"],
        "volumes" => &[
            "[k0:/a, /b, ./c:/d:ro]",
            "[{type: tmpfs, target: /e, tmpfs: {size: 1m, mode: 0700}}, {type: bind, source: /f, target: /g/, bind: {propagation: shared}}]",
            "[{type: volume, source: k1, target: /h, volume: {nocopy: true, labels: [a=b]}}, {type: image, source: i, target: /j, image: {subpath: k}}]",
        ],
        "volumes_from" => &["[k1]", "[\"k2:ro\", \"container:x\"]"],
        "container" => &["x"],
        _ => return None,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_file_breaks_the_reader(seed in any::<[u8; 32]>(), wrong in 0_u32..200) {
        let rng = || TestRng::from_seed(prop::test_runner::RngAlgorithm::ChaCha, &seed);
        let text = Writer::file(rng(), wrong);
        let mut other = seed;
        other[0] ^= 1;
        let over = Writer::file(TestRng::from_seed(prop::test_runner::RngAlgorithm::ChaCha, &other), wrong);
        let stack = Stack::of([("a.yaml", &text), ("b.yaml", &over), ("a", "services: {}\n"), ("b/c", ""), ("d", "")]).over(&["b.yaml"]);
        let loaded = stack.load();
        for finding in &loaded.findings {
            prop_assert!(!matches!(finding.problem, Problem::Internal { .. }), "{finding}\n{text}\n{over}");
            prop_assert!(!finding.to_string().is_empty());
        }
        let _ = loaded.project.map(|project| config::yaml(&project));
    }

    /// A service with any of its keys is one, and reads as the same once it is written out.
    #[test]
    fn what_the_table_allows_is_typed_and_written(seed in any::<[u8; 32]>()) {
        let mut writer = Writer { rng: TestRng::from_seed(prop::test_runner::RngAlgorithm::ChaCha, &seed), wrong: 0, out: String::new() };
        writer.value(Kind::Object(SERVICE), 1);
        let text = format!(
            "services:\n  k0: {}\n  k1: {{image: x}}\n  k2: {{image: y}}\nvolumes: {{k0: , k1: }}\n\
             networks: {{k0: {{ipam: {{config: [{{subnet: 10.0.0.0/8}}]}}}}, k1: {{external: true}}}}\n\
             secrets: {{k0: {{file: a}}, k1: {{environment: B}}}}\nconfigs: {{k0: {{content: c}}, k1: {{file: d}}}}\nmodels: {{k0: {{model: m}}}}\n",
            writer.out,
        );
        let loaded = Stack::of([("a.yaml", &text), ("a", "A=1\n"), ("d", "D=2\n")]).load();
        for finding in &loaded.findings {
            // What keys say together; that each is of its kind and typed is what counts here.
            let together = matches!(finding.problem.code().as_str(), "exclusive" | "differ" | "target-taken");
            prop_assert!(finding.is_warning() || together, "{finding}\n{text}");
        }
        let Some(project) = loaded.project else { return Ok(()) };
        // A key that no struct has a field for would be among those that begin with `x-`.
        for extra in format!("{project:?}").split("extra: {\"").skip(1) {
            prop_assert!(extra.starts_with("x-"), "{}", &extra[..40.min(extra.len())]);
        }
        let written = config::yaml(&project);
        let again = Stack::of([("a.yaml", &written)]).load();
        prop_assert!(again.project.is_some(), "{written}\n{:#?}", again.findings);
        prop_assert_eq!(written, config::yaml(&again.project.expect("a project")));
    }
}
