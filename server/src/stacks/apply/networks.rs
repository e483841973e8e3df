//! A network of a stack made anew around what is on it.

use longshore_api::ops::Kind;
use longshore_compose::plan::Attached;
use serde_json::{Map, Value, json};

use super::{
    hands::Hands,
    journal::{self, Gone, Note},
    steps::Created,
};
use crate::{
    call::{self, Call},
    fault::Fault,
    hosts::INSPECTION_MAX,
    ownership,
};

/// What of a network's inspection makes the same network again.
const ASKED: [&str; 9] =
    ["Name", "Driver", "Options", "Internal", "Attachable", "EnableIPv4", "EnableIPv6", "IPAM", "Labels"];
/// What of a container's place on a network was asked for.
const ENDPOINT: [&str; 4] = ["IPAMConfig", "Links", "Aliases", "DriverOpts"];

impl Hands<'_> {
    /// Takes everything off a network and removes it.
    pub(super) async fn clear_network(
        &self,
        id: &str,
        name: &str,
        attached: &[Attached],
    ) -> Result<(), Fault> {
        let found: Option<Value> =
            self.call("network-inspect", Kind::Network, id, name)?.json_if_there(INSPECTION_MAX).await?;
        let Some(found) = found else { return Ok(()) };
        for one in attached {
            let endpoint = self.endpoint(&one.id, &one.name, name).await?;
            self.note(Note::Detaches {
                network: name.to_owned(),
                id: one.id.clone(),
                name: one.name.clone(),
                endpoint,
            })
            .await?;
            self.disconnect(id, name, &one.id).await?;
        }
        self.note(Note::Unmakes { name: name.to_owned(), body: part(&found, &ASKED) }).await?;
        self.remove(Gone::Network, id, name, false).await
    }

    /// Puts those back on that are not made anew themselves.
    pub(super) async fn put_back(&self, network: &str, attached: &[Attached]) -> Result<(), Fault> {
        for one in attached.iter().filter(|one| one.back) {
            let endpoint = self.noted_endpoint(network, &one.id).await?;
            self.note(Note::Attaches {
                network: network.to_owned(),
                id: one.id.clone(),
                name: one.name.clone(),
            })
            .await?;
            self.attach(network, &one.id, &one.name, &endpoint).await?;
        }
        Ok(())
    }

    /// Makes a network that was removed.
    pub(super) async fn make_again(&self, name: &str, body: &Value) -> Result<(), Fault> {
        if self.network(name).await?.is_some() {
            return Ok(());
        }
        let create = call::operation("network-create");
        let call = Call::making(self.house, self.pass, create, format!("network {name}"))?;
        let Created { id } = call.body(body)?.json(INSPECTION_MAX).await?;
        self.note(Note::MadeAgain { id, name: name.to_owned() }).await
    }

    /// Puts a container on a network, unless it is gone or on it.
    pub(super) async fn attach(
        &self,
        network: &str,
        id: &str,
        name: &str,
        endpoint: &Value,
    ) -> Result<(), Fault> {
        let Some(now) = self.find(id, name).await? else { return Ok(()) };
        let Some(found) = self.network(network).await? else {
            return Err(ownership::unknown(self.pass.host()?, Kind::Network, network));
        };
        if now["NetworkSettings"]["Networks"][network]["NetworkID"] == found.as_str() {
            return Ok(());
        }
        let call = self.call("network-connect", Kind::Network, &found, network)?;
        call.body(&json!({ "Container": id, "EndpointConfig": endpoint }))?.done().await
    }

    /// Takes a container off a network, unless one of them is gone.
    pub(super) async fn detach(&self, network: &str, id: &str, name: &str) -> Result<(), Fault> {
        if self.find(id, name).await?.is_none() {
            return Ok(());
        }
        match self.network(network).await? {
            Some(found) => self.disconnect(&found, network, id).await,
            None => Ok(()),
        }
    }

    async fn disconnect(&self, network_id: &str, network: &str, id: &str) -> Result<(), Fault> {
        let call = self.call("network-disconnect", Kind::Network, network_id, network)?;
        call.body(&json!({ "Container": id, "Force": true }))?.done().await
    }

    /// The id of the network of a name: the one that this job has made, whatever else is called so, or the one that is there.
    pub(super) async fn network(&self, name: &str) -> Result<Option<String>, Fault> {
        let host = self.house.hosts.get(self.pass.host()?)?;
        let notes = journal::notes(&self.house.store, self.job_id).await?;
        let made = notes.iter().rev().find_map(|note| match note {
            Note::MadeNetwork { id, name: of } | Note::MadeAgain { id, name: of } if of == name => Some(id),
            _ => None,
        });
        if let Some(id) = made
            && let Some(found) = ownership::find(&host, Kind::Network, id).await?
        {
            return Ok(Some(found.id));
        }
        Ok(ownership::find(&host, Kind::Network, name).await?.map(|found| found.id))
    }

    /// How a container is on a network, without what the engine made up.
    async fn endpoint(&self, id: &str, name: &str, network: &str) -> Result<Value, Fault> {
        let found = self.find(id, name).await?.unwrap_or_default();
        let mut endpoint = part(&found["NetworkSettings"]["Networks"][network], &ENDPOINT);
        let short = id.get(..12).unwrap_or(id);
        if let Some(aliases) = endpoint["Aliases"].as_array_mut() {
            aliases.retain(|alias| alias != short);
        }
        Ok(endpoint)
    }

    /// How a container was on a network before it was taken off.
    async fn noted_endpoint(&self, network: &str, id: &str) -> Result<Value, Fault> {
        let notes = journal::notes(&self.house.store, self.job_id).await?;
        let noted = notes.into_iter().find_map(|note| match note {
            Note::Detaches { network: of, id: whose, endpoint, .. } if of == network && whose == id => {
                Some(endpoint)
            }
            _ => None,
        });
        Ok(noted.unwrap_or_else(|| json!({})))
    }
}

fn part(of: &Value, keys: &[&str]) -> Value {
    let kept = keys.iter().filter_map(|key| {
        let value = of.get(*key).filter(|value| !value.is_null())?;
        Some(((*key).to_owned(), value.clone()))
    });
    Value::Object(kept.collect::<Map<_, _>>())
}
