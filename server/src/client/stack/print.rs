//! What is said of stacks: columns for people, JSON for scripts.

use std::{
    fmt::Display,
    io::{self, Write as _},
};

use longshore_api::{
    format,
    web::stack::{PlanAct, PlanField, PlanRow, PlanThing, Releases, Stack, StackFinding, StackPlan, Stacks},
    words::{Locale, say},
};
use serde::Serialize;

use super::Ended;
use crate::store::now;

/// To whom it speaks. Whoever reads no further is no trouble.
#[derive(Clone, Copy)]
pub(super) struct Voice {
    /// To a script: standard output is JSON and nothing else.
    pub(super) json: bool,
}

/// A text on one line of a terminal, which does nothing to it: names, messages and sentences were written by others.
pub(super) fn plain(text: impl Display) -> String {
    let one = |c: char| match c {
        '\t' => c,
        '\n' => ' ',
        // Those that turn the order of letters do more than they seem to.
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        c if c.is_control() => '\u{fffd}',
        c => c,
    };
    text.to_string().chars().map(one).collect()
}

/// Something for people that is no answer: to standard error.
pub(super) fn aside(text: impl Display) {
    eprintln!("{}", plain(text));
}

impl Voice {
    /// Something for people.
    pub(super) fn line(self, text: impl Display) {
        let text = plain(text);
        let _ = if self.json { writeln!(io::stderr(), "{text}") } else { writeln!(io::stdout(), "{text}") };
    }

    /// Something for scripts.
    pub(super) fn json(self, value: &impl Serialize) {
        if self.json
            && let Ok(text) = serde_json::to_string_pretty(value)
        {
            let _ = writeln!(io::stdout(), "{text}");
        }
    }

    fn table(self, head: &[&str], rows: Vec<Vec<String>>) {
        let head: Vec<String> = head.iter().map(|word| (*word).to_owned()).collect();
        let all: Vec<Vec<String>> = std::iter::once(head).chain(rows).collect();
        columns(&all).iter().for_each(|line| self.line(line));
    }
}

/// Cells beneath one another; the last of a row is as long as it is.
fn columns(rows: &[Vec<String>]) -> Vec<String> {
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(plain).collect()).collect();
    let count = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |n: usize| {
        rows.iter().filter_map(|row| row.get(n)).map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..count).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

/// What was found in files: a line each, as editors and CI read them.
pub(super) fn findings(findings: &[StackFinding]) {
    for StackFinding { what, warning, file, line, column, path } in findings {
        let place = if file.is_empty() { String::new() } else { format!("{file}:{line}:{column}: ") };
        let path = if path.is_empty() { String::new() } else { format!("{path}: ") };
        aside(format_args!("{place}{}: {path}{what}", if *warning { "warning" } else { "error" }));
    }
}

/// A plan that there is not, because of these.
pub(super) fn nothing_but(findings: Vec<StackFinding>) -> StackPlan {
    StackPlan {
        findings,
        obstacles: Vec::new(),
        rows: Vec::new(),
        unchanged: Vec::new(),
        digest: String::new(),
        resolved: String::new(),
        asked: Vec::new(),
    }
}

/// Whether a plan does anything but wait.
pub(super) fn does_anything(plan: &StackPlan) -> bool {
    plan.rows.iter().any(|row| row.act != PlanAct::Wait)
}

/// What would be done. Returns whether it can be.
pub(super) fn plan(voice: Voice, plan: &StackPlan) -> bool {
    findings(&plan.findings);
    for obstacle in &plan.obstacles {
        aside(format_args!("error: {obstacle}"));
    }
    if plan.digest.is_empty() {
        return false;
    }
    let rows: Vec<&PlanRow> = plan.rows.iter().filter(|row| row.act != PlanAct::Wait).collect();
    let cells: Vec<Vec<String>> = rows.iter().copied().map(cells).collect();
    for (line, row) in columns(&cells).iter().zip(&rows) {
        voice.line(line);
        row.fields.iter().for_each(|it| voice.line(field(it)));
    }
    if rows.is_empty() {
        voice.line(Locale::En.words().plan_nothing());
        return true;
    }
    if !plan.unchanged.is_empty() {
        voice.line(format_args!("{}  {}", Locale::En.words().plan_keep(), plan.unchanged.join(", ")));
    }
    let count = |is: fn(PlanAct) -> bool| rows.iter().filter(|row| is(row.act)).count();
    let created = count(|act| act == PlanAct::Create);
    let removed = count(|act| act == PlanAct::Remove);
    voice.line(say::plan_counts(rows.len() - created - removed, created, removed));
    true
}

fn cells(row: &PlanRow) -> Vec<String> {
    let words = Locale::En.words();
    let act = match row.act {
        PlanAct::Pull => words.plan_pull(),
        PlanAct::Create => words.plan_create(),
        PlanAct::Replace => words.plan_replace(),
        PlanAct::Remove => words.plan_remove(),
        PlanAct::Start => words.plan_start(),
        PlanAct::Stop => words.plan_stop(),
        PlanAct::Restart => words.plan_restart(),
        PlanAct::Wait => words.plan_wait(),
    };
    let on = match row.on {
        PlanThing::Container => "container",
        PlanThing::Network => "network",
        PlanThing::Volume => "volume",
        PlanThing::Image => "image",
        PlanThing::Service => "service",
    };
    let why = row.why.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    vec![act.to_owned(), on.to_owned(), row.name.clone(), why]
}

fn field(field: &PlanField) -> String {
    let PlanField { path, was, will, hidden } = field;
    let values = match (was, will) {
        _ if *hidden => Locale::En.words().plan_hidden().to_owned(),
        (Some(was), Some(will)) => format!("{was} → {will}"),
        (None, Some(will)) => format!("+ {will}"),
        (Some(was), None) => format!("− {was}"),
        (None, None) => String::new(),
    };
    format!("    {path}: {values}")
}

/// All stacks.
pub(super) fn list(voice: Voice, stacks: &Stacks) -> anyhow::Result<Ended> {
    voice.json(stacks);
    if !voice.json {
        let row = |it: &longshore_api::web::stack::StackRow| {
            let release = it.release.as_ref();
            let number = release.map(|head| head.number.to_string()).unwrap_or_default();
            let state = release.map(|head| head.state.code().to_owned()).unwrap_or_default();
            let running = format!("{} of {}", it.running, it.containers);
            vec![it.name.clone(), it.services.to_string(), running, it.failing.to_string(), number, state]
        };
        let head = ["STACK", "SERVICES", "RUNNING", "FAILING", "RELEASE", "STATE"];
        voice.table(&head, stacks.stacks.iter().map(row).collect());
    }
    Ok(Ended::Done)
}

/// The containers of one.
pub(super) fn stack(voice: Voice, stack: &Stack) -> anyhow::Result<Ended> {
    voice.json(stack);
    if !voice.json {
        let mut rows = Vec::new();
        for service in &stack.services {
            for it in &service.containers {
                let ports = it.ports.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
                let since = it.since.map(ago).unwrap_or_default();
                let state = it.state.code().to_owned();
                rows.push(vec![service.name.clone(), it.name.clone(), it.image.clone(), state, since, ports]);
            }
        }
        voice.table(&["SERVICE", "CONTAINER", "IMAGE", "STATE", "SINCE", "PORTS"], rows);
    }
    Ok(Ended::Done)
}

/// The releases of one.
pub(super) fn releases(voice: Voice, releases: &Releases) -> anyhow::Result<Ended> {
    voice.json(releases);
    if !voice.json {
        let row = |it: &longshore_api::web::stack::ReleaseHead| {
            vec![
                it.number.to_string(),
                it.state.code().to_owned(),
                it.author.clone(),
                ago(it.at),
                it.message.clone(),
            ]
        };
        voice.table(
            &["RELEASE", "STATE", "AUTHOR", "WHEN", "MESSAGE"],
            releases.releases.iter().map(row).collect(),
        );
    }
    Ok(Ended::Done)
}

fn ago(at: i64) -> String {
    format!("{} ago", format::age(now() - at, Locale::En))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_others_write_does_anything_to_a_terminal() {
        assert_eq!(plain("a\u{1b}]0;owned\u{7}b"), "a�]0;owned�b");
        assert_eq!(plain("\u{1b}[31mred\u{9b}2J"), "�[31mred�2J");
        assert_eq!(plain("done\r\nroot# \u{8}x\u{202e}"), "done� root# �x�");
        assert_eq!(plain("größer\t港口"), "größer\t港口");
    }

    #[test]
    fn cells_stand_beneath_one_another_and_a_line_ends_with_its_text() {
        let rows = [vec!["a".to_owned(), "stack".to_owned()], vec!["größer".to_owned(), String::new()]];
        assert_eq!(columns(&rows), ["a       stack", "größer"]);
    }
}
