//! Our own format: what is wrong in a file is said with its place.

use std::{fs, path::Path};

use longshore_templates::{builtin, format, portainer, template::Deploys};

fn said(text: &str) -> Vec<String> {
    format::read("a.yaml", text).findings.iter().map(ToString::to_string).collect()
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    insta::assert_snapshot!(said("id: A b
title: {en: A}
mark: ABC
categories: [web, nonsense]
descripton: {en: a, zh-CN: 甲}
source: [ftp://x]
variables:
  PORT: {type: port, default: 80000, label: {en: a, zh-CN: 甲}}
  KEY: {type: secret, default: hunter2, length: 3, label: {en: a, zh-CN: 甲}}
  9x: {type: text, label: {en: a, zh-CN: 甲}}
  KIND: {type: colour, label: {en: a, zh-CN: 甲}}
  ONE: {type: choice, label: {en: a, zh-CN: ''}, min: 3}
  NUMBER: {type: number, least: 5, most: 1, label: {en: a, zh-CN: 甲}}
open:
  - {port: KEY, path: x, scheme: ftp, label: {en: a, zh-CN: 甲}}
compose: |
  services:
    a:
      image: a:1
      environment:
        A: ${PORT} ${OTHER}
").join("\n"), @r##"
a.yaml:1:1: id: `A b` is no id. Write lower-case letters, digits and `-`, a letter or digit first.
a.yaml:1:1: `description` is missing. Write it.
a.yaml:2:8: title: This has no text in `zh-CN`. Write one.
a.yaml:3:1: mark: The mark takes one or two letters. Shorten it.
a.yaml:4:19: categories: `nonsense` is none of `analytics`, `automation`, `cache`, `database`, `development`, `files`, `home`, `monitoring`, `office`, `proxy`, `publishing`, `queue`, `search`, `security`, `tools`, `web`.
a.yaml:5:1: `descripton` is not known here. Did you mean `description`?
a.yaml:6:10: source: `ftp://x` is no address that is fetched. Write one with `https://` or `http://`.
a.yaml:8:22: variables.PORT.default: The proposed answer of `PORT` would be refused. Write a port, from 1 to 65535.
a.yaml:9:3: variables.KEY: The file does not use `KEY`. Remove it, or write `${KEY}`.
a.yaml:9:8: variables.KEY: These limits exclude each other, or go beyond what there is. Correct them.
a.yaml:9:23: variables.KEY: `default` is not known here. Remove it, or correct it.
a.yaml:10:3: variables.9x: `9x` is no name of a variable. Write letters, digits and `_`, a letter first.
a.yaml:10:3: variables.9x: The file does not use `9x`. Remove it, or write `${9x}`.
a.yaml:11:10: variables.KIND.type: `colour` is none of `text`, `number`, `port`, `choice`, `flag`, `path`, `secret`, `memory`, `cpus`.
a.yaml:12:3: variables.ONE: The file does not use `ONE`. Remove it, or write `${ONE}`.
a.yaml:12:8: variables.ONE: `choices` is missing. Write it.
a.yaml:12:30: variables.ONE.label: This has no text in `zh-CN`. Write one.
a.yaml:12:50: variables.ONE: `min` is not known here. Remove it, or correct it.
a.yaml:13:3: variables.NUMBER: The file does not use `NUMBER`. Remove it, or write `${NUMBER}`.
a.yaml:13:11: variables.NUMBER: These limits exclude each other, or go beyond what there is. Correct them.
a.yaml:15:6: open.0.port: `KEY` is no variable of the type `port`. Name one that is.
a.yaml:15:17: open.0.path: `x` is no path of a page. Write one that begins with a single `/`.
a.yaml:15:26: open.0.scheme: `ftp` is none of `http`, `https`.
a.yaml:21:12: compose: The file uses `OTHER`, which is not asked for. Write it beneath `variables`.
"##);
}

#[test]
fn what_is_no_template_is_said() {
    let all = ["", "[]", "a: [", "id: a\nid: b\n", "id: a\ncompose: |\n  services:\n   a: [\n"];
    let all: Vec<_> = all.iter().map(|text| said(text).join("; ")).collect();
    insta::assert_snapshot!(all.join("\n"), @r##"
a.yaml:1:1: `id` is missing. Write it.
a.yaml:1:1: This has to be keys with values, not a list.
a.yaml:2:1: This is no YAML: while parsing a node, did not find expected node content
a.yaml:2:1: `id` stands here and at a.yaml:1:1. Remove one of them.
a.yaml:1:1: `title` is missing. Write it.; a.yaml:1:1: `description` is missing. Write it.; a.yaml:1:1: `mark` is missing. Write it.; a.yaml:5:3: compose: This is no YAML: while parsing a node, did not find expected node content
"##);
}

/// The example of the page that describes the format.
#[test]
fn the_documented_example_is_a_template() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../TEMPLATES.md");
    let page = fs::read_to_string(path).expect("the page");
    let example =
        page.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    let read = format::read("example.yaml", example);
    assert!(read.template.is_some() && read.findings.is_empty(), "{:#?}", read.findings);
}

#[test]
fn a_template_is_written_as_it_was_read() {
    for template in builtin::all() {
        let text = format::write(template).expect("its file stands in it");
        let read = format::read("again.yaml", &text);
        assert_eq!(read.template.as_ref(), Some(template), "{text}\n{:#?}", read.findings);
    }
}

/// What somebody takes over from elsewhere, to change it.
#[test]
fn a_foreign_container_can_be_written_as_one_of_ours() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/templates/templates.json");
    let collection = portainer::read(&fs::read_to_string(path).expect("the fixture"));
    let mut written = 0;
    for template in &collection.templates {
        let Some(text) = format::write(template) else { continue };
        let read = format::read("taken.yaml", &text);
        let said: Vec<_> = read.findings.iter().map(ToString::to_string).collect();
        // What a foreign file proposes as a folder may be none; a person has to choose one.
        assert!(said.iter().all(|said| said.contains("without `..` and `:`")), "{text}\n{said:#?}");
        written += usize::from(matches!(template.deploys, Deploys::Container(_)));
    }
    assert_eq!(written, 32);
}

#[test]
fn broken_files_break_nothing() {
    for (file, text) in builtin::files() {
        for at in (0..text.len()).step_by(307).filter(|at| text.is_char_boundary(*at)) {
            let read = format::read(file, &text[..at]);
            assert!(read.template.is_some() || !read.findings.is_empty(), "{file} at {at}");
            // All of them everywhere would take half a minute.
            if at % 3 != 0 {
                continue;
            }
            for to in ["[", ": ", "\t", "*a"] {
                let _ = format::read(file, &format!("{}{to}{}", &text[..at], &text[at..]));
            }
        }
    }
}
