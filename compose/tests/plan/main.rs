//! Plans: what is done, in which order and why; and that nothing else is touched.

#[path = "../support/mod.rs"]
mod support;

mod any;
mod beside;
mod compare;
mod digest;
mod down;
mod host;
mod obstacles;
mod recorded;
mod saved;
mod up;
mod verbs;

use longshore_compose::{
    model::Project,
    plan::{Plan, Up, Why, Wish},
};
use support::Stack;

/// The project of a file.
fn project(text: &str) -> Project {
    let loaded = Stack::of([("compose.yaml", text)]).load();
    loaded.project.unwrap_or_else(|| panic!("{:#?}", loaded.findings))
}

fn up() -> Wish {
    Wish::Up(Up::default())
}

/// The keys of a plan's steps, with what each does.
fn steps(plan: &Plan) -> Vec<String> {
    let each = plan.steps.iter().map(|step| {
        let deed = serde_json::to_value(&step.deed).expect("plain data");
        format!("{} {}", deed["deed"].as_str().expect("a word"), step.key)
    });
    each.collect()
}

/// Why a step is taken.
fn why<'a>(plan: &'a Plan, key: &str) -> &'a [Why] {
    &plan
        .steps
        .iter()
        .find(|step| step.key == key)
        .unwrap_or_else(|| panic!("no step {key}: {:?}", steps(plan)))
        .why
}

/// What a step waits for.
fn after<'a>(plan: &'a Plan, key: &str) -> Vec<&'a str> {
    let step = plan.steps.iter().find(|step| step.key == key);
    step.unwrap_or_else(|| panic!("no step {key}")).after.iter().map(String::as_str).collect()
}

/// The fields in which something differs, as `path: was -> will`.
fn fields(plan: &Plan, key: &str) -> Vec<String> {
    let fields = why(plan, key).iter().filter_map(|why| match why {
        Why::Differs { fields } => Some(fields),
        _ => None,
    });
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let line = |it: &longshore_compose::plan::Field| {
        if it.hidden {
            format!("{}: hidden", it.path)
        } else {
            format!("{}: {} -> {}", it.path, text(&it.was), text(&it.will))
        }
    };
    fields.flatten().map(line).collect()
}
