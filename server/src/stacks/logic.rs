//! Which stacks there are, who may read and change them, and their releases.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{
        RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicU64, Ordering},
    },
};

use http::StatusCode;
use longshore_api::{
    ops::{Kind, Permission},
    web::{
        access::Whose,
        adopt::DriftHead,
        stack::{Release, ReleaseHead, ReleaseImage, ReleaseState, Releases, Stack, StackRow},
    },
    words::say,
};
use longshore_compose::load::is_stack_name;
use tokio::sync::Notify;

use super::{
    queries::{self, Kept, New},
    source::Source,
};
use crate::{
    access::{Change, Demand, Pass, Target},
    fault::Fault,
    house::House,
    inventory::{self, Parts},
    jobs::JobError,
    ownership::{self, Key},
    seal::Seal,
    store::{Store, new_id, now},
};

/// So many releases are listed at most, the newest; fewer are kept.
const LISTED: u32 = 500;

/// The stacks whose files we keep.
pub struct Stacks {
    store: Store,
    seal: Seal,
    /// The folder that has one for each of them.
    folder: PathBuf,
    /// By host and name: what is asked for at every change of what runs.
    known: RwLock<BTreeMap<(String, String), Known>>,
    /// Rises with every change of that.
    revision: AtomicU64,
    /// Rings where something could be brought to no end.
    stuck: Notify,
}

#[derive(Clone)]
pub(super) struct Known {
    pub(super) kept: Kept,
    pub(super) newest: Option<ReleaseHead>,
    /// The last that was seen of changes by hand; forgotten with the next that we do to it.
    drift: Option<DriftHead>,
}

/// A person's relation to a stack.
pub(super) struct Standing {
    /// Its record, where we keep its files and they may read them.
    pub(super) known: Option<Known>,
    /// What they see of it.
    pub(super) parts: Parts,
    /// Whether they may read its files and change it.
    pub(super) whole: bool,
    /// Whether somebody has it, seen or not.
    taken: bool,
    /// Whether we keep its files.
    recorded: bool,
    /// Whether they may read its files.
    reads: bool,
    /// Applied, never taken down, and yet without a container.
    gone: bool,
    /// Whose all of it is that they see, where it is of one.
    whose: Option<Whose>,
}

impl Stacks {
    /// Over its tables, with the key that seals what is in them.
    pub async fn open(store: Store, seal: Seal, folder: PathBuf) -> sqlx::Result<Self> {
        let mut tx = store.begin().await?;
        queries::end_unbegun(&mut *tx).await?;
        tx.commit().await?;
        let mut db = store.read().acquire().await?;
        let all = queries::all(&mut db).await?;
        let known = all.into_iter().map(|(kept, newest)| {
            ((kept.host.clone(), kept.name.clone()), Known { kept, newest, drift: None })
        });
        let known = RwLock::new(known.collect());
        Ok(Self { known, revision: AtomicU64::new(0), stuck: Notify::new(), store, seal, folder })
    }

    /// Something was applied that could be brought to no end.
    pub(super) fn is_stuck(&self) {
        self.stuck.notify_one();
    }

    /// Resolves once something could be brought to no end.
    pub(super) async fn has_stuck(&self) {
        self.stuck.notified().await;
    }

    /// Another after every change of what is known.
    pub fn revision(&self) -> u64 {
        self.revision.load(Ordering::Acquire)
    }

    fn known(&self) -> RwLockReadGuard<'_, BTreeMap<(String, String), Known>> {
        self.known.read().expect("no one panics while holding this lock")
    }

    fn change_known(&self) -> RwLockWriteGuard<'_, BTreeMap<(String, String), Known>> {
        let known = self.known.write().expect("no one panics while holding this lock");
        self.revision.fetch_add(1, Ordering::Release);
        known
    }

    fn find(&self, host: &str, name: &str) -> Option<Known> {
        self.known().get(&(host.to_owned(), name.to_owned())).cloned()
    }

    /// The folder that a stack's files are in.
    pub(super) fn folder(&self, host: &str, name: &str) -> PathBuf {
        self.folder.join(host).join(name)
    }

    /// Changes what is told of a stack and of its newest release; what was seen of changes by hand is of no use any more.
    fn tell(&self, kept: &Kept, change: impl FnOnce(&mut Option<ReleaseHead>)) {
        if let Some(known) = self.change_known().get_mut(&(kept.host.clone(), kept.name.clone())) {
            change(&mut known.newest);
            known.kept.clone_from(kept);
            known.drift = None;
        }
    }

    /// Tells of a stack's newest release, and of the stack with its first one.
    fn tell_begun(&self, kept: &Kept, head: ReleaseHead) {
        let mut all = self.change_known();
        let known = all.entry((kept.host.clone(), kept.name.clone())).or_insert_with(|| Known {
            kept: kept.clone(),
            newest: None,
            drift: None,
        });
        known.kept.clone_from(kept);
        (known.newest, known.drift) = (Some(head), None);
    }

    /// What a release was made of, with its secrets.
    pub(super) async fn source(&self, kept: &Kept, number: Option<u64>) -> Result<Option<Source>, Fault> {
        let found = queries::source(self.store.read(), &kept.id, number).await?;
        let Some((id, sealed)) = found else { return Ok(None) };
        let text = self.seal.open(&id, &sealed).map_err(Fault::internal)?;
        Source::kept(&text).map(Some).map_err(Fault::internal)
    }

    /// Writes down a release that is about to be applied by a job, and the stack with its first one.
    pub(super) async fn begin_release(
        &self,
        house: &House,
        pass: &Pass,
        asked: Asked<'_>,
        job_id: &str,
    ) -> Result<Begun, Fault> {
        let Asked { name, source, message, root } = asked;
        let host = pass.host()?;
        let (id, at) = (new_id(), now());
        let text = source.keep().map_err(Fault::internal)?;
        let sealed = self.seal.close(&id, &text).map_err(Fault::internal)?;
        let who = pass.principal();
        let known = self.find(host, name);
        let _changing = house.owners.changing().await;
        let mut tx = self.store.begin().await?;
        let mut key = None;
        let kept = match known {
            Some(known) => {
                queries::set_down(&mut *tx, &known.kept.id, false).await?;
                Kept { down: false, ..known.kept }
            }
            None => {
                let kept = Kept {
                    id: new_id(),
                    host: host.to_owned(),
                    name: name.to_owned(),
                    account_id: who.account_id().to_owned(),
                    root: root.map(str::to_owned),
                    down: false,
                };
                queries::insert(&mut *tx, &kept, at).await?;
                key = Some(ownership::claim_stack(house, &mut tx, pass, name).await?);
                kept
            }
        };
        let (account_id, author) = (who.account_id(), who.name());
        let new = New { id: &id, stack: &kept, account_id, author, message, at, job_id, source: &sealed };
        let number = queries::add_release(&mut tx, &new).await?;
        tx.commit().await?;
        if let Some(key) = key {
            key.kept(house);
        }
        let head = ReleaseHead {
            number,
            author: author.to_owned(),
            message: message.to_owned(),
            at,
            state: ReleaseState::Applying,
            job: job_id.to_owned(),
            images: Vec::new(),
        };
        self.tell_begun(&kept, head);
        Ok(Begun { id, number, kept })
    }

    /// What has become of a release.
    pub(super) async fn end_release(
        &self,
        begun: &Begun,
        state: ReleaseState,
        images: Vec<ReleaseImage>,
    ) -> sqlx::Result<()> {
        let mut tx = self.store.begin().await?;
        queries::end_release(&mut *tx, &begun.id, state, &images).await?;
        tx.commit().await?;
        self.tell(&begun.kept, |newest| {
            if let Some(head) = newest.as_mut().filter(|head| head.number == begun.number) {
                (head.state, head.images) = (state, images);
            }
        });
        Ok(())
    }

    /// What has become of a release that an earlier run of the server began.
    pub(super) async fn settle_release(
        &self,
        host: &str,
        stack: &str,
        id: &str,
        state: ReleaseState,
    ) -> sqlx::Result<()> {
        let mut tx = self.store.begin().await?;
        queries::settle_release(&mut *tx, id, state).await?;
        tx.commit().await?;
        if let Some(known) = self.find(host, stack) {
            let newest = queries::releases(self.store.read(), &known.kept.id, 1).await?.pop();
            self.tell(&known.kept, |head| *head = newest);
        }
        Ok(())
    }

    /// It was taken down through us.
    pub(super) async fn taken_down(&self, host: &str, name: &str) -> sqlx::Result<()> {
        let Some(known) = self.find(host, name) else { return Ok(()) };
        let mut tx = self.store.begin().await?;
        queries::set_down(&mut *tx, &known.kept.id, true).await?;
        tx.commit().await?;
        self.tell(&Kept { down: true, ..known.kept }, |_| ());
        Ok(())
    }

    /// The newest release of a stack that was applied whole.
    pub(super) async fn applied(&self, kept: &Kept) -> sqlx::Result<Option<u64>> {
        queries::newest_applied(self.store.read(), &kept.id).await
    }

    /// What a release is.
    pub(super) async fn head(&self, kept: &Kept, number: u64) -> sqlx::Result<Option<ReleaseHead>> {
        queries::head(self.store.read(), &kept.id, number).await
    }

    /// What was seen of changes by hand.
    pub(super) fn drifted(&self, kept: &Kept, drift: DriftHead) {
        if let Some(known) = self.change_known().get_mut(&(kept.host.clone(), kept.name.clone())) {
            known.drift = Some(drift);
        }
    }
}

/// A release that is asked for.
pub(super) struct Asked<'a> {
    /// The stack's name.
    pub(super) name: &'a str,
    /// What it is made of.
    pub(super) source: &'a Source,
    /// What it says of itself.
    pub(super) message: &'a str,
    /// Where its files start, if that is not ours.
    pub(super) root: Option<&'a str>,
}

/// A release that is being applied.
#[derive(Clone)]
pub(super) struct Begun {
    pub(super) id: String,
    pub(super) number: u64,
    pub(super) kept: Kept,
}

impl Standing {
    fn of(house: &House, pass: &Pass, host: &str, name: &str, parts: Parts) -> Self {
        let known = house.stacks.find(host, name);
        let all = house.inventory.of_stack(host, name).len();
        let seen = parts.values().map(Vec::len).sum::<usize>();
        let who = pass.principal();
        let manages = who.roles().allow(host, Permission::Manage);
        // One whose files we keep has a key of its own, whoever sees what of it. Who sees every container of another could
        // look into each of them.
        let key = Key::of_stack(name);
        let reads = manages
            || match &known {
                Some(_) => house.access.sight(pass).sees_key(host, &key),
                None => seen > 0 && seen >= all,
            };
        let taken = known.is_some() || all > 0;
        let whole = who.roles().allow(host, Permission::Deploy) && (reads || !taken);
        let applied = known.as_ref().is_some_and(|known| {
            !known.kept.down && known.newest.as_ref().is_some_and(|it| it.state == ReleaseState::Applied)
        });
        // Before the engine has answered for the first time nothing is known of what is there.
        let gone = applied && all == 0 && house.inventory.running(host).is_some();
        let of_key = known.as_ref().and_then(|_| house.owners.whose_key(host, &key));
        let containers = parts.values().flatten();
        let mut each = containers.map(|it| house.owners.whose(host, Kind::Container, &it.id));
        let mut of_all =
            || each.next().flatten().filter(|first| each.all(|other| other.as_ref() == Some(first)));
        let whose = of_key.or_else(|| of_all().filter(|_| known.is_none()));
        let recorded = known.is_some();
        Self { known: known.filter(|_| whole), parts, whole, taken, recorded, reads, gone, whose }
    }

    /// Whether it is somebody else's, and nothing of it is shared whole with whoever asks.
    fn is_anothers(&self) -> bool {
        self.recorded && !self.reads
    }

    fn row(&self, name: &str) -> StackRow {
        let (release, drift) =
            self.known.as_ref().map_or((None, None), |known| (known.newest.clone(), known.drift));
        let gone = self.gone && release.is_some();
        let whose = self.whose.clone();
        StackRow { release, gone, drift, whose, ..inventory::row(name, &self.parts) }
    }

    fn is_seen(&self) -> bool {
        self.known.is_some() || !self.parts.is_empty()
    }
}

/// What the caller has to do with a stack of the host of the pass.
pub(super) fn standing(house: &House, pass: &Pass, name: &str) -> Result<Standing, Fault> {
    let host = pass.host()?;
    let view = house.inventory.seen_with(house.access.sight(pass));
    let parts = view.stacks(host, Some(name)).remove(name).unwrap_or_default();
    Ok(Standing::of(house, pass, host, name, parts))
}

/// Whether we keep the files of a stack.
pub fn is_kept(house: &House, host: &str, name: &str) -> bool {
    house.stacks.find(host, name).is_some()
}

/// Whether a name on a host is that of a stack whose files we keep for somebody else: nobody joins it, whatever of it is
/// there.
pub fn is_anothers(house: &House, pass: &Pass, host: &str, name: &str) -> bool {
    let view = house.inventory.seen_with(house.access.sight(pass));
    let parts = view.stacks(host, Some(name)).remove(name).unwrap_or_default();
    Standing::of(house, pass, host, name, parts).is_anothers()
}

/// The same, for who is about to read its files or to change it.
///
/// # Errors
/// It is not theirs, or the name is none.
pub(super) fn whole(house: &House, pass: &Pass, name: &str) -> Result<Standing, Fault> {
    if !is_stack_name(name) {
        return Err(Fault::bad_request(say::stack_name(name)).at("name"));
    }
    let standing = standing(house, pass, name)?;
    match (standing.whole, standing.is_seen()) {
        (true, _) => Ok(standing),
        (false, true) => Err(Fault::new(StatusCode::FORBIDDEN, say::stack_not_whole(name))),
        (false, false) => Err(Fault::new(StatusCode::CONFLICT, say::stack_name_taken(name))),
    }
}

/// The stacks of a host that the caller may see, by name.
pub fn rows(house: &House, pass: &Pass, host: &str) -> Vec<StackRow> {
    let view = house.inventory.seen_with(house.access.sight(pass));
    let mut seen = view.stacks(host, None);
    // Those that have nothing on the host at the moment.
    for (of, name) in house.stacks.known().keys() {
        if of == host {
            seen.entry(name.clone()).or_default();
        }
    }
    let rows = seen.into_iter().filter_map(|(name, parts)| {
        let standing = Standing::of(house, pass, host, &name, parts);
        standing.is_seen().then(|| standing.row(&name))
    });
    rows.collect()
}

/// One of them; one that is not there is empty.
pub fn look(house: &House, pass: &Pass, host: &str, name: &str) -> Stack {
    let view = house.inventory.seen_with(house.access.sight(pass));
    let parts = view.stacks(host, Some(name)).remove(name).unwrap_or_default();
    let standing = Standing::of(house, pass, host, name, parts);
    if !standing.is_seen() {
        return Stack { row: StackRow { name: name.to_owned(), ..StackRow::default() }, ..Stack::default() };
    }
    Stack {
        row: standing.row(name),
        is_there: true,
        may_deploy: standing.whole && standing.taken,
        may_forget: standing.known.is_some()
            && key_of(house, host, name)
                .is_none_or(|target| house.access.may(pass.principal(), Demand::Give, &target)),
        networks: view.networks_of(host, &standing.parts),
        services: inventory::services(standing.parts),
    }
}

/// The releases of a stack.
pub(super) async fn releases(house: &House, pass: &Pass, name: &str) -> Result<Releases, Fault> {
    let kept = kept(house, pass, name)?;
    let releases = queries::releases(house.store.read(), &kept.id, LISTED).await?;
    Ok(Releases { releases })
}

/// One release, with what it was made of.
pub(super) async fn release(
    house: &House,
    pass: &Pass,
    name: &str,
    number: u64,
    _: Change,
) -> Result<Release, Fault> {
    let (head, source) = whole_release(house, pass, name, number).await?;
    Ok(Release { head, source: source.shown() })
}

/// The same with its secrets.
pub(super) async fn whole_release(
    house: &House,
    pass: &Pass,
    name: &str,
    number: u64,
) -> Result<(ReleaseHead, Source), Fault> {
    let kept = kept(house, pass, name)?;
    let unknown = || Fault::not_found(say::release_unknown(name, number));
    let source = house.stacks.source(&kept, Some(number)).await?.ok_or_else(unknown)?;
    let head = queries::head(house.store.read(), &kept.id, number).await?.ok_or_else(unknown)?;
    Ok((head, source))
}

/// Which images the containers of a stack that the caller sees were made of, by service.
pub(super) fn running_images(
    house: &House,
    pass: &Pass,
    name: &str,
) -> Result<BTreeMap<String, (String, Vec<String>)>, Fault> {
    let parts = whole(house, pass, name)?.parts;
    Ok(house.inventory.seen_with(house.access.sight(pass)).images_of(pass.host()?, &parts))
}

/// What is asked for where a stack is taken from those that it is shared with. Of the managers' only they see the files.
fn key_of(house: &House, host: &str, name: &str) -> Option<Target> {
    let owned = house.owners.of_key(host, &Key::of_stack(name))?;
    Some(Target::Name { host: host.to_owned(), id: owned.id.clone(), name: format!("stack {name}") })
}

/// Forgets a stack with its releases. What is on the host stays as it is, its files too.
pub(super) async fn forget(house: &House, pass: &Pass, name: &str, _: Change) -> Result<(), Fault> {
    let kept = kept(house, pass, name)?;
    if let Some(target) = key_of(house, &kept.host, name) {
        house.access.require(pass.principal(), Demand::Give, target, pass.request_id())?;
    }
    // What is being applied would write on about what is forgotten.
    let _held =
        house.jobs.hold_stack(&kept.host, name).ok_or_else(|| JobError::StackBusy(name.to_owned()))?;
    let _changing = house.owners.changing().await;
    let mut tx = house.store.begin().await?;
    queries::forget(&mut tx, &kept.id).await?;
    super::apply::forget(&mut tx, &kept.host, name).await?;
    let key = ownership::release_stack(house, &mut tx, &kept.host, name).await?;
    tx.commit().await?;
    if let Some(key) = key {
        house.owners.remove(&key);
    }
    house.stacks.change_known().remove(&(kept.host, kept.name));
    Ok(())
}

pub(super) fn kept(house: &House, pass: &Pass, name: &str) -> Result<Kept, Fault> {
    let known = whole(house, pass, name)?.known;
    known.map(|known| known.kept).ok_or_else(|| Fault::not_found(say::stack_unknown(name)))
}
