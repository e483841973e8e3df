use super::*;
use crate::format;

const FILE: &str = "id: a
title: A
mark: A
categories: [web]
description: {en: a, zh-CN: 甲}
source: [https://example.com]
variables:
  PORT: {type: port, default: 80, label: {en: a, zh-CN: 甲}}
  OTHER: {type: port, default: 80, label: {en: a, zh-CN: 甲}}
  UDP: {type: port, default: 80, protocol: udp, label: {en: a, zh-CN: 甲}}
  KEY: {type: secret, length: 20, label: {en: a, zh-CN: 甲}}
  MAIL: {type: text, shape: email, required: true, label: {en: a, zh-CN: 甲}}
  COUNT: {type: number, least: 1, most: 9, default: 3, label: {en: a, zh-CN: 甲}}
  DEBUG: {type: flag, on: '1', off: '0', default: 'false', label: {en: a, zh-CN: 甲}}
open:
  - {port: PORT, path: /x, label: {en: a, zh-CN: 甲}}
compose: |
  services:
    a:
      image: a:1
      ports: ['${PORT}:80', '${OTHER}:81', '${UDP}:80/udp']
      environment: {KEY: '${KEY}', MAIL: '${MAIL}', COUNT: '${COUNT}', DEBUG: '${DEBUG}'}
";

fn template() -> Template {
    let read = format::read("a.yaml", FILE);
    read.template.unwrap_or_else(|| panic!("{:#?}", read.findings))
}

fn filled(answers: &[(&str, &str)], taken: &[u16]) -> Result<Filled, Vec<String>> {
    let answers = answers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let mut next = 0_u8;
    let mut around = Around {
        random: &mut |bytes| {
            for byte in bytes {
                next = next.wrapping_add(7);
                *byte = next;
            }
        },
        taken: &|port, protocol| protocol == Protocol::Tcp && taken.contains(&port),
    };
    fill(&template(), &answers, &mut around).map_err(|all| all.iter().map(ToString::to_string).collect())
}

#[test]
fn what_is_not_answered_is_proposed() {
    let filled = filled(&[("MAIL", "mia@example.com")], &[80, 8080]).expect("answers");
    let value = |name: &str| filled.variables[name].as_str();
    // 80 and 8080 are taken; the first port gets the next, the second the one after, UDP is another matter.
    assert_eq!((value("PORT"), value("OTHER"), value("UDP")), ("8081", "8082", "80"));
    assert_eq!((value("COUNT"), value("DEBUG")), ("3", "0"));
    assert_eq!(value("KEY").len(), 20);
    assert_eq!(filled.made.iter().collect::<Vec<_>>(), ["KEY"]);
    assert_eq!(filled.sealed, filled.made);
    assert_eq!((filled.pages[0].port, filled.pages[0].path.as_str()), (8081, "/x"));
}

#[test]
fn a_proposal_leaves_alone_what_was_asked_for() {
    let filled =
        filled(&[("MAIL", "mia@example.com"), ("OTHER", "8080"), ("KEY", "mine")], &[80]).expect("answers");
    assert_eq!((filled.variables["PORT"].as_str(), filled.variables["OTHER"].as_str()), ("8081", "8080"));
    assert_eq!(filled.variables["KEY"], "mine");
    assert!(filled.made.is_empty() && filled.sealed.contains("KEY"));
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let answers = [
        ("PORT", "70000"),
        ("OTHER", "443"),
        ("UDP", "5"),
        ("MAIL", "mia"),
        ("COUNT", "10"),
        ("DEBUG", "perhaps"),
        ("WHAT", "x"),
    ];
    assert_eq!(
        filled(&answers, &[443]).expect_err("refusals"),
        [
            "WHAT: The template does not ask for this. Leave it out.",
            "PORT: Write a port, from 1 to 65535.",
            "OTHER: Port 443/tcp of the host is taken; 8443 is free.",
            "MAIL: Write a mail address, such as `mia@example.com`.",
            "COUNT: Write a number from 1 to 9.",
            "DEBUG: Answer with `true` or `false`.",
        ]
    );
    let answers = [("PORT", "90"), ("OTHER", "90"), ("MAIL", "")];
    assert_eq!(
        filled(&answers, &[]).expect_err("refusals"),
        ["OTHER: Port 90 is the answer to `PORT` already; 8090 is free.", "MAIL: This has to be answered."]
    );
    assert_eq!(filled(&[("MAIL", "a@b\nc")], &[]).expect_err("refusals").len(), 1);
}

#[test]
fn a_form_begins_with_what_is_free() {
    let values = proposal(&template(), &|port, _| port == 80);
    assert_eq!(
        (values["PORT"].as_str(), values["OTHER"].as_str(), values["UDP"].as_str()),
        ("8080", "8081", "8080")
    );
    assert_eq!(values["MAIL"], "");
    assert!(!values.contains_key("KEY"));
}
