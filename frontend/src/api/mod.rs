//! The REST interface as the pages call it: one function for each call, typed on both sides.

mod account;
mod audit;
mod containers;
mod create;
mod disk;
mod door;
mod jobs;
mod names;
mod oidc;
pub(crate) mod people;
mod removed;
mod shelves;
mod stacks;
mod templates;
mod totp;
mod upload;

pub(crate) use account::{
    change_password, end_session, keys, make_key, remove_key, sessions, sign_out_everywhere,
};
pub(crate) use audit::{audit, audit_checked, audit_file, check_audit};
pub(crate) use containers::{
    act, container, container_access, container_changes, container_document, container_env, container_people,
    container_processes, container_usage, give_container, last_words, recreate_container, rename_container,
    signal_container, update_container,
};
pub(crate) use create::{check_container, container_spec, create_container};
pub(crate) use disk::{disk, measure_disk};
pub(crate) use door::{accept, facts, invited, second_step, set_up, sign_in, sign_out, standing};
use gloo_net::http::{Method, RequestBuilder, Response};
pub(crate) use jobs::{cancel_job, earlier_jobs, job, job_again, start_job};
use longshore_api::{
    web::{API, account::MARK_HEADER, problem::Problem},
    words::say,
};
pub(crate) use names::{give_name, names, release_name, share, sharing, sharing_people};
pub(crate) use oidc::{
    begin_sign_in, bind_identity, create_provider, edit_provider, finish_binding, identities,
    passwords_only_for, providers, remove_provider, unbind_identity, ways_in,
};
pub(crate) use removed::{forget_removed, removed_containers, removed_spec};
use serde::{Serialize, de::DeserializeOwned};
pub(crate) use shelves::{
    connect, create_network, create_volume, disconnect, pull_image, remove_thing, tag_image, thing,
    untag_image,
};
pub(crate) use stacks::{
    apply_stack, compared_releases, forget_stack, found_files, plan_stack, release, releases, run_once,
    saved_containers, stack_drift, stacks,
};
pub(crate) use templates::{
    create_template_source, edit_template_source, refresh_template_source, remove_template_source,
    resolve_template, template, template_sources, templates,
};
pub(crate) use totp::{offer_totp, renew_recovery_codes, totp, turn_totp_off, turn_totp_on};
pub(crate) use upload::Upload;

use crate::{browser, json};

/// Why a call did not do what it was asked.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Failure {
    /// The server answered and refused.
    Refused(Box<Problem>),
    /// No answer came, or one that is none of ours: a proxy's error page, say.
    Lost(u16),
}

impl Failure {
    /// What an answer of this status says.
    fn told(status: u16, text: &str) -> Self {
        match json::read(text) {
            Some(problem) => Self::Refused(Box::new(problem)),
            None => Self::Lost(status),
        }
    }

    /// The sentence a person can act on.
    pub(crate) fn sentence(&self) -> longshore_api::sentence::Sentence {
        match self {
            Self::Refused(problem) => problem.sentence.clone(),
            Self::Lost(0) => say::server_silent(),
            Self::Lost(status) => say::server_strange(*status),
        }
    }

    /// The engine's own words, where it was the engine that refused.
    pub(crate) fn engine(&self) -> Option<&str> {
        match self {
            Self::Refused(problem) => problem.engine.as_deref(),
            Self::Lost(_) => None,
        }
    }

    /// What finds the cause in the server's log.
    pub(crate) fn request_id(&self) -> Option<&str> {
        match self {
            Self::Refused(problem) => Some(&problem.request_id),
            Self::Lost(_) => None,
        }
    }

    /// The field of the form that is at fault.
    pub(crate) fn field(&self) -> Option<&str> {
        match self {
            Self::Refused(problem) => problem.field.as_deref(),
            Self::Lost(_) => None,
        }
    }

    /// Whether there is no such thing, or not for these eyes.
    pub(crate) fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused(problem) if problem.status == 404)
    }

    /// Whether it was understood, and is not for this person.
    pub(crate) fn is_forbidden(&self) -> bool {
        matches!(self, Self::Refused(problem) if problem.status == 403)
    }

    /// Whether the session behind the page has ended.
    pub(crate) fn is_signed_out(&self) -> bool {
        matches!(self, Self::Refused(problem) if problem.status == 401 && problem.sentence.code == "signed-out")
    }
}

/// What a call answers.
pub(crate) type Answer<T> = Result<T, Failure>;

async fn get<T: DeserializeOwned>(path: &str) -> Answer<T> {
    read(send::<()>(Method::GET, path, None).await?).await
}

async fn get_text(path: &str) -> Answer<String> {
    text(send::<()>(Method::GET, path, None).await?).await
}

async fn ask<T: DeserializeOwned>(method: Method, path: &str, body: &impl Serialize) -> Answer<T> {
    read(send(method, path, Some(body)).await?).await
}

async fn tell(method: Method, path: &str, body: &impl Serialize) -> Answer<()> {
    send(method, path, Some(body)).await.map(drop)
}

async fn order(method: Method, path: &str) -> Answer<()> {
    send::<()>(method, path, None).await.map(drop)
}

async fn send<B: Serialize>(method: Method, path: &str, body: Option<&B>) -> Answer<Response> {
    let mut builder = RequestBuilder::new(&browser::below_base(&format!("{API}/{path}"))).method(method);
    if let Some(mark) = browser::mark() {
        builder = builder.header(MARK_HEADER, &mark);
    }
    let request = match body {
        Some(body) => builder.json(body),
        None => builder.build(),
    };
    let response = request.map_err(|_| Failure::Lost(0))?.send().await.map_err(|_| Failure::Lost(0))?;
    if response.ok() {
        return Ok(response);
    }
    let status = response.status();
    Err(Failure::told(status, &text(response).await?))
}

async fn read<T: DeserializeOwned>(response: Response) -> Answer<T> {
    let status = response.status();
    json::read(&text(response).await?).ok_or(Failure::Lost(status))
}

async fn text(response: Response) -> Answer<String> {
    let status = response.status();
    response.text().await.map_err(|_| Failure::Lost(status))
}
