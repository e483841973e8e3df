//! One step of a plan, done.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard},
};

use http::StatusCode;
use longshore_api::{
    ops::{ApiVersion, Kind, spec::ContainerSpec},
    words::say,
};
use longshore_compose::{
    engine::{self, Unmade},
    labels::Which,
    plan::{Condition, Deed, Kept, Step},
};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::{
    Apply, files,
    hands::{Hands, MADE_BY},
    journal::{self, Gone, Note},
    stands::{AGAIN_MAX, LOOK_EVERY, Stands, exited, restarts, stands, undecided, unhealthy},
};
use crate::{
    call::{self, Call},
    creation::masked,
    fault::Fault,
    hosts::INSPECTION_MAX,
    stacks::there::{Look, image},
};

/// From here on an engine takes several networks at once.
const MANY_NETWORKS: ApiVersion = ApiVersion::new(1, 44);

/// What is known while a plan is applied: it changes with every step.
#[derive(Default)]
pub(super) struct Now(Mutex<BTreeMap<String, BTreeMap<u64, String>>>);

impl Now {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, BTreeMap<u64, String>>> {
        self.0.lock().expect("no one panics while holding this lock")
    }

    /// The container of a service that has this number.
    pub(super) fn put(&self, service: &str, number: u64, id: &str) {
        self.lock().entry(service.to_owned()).or_default().insert(number, id.to_owned());
    }

    /// Those of all services, in the order of their numbers.
    fn there(&self) -> engine::There {
        let services = self.lock();
        services.iter().map(|(name, all)| (name.clone(), all.values().cloned().collect())).collect()
    }

    fn of(&self, service: &str) -> Vec<String> {
        self.lock().get(service).map(|all| all.values().cloned().collect()).unwrap_or_default()
    }
}

/// What a create call answers.
#[derive(Deserialize)]
pub(super) struct Created {
    #[serde(rename = "Id")]
    pub(super) id: String,
}

/// A container whose place another takes.
struct Old<'a> {
    id: &'a str,
    name: &'a str,
    /// Its unnamed volumes, which go on in the other.
    volumes: &'a [Kept],
}

impl Hands<'_> {
    /// Does a step, but for a pull or a build, which is told on as it goes.
    pub(super) async fn step(&self, apply: &Apply, step: &Step) -> Result<(), Fault> {
        match &step.deed {
            Deed::PullImage { .. } | Deed::BuildImage { .. } => {
                Err(Fault::internal("a pull or a build that is not told on"))
            }
            Deed::CreateNetwork { network, name } => self.make_network(apply, network, name, None).await,
            Deed::RecreateNetwork { network, id, name, attached } => {
                self.clear_network(id, name, attached).await?;
                self.make_network(apply, network, name, Some(id)).await?;
                self.put_back(name, attached).await
            }
            Deed::CreateVolume { volume, name } => self.make_volume(apply, volume, name).await,
            Deed::RemoveNetwork { id, name } => self.goes(Gone::Network, id, name, false).await,
            Deed::RemoveVolume { name } => self.goes(Gone::Volume, name, name, false).await,
            Deed::RemoveContainer { id, name, volumes, .. } => {
                self.stop_if_it_runs(id, name).await?;
                self.goes(Gone::Container, id, name, *volumes).await
            }
            Deed::CreateContainer { service, number, name, start, .. } => {
                self.take_name(step, name).await?;
                self.make(apply, service, *number, *start, None).await
            }
            Deed::RecreateContainer { service, number, id, was, name, keep_volumes, start, .. } => {
                self.take_name(step, name).await?;
                let old = Old { id, name: was, volumes: keep_volumes };
                self.make(apply, service, *number, *start, Some(old)).await
            }
            Deed::StartContainer { id, name, .. } => {
                self.note(Note::Starts { id: id.clone(), name: name.clone() }).await?;
                self.start(id, name).await
            }
            Deed::UnpauseContainer { id, name, .. } => self.plain("container-unpause", id, name).await,
            Deed::StopContainer { id, name, .. } => self.stop_if_it_runs(id, name).await,
            Deed::RestartContainer { id, name, .. } => self.restart(id, name).await,
            Deed::WaitFor { service, condition, .. } => self.wait(apply, service, *condition).await,
        }
    }

    async fn goes(&self, kind: Gone, id: &str, name: &str, volumes: bool) -> Result<(), Fault> {
        self.note(Note::Goes { kind, id: id.to_owned(), name: name.to_owned(), volumes }).await
    }

    /// Has a container that goes at the end leave its name to the one that the step makes.
    async fn take_name(&self, step: &Step, name: &str) -> Result<(), Fault> {
        if !step.takes_name(name) {
            return Ok(());
        }
        let notes = journal::notes(&self.house.store, self.job_id).await?;
        let going = notes.into_iter().find_map(|note| match note {
            Note::Goes { kind: Gone::Container, id, name: of, .. } if of == name => Some(id),
            _ => None,
        });
        let Some(id) = going else { return Ok(()) };
        let parked = parked_name(name, &id);
        self.note(Note::LeavesName { id: id.clone(), name: name.to_owned(), parked: parked.clone() }).await?;
        self.rename(&id, name, &parked).await
    }

    async fn stop_if_it_runs(&self, id: &str, name: &str) -> Result<(), Fault> {
        match self.find(id, name).await? {
            Some(now) if now["State"]["Running"] == json!(true) => {
                self.note(Note::Stops { id: id.to_owned(), name: name.to_owned() }).await?;
                self.stop(id, name).await
            }
            _ => Ok(()),
        }
    }

    /// Makes a network, in the place of an old one if there was one: it is whose that was.
    async fn make_network(
        &self,
        apply: &Apply,
        key: &str,
        name: &str,
        old: Option<&str>,
    ) -> Result<(), Fault> {
        let Some(network) = apply.project.networks.get(key) else {
            return Err(Fault::internal(format!("no network {key} in the plan's project")));
        };
        let create = call::operation("network-create");
        let call = Call::making(self.house, self.pass, create, format!("network {name}"))?;
        let body = engine::network(&apply.project, key, network);
        self.note(Note::MakesNetwork { name: name.to_owned() }).await?;
        let call = if let Some(old) = old { call.instead_of(old) } else { call };
        match call.body(&body)?.json(INSPECTION_MAX).await {
            Ok(Created { id }) => self.note(Note::MadeNetwork { id, name: name.to_owned() }).await,
            Err(fault) => {
                if fault.status().is_client_error() {
                    self.note(Note::MadeNoNetwork { name: name.to_owned() }).await?;
                }
                Err(fault)
            }
        }
    }

    async fn make_volume(&self, apply: &Apply, key: &str, name: &str) -> Result<(), Fault> {
        let Some(volume) = apply.project.volumes.get(key) else {
            return Err(Fault::internal(format!("no volume {key} in the plan's project")));
        };
        let create = call::operation("volume-create");
        let call = Call::making(self.house, self.pass, create, format!("volume {name}"))?;
        call.body(&engine::volume(&apply.project, key, volume))?.json::<Value>(INSPECTION_MAX).await?;
        // Nothing is ever taken back of it: that it was made is enough to be told.
        self.note(Note::MadeVolume { name: name.to_owned() }).await
    }

    /// Makes a container of a service, in the place of an old one if there is one, and starts it if that is asked for.
    async fn make(
        &self,
        apply: &Apply,
        service: &str,
        number: u64,
        start: bool,
        old: Option<Old<'_>>,
    ) -> Result<(), Fault> {
        let project = &apply.project;
        let look = Look { house: self.house, pass: self.pass };
        let wanted = project.services.get(service);
        let reference = wanted.map(|it| image(project, service, it)).unwrap_or_default();
        let found = look.image(&reference).await?;
        let image_id = found.as_ref().and_then(|image| image["Id"].as_str());
        let made = engine::container(project, service, Which::Number(number), image_id, &apply.now.there());
        let mut spec = made.map_err(unmade)?;
        spec.body.labels.insert(MADE_BY.to_owned(), self.job_id.to_owned());
        let name = spec.name.clone();
        if let Some(old) = &old {
            for Kept { target, volume, read_only } in old.volumes {
                // The file asks for an unnamed one there, or the image does.
                spec.body.host.mounts.retain(|mount| mount.target != *target);
                let mode = if *read_only { "ro" } else { "rw" };
                spec.body.host.binds.push(format!("{volume}:{target}:{mode}"));
            }
            self.park(old, &name).await?;
        }
        self.note(Note::Makes { name: name.clone() }).await?;
        let id = self.create(&spec, old.map(|old| old.id)).await?;
        self.note(Note::Made { id: id.clone(), name: name.clone() }).await?;
        apply.now.put(service, number, &id);
        if let Some(wanted) = wanted {
            files::put(self, &id, &name, &engine::injected(project, wanted, &apply.variables)).await?;
        }
        if !start {
            return Ok(());
        }
        self.start(&id, &name).await.map_err(|fault| fault.requoting(|words| masked(words, &spec.body.env)))
    }

    /// The old one makes room: it is stopped and called otherwise.
    async fn park(&self, old: &Old<'_>, name: &str) -> Result<(), Fault> {
        let gone = || Fault::new(StatusCode::CONFLICT, say::stack_changed_meanwhile(name));
        let was = self.find(old.id, old.name).await?.ok_or_else(gone)?;
        let parked = parked_name(old.name, old.id);
        let ran = was["State"]["Running"] == json!(true);
        self.note(Note::Parks {
            id: old.id.to_owned(),
            name: old.name.to_owned(),
            parked: parked.clone(),
            takes: name.to_owned(),
            ran,
        })
        .await?;
        if ran {
            self.stop(old.id, old.name).await?;
        }
        self.rename(old.id, old.name, &parked).await
    }

    /// Makes a container, in the place of an old one if there is one.
    pub(super) async fn create(&self, spec: &ContainerSpec, old: Option<&str>) -> Result<String, Fault> {
        let host = self.house.hosts.get(self.pass.host()?)?;
        let mut body = spec.to_engine();
        let mut beside = Vec::new();
        if self.house.api_of(&host)? < MANY_NETWORKS {
            beside = all_but_the_first(&mut body);
        }
        let create = call::operation("container-create");
        let mut call = Call::making(self.house, self.pass, create, format!("container {}", spec.name))?;
        if let Some(old) = old {
            call = call.instead_of(old);
        }
        call = call.with("name", &spec.name).body(&body)?;
        if !spec.platform.is_empty() {
            call = call.with("platform", &spec.platform);
        }
        let masked = |fault: Fault| fault.requoting(|words| masked(words, &spec.body.env));
        let Created { id } = call.json(INSPECTION_MAX).await.map_err(masked)?;
        for (network, endpoint) in beside {
            let found = crate::ownership::find(&host, Kind::Network, &network).await?;
            let found =
                found.ok_or_else(|| crate::ownership::unknown(&host.slug, Kind::Network, &network))?;
            let connect = self.call("network-connect", Kind::Network, &found.id, &network)?;
            connect.body(&json!({ "Container": id, "EndpointConfig": endpoint }))?.done().await?;
        }
        Ok(id)
    }

    /// Waits until the containers of a service are as another waits for them to be.
    async fn wait(&self, apply: &Apply, service: &str, condition: Condition) -> Result<(), Fault> {
        for id in apply.now.of(service) {
            self.wait_for(&id, service, condition).await?;
        }
        Ok(())
    }

    async fn wait_for(&self, id: &str, service: &str, condition: Condition) -> Result<(), Fault> {
        let (began, within) = (Instant::now(), self.house.settings.healthy_within);
        let mut before = None;
        loop {
            let gone = || Fault::new(StatusCode::CONFLICT, say::stack_made_gone(service));
            let now = self.find(id, service).await?.ok_or_else(gone)?;
            let before = *before.get_or_insert_with(|| restarts(&now));
            let (state, again) = (&now["State"], restarts(&now) - before);
            let between = state["Restarting"] == json!(true);
            let ended = !between && state["Running"] != json!(true) && state["Status"] != "created";
            let code = state["ExitCode"].as_i64().unwrap_or_default();
            let failed = match (condition, stands(&now, before)) {
                (Condition::Completed, _) if ended && code == 0 => return Ok(()),
                // Its policy has it try again, as long as that is not in vain.
                (Condition::Completed, Stands::Ended(_)) if !ended && again <= AGAIN_MAX => None,
                (_, Stands::Ended(code)) => Some(exited(service, code, again)),
                (_, Stands::Unhealthy) => Some(unhealthy(service)),
                (Condition::Healthy, _) if ended => Some(exited(service, 0, again)),
                // Without a check of its own there is nothing to be waited for; what read the files says so.
                (Condition::Healthy, Stands::Well | Stands::Runs) => return Ok(()),
                (Condition::Healthy, _) if began.elapsed() >= within => Some(undecided(service, within)),
                _ => None,
            };
            if let Some(fault) = failed {
                return Err(self.quoted(fault, id, &now).await);
            }
            sleep(LOOK_EVERY).await;
        }
    }
}

/// What a container is called that makes room for another of its name.
fn parked_name(name: &str, id: &str) -> String {
    format!("{name}-before-{}", id.get(..6).unwrap_or(id))
}

/// Takes all networks but the container's own out of a create body: they are connected to afterwards.
fn all_but_the_first(body: &mut Value) -> Vec<(String, Value)> {
    let own = body["HostConfig"]["NetworkMode"].as_str().unwrap_or_default().to_owned();
    let Some(endpoints) = body["NetworkingConfig"]["EndpointsConfig"].as_object_mut() else {
        return Vec::new();
    };
    let others: Vec<String> = endpoints.keys().filter(|name| **name != own).cloned().collect();
    others.into_iter().filter_map(|name| endpoints.remove(&name).map(|endpoint| (name, endpoint))).collect()
}

/// Why there is no container of a service.
pub(super) fn unmade(why: Unmade) -> Fault {
    Fault::bad_request(why.sentence()).because(why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_engine_is_asked_for_one_network_at_once() {
        let mut body = json!({
            "HostConfig": {"NetworkMode": "shop_front"},
            "NetworkingConfig": {"EndpointsConfig": {"shop_back": {"Aliases": ["web"]}, "shop_front": {}}},
        });
        let beside = all_but_the_first(&mut body);
        assert_eq!(beside, [("shop_back".to_owned(), json!({"Aliases": ["web"]}))]);
        assert_eq!(body["NetworkingConfig"]["EndpointsConfig"], json!({"shop_front": {}}));
    }
}
