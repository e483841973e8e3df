//! What is kept of containers that go.

use longshore_api::{
    ops::spec::ContainerSpec,
    sentence::Sentence,
    web::{create::Spec, removed::RemovedContainer},
    words::say,
};

use sqlx::{Sqlite, Transaction};

use super::queries;
use crate::{
    access::{Change, Demand, Outcome, Pass, Target},
    call, creation,
    fault::Fault,
    house::House,
    seal::Seal,
    store::{Store, new_id, now},
};

/// So many are kept of a host, and for so long.
const KEPT: i64 = 300;
const KEPT_FOR: i64 = 30 * 24 * 3600 * 1000;
/// A spec has at most so many bytes.
const SPEC_MAX: usize = 1024 * 1024;

/// The table of removed containers.
pub struct Removed {
    store: Store,
    seal: Seal,
}

/// What is kept of a container that is about to go.
pub enum Kept<'a> {
    /// Its spec.
    Noted(Noted<'a>),
    /// Nothing, and why.
    Nothing(Sentence),
}

/// A removal that is about to happen, written down.
pub struct Noted<'a> {
    removed: &'a Removed,
    host: String,
    id: String,
}

/// Whether any is kept, which only the key that seals can open.
pub async fn has_sealed(store: &Store) -> sqlx::Result<bool> {
    queries::has_any(store.read()).await
}

/// Forgets all of them: they cannot be opened any more. How many there were.
pub async fn forget_sealed(tx: &mut Transaction<'_, Sqlite>) -> sqlx::Result<u64> {
    queries::forget_all(&mut **tx).await
}

impl Removed {
    /// Over its table, with the key that seals what is in it.
    pub fn new(store: Store, seal: Seal) -> Self {
        Self { store, seal }
    }

    /// Those of the host of the pass, newest first.
    pub async fn list(&self, pass: &Pass) -> Result<Vec<RemovedContainer>, Fault> {
        Ok(queries::of_host(self.store.read(), pass.host()?, now() - KEPT_FOR).await?)
    }

    /// Forgets one.
    pub async fn forget(&self, pass: &Pass, id: &str, _: Change) -> Result<(), Fault> {
        let mut tx = self.store.begin().await?;
        let there = queries::delete(&mut *tx, pass.host()?, id).await?;
        tx.commit().await?;
        if there { Ok(()) } else { Err(Fault::not_found(say::removed_unknown())) }
    }

    async fn note(&self, pass: &Pass, spec: &ContainerSpec) -> Result<Kept<'_>, Fault> {
        let host = pass.host()?;
        let one = RemovedContainer {
            id: new_id(),
            name: spec.name.clone(),
            image: spec.body.image.clone(),
            by: pass.principal().name().to_owned(),
            at: now(),
        };
        let text = serde_json::to_vec(&spec.to_body()).map_err(Fault::internal)?;
        if text.len() > SPEC_MAX {
            tracing::warn!(
                container = one.name,
                bytes = text.len(),
                "a container's spec is too large to be kept"
            );
            let (bytes, most) = (text.len() as u64, SPEC_MAX as u64);
            return Ok(Kept::Nothing(say::spec_too_large(most, bytes)));
        }
        let sealed = self.seal.close(&one.id, &text).map_err(Fault::internal)?;
        let mut tx = self.store.begin().await?;
        queries::insert(&mut *tx, host, &one, &sealed).await?;
        queries::forget_old(&mut tx, host, now() - KEPT_FOR, KEPT).await?;
        tx.commit().await?;
        Ok(Kept::Noted(Noted { removed: self, host: host.to_owned(), id: one.id }))
    }
}

impl Noted<'_> {
    /// The container has stayed after all.
    pub async fn undo(self) {
        let undone = async {
            let mut tx = self.removed.store.begin().await?;
            queries::delete(&mut *tx, &self.host, &self.id).await?;
            tx.commit().await
        };
        if let Err(error) = undone.await {
            tracing::warn!(%error, "a container that stayed is listed among the removed ones");
        }
    }
}

/// Writes down what a container was asked for to be, before it goes. Where its engine cannot say that any more, it goes
/// without; where it cannot be written down, it does not go.
pub async fn keep<'a>(house: &'a House, pass: &Pass, id: &str, name: &str) -> Result<Kept<'a>, Fault> {
    match creation::read_spec(house, pass, id, name).await {
        Ok(spec) => house.removed.note(pass, &spec).await,
        Err(fault) => {
            tracing::warn!(request.id = pass.request_id(), %fault, "a container goes without its spec being kept");
            Ok(Kept::Nothing(say::spec_unread()))
        }
    }
}

/// What one was asked for to be, with its environment: for those who could have read it inside, and never without a row
/// of the audit log.
pub async fn spec(house: &House, pass: &Pass, id: &str) -> Result<Spec, Fault> {
    let host = pass.host()?;
    let found = queries::find(house.removed.store.read(), host, id).await?;
    let (name, sealed) = found.ok_or_else(|| Fault::not_found(say::removed_unknown()))?;
    let object = Target::Object { host: host.to_owned(), id: None, name: format!("container {name}") };
    let demand = Demand::Operation(call::operation("exec-create"));
    let seen = house.access.require(pass.principal(), demand, object, pass.request_id())?;
    let read = async |_| {
        let text = house.removed.seal.open(id, &sealed).map_err(Fault::internal)?;
        let body = serde_json::from_slice(&text).map_err(Fault::internal)?;
        Ok(Shown(Spec { name: name.clone(), body }))
    };
    house.access.change(&seen, "container-env", read).await.map(|shown| shown.0)
}

/// A spec that somebody was shown.
struct Shown(Spec);

impl Outcome for Shown {
    fn status(&self) -> u16 {
        200
    }
}
