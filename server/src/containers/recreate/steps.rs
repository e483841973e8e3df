//! The steps, each a call of its own: asked of the policy, in the audit log.

use std::time::Duration;

use longshore_api::{
    ops::Kind,
    web::{create::with_tag, job::Layer},
    words::say,
};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::{
    body::{self, Plan},
    journal::{self, Entry},
};
use crate::{
    access::Pass,
    call::{self, Call},
    containers::{logic, within_the_line},
    creation::{self, Pull, masked},
    fault::Fault,
    hosts::INSPECTION_MAX,
    house::House,
    jobs::Chronicle,
    ownership,
};

/// Without a health check it must run so long.
const PROOF: Duration = Duration::from_secs(10);
/// It is looked at so often.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Makes the calls, for whoever asked.
pub(super) struct Steps<'a> {
    pub(super) house: &'a House,
    pub(super) pass: &'a Pass,
}

/// What a create call answers.
#[derive(Deserialize)]
struct Created {
    #[serde(rename = "Id")]
    id: String,
}

/// Somebody wants it no more.
pub(super) fn cancelled(name: &str) -> Fault {
    Fault::new(http::StatusCode::CONFLICT, say::recreate_cancelled(name))
}

impl Steps<'_> {
    pub(super) fn call(&self, operation: &str, id: &str, name: &str) -> Result<Call<'_>, Fault> {
        let object = format!("container {name}");
        Call::new(self.house, self.pass, call::operation(operation), Some(id), object)
    }

    /// A container as its engine describes it.
    pub(super) async fn inspect(&self, id: &str, name: &str) -> Result<Value, Fault> {
        self.call("container-inspect", id, name)?.json(INSPECTION_MAX).await
    }

    /// The same; none where there is no such container.
    pub(super) async fn find(&self, id: &str, name: &str) -> Result<Option<Value>, Fault> {
        self.call("container-inspect", id, name)?.json_if_there(INSPECTION_MAX).await
    }

    async fn image_of(&self, reference: &str) -> Result<Option<Value>, Fault> {
        let operation = call::operation("image-inspect");
        let call =
            Call::new(self.house, self.pass, operation, Some(reference), format!("image {reference}"))?;
        call.json_if_there(INSPECTION_MAX).await
    }

    /// What the new one is made of. Where no registry answers, a newer image may be here all the same: loaded, or built.
    pub(super) async fn image(
        &self,
        (old, name): (&Value, &str),
        newer: bool,
        job: &Chronicle<'_>,
        cancel: &CancellationToken,
        layers: impl Fn(&[Layer]),
    ) -> Result<String, Fault> {
        let reference = old["Config"]["Image"].as_str().unwrap_or_default().to_owned();
        let id = old["Image"].as_str().unwrap_or_default().to_owned();
        let short = reference.len() >= 12 && id.trim_start_matches("sha256:").starts_with(&reference);
        let is_id = reference.is_empty() || reference.starts_with("sha256:") || short;
        let pulled = match (newer, is_id) {
            (false, _) => Ok(()),
            (true, true) => return Err(Fault::bad_request(say::recreate_image_unnamed())),
            (true, false) => {
                job.note(say::recreate_pulls(&reference), None).await;
                let pull = Pull { image: with_tag(&reference), platform: String::new() };
                creation::pull(self.house, self.pass, &pull, cancel, layers).await
            }
        };
        if cancel.is_cancelled() {
            return Err(cancelled(name));
        }
        let here = if is_id { None } else { self.image_of(&reference).await? };
        let same = here.as_ref().is_some_and(|here| here["Id"] == id);
        match (newer, here.is_some(), same) {
            (true, true, false) => {
                if let Err(fault) = pulled {
                    job.note(say::recreate_newer_is_here(&reference), fault.engine_words()).await;
                }
                Ok(reference)
            }
            (true, ..) => pulled.map(|()| reference),
            (false, _, true) => Ok(reference),
            // The name stands for another image now.
            (false, _, false) => Ok(id),
        }
    }

    /// How the new one is made.
    pub(super) async fn plan(&self, old: &Value, image: &str) -> Result<Plan, Fault> {
        let before = self.image_of(old["Image"].as_str().unwrap_or_default()).await?;
        let host = self.house.hosts.get(self.pass.host()?)?;
        let api = self.house.api_of(&host)?;
        let mut plan = body::plan(old, before.as_ref().map(|image| &image["Config"]), image, api);
        if self.pass.is_above_the_line() {
            return Ok(plan);
        }
        within_the_line(self.house, self.pass, old["Id"].as_str().unwrap_or_default()).await?;
        // Of one within the line these are the engine's own, and below it they may not be asked for.
        for field in ["CgroupnsMode", "MaskedPaths", "ReadonlyPaths", "Runtime"] {
            if let Some(fields) = plan.create["HostConfig"].as_object_mut() {
                fields.remove(field);
            }
        }
        Ok(plan)
    }

    /// Up to the proof that the new one runs. It is made under a name of its own, and gets the old one's only after its id
    /// is written down: whatever is lost in between, it is known which one is ours.
    pub(super) async fn replace(
        &self,
        entry: &mut Entry,
        plan: &Plan,
        job: &Chronicle<'_>,
        cancel: &CancellationToken,
    ) -> Result<(), Fault> {
        let made_as = entry.made_as();
        let object = format!("container {}", entry.name);
        let create = Call::making(self.house, self.pass, call::operation("container-create"), object)?;
        let create = create.instead_of(&entry.old_id).with("name", &made_as).body(&plan.create)?;
        let env = plan.create["Env"].as_array().into_iter().flatten();
        let env: Vec<String> = env.filter_map(|entry| entry.as_str().map(str::to_owned)).collect();
        let masked = |fault: Fault| fault.requoting(|words| masked(words, &env));
        let Created { id } = create.json(INSPECTION_MAX).await.map_err(masked)?;
        entry.new_id = Some(id.clone());
        journal::made(&self.house.store, &entry.job_id, &id).await?;
        for (network, endpoint) in &plan.connect {
            let operation = call::operation("network-connect");
            let host = self.house.hosts.get(self.pass.host()?)?;
            let found = ownership::find(&host, Kind::Network, network).await?;
            let found = found.ok_or_else(|| ownership::unknown(&host.slug, Kind::Network, network))?;
            let name = format!("network {network}");
            let call = Call::new(self.house, self.pass, operation, Some(&found.id), name)?;
            call.body(&json!({ "Container": id, "EndpointConfig": endpoint }))?.done().await?;
        }
        let both = (entry.old_id.as_str(), id.as_str());
        self.carry_files(&plan.create["Labels"], both, &entry.name).await?;
        self.rename(&entry.old_id, &entry.name, &entry.parked).await?;
        self.rename(&id, &made_as, &entry.name).await?;
        if !entry.ran {
            return Ok(());
        }
        job.note(say::recreate_stops(&entry.parked), None).await;
        let host = self.house.hosts.get(self.pass.host()?)?;
        let time = logic::time_to_stop(&host, &entry.old_id).await?;
        self.call("container-stop", &entry.old_id, &entry.parked)?.allowing(time).done().await?;
        self.start(&id, &entry.name).await.map_err(masked)?;
        tokio::select! {
            proved = self.proof(&id, &entry.name, job) => proved,
            () = cancel.cancelled() => Err(cancelled(&entry.name)),
        }
    }

    pub(super) async fn rename(&self, id: &str, from: &str, to: &str) -> Result<(), Fault> {
        self.call("container-rename", id, from)?.with("name", to).done().await
    }

    pub(super) async fn start(&self, id: &str, name: &str) -> Result<(), Fault> {
        self.call("container-start", id, name)?.done().await
    }

    /// Removes one that an id of ours names.
    pub(super) async fn remove(&self, id: &str, name: &str) -> Result<(), Fault> {
        self.call("container-remove", id, name)?.with("force", true).done().await
    }

    /// Waits until the new one is healthy, or has run for a while where it has no health check.
    pub(super) async fn proof(&self, id: &str, name: &str, job: &Chronicle<'_>) -> Result<(), Fault> {
        job.note(say::recreate_waits(name), None).await;
        let began = Instant::now();
        loop {
            let now = self.inspect(id, name).await?;
            let state = &now["State"];
            let again = now["RestartCount"].as_i64().unwrap_or_default() > 0;
            if state["Running"] != json!(true) || state["Restarting"] == json!(true) || again {
                let code = state["ExitCode"].as_i64().unwrap_or_default();
                return Err(Fault::new(http::StatusCode::CONFLICT, say::recreate_exited(code)));
            }
            match state["Health"]["Status"].as_str() {
                Some("healthy") => return Ok(()),
                Some("unhealthy") => {
                    return Err(Fault::new(http::StatusCode::CONFLICT, say::recreate_unhealthy()));
                }
                Some("starting") if began.elapsed() >= self.house.settings.healthy_within => {
                    return Err(Fault::new(http::StatusCode::CONFLICT, say::recreate_unhealthy()));
                }
                Some("starting") => {}
                _ if began.elapsed() >= PROOF => return Ok(()),
                _ => {}
            }
            sleep(LOOK_EVERY).await;
        }
    }

    /// The new one has shown that it runs. The volumes of the old one are its own now.
    pub(super) async fn remove_old(&self, entry: &Entry) -> Result<(), Fault> {
        if self.find(&entry.old_id, &entry.parked).await?.is_some() {
            self.remove(&entry.old_id, &entry.parked).await?;
        }
        Ok(())
    }
}
