//! The images of services: those that are there, those that are pulled or built first.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::Making;
use crate::{
    model::Service,
    names,
    plan::{
        Deed, Obstacle, Pull, Step, Why,
        deed::{build_key, pull_key},
        there,
    },
};

/// The image of a service.
#[derive(Clone, Debug, Default)]
pub(super) struct Image {
    /// By which reference.
    pub(super) reference: String,
    /// Its id, if it is there and stays what it is.
    pub(super) id: Option<String>,
    /// The step that brings it.
    pub(super) step: Option<String>,
}

/// Images that are to be pulled, by the key of the step.
pub(super) type Pulls = BTreeMap<String, Pulled>;

/// An image that is to be pulled.
#[derive(Debug)]
pub(super) struct Pulled {
    image: String,
    platform: String,
    services: Vec<String>,
    why: Vec<Why>,
}

impl Making<'_, '_> {
    /// The image of a service. `asked` is whether the service is one of those that are brought up: others take what is there.
    pub(super) fn image(&mut self, name: &str, service: &Service, asked: bool) -> Image {
        let there = self.draft.there;
        let spellings = there::spellings(self.draft.project, name, service);
        let found = spellings.iter().find_map(|it| Some((it.clone(), there.images.get(it)?)));
        let reference = match &found {
            Some((reference, _)) => reference.clone(),
            None => names::image(&self.draft.project.name, name, service),
        };
        let id = found.as_ref().and_then(|(_, image)| image["Id"].as_str()).map(str::to_owned);
        self.draft.saw_image(&reference, id.as_deref().unwrap_or_default());
        let step = match self.builder(&reference, name, service) {
            Some(builder) if asked => self.build(builder, &reference, found.is_some()),
            _ => {
                let other = |(_, image): &(String, &Json)| other_platform(image, &service.platform);
                let why = found.as_ref().map_or(Some(Why::Missing), other);
                self.pull(name, service, asked, &reference, why)
            }
        };
        Image { id: id.filter(|_| step.is_none()), reference, step }
    }

    /// The service that says how an image is built: itself, or another one that is brought up.
    fn builder(&self, reference: &str, name: &str, service: &Service) -> Option<String> {
        if service.build.is_some() {
            return Some(name.to_owned());
        }
        self.builders.get(reference).map(|name| (*name).to_owned())
    }

    /// The step that builds an image, if it is built.
    fn build(&mut self, builder: String, reference: &str, there: bool) -> Option<String> {
        let key = build_key(&builder);
        let service = self.draft.project.services.get(&builder)?;
        let policy = service.pull_policy.as_str();
        let by_policy = || Why::Policy { policy: policy.to_owned() };
        let why = match policy {
            _ if self.up.build => Why::Asked,
            "build" if self.up.pull != Pull::Never || !there => by_policy(),
            "always" if self.up.pull != Pull::Never && !service.image.is_empty() => {
                return self.pulled(&builder, service, reference, by_policy());
            }
            _ if !there => Why::Missing,
            _ => return None,
        };
        if self.built.insert(key.clone()) {
            let deed = Deed::BuildImage { image: reference.to_owned(), service: builder };
            self.draft.step(key.clone(), [], deed, vec![why]);
        }
        Some(key)
    }

    /// The step that pulls an image, if it is pulled.
    fn pull(
        &mut self,
        name: &str,
        service: &Service,
        asked: bool,
        reference: &str,
        why: Option<Why>,
    ) -> Option<String> {
        let policy = match self.up.pull {
            Pull::Never => "never",
            Pull::Always if asked => "always",
            _ => service.pull_policy.as_str(),
        };
        let why = match (policy, why) {
            ("build", _) if asked => {
                self.draft.obstacle(Obstacle::NoBuild { service: name.to_owned() });
                return None;
            }
            ("never", Some(Why::Missing)) => {
                let (service, image) = (name.to_owned(), reference.to_owned());
                self.draft.obstacle(Obstacle::ImageMissing { service, image });
                return None;
            }
            ("never", _) => return None,
            (_, Some(why)) => why,
            ("" | "missing" | "build", None) => return None,
            (_, None) if !asked => return None,
            (_, None) if self.up.pull == Pull::Always => Why::Asked,
            // How old an image is that is pulled daily is not known here.
            (policy, None) => Why::Policy { policy: policy.to_owned() },
        };
        self.pulled(name, service, reference, why)
    }

    fn pulled(&mut self, name: &str, service: &Service, reference: &str, why: Why) -> Option<String> {
        let platform = service.platform.clone();
        let key = pull_key(reference, &platform);
        let image = reference.to_owned();
        let pulled = self.pulls.entry(key.clone());
        let pulled = pulled.or_insert_with(|| Pulled { image, platform, services: vec![], why: vec![] });
        pulled.services.push(name.to_owned());
        if !pulled.why.contains(&why) {
            pulled.why.push(why);
        }
        Some(key)
    }

    /// Adds the steps that pull, first of all.
    pub(super) fn add_pulls(&mut self) {
        let pulls = std::mem::take(&mut self.pulls);
        self.draft.again = !self.built.is_empty() || !pulls.is_empty();
        let steps = pulls.into_iter().map(|(key, it)| {
            let deed = Deed::PullImage { image: it.image, platform: it.platform, services: it.services };
            Step { key, after: Vec::new(), deed, why: it.why }
        });
        self.draft.steps_mut().splice(0..0, steps);
    }
}

/// Whether an image is for another platform than the one that is asked for.
fn other_platform(image: &Json, asked: &str) -> Option<Why> {
    let said = |key: &str| image[key].as_str().unwrap_or_default();
    let mut parts = asked.split('/');
    let (os, arch, variant) = (parts.next()?, parts.next().unwrap_or_default(), parts.next());
    let differs = |one: &str, other: &str| !one.is_empty() && !other.is_empty() && one != other;
    let other = differs(os, said("Os"))
        || differs(usual(arch), usual(said("Architecture")))
        || variant.is_some_and(|variant| differs(variant, said("Variant")));
    let was = format!("{}/{}", said("Os"), said("Architecture"));
    other.then(|| Why::OtherPlatform { was, will: asked.to_owned() })
}

fn usual(arch: &str) -> &str {
    match arch {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}
