//! From a template and somebody's answers to what would be deployed.

use std::collections::{BTreeSet, HashSet};

use longshore_api::{ops::spec::ContainerSpec, web::create::NewContainer};
use longshore_compose::load::project_name_of;
use longshore_templates::{
    fill::{Around, Filled, fill},
    repository, single,
    template::{Deploys, StackFile},
    variable::Protocol,
    web::{RefusedAnswer, Resolve, Resolved, ResolvedFinding, ResolvedVariable},
};
use url::Url;

use super::{
    error::TemplateError,
    gather,
    logic::{Found, Templates},
};
use crate::{inventory::View, secret};

impl Templates {
    /// What would be deployed on a host; `all` for administrators.
    pub async fn resolve(
        &self,
        view: &View<'_>,
        host: &str,
        id: &str,
        all: bool,
        wish: Resolve,
    ) -> Result<Resolved, TemplateError> {
        let found = self.find(id, all)?;
        let template = &found.template;
        if template.is_swarm() {
            return Err(TemplateError::Swarm);
        }
        let name = wish.name.trim();
        let is_container = matches!(template.deploys, Deploys::Container(_));
        let fits = match is_container {
            true => ContainerSpec::is_name(name),
            false => !name.is_empty() && project_name_of(name) == name,
        };
        if !fits || name.len() > ContainerSpec::NAME_MAX {
            return Err(TemplateError::StackName);
        }
        let held = view.ports_held(host);
        let taken = |port: u16, protocol: Protocol| held.contains(&(port, protocol.word().to_owned()));
        let mut around = Around { random: &mut random, taken: &taken };
        let filled = match fill(template, &wish.answers, &mut around) {
            Ok(filled) => filled,
            Err(refused) => {
                let refused = refused
                    .into_iter()
                    .map(|one| RefusedAnswer { why: one.why.sentence(), variable: one.variable });
                return Ok(Resolved { refused: refused.collect(), ..Resolved::default() });
            }
        };
        let file = text_of(&filled.file, &found).await?;
        let mut resolved = Resolved {
            findings: single::findings(name, &file, &filled).into_iter().map(ResolvedFinding::from).collect(),
            variables: variables(&filled),
            pages: filled.pages.clone(),
            file,
            ..Resolved::default()
        };
        if let Deploys::Container(container) = &template.deploys {
            match single::container(name, &filled, container) {
                Ok(spec) => resolved.container = Some(NewContainer::of(&spec, true)),
                Err(why) => {
                    let why = why.into_iter().map(|what| ResolvedFinding {
                        what,
                        path: String::new(),
                        warning: false,
                    });
                    let known: HashSet<String> =
                        resolved.findings.iter().map(|it| it.what.to_string()).collect();
                    resolved.findings.extend(why.filter(|it| !known.contains(&it.what.to_string())));
                }
            }
        }
        Ok(resolved)
    }
}

fn variables(filled: &Filled) -> Vec<ResolvedVariable> {
    let has = |set: &BTreeSet<String>, name: &str| set.contains(name);
    let one = |(name, value): (&String, &String)| ResolvedVariable {
        name: name.clone(),
        value: value.clone(),
        secret: has(&filled.sealed, name),
        made: has(&filled.made, name),
    };
    filled.variables.iter().map(one).collect()
}

/// The file of a stack, fetched from where the template says that it is.
async fn text_of(file: &StackFile, found: &Found) -> Result<String, TemplateError> {
    let parsed = |url: &str| Url::parse(url).map_err(|_| TemplateError::Repository(url.to_owned()));
    let text = match file {
        StackFile::Text { text } => return Ok(text.clone()),
        StackFile::Address { url } => {
            let url = parsed(url)?;
            gather::at_address(&url, found.may_be_private(&url)).await
        }
        StackFile::Repository { url, path } => match repository::raw(url, path) {
            // One call instead of four.
            Some(raw) => {
                let url = parsed(&raw)?;
                gather::at_address(&url, found.may_be_private(&url)).await
            }
            None => {
                let url = parsed(url)?;
                gather::in_repository(&url, path, found.may_be_private(&url)).await
            }
        },
    };
    text.map_err(TemplateError::File)
}

/// Chance that is good enough for keys.
fn random(bytes: &mut [u8]) {
    for part in bytes.chunks_mut(64) {
        part.copy_from_slice(&secret::random_bytes::<64>()[..part.len()]);
    }
}
