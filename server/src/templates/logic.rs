//! All templates in memory, and the sources that they come from.

use std::sync::{Arc, PoisonError, RwLock};

use longshore_api::{sentence::Sentence, web::people::Made};
use longshore_templates::{
    builtin, collection,
    template::Template,
    web::{
        NAME_MAX, OneTemplate, Place, SOURCE_MAX, SOURCES_MAX, Source, SourceFinding, SourceForm, SourceHead,
        TemplateRow, Templates as List,
    },
};
use tokio::sync::watch;
use url::Url;

use super::{
    error::{NotHad, TemplateError},
    gather,
    queries::{self, SourceRow},
    queue::Queue,
};
use crate::{
    access::Change,
    store::{Store, new_id, now},
};

/// The path of a file in a repository has at most so many bytes.
const PATH_MAX: usize = 1_024;

/// The templates, with the table of their sources.
pub struct Templates {
    store: Store,
    sources: RwLock<Arc<Vec<Known>>>,
    /// What is read next, and what is being read.
    pub(super) queue: Queue,
}

/// A source with what came of its files.
#[derive(Clone)]
struct Known {
    row: SourceRow,
    read: Arc<Read>,
}

#[derive(Default)]
struct Read {
    templates: Vec<Template>,
    findings: Vec<SourceFinding>,
}

impl Read {
    fn of(files: &[(String, String)]) -> Self {
        let read = collection::read(files.iter().map(|(name, text)| (name.as_str(), text.as_str())));
        Self { templates: read.templates, findings: read.findings.iter().map(SourceFinding::from).collect() }
    }
}

/// A template that was found.
pub(super) struct Found {
    pub(super) template: Template,
    pub(super) source: Option<SourceHead>,
    /// Where its source is, if that may be a private address: whoever allowed it allowed that one, and not what templates
    /// name beside it.
    pub(super) home: Option<Url>,
}

impl Found {
    /// Whether a file of it may be fetched from a private address.
    pub(super) fn may_be_private(&self, url: &Url) -> bool {
        let at = |url: &Url| (url.host().map(|host| host.to_owned()), url.port_or_known_default());
        self.home.as_ref().is_some_and(|home| at(home) == at(url))
    }
}

impl Templates {
    /// Over its tables.
    pub async fn open(store: Store) -> sqlx::Result<Self> {
        let mut known = Vec::new();
        for row in queries::sources(store.read()).await? {
            let files = queries::files(store.read(), &row.id).await?;
            known.push(Known { row, read: Arc::new(Read::of(&files)) });
        }
        Ok(Self { store, sources: RwLock::new(Arc::new(known)), queue: Queue::default() })
    }

    fn known(&self) -> Arc<Vec<Known>> {
        Arc::clone(&self.sources.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn change(&self, change: impl FnOnce(&mut Vec<Known>)) {
        let mut held = self.sources.write().unwrap_or_else(PoisonError::into_inner);
        let mut known = held.as_ref().clone();
        change(&mut known);
        known.sort_by_key(|known| folded(&known.row.name));
        *held = Arc::new(known);
        drop(held);
        self.queue.tell();
    }

    /// Hears whenever templates or sources are others, or one is being read or no longer.
    pub fn listen(&self) -> watch::Receiver<u64> {
        self.queue.listen()
    }

    /// All of them; those that are for administrators only if `all`.
    pub fn list(&self, all: bool) -> List {
        let known = self.known();
        let shown = |template: &&Template| all || !template.administrators_only;
        let mut list = List::default();
        list.templates.extend(builtin::all().iter().filter(shown).map(|it| TemplateRow::of(it, None)));
        for Known { row, read } in known.iter() {
            let before = list.templates.len();
            let rows = read.templates.iter().filter(shown).map(|it| TemplateRow::of(it, Some(&row.id)));
            list.templates.extend(rows);
            if list.templates.len() > before {
                list.sources.push(SourceHead { id: row.id.clone(), name: row.name.clone() });
            }
        }
        list
    }

    /// One of them, whole.
    pub fn one(&self, id: &str, all: bool) -> Result<OneTemplate, TemplateError> {
        let Found { template, source, .. } = self.find(id, all)?;
        let row = TemplateRow::of(&template, source.as_ref().map(|source| source.id.as_str()));
        Ok(OneTemplate { row, source, template })
    }

    pub(super) fn find(&self, id: &str, all: bool) -> Result<Found, TemplateError> {
        let in_source = id.split_once('.').and_then(|(source, id)| {
            let known = self.known();
            let Known { row, read } = known.iter().find(|known| known.row.id == source)?;
            let template = read.templates.iter().find(|template| template.id == id)?.clone();
            let source = Some(SourceHead { id: row.id.clone(), name: row.name.clone() });
            let home = match &row.place {
                Place::Address { url, private: true } | Place::Repository { url, private: true, .. } => {
                    Url::parse(url).ok()
                }
                _ => None,
            };
            Some(Found { template, source, home })
        });
        let ours = || {
            let template = builtin::all().iter().find(|template| template.id == id)?.clone();
            Some(Found { template, source: None, home: None })
        };
        let found = in_source.or_else(ours).filter(|found| all || !found.template.administrators_only);
        found.ok_or(TemplateError::Unknown)
    }

    /// The sources.
    pub fn sources(&self) -> Vec<Source> {
        self.known().iter().map(|known| shown(known, self.queue.has(&known.row.id))).collect()
    }

    /// What a source is called.
    pub fn source_name(&self, id: &str) -> Result<String, TemplateError> {
        Ok(self.source(id)?.row.name)
    }

    fn source(&self, id: &str) -> Result<Known, TemplateError> {
        let known = self.known();
        known.iter().find(|known| known.row.id == id).cloned().ok_or(TemplateError::SourceUnknown)
    }

    /// Makes a source, which is read in a moment. That it could not be read stands beside it.
    pub async fn create(&self, _: &Change, form: SourceForm) -> Result<Made, TemplateError> {
        let id = new_id();
        self.put(&id, None, form).await?;
        Ok(Made { id })
    }

    /// Changes a source, which is read again in a moment.
    pub async fn edit(&self, _: &Change, id: &str, form: SourceForm) -> Result<(), TemplateError> {
        self.put(id, Some(self.source(id)?), form).await
    }

    async fn put(&self, id: &str, was: Option<Known>, form: SourceForm) -> Result<(), TemplateError> {
        let name = form.name.trim().to_owned();
        if name.is_empty() || name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
            return Err(TemplateError::Name);
        }
        let place = checked(form.place)?;
        let same = was.as_ref().is_some_and(|was| was.row.place == place);
        let sent = match (&place, form.text) {
            (Place::File { name }, Some(text)) if text.len() <= SOURCE_MAX => {
                Some(vec![(name.clone(), text)])
            }
            (Place::File { .. }, Some(_)) => return Err(TemplateError::Large),
            (Place::File { .. }, None) if !same => return Err(TemplateError::NoFile),
            _ => None,
        };
        let row = match was {
            Some(was) if same => SourceRow { name, ..was.row },
            was => SourceRow {
                id: id.to_owned(),
                name,
                place,
                created_at: was.map_or_else(now, |was| was.row.created_at),
                tried_at: None,
                read_at: None,
                trouble: None,
            },
        };
        let mut tx = self.store.begin().await?;
        if !queries::is_free(&mut *tx, id, &folded(&row.name)).await? {
            return Err(TemplateError::NameTaken(row.name));
        }
        queries::put(&mut tx, &row, &folded(&row.name)).await?;
        if queries::count(&mut *tx).await? > SOURCES_MAX as i64 {
            return Err(TemplateError::Many);
        }
        if !same {
            // What another place had is not what this one has.
            queries::put_files(&mut tx, id, &[]).await?;
        }
        tx.commit().await?;
        self.change(|all| match all.iter_mut().find(|known| known.row.id == id) {
            Some(known) => {
                known.row = row.clone();
                if !same {
                    known.read = Arc::default();
                }
            }
            None => all.push(Known { row: row.clone(), read: Arc::default() }),
        });
        match sent {
            Some(files) => self.take_in(id, &row.place, Ok(files)).await?,
            None if matches!(row.place, Place::File { .. }) => {}
            None => self.queue.want(id),
        }
        Ok(())
    }

    /// A source is read again in a moment.
    pub fn refresh(&self, id: &str) -> Result<(), TemplateError> {
        // One that was sent is kept as it was.
        if !matches!(self.source(id)?.row.place, Place::File { .. }) {
            self.queue.want(id);
        }
        Ok(())
    }

    /// Removes a source with its templates. What was deployed from them stays.
    pub async fn remove(&self, _: &Change, id: &str) -> Result<(), TemplateError> {
        let mut tx = self.store.begin().await?;
        if !queries::delete(&mut tx, id).await? {
            return Err(TemplateError::SourceUnknown);
        }
        tx.commit().await?;
        self.change(|all| all.retain(|known| known.row.id != id));
        Ok(())
    }

    /// The ids of those that can be read by themselves and were not tried since.
    pub(super) fn due(&self, since: i64) -> Vec<String> {
        let known = self.known();
        let due = known.iter().filter(|known| {
            !matches!(known.row.place, Place::File { .. })
                && known.row.tried_at.is_none_or(|tried| tried < since)
        });
        due.map(|known| known.row.id.clone()).collect()
    }

    /// Reads a source again from where its files are.
    pub(super) async fn read_again(&self, id: &str) -> Result<(), TemplateError> {
        let place = self.source(id)?.row.place;
        let files = match place.clone() {
            Place::Address { url, private } => match Url::parse(&url) {
                Ok(parsed) => gather::at_address(&parsed, private).await.map(|text| vec![(url, text)]),
                Err(_) => return Err(TemplateError::Address),
            },
            Place::Repository { url, path, private } => match Url::parse(&url) {
                Ok(parsed) => gather::in_repository(&parsed, &path, private).await,
                Err(_) => return Err(TemplateError::Address),
            },
            Place::Folder { path } => {
                let read = tokio::task::spawn_blocking(move || gather::in_folder(&path)).await;
                read.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
            }
            // It was sent once, and is kept as it was.
            Place::File { .. } => return Ok(()),
        };
        self.take_in(id, &place, files).await
    }

    /// What came of a try: files with a template in them take the place of what was there, all else leaves it. What is of
    /// another place than the one that it has by now is nothing.
    async fn take_in(
        &self,
        id: &str,
        place: &Place,
        files: Result<Vec<(String, String)>, NotHad>,
    ) -> Result<(), TemplateError> {
        let files = files.and_then(|files| {
            let read = Read::of(&files);
            match read.templates.is_empty() {
                true => Err(NotHad::NoTemplates(read.findings.into_iter().next().map(Box::new))),
                false => Ok((files, read)),
            }
        });
        let (at, trouble) = (now(), files.as_ref().err().map(NotHad::sentence));
        let mut tx = self.store.begin().await?;
        let is_of_now = |known: &Known| known.row.id == id && known.row.place == *place;
        if !self.known().iter().any(is_of_now) {
            return Ok(());
        }
        if !queries::tried(&mut tx, id, at, trouble.as_ref()).await? {
            return Err(TemplateError::SourceUnknown);
        }
        if let Ok((files, _)) = &files {
            queries::put_files(&mut tx, id, files).await?;
        }
        tx.commit().await?;
        self.change(|all| tried(all, id, at, trouble, files.ok().map(|(_, read)| read)));
        Ok(())
    }
}

fn tried(all: &mut [Known], id: &str, at: i64, trouble: Option<Sentence>, read: Option<Read>) {
    let Some(known) = all.iter_mut().find(|known| known.row.id == id) else { return };
    known.row.tried_at = Some(at);
    known.row.trouble = trouble;
    if let Some(read) = read {
        known.row.read_at = Some(at);
        known.read = Arc::new(read);
    }
}

fn shown(known: &Known, reading: bool) -> Source {
    let Known { row, read } = known.clone();
    Source {
        id: row.id,
        name: row.name,
        place: row.place,
        templates: read.templates.len(),
        read_at: row.read_at,
        tried_at: row.tried_at,
        trouble: row.trouble,
        findings: read.findings.clone(),
        reading,
    }
}

/// Names are compared without regard to case.
fn folded(name: &str) -> String {
    name.to_lowercase()
}

/// An address that is fetched.
fn fetched(url: &str) -> Result<Url, TemplateError> {
    let parsed = Url::parse(url.trim()).map_err(|_| TemplateError::Address)?;
    let plain = parsed.username().is_empty() && parsed.password().is_none();
    match plain && parsed.has_host() && ["http", "https"].contains(&parsed.scheme()) {
        true => Ok(parsed),
        false => Err(TemplateError::Address),
    }
}

fn checked(place: Place) -> Result<Place, TemplateError> {
    match place {
        Place::Address { url, private } => Ok(Place::Address { url: fetched(&url)?.into(), private }),
        Place::Repository { url, path, private } => {
            let path = path.trim().trim_matches('/').to_owned();
            let beneath = path.is_empty() || path.split('/').all(|part| !matches!(part, "" | "." | ".."));
            if !beneath || path.len() > PATH_MAX || path.chars().any(char::is_control) {
                return Err(TemplateError::RepositoryPath);
            }
            Ok(Place::Repository { url: fetched(&url)?.into(), path, private })
        }
        Place::Folder { path } => {
            let path = path.trim();
            if !path.starts_with('/') || path.contains('\0') {
                return Err(TemplateError::Folder);
            }
            Ok(Place::Folder { path: path.to_owned() })
        }
        Place::File { name } => {
            let last = name.rsplit(['/', '\\']).next().unwrap_or_default().trim();
            if last.is_empty() || last.chars().count() > NAME_MAX || last.chars().any(char::is_control) {
                return Err(TemplateError::NoFile);
            }
            Ok(Place::File { name: last.to_owned() })
        }
    }
}
