//! Each problem of a template and each refusal has its sentence, in both languages and with all that it speaks of.

use std::collections::BTreeSet;

use longshore_api::{
    sentence::Sentence,
    words::{Locale, Part},
};
use longshore_templates::{
    problem::{At, Finding, Problem},
    refusal::Refusal,
    variable::{Protocol, Shape},
};
use serde::Serialize;
use serde_json::Value as Json;

fn problems() -> Vec<Problem> {
    let text = |text: &str| text.to_owned();
    let choices = || vec!["one".to_owned(), "two".to_owned()];
    vec![
        Problem::NotJson { said: text("said so") },
        Problem::NotTemplates,
        Problem::UnknownVersion { version: text("4") },
        Problem::TooManyTemplates { limit: 5_000 },
        Problem::TextTooLong { limit: 4_096 },
        Problem::TooMany { limit: 100 },
        Problem::Missing { field: "image" },
        Problem::FieldTwice { field: text("image") },
        Problem::UnknownField { field: text("imagee"), near: None },
        Problem::UnknownField { field: text("imagee"), near: Some(text("image")) },
        Problem::IdTaken { id: text("1"), other: text("Good") },
        Problem::BadId { id: text("A b") },
        Problem::UnknownKind { kind: text("9") },
        Problem::NothingToDeploy,
        Problem::BadAddress { value: text("ftp://x") },
        Problem::BadPath { value: text("../x") },
        Problem::BadPage { value: text("x") },
        Problem::BadPort { value: text("80:x") },
        Problem::BadMount { value: text("x") },
        Problem::BadVariable { name: text("9x") },
        Problem::Ignored { value: text("ftp"), choices: choices() },
        Problem::OneLanguage { language: "zh-CN" },
        Problem::BadMark,
        Problem::BadDefault { name: text("PORT"), why: Refusal::OutOfRange { least: 1, most: 9 } },
        Problem::BadLimits,
        Problem::NotDeclared { name: text("OTHER") },
        Problem::NotUsed { name: text("KEY") },
        Problem::NotAPort { name: text("KEY") },
    ]
}

fn refusals() -> Vec<Refusal> {
    let other = || "OTHER".to_owned();
    let mut all: Vec<_> = Shape::ALL.iter().map(|(_, shape)| Refusal::BadShape { shape: *shape }).collect();
    all.extend([
        Refusal::NotAsked,
        Refusal::Required,
        Refusal::ControlCharacter,
        Refusal::TooShort { least: 8 },
        Refusal::TooLong { most: 64 },
        Refusal::NotANumber,
        Refusal::OutOfRange { least: 1, most: 9 },
        Refusal::NotAPort,
        Refusal::PortTaken { port: 443, protocol: Protocol::Udp, free: None },
        Refusal::PortTaken { port: 443, protocol: Protocol::Udp, free: Some(8443) },
        Refusal::PortTwice { port: 443, other: other(), free: None },
        Refusal::PortTwice { port: 443, other: other(), free: Some(8443) },
        Refusal::NoPortFree,
        Refusal::NotOffered { choices: vec!["one".to_owned(), "two".to_owned()] },
        Refusal::NotAFlag,
        Refusal::NotAPath,
        Refusal::SecretCharacters,
        Refusal::BadSize,
        Refusal::BadCpus,
    ]);
    all
}

/// Whether a sentence says the texts and numbers of what it is of, in both languages.
fn says_all(of: &impl Serialize, sentence: &Sentence) {
    let json = serde_json::to_value(of).expect("JSON");
    for locale in Locale::ALL {
        let said = sentence.render(locale).replace(',', "");
        let mut left: Vec<(&str, &Json)> =
            json.as_object().expect("an object").iter().map(|(key, value)| (key.as_str(), value)).collect();
        while let Some((key, value)) = left.pop() {
            match value {
                Json::Object(inner) => left.extend(inner.iter().map(|(key, value)| (key.as_str(), value))),
                Json::Array(texts) => left.extend(texts.iter().map(|text| ("", text))),
                Json::String(text) if !["code", "shape"].contains(&key) => {
                    assert!(said.contains(text), "{text} is not in {said:?}");
                }
                Json::Number(n) => assert!(said.contains(&n.to_string()), "{n} is not in {said:?}"),
                _ => {}
            }
        }
    }
}

#[test]
fn every_problem_and_refusal_says_all_it_knows_in_both_languages() {
    problems().iter().for_each(|problem| says_all(problem, &problem.sentence()));
    refusals().iter().for_each(|refusal| says_all(refusal, &refusal.sentence()));
}

/// None stands in the catalogue in vain, and none is missing above.
#[test]
fn every_sentence_of_the_catalogue_is_said() {
    let mut said: BTreeSet<_> = problems().iter().map(|problem| problem.sentence().code).collect();
    said.extend(refusals().iter().map(|refusal| refusal.sentence().code));
    let there = Locale::En.file(Part::Rest).lines().filter_map(|line| Some(line.split_once('\t')?.0));
    // Which template it is of, and what the pages say of them.
    let elsewhere = ["template-entry", "template-entry-named", "template-findings", "template-of"];
    let there: BTreeSet<_> = there
        .filter(|code| code.starts_with("template-") || code.starts_with("answer-"))
        .filter(|code| !elsewhere.contains(code))
        .map(Into::into)
        .collect();
    assert_eq!(said, there);
}

#[test]
fn a_proposed_answer_is_refused_with_the_reason_in_the_same_language() {
    let bad = Problem::BadDefault { name: "PORT".to_owned(), why: Refusal::NotAPort };
    assert_eq!(bad.sentence().render(Locale::ZhCn), "`PORT` 的默认值无效。请填写 1 到 65535 之间的端口。");
    let at = At::Entry { index: 1, title: "Web".to_owned() };
    assert_eq!(
        Finding::new(bad, at, "env.0").to_string(),
        "Template 2, Web: env.0: The proposed answer of `PORT` would be refused. Write a port, from 1 to 65535."
    );
}
