//! What a stack is made of, read on the machine of whoever deploys it: the compose files and what they name, beneath the
//! stack's folder and nowhere else, and the variables that they were told of.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    env, fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use longshore_api::{
    web::stack::{FILES_MAX, SOURCE_MAX, StackFinding, StackSource, Variable},
    words::say,
};
use longshore_compose::{
    beside,
    dotenv::{self, Format},
    load::{FileError, Files, Loaded, Request, discover, load},
    model::Project,
    problem::{Finding, Findings},
    room::Room,
};

use super::{Misused, print};
use crate::settings::FilesArgs;

/// Stands here for a secret that only the server knows.
const KEPT: &str = "secret";
/// What a repository keeps for itself is never part of a stack.
const NEVER: &str = ".git";

/// What was read.
pub(super) enum Gathered {
    /// All that belongs to it.
    Whole {
        /// What the stack is called.
        name: String,
        /// Its files and variables.
        source: StackSource,
    },
    /// Files have errors.
    Wrong(Vec<StackFinding>),
}

/// Reads what the command line names.
pub(super) fn gather(args: &FilesArgs) -> anyhow::Result<Gathered> {
    let disk = Disk::of(args)?;
    let main = args.file.iter().map(|file| disk.relative(file)).collect::<anyhow::Result<Vec<_>>>()?;
    let variables = match variables(args)? {
        Ok(variables) => variables,
        Err(wrong) => return Ok(Gathered::Wrong(wrong)),
    };
    let value = |it: &Variable| it.value.clone().unwrap_or_else(|| KEPT.to_owned());
    let values: BTreeMap<String, String> =
        variables.iter().map(|(name, it)| (name.clone(), value(it))).collect();
    let files = if main.is_empty() {
        let found = discover("", &values, &disk).map(|main| main.files).unwrap_or_default();
        if found.is_empty() {
            return Err(Misused::because(format!(
                "there is no compose.yaml in {}: name a file by --file",
                disk.root.display()
            )));
        }
        // What was only looked at is no part of it.
        disk.read.borrow_mut().clear();
        found
    } else {
        main.clone()
    };
    let request = Request {
        files,
        name: args.name.clone(),
        variables: values,
        secret: variables.values().filter(|it| it.secret).map(|it| it.name.clone()).collect(),
        profiles: args.profile.clone(),
        ..Request::new(&disk.root.to_string_lossy(), "")
    };
    let Loaded { project, findings, tree, .. } = load(&request, &disk);
    let written = tree.as_ref().and_then(|tree| tree.get("name")?.as_text()).map(str::to_owned);
    // With a secret that is not known here, what else is wrong is the server's to say.
    let blind = args.keep_secret.is_empty() || disk.refused.get() || written.is_none();
    if project.is_none() && blind {
        return Ok(Gathered::Wrong(findings.iter().map(Finding::shown).collect()));
    }
    if let Some(project) = &project {
        disk.beside(project, &args.leave)?;
    }
    let files = disk.texts()?;
    let source = StackSource {
        files,
        main,
        profiles: args.profile.clone(),
        variables: variables.into_values().collect(),
    };
    Ok(Gathered::Whole { name: written.unwrap_or_default(), source })
}

/// The variables by their names: those of files, those of the command line over them, and the secret ones.
fn variables(args: &FilesArgs) -> anyhow::Result<Result<BTreeMap<String, Variable>, Vec<StackFinding>>> {
    let mut given = BTreeMap::new();
    for var in &args.var {
        let value = var.value.clone().map_or_else(|| of_environment(&var.name, "--var"), Ok)?;
        given.insert(var.name.clone(), value);
    }
    let mut known = BTreeMap::new();
    let mut findings = Findings::default();
    for file in &args.env_file {
        let shown = file.display().to_string();
        let text = fs::read_to_string(file).with_context(|| format!("{shown} cannot be read"))?;
        known.extend(dotenv::read(
            &shown,
            &text,
            Format::Compose,
            &given,
            &mut findings,
            &mut Room::default(),
        ));
    }
    if findings.any_error() {
        return Ok(Err(findings.into_sorted().iter().map(Finding::shown).collect()));
    }
    known.extend(given);
    let open = known.into_iter().map(|(name, value)| Variable { name, value: Some(value), secret: false });
    let mut all: BTreeMap<String, Variable> = open.map(|it| (it.name.clone(), it)).collect();
    for name in &args.secret {
        let value = Some(of_environment(name, "--secret")?);
        all.insert(name.clone(), Variable { name: name.clone(), value, secret: true });
    }
    for name in &args.keep_secret {
        all.insert(name.clone(), Variable { name: name.clone(), value: None, secret: true });
    }
    Ok(Ok(all))
}

/// A variable of the environment, which an option asks for.
pub(super) fn of_environment(name: &str, flag: &str) -> anyhow::Result<String> {
    // An empty name, or one with =, is none that could be asked for.
    let is_name = !name.is_empty() && !name.contains(['=', '\0']);
    let found = is_name.then(|| env::var_os(name)).flatten();
    let found = found
        .ok_or_else(|| Misused::because(format!("your environment has no {name}, which {flag} asks for")))?;
    found.into_string().map_err(|_| Misused::because(format!("{name} of your environment is not text")))
}

/// The stack's folder. What was read of it is kept.
struct Disk {
    root: PathBuf,
    read: RefCell<BTreeMap<String, Vec<u8>>>,
    /// A file that is there was not to be read.
    refused: Cell<bool>,
}

impl Disk {
    fn of(args: &FilesArgs) -> anyhow::Result<Self> {
        let here = env::current_dir().context("the current folder cannot be read")?;
        let folder = match (&args.folder, args.file.first()) {
            (Some(folder), _) => here.join(folder),
            (None, Some(file)) => here.join(file).parent().map(Path::to_owned).unwrap_or(here),
            (None, None) => here,
        };
        let root = fs::canonicalize(&folder)
            .map_err(|error| Misused::because(format!("{} cannot be read: {error}", folder.display())))?;
        Ok(Self { root, read: RefCell::default(), refused: Cell::new(false) })
    }

    /// A file of the command line, from the stack's folder.
    fn relative(&self, file: &Path) -> anyhow::Result<String> {
        let shown = file.display();
        let wrong = |why: &str| Misused::because(format!("{shown} {why}"));
        let (Some(folder), Some(name)) = (file.parent(), file.file_name()) else {
            return Err(wrong("is no file"));
        };
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let folder = fs::canonicalize(folder).map_err(|error| wrong(&format!("cannot be read: {error}")))?;
        let whole = folder.join(name);
        if !whole.exists() {
            return Err(wrong("is not there"));
        }
        let beneath = whole.strip_prefix(&self.root).ok().and_then(Path::to_str);
        let beneath = beneath.ok_or_else(|| wrong(&format!("is not beneath {}", self.root.display())))?;
        Ok(beneath.to_owned())
    }

    /// Where a path leads, if that is within the folder.
    fn within(&self, path: &Path) -> Result<PathBuf, FileError> {
        let whole = fs::canonicalize(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => FileError::Missing,
            _ => FileError::Other(error.to_string()),
        })?;
        if whole.starts_with(&self.root) { Ok(whole) } else { Err(FileError::Outside) }
    }

    fn fresh(&self, path: &str) -> Result<Vec<u8>, FileError> {
        let whole = self.within(&self.root.join(path))?;
        let other = |error: io::Error| FileError::Other(error.to_string());
        let meta = fs::metadata(&whole).map_err(other)?;
        // Reading what is no file may never end.
        if !meta.is_file() {
            return Err(FileError::Other("no file".to_owned()));
        }
        let bytes = usize::try_from(meta.len()).unwrap_or(usize::MAX);
        if bytes > SOURCE_MAX {
            return Err(FileError::TooLarge { bytes, limit: SOURCE_MAX });
        }
        fs::read(&whole).map_err(other)
    }

    /// Takes in what services mount of the folder, the secrets and configs that are files, and what images are built of.
    fn beside(&self, project: &Project, leave: &[String]) -> anyhow::Result<()> {
        let root = self.root.to_string_lossy();
        let stays = |path: &Path| {
            let left = |it: &String| path.starts_with(it.trim_start_matches("./").trim_end_matches('/'));
            path.components().any(|part| part.as_os_str() == NEVER) || leave.iter().any(left)
        };
        for path in beside::mounted(project, &root) {
            self.take(Path::new(&path), &|path, _| stays(path))?;
        }
        for context in beside::built(project, &root) {
            // All or nothing of it: of a part something else would be built, and an image that is there needs none.
            let before = self.read.borrow().clone();
            if let Err(why) = self.context(&context, &stays) {
                self.read.replace(before);
                let folder = if context.folder.is_empty() { "." } else { &context.folder };
                print::aside(format!("No image can be built of {folder}: {why:#}"));
            }
        }
        Ok(())
    }

    /// Takes in what an image is built of.
    fn context(&self, context: &beside::Context, stays: &dyn Fn(&Path) -> bool) -> anyhow::Result<()> {
        let ignored = context.ignored(|path| String::from_utf8(self.read(path).ok()?).ok());
        let ignored = ignored.context("its .dockerignore has too many rules")?;
        let left = |path: &Path, is_folder: bool| {
            let within = path.to_str().and_then(|path| context.within(path)).filter(|it| !it.is_empty());
            let ignores = |path| if is_folder { ignored.has_all_of(path) } else { ignored.has(path) };
            stays(path) || within.is_some_and(ignores)
        };
        self.take(Path::new(&context.folder), &left)?;
        // The builder gets it, whatever is left out.
        if let Some(dockerfile) = &context.dockerfile {
            self.take(Path::new(dockerfile), &|path, _| stays(path))?;
        }
        self.weigh()?;
        self.read.borrow().iter().try_for_each(|(path, bytes)| text(path, bytes).map(|_| ()))
    }

    /// Takes in a file, or all of a folder but for what is left out of it, as it is asked for a path and whether that is
    /// a folder.
    fn take(&self, path: &Path, left: &dyn Fn(&Path, bool) -> bool) -> anyhow::Result<()> {
        let shown = path.display();
        let whole = match self.within(&self.root.join(path)) {
            Ok(whole) => whole,
            // The engine makes a folder of it.
            Err(FileError::Missing) => return Ok(()),
            Err(_) if left(path, false) => return Ok(()),
            Err(FileError::Outside) => bail!(say::compose_file_outside(shown.to_string())),
            Err(why) => bail!("{shown} cannot be read: {why:?}"),
        };
        if left(path, whole.is_dir()) {
            return Ok(());
        }
        if whole.is_dir() {
            // A link to what is above it would never end.
            let above = path.parent().and_then(|above| fs::canonicalize(self.root.join(above)).ok());
            if !path.as_os_str().is_empty() && above.is_some_and(|above| above.starts_with(&whole)) {
                return Ok(());
            }
            for entry in fs::read_dir(&whole).with_context(|| format!("{shown} cannot be read"))? {
                self.take(&path.join(entry?.file_name()), left)?;
                self.weigh()?;
            }
            return Ok(());
        }
        let name = path.to_str().with_context(|| format!("{shown} has a name that is not text"))?;
        match self.read(name) {
            Ok(_) => Ok(()),
            Err(FileError::TooLarge { bytes, limit }) => {
                bail!("{shown}: {} {LEAVE}", say::stack_source_large(bytes as u64, limit as u64))
            }
            Err(FileError::Other(why)) => bail!("{shown} cannot be read: {why}"),
            Err(why) => bail!("{shown} cannot be read: {why:?}"),
        }
    }

    /// Whether it is all of a size that the server takes.
    fn weigh(&self) -> anyhow::Result<()> {
        let bytes: usize = self.read.borrow().iter().map(|(path, text)| path.len() + text.len()).sum();
        if bytes > SOURCE_MAX {
            bail!("{} {LEAVE}", say::stack_source_large(bytes as u64, SOURCE_MAX as u64));
        }
        if self.read.borrow().len() > FILES_MAX {
            bail!("{} {LEAVE}", say::stack_files_many(FILES_MAX));
        }
        Ok(())
    }

    /// All that was read.
    fn texts(&self) -> anyhow::Result<BTreeMap<String, String>> {
        self.weigh()?;
        let one = |(path, bytes): (String, Vec<u8>)| {
            text(&path, &bytes).map(str::to_owned).map(|text| (path, text))
        };
        self.read.take().into_iter().map(one).collect()
    }
}

fn text<'a>(path: &str, bytes: &'a [u8]) -> anyhow::Result<&'a str> {
    let read = std::str::from_utf8(bytes).ok();
    read.with_context(|| format!("{path} is not text, and the files of a stack are. {LEAVE}"))
}

/// The way out where a service names too much.
const LEAVE: &str = "What a service mounts or is built of and is not to be sent is named by --leave; of what it is built of, also by .dockerignore.";

impl Files for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        let read = self.fresh(path);
        match &read {
            Ok(bytes) => _ = self.read.borrow_mut().insert(path.to_owned(), bytes.clone()),
            Err(FileError::Missing) => {}
            Err(_) => self.refused.set(true),
        }
        read
    }
}
