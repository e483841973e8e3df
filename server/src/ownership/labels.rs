//! Labels that say whose something is that was made outside: `longshore.owner`, a sign-in name; `longshore.teams`, names
//! with commas between; `longshore.public`. They are heard once, when a thing of nobody's is met; from then on what the
//! pages say holds. Through us nobody below the managers sets them.

use std::{collections::HashMap, sync::Arc};

use longshore_api::{
    ops::Kind,
    web::access::{GiveAccess, Sharing},
};
use tokio::sync::mpsc;
use tokio_util::task::TaskTracker;

use super::{Key, logic};
use crate::{
    access::{Demand, Target},
    accounts::Principal,
    fault::Fault,
    house::House,
};

/// So much of a label is read, in bytes.
const LABEL_MAX: usize = 1024;
/// So many things with labels wait to be given.
const WAITING: usize = 1_024;

/// What the labels of a thing say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ByLabel {
    owner: Option<String>,
    teams: Option<String>,
    public: Option<String>,
}

impl ByLabel {
    /// Of all labels those that say whose it is; none if there are none.
    pub fn of(labels: &HashMap<String, String>) -> Option<Box<Self>> {
        let label = |name| {
            let text = labels.get(name)?.trim();
            (!text.is_empty() && text.len() <= LABEL_MAX).then(|| text.to_owned())
        };
        let said = Self {
            owner: label("longshore.owner"),
            teams: label("longshore.teams"),
            public: label("longshore.public"),
        };
        (said != Self::default()).then(|| Box::new(said))
    }

    /// What a container says beyond its image: images give their labels to all containers made of them.
    pub fn beyond(&self, image: Option<&Self>) -> Option<Self> {
        let own = |mine: &Option<String>, of_image: Option<&Option<String>>| {
            mine.clone().filter(|_| of_image.is_none_or(|of_image| of_image != mine))
        };
        let said = Self {
            owner: own(&self.owner, image.map(|image| &image.owner)),
            teams: own(&self.teams, image.map(|image| &image.teams)),
            public: own(&self.public, image.map(|image| &image.public)),
        };
        (said != Self::default()).then_some(said)
    }
}

/// A thing of nobody's that says whose it is.
pub struct Labelled {
    /// The host's slug.
    pub host: String,
    /// What it is.
    pub kind: Kind,
    /// Its full id.
    pub object: String,
    /// What it is owned by.
    pub key: Key,
    /// What it says.
    pub said: ByLabel,
}

/// Gives what says whose it is, one after the other, until the server stops.
pub fn start(house: &Arc<House>, tasks: &TaskTracker) {
    let (labelled, mut waiting) = mpsc::channel::<Labelled>(WAITING);
    house.owners.hear_labels(labelled);
    let house = Arc::clone(house);
    tasks.spawn(async move {
        let stopping = house.stopping.clone();
        while let Some(Some(next)) = stopping.run_until_cancelled(waiting.recv()).await {
            let (host, object) = (next.host.clone(), next.object.clone());
            if let Err(fault) = give(&house, next).await {
                tracing::warn!(host.slug = host, object, %fault, "what a label says of a thing was not done");
            }
        }
    });
}

async fn give(house: &House, labelled: Labelled) -> Result<(), Fault> {
    let Labelled { host, kind, object, key, said } = labelled;
    if house.owners.of_key(&host, &key).is_some() {
        return Ok(());
    }
    let owner = match &said.owner {
        Some(name) => house.accounts.id_of_label(name).await?.and(said.owner.clone()),
        None => None,
    };
    let all = if said.teams.is_some() { house.accounts.people().await?.teams } else { Vec::new() };
    let named = |name: &str| all.iter().find(|team| team.name.to_lowercase() == name.trim().to_lowercase());
    let teams: Vec<String> = said
        .teams
        .iter()
        .flat_map(|teams| teams.split(','))
        .filter_map(named)
        .map(|team| team.id.clone())
        .collect();
    let public = said.public.as_deref().is_some_and(|said| matches!(said, "true" | "1" | "yes"));
    let sharing = match (public, teams.is_empty()) {
        (true, _) => Sharing::Public,
        (false, false) => Sharing::Teams,
        (false, true) => Sharing::Private,
    };
    if owner.is_none() && sharing == Sharing::Private {
        tracing::info!(host.slug = host, object, "its labels name nobody who is here");
        return Ok(());
    }
    let server = Principal::of_machine("Longshore".to_owned(), &house.accounts);
    let name = format!("{} {}", kind.code(), key.name);
    let target = Target::Object { host: host.clone(), id: Some(object.clone()), name };
    let pass = house.access.require(&server, Demand::Give, target, "label")?;
    let wish = GiveAccess { owner, sharing, teams };
    house
        .access
        .change(&pass, "access-label", async |change| {
            let rooms = (&house.store, &*house.owners, &*house.accounts);
            logic::give(&change, rooms, &host, vec![(None, key.clone())], wish.into()).await?;
            Ok(())
        })
        .await?;
    if let Some(owned) = house.owners.of_key(&host, &key) {
        house.owners.made(&host, kind, &object, &owned.id);
    }
    house.inventory.meet_all(&host);
    super::called::given(house);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(labels: &[(&str, &str)]) -> Option<Box<ByLabel>> {
        ByLabel::of(&labels.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
    }

    #[test]
    fn what_the_image_says_too_is_not_said() {
        assert_eq!(said(&[("a", "b"), ("longshore.owner", " ")]), None);
        let image = said(&[("longshore.owner", "bob"), ("longshore.public", "true")]);
        let container = said(&[("longshore.owner", "bob"), ("longshore.public", "true")]).expect("labels");
        assert_eq!(container.beyond(image.as_deref()), None);
        assert_eq!(container.beyond(None).as_ref(), Some(&*container));
        let other = said(&[("longshore.owner", "mia"), ("longshore.public", "true")]).expect("labels");
        let beyond = other.beyond(image.as_deref()).expect("its own");
        assert_eq!((beyond.owner.as_deref(), beyond.public), (Some("mia"), None));
    }
}
