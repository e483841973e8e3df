//! `OPERATIONS.md`, the reference page, made from the tables. Written anew with `INSTA_UPDATE=always`.

use std::{fmt::Write as _, fs, path::Path};

use super::{
    description::leaves,
    shape::{Shape, Verdict},
    tables::{BODIES, QUERIES, body_of},
    *,
};
use crate::ops::{Answer, Body, Method, OPERATIONS, Operation, Permission, REFUSED, Target};

#[test]
fn the_reference_page_is_what_the_tables_say() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../OPERATIONS.md");
    let page = page();
    if std::env::var("INSTA_UPDATE").is_ok_and(|how| how == "always") {
        fs::write(&file, &page).expect("the page can be written");
    }
    let there = fs::read_to_string(&file).unwrap_or_default();
    let differs = page.lines().zip(there.lines()).find(|(is, was)| is != was);
    assert!(
        page == there,
        "OPERATIONS.md is not what the tables say ({differs:?}); INSTA_UPDATE=always cargo test --workspace the_reference_page"
    );
}

fn page() -> String {
    let mut page = HEAD.to_owned();
    for row in OPERATIONS {
        operation_line(&mut page, row).expect("a String takes all");
    }
    page.push_str(REFUSED_HEAD);
    for row in REFUSED {
        let method = row.method.map_or("any", Method::as_str);
        writeln!(page, "| {method} `{}` | {} |", row.path, row.reason).expect("a String takes all");
    }
    page.push_str(FIELDS_HEAD);
    let mut done: Vec<(&str, String)> = Vec::new();
    for (id, groups) in BODIES {
        let fields = fields(Shape::Object(groups));
        match done.iter().find(|(_, there)| *there == fields) {
            Some((same, _)) => page.push_str(&format!("\n### {id}\n\nAs [{same}](#{same}).\n")),
            None => {
                page.push_str(&format!("\n### {id}\n\n| Field | Below Manager |\n|---|---|\n{fields}"));
                done.push((id, fields));
            }
        }
    }
    page.push_str(QUERIES_HEAD);
    for (id, groups) in QUERIES {
        for line in fields(Shape::Object(groups)).lines() {
            page.push_str(&format!("| [{id}](#operations) {line}\n"));
        }
    }
    page.push_str(RULES_HEAD);
    for rule in RULES {
        let said = rule.sentence("A field").to_string();
        page.push_str(&format!("| {} | {said} |\n", rule.code()));
    }
    page
}

const HEAD: &str = "# The operations of the engine's API

Made from the operation table (`api/src/ops`), which server, agent and browser read; a test keeps this page true. What is
not here is refused. Roles are named sets of permissions: Viewer has view and logs, Operator also operate, Developer also
exec, deploy and files, Manager also manage, Administrator also administer.

## Operations

Target: what the permission is needed on. Body: what may follow the head, and where it is JSON, what is thought of each
field. Answer: what is done to it before somebody below Manager has it; what no door cuts yet is served to Managers alone.

| Operation | Call | Permission | Target | Body | Answer | Audit |
|---|---|---|---|---|---|---|
";

const REFUSED_HEAD: &str = "
## Refused to everybody

| Call | Why |
|---|---|
";

const FIELDS_HEAD: &str = "
## Fields

Every JSON body is read strictly: no key twice, none that differs from a field's name only in case, at most 4 MiB and 32
levels. What was read is written anew. Below Manager, each field needs a verdict that lets it pass: **free**, within a
[rule](#rules), or only empty (**Manager**); fields that are not listed are as those for Managers. `[]` is each of a list,
`{}` each of a map. For Managers and above the engine's own limits hold; on the machine that Longshore itself runs on that
is so for Administrators alone, since root there reads its keys.
";

const QUERIES_HEAD: &str = "
## Parameters

Parameters that no row of the table names are refused; those that are JSON are read as bodies are. Those not listed here
are free.

| Operation | Parameter | Below Manager |
|---|---|---|
";

const RULES_HEAD: &str = "
## Rules

| Rule | Who does not keep it is told |
|---|---|
";

const RULES: [Rule; 18] = [
    Rule::OneOf(&["one", "another"]),
    Rule::Keys(&["one", "another"]),
    Rule::Binds,
    Rule::Mounts,
    Rule::NetworkMode,
    Rule::NetworkKeys,
    Rule::SecurityOptions,
    Rule::Capabilities,
    Rule::Labels,
    Rule::NotNegative,
    Rule::Unset,
    Rule::Tmpfs,
    Rule::VolumeOptions,
    Rule::Paths,
    Rule::Groups,
    Rule::Registry,
    Rule::NoFetch,
    Rule::NoPlugin,
];

fn operation_line(page: &mut String, row: &Operation) -> std::fmt::Result {
    let permissions: Vec<_> = row.permissions().map(Permission::code).collect();
    let target = match row.target {
        Target::None => "",
        Target::Container => "container",
        Target::ContainerInQuery => "container in the query",
        Target::Exec => "exec, and its container",
        Target::Image => "image",
        Target::ImagesInQuery => "images in the query",
        Target::Reference => "image in a registry",
        Target::Network => "network",
        Target::Volume => "volume",
        Target::Service => "service",
        Target::Task => "task, and its service",
        Target::Node => "node",
        Target::Secret => "secret",
        Target::Config => "config",
        Target::Plugin => "plugin",
    };
    let body = match row.body {
        Body::None => "none".to_owned(),
        Body::Tar => "passed on".to_owned(),
        Body::Json => format!("[judged](#{})", row.id),
        Body::JsonOptional => format!("[judged](#{}), if any", row.id),
    };
    let answer = match row.answer {
        Answer::AsIs => "as it is",
        Answer::List => "others' left out",
        Answer::Inspect => "environment and commands with exec only, others' left out",
        Answer::Events => "others' events left out",
        Answer::Processes => "with exec only",
        Answer::Info => "others' counts left out",
        Answer::DiskUsage => "others' sizes left out",
        Answer::Created => "the new one is the caller's",
        Answer::Pruned => {
            "below Manager what is the caller's own is removed, thing by thing, and never by the engine's prune"
        }
    };
    let audit = if row.audit { "yes" } else { "" };
    let permissions = permissions.join(" + ");
    writeln!(
        page,
        "| {} | {} `{}` | {permissions} | {target} | {body} | {answer} | {audit} |",
        row.id, row.method, row.path
    )
}

fn fields(shape: Shape) -> String {
    let mut lines = String::new();
    leaves(shape, "", Verdict::Free, &mut |path, verdict| {
        let said = match verdict {
            Verdict::Free => "free".to_owned(),
            Verdict::Manager => "Manager".to_owned(),
            Verdict::Ruled(Rule::OneOf([])) => "only empty".to_owned(),
            Verdict::Ruled(Rule::OneOf(allowed)) => format!("one of: {}", allowed.join(", ")),
            Verdict::Ruled(Rule::Keys(allowed)) => format!("only: {}", allowed.join(", ")),
            Verdict::Ruled(rule) if rule.is_for_everybody() => format!("{}, Managers too", rule.code()),
            Verdict::Ruled(rule) => format!("rule: {}", rule.code()),
        };
        lines.push_str(&format!("| `{path}` | {said} |\n"));
    });
    lines
}

#[test]
fn the_page_names_every_body() {
    let page = page();
    for row in OPERATIONS.iter().filter(|row| body_of(row.id).is_some()) {
        assert!(page.contains(&format!("\n### {}\n", row.id)), "{}", row.id);
    }
}
