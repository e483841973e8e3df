//! Containers that run, written as the file of a stack and as a template.

use longshore_api::{
    ops::spec::ContainerSpec,
    web::{
        adopt::{SAVED_MAX, SaveContainers, SavedContainers},
        stack::{StackSource, Variable},
    },
    words::say,
};
use longshore_compose::{
    plan::Container,
    saved::{self, Running},
};
use serde_json::Value;

use crate::{
    access::Pass,
    creation,
    fault::Fault,
    hosts::{INSPECTION_MAX, Question},
    house::House,
};

/// The file that they are written to.
const MAIN: &str = "compose.yaml";

/// Reads containers with their environments, which is written down for each, and makes a file of them.
pub(super) async fn save(house: &House, pass: &Pass, form: SaveContainers) -> Result<SavedContainers, Fault> {
    let SaveContainers { containers, name } = form;
    Fault::within(&name, ContainerSpec::NAME_MAX, "name")?;
    if containers.is_empty() || containers.len() > SAVED_MAX {
        return Err(Fault::bad_request(say::saved_many(SAVED_MAX)).at("containers"));
    }
    let mut all: Vec<(Value, ContainerSpec)> = Vec::with_capacity(containers.len());
    for reference in &containers {
        all.push(creation::inspected(house, pass, reference).await?);
    }
    let asked = house.hosts.get(pass.host()?)?;
    let info: Value =
        asked.line.ask_json(Question::Info, INSPECTION_MAX).await.map_err(|error| asked.line.fault(error))?;
    let running: Vec<Running<'_>> =
        all.iter().map(|(inspection, spec)| Running { inspection, spec }).collect();
    let stack = saved::stack(&running, &info);
    let first = all.first().map(|(first, _)| Container(first));
    let named = first.map_or("app", |it| if it.service().is_empty() { it.name() } else { it.service() });
    let called = if name.trim().is_empty() { named } else { name.trim() };
    let template = longshore_templates::saved::template(called, &saved::template(&running, &info));
    let secrets = stack.secrets.into_iter();
    let source = StackSource {
        files: [(MAIN.to_owned(), stack.text)].into_iter().collect(),
        main: Vec::new(),
        profiles: Vec::new(),
        variables: secrets.map(|(name, value)| Variable { name, value: Some(value), secret: true }).collect(),
    };
    Ok(SavedContainers { source, template })
}
