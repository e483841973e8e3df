//! What is done to containers, networks and volumes of a stack, each a call of its own: asked of the policy, in the audit
//! log. What is so already is not done again, so that all of it can be tried twice.

use longshore_api::ops::Kind;
use serde_json::{Value, json};

use super::journal::{self, Gone, Note};
use crate::{
    access::Pass,
    call::{self, Call},
    containers,
    fault::Fault,
    hosts::INSPECTION_MAX,
    house::House,
};

/// The label of a container that says which job made it. Our own plans leave it out of account.
pub(super) const MADE_BY: &str = "longshore.apply";

/// Makes the calls: for whoever asked, or for the server that tidies up after itself.
#[derive(Clone, Copy)]
pub(super) struct Hands<'a> {
    pub(super) house: &'a House,
    pub(super) pass: &'a Pass,
    pub(super) job_id: &'a str,
}

impl<'a> Hands<'a> {
    pub(super) fn call(&self, operation: &str, kind: Kind, id: &str, name: &str) -> Result<Call<'a>, Fault> {
        let object = format!("{} {name}", kind.code());
        Call::new(self.house, self.pass, call::operation(operation), Some(id), object)
    }

    fn of_container(&self, operation: &str, id: &str, name: &str) -> Result<Call<'a>, Fault> {
        self.call(operation, Kind::Container, id, name)
    }

    /// Writes down what is about to be done.
    pub(super) async fn note(&self, note: Note) -> Result<(), Fault> {
        Ok(journal::note(&self.house.store, self.job_id, &note).await?)
    }

    /// A container as its engine describes it; none where there is none.
    pub(super) async fn find(&self, id: &str, name: &str) -> Result<Option<Value>, Fault> {
        let look =
            async { self.of_container("container-inspect", id, name)?.json_if_there(INSPECTION_MAX).await };
        match look.await {
            // Below the managers what is not there is known before the engine is asked.
            Err(fault) if fault.status() == http::StatusCode::NOT_FOUND => Ok(None),
            found => found,
        }
    }

    pub(super) async fn start(&self, id: &str, name: &str) -> Result<(), Fault> {
        containers::within_the_line(self.house, self.pass, id).await?;
        self.of_container("container-start", id, name)?.done().await
    }

    pub(super) async fn stop(&self, id: &str, name: &str) -> Result<(), Fault> {
        let host = self.house.hosts.get(self.pass.host()?)?;
        let time = containers::time_to_stop(&host, id).await?;
        self.of_container("container-stop", id, name)?.allowing(time).done().await
    }

    pub(super) async fn restart(&self, id: &str, name: &str) -> Result<(), Fault> {
        containers::within_the_line(self.house, self.pass, id).await?;
        let host = self.house.hosts.get(self.pass.host()?)?;
        let time = containers::time_to_stop(&host, id).await?;
        self.of_container("container-restart", id, name)?.allowing(time).done().await
    }

    /// A call that needs nothing besides.
    pub(super) async fn plain(&self, operation: &str, id: &str, name: &str) -> Result<(), Fault> {
        self.of_container(operation, id, name)?.done().await
    }

    pub(super) async fn rename(&self, id: &str, from: &str, to: &str) -> Result<(), Fault> {
        self.of_container("container-rename", id, from)?.with("name", to).done().await
    }

    /// Removes something by its id; what is gone already is as it should be.
    pub(super) async fn remove(&self, kind: Gone, id: &str, name: &str, volumes: bool) -> Result<(), Fault> {
        let mut call = self.call(kind.removal(), kind.kind(), id, name)?;
        if kind == Gone::Container {
            call = call.with("force", true);
            if volumes {
                call = call.with("v", true);
            }
        }
        match call.done().await {
            Err(fault) if fault.status() == http::StatusCode::NOT_FOUND => Ok(()),
            done => done,
        }
    }

    /// Brings back what made room.
    pub(super) async fn unpark(&self, id: &str, name: &str, parked: &str, ran: bool) -> Result<(), Fault> {
        let Some(now) = self.find(id, parked).await? else { return Ok(()) };
        if now["Name"].as_str().map(|name| name.trim_start_matches('/')) == Some(parked) {
            self.rename(id, parked, name).await?;
        }
        if ran && now["State"]["Running"] != json!(true) {
            self.start(id, name).await?;
        }
        Ok(())
    }

    /// A container of this name that this job has made.
    pub(super) async fn made_as(&self, name: &str) -> Result<Option<String>, Fault> {
        let found = self.find(name, name).await?;
        let ours = found.filter(|found| {
            let called = found["Name"].as_str().is_some_and(|it| it.trim_start_matches('/') == name);
            called && found["Config"]["Labels"][MADE_BY] == self.job_id
        });
        Ok(ours.and_then(|found| found["Id"].as_str().map(str::to_owned)))
    }
}
