//! What was deployed is shared with whom the form says, as soon as all of it is seen.

use std::time::Duration;

use leptos::prelude::*;
use longshore_api::web::{
    access::{GiveAccess, Sharing, Whole},
    stack::{PlanAct, PlanThing},
};

use super::{form::Form, result::Made};
use crate::{
    api::{self, Answer, Failure},
    session::Session,
};

/// It is looked so often whether all of it is there, and so long after one another.
const TRIES: u32 = 20;
const AGAIN: Duration = Duration::from_millis(500);

/// What has become of it.
#[derive(Clone, Copy)]
pub(super) struct Shared {
    pub(super) done: RwSignal<bool>,
    pub(super) failure: RwSignal<Option<Failure>>,
}

/// Shares what was made, unless it is to be nobody else's.
pub(super) fn share(form: Form, session: Session, made: Made) -> Shared {
    let shared = Shared { done: RwSignal::new(false), failure: RwSignal::new(None) };
    let (sharing, teams) = (form.sharing.get_untracked(), form.teams.get_untracked());
    if sharing != Sharing::Private {
        attempt(form, session, made, GiveAccess { owner: None, sharing, teams }, shared, TRIES);
    }
    shared
}

fn attempt(form: Form, session: Session, made: Made, wish: GiveAccess, shared: Shared, left: u32) {
    let parts = parts(form);
    leptos::task::spawn_local(async move {
        match give(&made, &parts, wish.clone()).await {
            Ok(true) => _ = shared.done.try_set(true),
            Err(why) if !why.is_not_found() || left == 0 => {
                session.noticed(&why);
                _ = shared.failure.try_set(Some(why));
            }
            // The page may be gone.
            _ if left > 0 && shared.done.try_get_untracked().is_some() => {
                set_timeout(move || attempt(form, session, made, wish, shared, left - 1), AGAIN);
            }
            _ => {}
        }
    });
}

/// What has to be seen of a stack: its services, networks and volumes that are made.
fn parts(form: Form) -> Vec<String> {
    let of = |row: &longshore_api::web::stack::PlanRow| match row.on {
        PlanThing::Container => Some(row.service.clone()),
        PlanThing::Network | PlanThing::Volume => Some(row.name.clone()),
        PlanThing::Image | PlanThing::Service => None,
    };
    form.plan
        .try_with_untracked(|plan| {
            let rows = plan.iter().flat_map(|plan| &plan.rows).filter(|row| row.act == PlanAct::Create);
            rows.filter_map(of).collect()
        })
        .unwrap_or_default()
}

/// Shares it, if all of it is seen. Whose it is stays.
async fn give(made: &Made, parts: &[String], wish: GiveAccess) -> Answer<bool> {
    let Made { host, name, is_stack } = made;
    if !is_stack {
        let owner = api::container_access(host, name).await?.owner;
        return api::give_container(host, name, &GiveAccess { owner, ..wish }).await.map(|()| true);
    }
    let seen = api::sharing(Whole::Stack, host, name).await?;
    if !parts.iter().all(|part| seen.iter().any(|seen| seen.access.name == *part)) {
        return Ok(false);
    }
    let owner = seen.into_iter().find(|part| part.access.may_change).and_then(|part| part.access.owner);
    api::share(Whole::Stack, host, name, &GiveAccess { owner, ..wish }).await.map(|()| true)
}
