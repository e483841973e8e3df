//! Each problem has its sentence, in both languages and with all that it speaks of.

use std::collections::BTreeSet;

use longshore_api::{
    sentence::Arg,
    words::{Locale, Part},
};
use longshore_compose::{
    place::Place,
    problem::{Found, Problem, Thing, Wanted},
};
use serde_json::Value as Json;

/// One of each, and two where something that helps may be missing.
fn all() -> Vec<Problem> {
    let text = |text: &str| text.to_owned();
    let near = || Some("nearby".to_owned());
    let names = || vec!["one".to_owned(), "two".to_owned()];
    let place = || Place::start("other.yaml");
    vec![
        Problem::NotYaml { said: text("said so") },
        Problem::Empty,
        Problem::FileTooLarge { bytes: 3 << 20, limit: 1 << 20 },
        Problem::TooMuch { nodes: 100_000 },
        Problem::TooDeep { limit: 32 },
        Problem::DuplicateKey { key: text("key"), first: place() },
        Problem::KeyNotText,
        Problem::UnknownTag { tag: text("!secret") },
        Problem::AliasWithinItself,
        Problem::BadMergeKey,
        Problem::FileMissing { file: text("a.env") },
        Problem::FileOutside { file: text("../a") },
        Problem::FileUnreadable { file: text("a"), said: text("said so") },
        Problem::FileNotText { file: text("a.bin") },
        Problem::TooManyFiles { limit: 100 },
        Problem::BadReference { text: text("${X") },
        Problem::VariableRequired { name: text("TAG"), message: String::new() },
        Problem::VariableRequired { name: text("TAG"), message: text("which version") },
        Problem::VariableUnset { name: text("TAG") },
        Problem::VariablesTooLarge { limit: 1 << 20 },
        Problem::EnvName { text: text("a b") },
        Problem::EnvQuote { name: text("A") },
        Problem::UnknownKey { key: text("prots"), near: None },
        Problem::UnknownKey { key: text("prots"), near: near() },
        Problem::MissingKey { key: "image" },
        Problem::WrongKind { wanted: Wanted::Text, found: Found::Flag },
        Problem::WrongKind { wanted: Wanted::Text, found: Found::Map },
        Problem::NotAChoice { value: text("v"), choices: vec!["always", "never"], near: None },
        Problem::NotAChoice { value: text("v"), choices: vec!["always", "never"], near: near() },
        Problem::OutOfRange { value: text("70000"), least: 1, most: 65_535 },
        Problem::BadSpan { value: text("often") },
        Problem::BadAddress { value: text("10.0.0.300") },
        Problem::BadSize { value: text("much") },
        Problem::BadName { name: text("-x") },
        Problem::BadProjectName { name: text("X") },
        Problem::NoProjectName,
        Problem::BadPort { value: text("web") },
        Problem::PortRanges { value: text("1-2:3-5") },
        Problem::TooManyPorts { limit: 10_000 },
        Problem::BadVolume { value: text("a:b:c:d") },
        Problem::WindowsPath { path: text("C:\\data") },
        Problem::HomePath { path: text("~/x") },
        Problem::TargetNotAbsolute { path: text("data") },
        Problem::TargetUp { path: text("../x") },
        Problem::BadHost { value: text("db") },
        Problem::BadCommand { value: text("sh 'a") },
        Problem::SpaceInName { name: text("A ") },
        Problem::NumberRewritten { written: text("1.10"), read: text("1.1") },
        Problem::ServicesAtTop { service: text("web") },
        Problem::VersionObsolete,
        Problem::ExternalName,
        Problem::ExternalDefined { key: text("driver") },
        Problem::ExtendsUnknown { service: text("wbe"), file: text("a.yaml"), near: None },
        Problem::ExtendsUnknown { service: text("wbe"), file: text("a.yaml"), near: near() },
        Problem::ExtendsCycle { chain: names() },
        Problem::IncludeCycle { chain: names() },
        Problem::IncludeConflict { thing: Thing::Volume, name: text("data"), other: place() },
        Problem::NotInProfile { service: text("bar"), profiles: names() },
        Problem::NoSuchService { service: text("wbe"), near: None },
        Problem::NoSuchService { service: text("wbe"), near: near() },
        Problem::NoServices,
        Problem::NoImage,
        Problem::Undefined { thing: Thing::Network, name: text("frnot"), near: None },
        Problem::Undefined { thing: Thing::Network, name: text("frnot"), near: near() },
        Problem::DependsCycle { chain: names() },
        Problem::NoHealthCheck { service: text("db") },
        Problem::PortTaken { port: text("80/tcp"), service: text("proxy"), other: place() },
        Problem::PortScaled { port: text("80"), scale: 3 },
        Problem::NameScaled { name: text("same"), scale: 3 },
        Problem::NameTaken { name: text("same"), service: text("db"), other: place() },
        Problem::Exclusive { one: "network_mode", other: "networks" },
        Problem::Differ { one: "mem_limit", other: "deploy" },
        Problem::TargetTaken { target: text("/a"), other: place() },
        Problem::BadHealthTest { value: text("curl") },
        Problem::OneSource { choices: vec!["file", "environment"] },
        Problem::NoSubnet { network: text("front") },
        Problem::PortsOnHost,
        Problem::SwarmOnly { key: "update_config" },
        Problem::Internal { said: text("said so") },
    ]
}

/// The texts and numbers that a problem speaks of; words of ours, which each language says in its own way, are none.
fn spoken_of(problem: &Problem) -> Vec<Json> {
    let json = serde_json::to_value(problem).expect("JSON");
    let fields = json.as_object().expect("an object").iter();
    let ours = ["code", "wanted", "found", "thing"];
    let mut all = Vec::new();
    for (_, value) in fields.filter(|(key, _)| !ours.contains(&key.as_str())) {
        match value {
            Json::Array(texts) => all.extend(texts.iter().cloned()),
            Json::Null => {}
            one => all.push(one.clone()),
        }
    }
    all
}

#[test]
fn every_problem_says_all_it_knows_in_both_languages() {
    for problem in all() {
        let sentence = problem.sentence();
        for locale in Locale::ALL {
            let said = sentence.render(locale);
            for part in spoken_of(&problem) {
                let is_there = match &part {
                    Json::String(text) => said.contains(text.as_str()),
                    number => sentence
                        .args
                        .values()
                        .any(|arg| matches!(arg, Arg::Number(n) if number.as_i64() == Some(*n))),
                };
                assert!(is_there, "{part} of {problem:?} is not in {said:?}");
            }
        }
    }
}

/// None stands in the catalogue in vain, and none that a problem has is missing above.
#[test]
fn every_sentence_of_the_catalogue_is_said() {
    let said: BTreeSet<String> = all().iter().map(|problem| problem.sentence().code.into_owned()).collect();
    // What a plan meets on a host, rather than what stands in a file.
    let elsewhere = ["compose-not-there", "compose-unsupported"];
    let there = Locale::En.file(Part::Rest).lines().filter_map(|line| Some(line.split_once('\t')?.0));
    let there: BTreeSet<String> = there
        .filter(|code| code.starts_with("compose-") && !elsewhere.contains(code))
        .map(str::to_owned)
        .collect();
    assert_eq!(said, there);
}

#[test]
fn kinds_and_things_are_said_in_the_language_around_them() {
    let wrong = Problem::WrongKind { wanted: Wanted::Text, found: Found::Flag }.sentence();
    assert_eq!(wrong.render(Locale::En), "This has to be a text, not true or false. Put it in quotes.");
    assert_eq!(wrong.render(Locale::ZhCn), "此处应为文本，而不是布尔值（true 或 false），请加上引号。");
    let undefined =
        Problem::Undefined { thing: Thing::Volume, name: "dta".to_owned(), near: Some("data".to_owned()) };
    assert_eq!(
        undefined.sentence().render(Locale::ZhCn),
        "存储卷 `dta` 未在 `volumes:` 下定义。您要写的是 `data` 吗？"
    );
}
