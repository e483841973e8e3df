//! In what a container differs from what is asked for: both are written out as the fields of a compose file, in one
//! spelling, and compared. What the engine, the image or another compose adds by itself is no difference.

mod face;
mod forgive;
mod host;
mod image;
mod mounts;
mod networks;
mod resources;

use std::collections::{BTreeMap, BTreeSet};

use longshore_api::ops::spec::{ContainerSpec, of_inspect};
use serde_json::Value as Json;

use super::{Field, There, there::Container};
use crate::{
    labels,
    model::{Project, Service},
};

pub(super) use mounts::anonymous;
pub(super) use resources::{network, volume};

/// What both sides are read with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Eyes<'a> {
    pub(super) project: &'a Project,
    pub(super) there: &'a There,
    /// Values that are not told.
    pub(super) secret: &'a BTreeSet<String>,
    /// The containers of the plan that are not there yet, each with its service.
    pub(super) planned: &'a BTreeMap<String, String>,
}

/// The service of a container.
#[derive(Clone, Copy, Debug)]
pub(super) struct Of<'a> {
    pub(super) name: &'a str,
    pub(super) service: &'a Service,
}

impl Eyes<'_> {
    /// In what a container differs from what is asked for. One that cannot be read differs in nothing but that.
    pub(super) fn container(&self, of: Of<'_>, will: &ContainerSpec, was: Container<'_>) -> Vec<Field> {
        let image = self.there.image(was.image()).map(|image| &image["Config"]);
        let Ok(found) = of_inspect(was.0, None) else {
            return vec![self.field("container".to_owned(), None, Some(will.name.clone()))];
        };
        let mut wanted = will.clone();
        if let Some(image) = image {
            image::inherit(&mut wanted, image);
        }
        let nothing = Json::Null;
        let of_image = image.unwrap_or(&nothing);
        let mut left = self.face(of, &wanted, of_image);
        let mut right = self.face(of, &found, of_image);
        self.forgive(&mut left, &mut right, was, image.is_none());
        self.forgive_put(of.service, (&mut left, will), (&mut right, was));
        let mut fields = self.differences(&right, &left);
        fields.extend(self.named(of, was));
        fields.extend(self.hardware(will, was));
        fields.extend(files(of.service, will, was));
        fields
    }

    /// Its name, where the file gives one or gave one. Names by number are as good in the spelling of the first compose.
    fn named(&self, of: Of<'_>, was: Container<'_>) -> Option<Field> {
        let (project, name, number) = (&self.project.name, of.name, was.number());
        let own = &of.service.container_name;
        let fits = match own.as_str() {
            "" => {
                let usual = [format!("{project}-{name}-{number}"), format!("{project}_{name}_{number}")];
                // What was interrupted while it was made anew has digits before.
                usual.iter().any(|usual| was.name() == usual || was.name().ends_with(&format!("_{usual}")))
            }
            own => was.name() == own,
        };
        let will = Some(own.clone()).filter(|own| !own.is_empty());
        (!fits).then(|| self.field("container_name".to_owned(), Some(was.name().to_owned()), will))
    }

    /// The fields of two faces that differ.
    pub(super) fn differences(
        &self,
        was: &BTreeMap<String, String>,
        will: &BTreeMap<String, String>,
    ) -> Vec<Field> {
        let keys: BTreeSet<&String> = was.keys().chain(will.keys()).collect();
        let differ = keys.into_iter().filter(|key| was.get(*key) != will.get(*key));
        differ.map(|key| self.field(key.clone(), was.get(key).cloned(), will.get(key).cloned())).collect()
    }

    /// A difference, as far as it is told.
    fn field(&self, path: String, was: Option<String>, will: Option<String>) -> Field {
        let secret = |text: &Option<String>| text.as_ref().is_some_and(|text| self.is_secret(text));
        let hidden = path.starts_with("environment.") || secret(&was) || secret(&will);
        if hidden {
            return Field { path, was: None, will: None, hidden };
        }
        Field { path, was, will, hidden }
    }

    /// Whether a text is a secret or has one in it. Short ones stand in many texts by chance.
    fn is_secret(&self, text: &str) -> bool {
        self.secret.contains(text)
            || self.secret.iter().any(|secret| secret.len() > 3 && text.contains(secret.as_str()))
    }
}

/// Whether other files are put into it now. What another compose made does not say which it was given.
fn files(service: &Service, will: &ContainerSpec, was: Container<'_>) -> Option<Field> {
    let (now, then) = (will.body.labels.get(labels::FILES), was.label(labels::FILES));
    let path = match (service.configs.is_empty(), service.secrets.is_empty()) {
        (false, _) => "configs",
        (true, false) => "secrets",
        (true, true) => "volumes",
    };
    let path = path.to_owned();
    let differs = !then.is_empty() && now.is_none_or(|now| now != then);
    differs.then_some(Field { path, was: None, will: None, hidden: true })
}
