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
    named::{self, Gathered, is_alone},
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
        let Found { template, private, .. } = self.find(id, all)?;
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
        let filled = match fill(&template, &wish.answers, &mut around) {
            Ok(filled) => filled,
            Err(refused) => {
                let refused = refused
                    .into_iter()
                    .map(|one| RefusedAnswer { why: one.why.sentence(), variable: one.variable });
                return Ok(Resolved { refused: refused.collect(), ..Resolved::default() });
            }
        };
        let Gathered { at, file, beside } = files_of(name, &filled, private).await?;
        let mut all = beside.clone();
        all.insert(at.clone(), file.clone());
        let findings = single::findings(name, &at, &all, &filled);
        let mut resolved = Resolved {
            findings: findings.into_iter().map(ResolvedFinding::from).collect(),
            variables: variables(&filled),
            pages: filled.pages.clone(),
            file,
            at,
            beside,
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

/// The files of a stack, fetched from where the template says that they are.
async fn files_of(name: &str, filled: &Filled, private: bool) -> Result<Gathered, TemplateError> {
    let parsed = |url: &str| Url::parse(url).map_err(|_| TemplateError::Repository(url.to_owned()));
    let gathered = match &filled.file {
        StackFile::Text { text } => return Ok(Gathered::alone(text.clone())),
        StackFile::Address { url } => gather::at_address(&parsed(url)?, private).await.map(Gathered::alone),
        StackFile::Repository { url, path } => {
            // One call instead of four, where it names nothing else.
            let alone = match repository::raw(url, path) {
                Some(raw) => gather::at_address(&parsed(&raw)?, private).await.map(Some),
                None => Ok(None),
            };
            match alone {
                Ok(Some(text)) if is_alone(name, path, &text, filled) => Ok(Gathered::alone(text)),
                Ok(_) => named::gather(&parsed(url)?, path, private, name, filled).await,
                Err(why) => Err(why),
            }
        }
    };
    gathered.map_err(TemplateError::File)
}

/// Chance that is good enough for keys.
fn random(bytes: &mut [u8]) {
    for part in bytes.chunks_mut(64) {
        part.copy_from_slice(&secret::random_bytes::<64>()[..part.len()]);
    }
}
