//! The REST interface of stacks, as it is called.

use http::{Method, StatusCode};
use longshore_api::web::{
    API,
    job::{Job, StartedJob},
    once::{MadeOnce, RunOnce},
    stack::{ApplyPlan, NewPlan, Release, Releases, Stack, StackPlan, Stacks},
};
use serde::{Serialize, de::DeserializeOwned};

use super::super::{
    kept::Server,
    remote::{Remote, Trouble},
};

/// A host of a server, by a key.
pub(super) struct Far {
    pub(super) remote: Remote,
    url: String,
    pub(super) host: String,
}

impl Far {
    /// A host of a server that is kept.
    pub(super) fn of(server: &Server, host: &str) -> anyhow::Result<Self> {
        Ok(Self { remote: Remote::of(server)?, url: server.url.clone(), host: host.to_owned() })
    }

    /// Where a person looks at a job.
    pub(super) fn page_of(&self, job: &str) -> String {
        format!("{}/jobs?job={job}", self.url)
    }

    /// A path of the host.
    pub(super) fn path(&self, rest: &str) -> String {
        format!("{API}/hosts/{}{rest}", self.host)
    }

    /// All stacks.
    pub(super) async fn stacks(&self) -> Result<Stacks, Trouble> {
        self.ask(Method::GET, &self.path("/stacks"), None::<&()>).await
    }

    /// One of them, if it is there.
    pub(super) async fn stack(&self, name: &str) -> Result<Option<Stack>, Trouble> {
        match self.ask(Method::GET, &self.path(&format!("/stacks/{name}")), None::<&()>).await {
            Ok(stack) => Ok(Some(stack)),
            Err(Trouble::Refused { code, .. }) if code == "stack-unknown" => Ok(None),
            Err(trouble) => Err(trouble),
        }
    }

    /// Its releases.
    pub(super) async fn releases(&self, name: &str) -> Result<Releases, Trouble> {
        self.ask(Method::GET, &self.path(&format!("/stacks/{name}/releases")), None::<&()>).await
    }

    /// One of those, with what it was made of.
    pub(super) async fn release(&self, name: &str, number: u64) -> Result<Release, Trouble> {
        let path = self.path(&format!("/stacks/{name}/releases/{number}"));
        self.ask(Method::POST, &path, None::<&()>).await
    }

    /// What would be done.
    pub(super) async fn plan(&self, name: &str, plan: &NewPlan) -> Result<StackPlan, Trouble> {
        self.ask(Method::POST, &self.path(&format!("/stacks/{name}/plan")), Some(plan)).await
    }

    /// Does what was planned.
    pub(super) async fn apply(&self, name: &str, apply: &ApplyPlan) -> Result<StartedJob, Trouble> {
        self.ask(Method::POST, &self.path(&format!("/stacks/{name}/apply")), Some(apply)).await
    }

    /// A job with its log.
    pub(super) async fn job(&self, id: &str) -> Result<Job, Trouble> {
        self.ask(Method::GET, &format!("{API}/jobs/{id}"), None::<&()>).await
    }

    /// Forgets what is kept of a stack.
    pub(super) async fn forget(&self, name: &str) -> Result<(), Trouble> {
        self.bare(Method::DELETE, &self.path(&format!("/stacks/{name}"))).await
    }

    /// Makes a container of a service for a single command.
    pub(super) async fn run_once(&self, name: &str, wish: &RunOnce) -> Result<MadeOnce, Trouble> {
        self.ask(Method::POST, &self.path(&format!("/stacks/{name}/run")), Some(wish)).await
    }

    /// Asks the host's engine.
    pub(super) async fn engine<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&impl Serialize>,
    ) -> Result<T, Trouble> {
        self.ask(method, &self.path(&format!("/docker{path}")), body).await
    }

    /// Has the host's engine do something of which nothing is answered.
    pub(super) async fn order(&self, method: Method, path: &str) -> Result<(), Trouble> {
        self.bare(method, &self.path(&format!("/docker{path}"))).await
    }

    async fn bare(&self, method: Method, path: &str) -> Result<(), Trouble> {
        let (status, body) = self.remote.call(method, path, None).await?;
        if status.is_success() { Ok(()) } else { Err(self.remote.refusal(status, &body)) }
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&impl Serialize>,
    ) -> Result<T, Trouble> {
        let stranger = || Trouble::Stranger { at: self.url.clone(), status: StatusCode::OK };
        let json = body.map(serde_json::to_vec).transpose().map_err(|_| stranger())?;
        let (status, body) = self.remote.call(method, path, json).await?;
        if !status.is_success() {
            return Err(self.remote.refusal(status, &body));
        }
        serde_json::from_slice(&body).map_err(|_| stranger())
    }
}
