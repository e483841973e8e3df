//! A container of a service for a single command: none of those that run on, and none that a plan touches.

use std::{sync::Arc, time::Duration};

use http::StatusCode;
use longshore_api::{
    web::once::{MadeOnce, RunOnce},
    words::say,
};
use longshore_compose::{
    engine::{self, There},
    labels::Which,
};
use serde_json::json;
use tokio::{
    sync::oneshot,
    time::{sleep, timeout},
};

use super::{files, hands::Hands, journal::Gone, steps::unmade};
use crate::{
    access::Pass,
    creation::masked,
    fault::Fault,
    house::House,
    jobs::JobError,
    secret::random_bytes,
    stacks::{
        logic, planning,
        there::{Look, image},
    },
};

/// One that comes while another is being made waits so long for its turn.
const TURN: Duration = Duration::from_secs(5);
/// One that whoever asked for it starts themselves has at least so long until that.
const START: Duration = Duration::from_secs(5);

/// Makes it as the newest applied release has the service, and starts it where that is asked for. It is made to the end,
/// whether somebody still waits for that or not; one that nobody starts is removed.
pub async fn run_once(house: &Arc<House>, pass: &Pass, name: &str, form: RunOnce) -> Result<MadeOnce, Fault> {
    // Whose stack it is not learns nothing of what is done to it.
    logic::whole(house, pass, name)?;
    let held = timeout(TURN, house.jobs.hold_stack_in_turn(pass.host()?, name)).await;
    let held = held.map_err(|_| JobError::StackBusy(name.to_owned()))?;
    let (tell, told) = oneshot::channel();
    let (whole, pass, name) = (Arc::clone(house), pass.clone(), name.to_owned());
    house.jobs.see_through(async move {
        let starts = form.start;
        let made = make(&whole, &pass, &name, form).await;
        drop(held);
        let waiting = made.as_ref().ok().filter(|_| !starts).cloned();
        // Whether they are still there shows by what they do.
        let is_heard = tell.send(made).is_ok();
        let Some(made) = waiting else { return };
        if is_heard {
            let time = whole.settings.console_grace.max(START);
            whole.stopping.run_until_cancelled(sleep(time)).await;
        }
        let hands = Hands { house: &whole, pass: &pass, job_id: pass.request_id() };
        match hands.find(&made.id, &made.name).await {
            Ok(Some(now)) if now["State"]["Status"] == "created" => hands.forget(&made).await,
            Ok(_) => {}
            Err(fault) => tracing::warn!(%fault, "whether what was made was started is not known"),
        }
    });
    told.await.map_err(Fault::internal)?
}

impl Hands<'_> {
    /// Removes one that never ran: nobody has anything of it.
    async fn forget(&self, made: &MadeOnce) {
        if let Err(worse) = self.remove(Gone::Container, &made.id, &made.name, true).await {
            tracing::warn!(request.id = self.job_id, %worse, "what did not start was not removed");
        }
    }
}

async fn make(house: &House, pass: &Pass, name: &str, form: RunOnce) -> Result<MadeOnce, Fault> {
    let standing = logic::whole(house, pass, name)?;
    let no_files = || Fault::not_found(say::stack_no_files(name));
    let kept = standing.known.as_ref().map(|known| known.kept.clone()).ok_or_else(no_files)?;
    let release = house.stacks.applied(&kept).await?;
    let source = house.stacks.source(&kept, release).await?.ok_or_else(no_files)?;
    let unknown = || Fault::bad_request(say::plan_no_service(&form.service)).at("service");
    let services = [form.service.clone()];
    let read = planning::load(house, pass, (name, &services), &standing, source.clone()).await?;
    let Some(project) = read.loaded.project else {
        // Files that are whole but for the service that is asked for.
        let without = planning::load(house, pass, (name, &[]), &standing, source).await?.loaded;
        let broken = Fault::new(StatusCode::CONFLICT, say::stack_not_planned());
        return Err(without.project.map_or(broken, |_| unknown()));
    };
    let service = project.services.get(&form.service).ok_or_else(unknown)?;
    // Its networks and volumes are made with the stack, with their labels.
    if standing.parts.is_empty() {
        return Err(Fault::new(StatusCode::CONFLICT, say::stack_not_up(name)));
    }
    let there: There = standing
        .parts
        .iter()
        .map(|(service, all)| {
            (service.clone(), all.iter().filter(|it| !it.once).map(|it| it.id.clone()).collect())
        })
        .collect();
    let found = Look { house, pass }.image(&image(&project, &form.service, service)).await?;
    let image_id = found.as_ref().and_then(|image| image["Id"].as_str());
    let slug: String = random_bytes::<32>().iter().map(|byte| format!("{byte:02x}")).collect();
    let made = |which| engine::container(&project, &form.service, which, image_id, &there).map_err(unmade);
    let mut spec = made(Which::OneOff(&slug))?;
    if form.ports {
        spec.body.host.port_bindings = made(Which::Number(1))?.body.host.port_bindings;
    }
    if !form.command.is_empty() {
        spec.body.cmd = form.command;
    }
    if !form.user.is_empty() {
        spec.body.user = form.user;
    }
    for entry in form.env {
        let name = |entry: &str| entry.split('=').next().unwrap_or_default().to_owned();
        spec.body.env.retain(|old| name(old) != name(&entry));
        spec.body.env.push(entry);
    }
    (spec.body.tty, spec.body.open_stdin) = (form.tty, form.stdin);
    if form.stdin {
        // Its input ends with that of whoever is attached.
        spec.rest.insert("StdinOnce".to_owned(), json!(true));
    }
    spec.body.host.auto_remove = form.remove;
    let name = spec.name.clone();
    let hands = Hands { house, pass, job_id: pass.request_id() };
    let id = hands.create(&spec, None).await?;
    let begun = async {
        files::put(&hands, &id, &name, &engine::injected(&project, service, &source.variables())).await?;
        if form.start { hands.start(&id, &name).await } else { Ok(()) }
    };
    if let Err(fault) = begun.await {
        hands.forget(&MadeOnce { id, name }).await;
        return Err(fault.requoting(|words| masked(words, &spec.body.env)));
    }
    Ok(MadeOnce { id, name })
}
