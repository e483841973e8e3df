//! Whose the commands are that were begun through the gateway.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
};

use longshore_api::words::say;

use crate::{access::Pass, fault::Fault};

/// So many commands that an account has begun through the gateway are remembered: the newest.
const EXECS_EACH: usize = 512;

/// A command that was begun in a container through the gateway.
#[derive(Clone)]
pub struct Exec {
    account: String,
    host: String,
    /// By full id, where it was looked for.
    pub(super) container: Option<String>,
}

/// Whose the commands are that were begun through the gateway: only who began one starts it, sees it, resizes it.
#[derive(Default)]
pub struct Execs(Mutex<Begun>);

#[derive(Default)]
struct Begun {
    all: HashMap<String, Exec>,
    /// By account, the oldest first: who begins very many forgets their own.
    order: HashMap<String, VecDeque<String>>,
}

impl Execs {
    /// One was begun.
    pub(super) fn begun(&self, pass: &Pass, id: &str) {
        let Ok(host) = pass.host() else { return };
        let exec = Exec {
            account: pass.principal().account_id().to_owned(),
            host: host.to_owned(),
            container: pass.object().map(str::to_owned),
        };
        let Begun { all, order } = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let order = order.entry(exec.account.clone()).or_default();
        if order.len() >= EXECS_EACH
            && let Some(oldest) = order.pop_front()
        {
            all.remove(&oldest);
        }
        if all.insert(id.to_owned(), exec).is_none() {
            order.push_back(id.to_owned());
        }
    }

    /// Whether somebody has begun one of this id.
    pub(super) fn is_there(&self, id: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).all.contains_key(id)
    }

    /// One that the holder of this pass has begun on its host.
    ///
    /// # Errors
    /// There is none, or it is another's: in the same words.
    pub(super) fn own(&self, pass: &Pass, id: &str) -> Result<Exec, Fault> {
        let found = self.0.lock().unwrap_or_else(PoisonError::into_inner).all.get(id).cloned();
        let host = pass.host()?;
        found
            .filter(|exec| exec.account == pass.principal().account_id() && exec.host == host)
            .ok_or_else(|| Fault::not_found(say::exec_unknown()))
    }
}
