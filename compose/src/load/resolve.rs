//! The typed project of a merged tree: names, env files, profiles, and what follows from what is said.

use std::collections::BTreeMap;

use super::{Around, Loader, Request, is_project_name, project_name_of};
use crate::{
    dotenv::{self, Format},
    interpolate,
    model::{Dependency, EnvFile, Project, Service},
    paths,
    place::Place,
    problem::{Finding, Problem},
    tree::{Map, Node, Value},
    validate,
};

/// The prefix of what names another service: `network_mode: service:db`.
pub(crate) const SERVICE: &str = "service:";

impl Loader<'_> {
    pub(super) fn project(&mut self, request: &Request) -> Option<(Option<Project>, Node)> {
        let first = request.files.first().map(String::as_str).unwrap_or_default();
        let start = Place::start(first);
        let files: Vec<String> = request.files.iter().map(|file| paths::join(&self.root, file)).collect();
        let folder = match &request.folder {
            Some(folder) => paths::join(&self.root, folder),
            None => {
                files.first().map(|file| paths::folder(file).to_owned()).unwrap_or_else(|| self.root.clone())
            }
        };
        let mut variables = self.variables(&folder, request.env_files.as_deref(), &request.variables, &start);
        let name = self.name(request, &files, &folder, &variables, &start);
        variables.insert("COMPOSE_PROJECT_NAME".to_owned(), name.clone());
        let chain = files.first().cloned().into_iter().collect::<Vec<_>>();
        let around = Around { folder: &folder, variables: &variables, chain: &chain };
        let mut tree = self.model(&files, &around, &start)?;
        let at = tree.at.clone();
        if let Some(map) = tree.as_map_mut() {
            map.insert("name".to_owned(), crate::tree::Entry { node: Node::text(name, &at), at });
        }
        let json = tree.to_json();
        if self.findings.any_error() {
            return Some((None, tree));
        }
        let mut project: Project = match serde_json::from_value(json) {
            Ok(project) => project,
            Err(error) => {
                let problem = Problem::Internal { said: error.to_string() };
                self.findings.add(Finding::new(problem, tree.at.clone()));
                return Some((None, tree));
            }
        };
        project.working_dir = folder;
        project.files = files;
        self.environment(&mut project, &tree, &variables);
        self.seccomp(&mut project, &tree);
        self.dockerfiles(&project, &tree);
        project.variables = granted(&project, &variables);
        self.grants(&project, &tree);
        imply(&mut project);
        self.profiles(&mut project, request, &variables, &tree);
        validate::check(&project, &tree, &mut self.findings);
        Some((Some(project), tree))
    }

    /// The project's name: as it was asked for, by its variable, by the last file that says one, by its folder.
    fn name(
        &mut self,
        request: &Request,
        files: &[String],
        folder: &str,
        variables: &BTreeMap<String, String>,
        start: &Place,
    ) -> String {
        let asked = request.name.clone().or_else(|| variables.get("COMPOSE_PROJECT_NAME").cloned());
        let mut written: Option<(String, Place)> = None;
        for path in files.iter().filter(|_| asked.is_none()) {
            let documents = self.documents(path, start).unwrap_or_default();
            for mut document in documents {
                let Some(name) = document.as_map_mut().and_then(|map| map.shift_remove("name")) else {
                    continue;
                };
                let (key, at) = ("name".to_owned(), name.at.clone());
                let mut alone = Node::new(Value::Map(Map::from_iter([(key, name)])), at.clone());
                interpolate::fill_tree(&mut alone, variables, &mut self.findings, &mut self.room);
                written = alone.get("name").and_then(Node::as_text).map(|name| (name.to_owned(), at));
            }
        }
        let (name, at) = match (asked, written) {
            (Some(name), _) => (name, start.clone()),
            (None, Some(written)) => written,
            (None, None) => (project_name_of(paths::last(folder)), start.clone()),
        };
        if name.is_empty() {
            self.findings.add(Finding::new(Problem::NoProjectName, at));
        } else if !is_project_name(&name) {
            self.findings.say(Problem::BadProjectName { name: name.clone() }, &at, "name");
        }
        name
    }

    /// Environments with what env files add, and with what a name alone reads from around; labels with label files.
    fn environment(&mut self, project: &mut Project, tree: &Node, variables: &BTreeMap<String, String>) {
        for (name, service) in &mut project.services {
            let mut from_files = BTreeMap::new();
            for (n, file) in service.env_file.iter().enumerate() {
                let n = n.to_string();
                let at = tree.place(["services", name, "env_file", &n, "path"]).clone();
                from_files.extend(self.env_file(file, variables, &at));
            }
            for (variable, value) in service.environment.iter_mut().filter(|(_, value)| value.is_none()) {
                let at = tree.place(["services", name, "environment", variable]);
                *value = self.copied(variables.get(variable), at);
            }
            for (variable, value) in from_files {
                service.environment.entry(variable).or_insert(Some(value));
            }
            for args in service.build.iter_mut().map(|build| &mut build.args) {
                for (arg, value) in args.iter_mut().filter(|(_, value)| value.is_none()) {
                    let at = tree.place(["services", name, "build", "args", arg]);
                    *value = self.copied(variables.get(arg), at);
                }
            }
            for (n, file) in service.label_file.iter().enumerate() {
                let n = n.to_string();
                let at = tree.place(["services", name, "label_file", &n]).clone();
                let file = EnvFile { path: file.clone(), required: true, ..EnvFile::default() };
                for (label, value) in self.env_file(&file, variables, &at) {
                    service.labels.entry(label).or_insert(value);
                }
            }
        }
    }

    /// A variable's value once more, if there is room for it.
    fn copied(&mut self, value: Option<&String>, at: &Place) -> Option<String> {
        let value = value?;
        self.room_for(value.len(), at)?;
        Some(value.clone())
    }

    /// What is put into containers is made for each service that is granted it.
    fn grants(&mut self, project: &Project, tree: &Node) {
        for (name, service) in &project.services {
            for (n, grant) in service.secrets.iter().enumerate() {
                let secret = project.secrets.get(&grant.source);
                let text = secret.and_then(|secret| project.variables.get(&secret.environment));
                let n = n.to_string();
                let at = tree.place(["services", name, "secrets", &n]);
                if self.room_for(text.map_or(0, String::len), at).is_none() {
                    return;
                }
            }
            for (n, grant) in service.configs.iter().enumerate() {
                let config = project.configs.get(&grant.source);
                let text = config.and_then(|config| {
                    config.content.as_ref().or_else(|| project.variables.get(&config.environment))
                });
                let n = n.to_string();
                let at = tree.place(["services", name, "configs", &n]);
                if self.room_for(text.map_or(0, String::len), at).is_none() {
                    return;
                }
            }
        }
    }

    fn env_file(
        &mut self,
        file: &EnvFile,
        variables: &BTreeMap<String, String>,
        at: &Place,
    ) -> indexmap::IndexMap<String, String> {
        let text = if file.required { self.text(&file.path, at) } else { self.optional(&file.path, at) };
        let format = if file.format == "raw" { Format::Raw } else { Format::Compose };
        let shown = self.shown(&file.path);
        match text {
            Some(text) => dotenv::read(&shown, &text, format, variables, &mut self.findings, &mut self.room),
            None => indexmap::IndexMap::new(),
        }
    }

    /// Reads the profiles of system calls, which the engine is given and not named.
    fn seccomp(&mut self, project: &mut Project, tree: &Node) {
        for (name, service) in &project.services {
            for (n, option) in service.security_opt.iter().enumerate() {
                let Some(path) = seccomp_file(option).filter(|path| !project.seccomp.contains_key(*path))
                else {
                    continue;
                };
                let at = tree.place(["services", name, "security_opt", &n.to_string()]).clone();
                let Some(text) = self.text(&paths::join(&project.working_dir, path), &at) else { continue };
                match serde_json::from_str::<serde_json::Value>(&text) {
                    Ok(profile) => {
                        project.seccomp.insert(path.to_owned(), profile.to_string());
                    }
                    Err(error) => {
                        let problem =
                            Problem::FileUnreadable { file: path.to_owned(), said: error.to_string() };
                        self.findings.say(problem, &at, &format!("services.{name}.security_opt.{n}"));
                    }
                }
            }
        }
    }

    /// A Dockerfile is in the stack's folder too, wherever it is from its context.
    fn dockerfiles(&mut self, project: &Project, tree: &Node) {
        for (name, service) in &project.services {
            let Some(build) = service.build.as_ref().filter(|build| !paths::is_elsewhere(&build.context))
            else {
                continue;
            };
            if paths::below(&self.root, &paths::join(&build.context, &build.dockerfile)).is_none() {
                let at = tree.place(["services", name, "build", "dockerfile"]);
                let problem = Problem::FileOutside { file: build.dockerfile.clone() };
                self.findings.say(problem, at, &format!("services.{name}.build.dockerfile"));
            }
        }
    }

    /// Takes out the services that no active profile has. One that is asked for activates its own.
    fn profiles(
        &mut self,
        project: &mut Project,
        request: &Request,
        variables: &BTreeMap<String, String>,
        tree: &Node,
    ) {
        let mut active: Vec<String> = request.profiles.clone();
        if active.is_empty() {
            let said = variables.get("COMPOSE_PROFILES").into_iter().flat_map(|said| said.split(','));
            active
                .extend(said.map(|profile| profile.trim().to_owned()).filter(|profile| !profile.is_empty()));
        }
        for name in &request.services {
            match project.services.get(name) {
                Some(service) => active.extend(service.profiles.iter().cloned()),
                None => {
                    let near = self.findings.near(name, project.services.keys().map(String::as_str));
                    let problem = Problem::NoSuchService { service: name.clone(), near };
                    self.findings.say(problem, &tree.at, "services");
                }
            }
        }
        let all = active.iter().any(|profile| profile == "*");
        let on = |service: &Service| {
            all || service.profiles.is_empty()
                || service.profiles.iter().any(|profile| active.contains(profile))
        };
        let services = std::mem::take(&mut project.services);
        (project.services, project.disabled) = services.into_iter().partition(|(_, service)| on(service));
    }
}

/// The file of a profile of system calls that an option names.
pub(crate) fn seccomp_file(option: &str) -> Option<&str> {
    let path = option.strip_prefix("seccomp=").or_else(|| option.strip_prefix("seccomp:"))?;
    (!matches!(path, "unconfined" | "builtin") && !path.starts_with('{')).then_some(path)
}

/// The variables that secrets and configs are made of.
fn granted(project: &Project, variables: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let secrets = project.secrets.values().map(|secret| &secret.environment);
    let configs = project.configs.values().map(|config| &config.environment);
    secrets.chain(configs).filter_map(|name| Some((name.clone(), variables.get(name)?.clone()))).collect()
}

/// Adds what follows from what is said: the default network, names of resources, and the dependencies of links and of
/// shared namespaces.
fn imply(project: &mut Project) {
    let mut default = false;
    for service in project.services.values_mut() {
        if service.network_mode.is_empty() && service.provider.is_none() {
            if service.networks.is_empty() {
                service.networks.insert("default".to_owned(), None);
            }
            default |= service.networks.contains_key("default");
        }
        for secret in service.secrets.iter_mut().filter(|secret| secret.target.is_empty()) {
            secret.target = format!("/run/secrets/{}", secret.source);
        }
        if service.pull_policy == "if_not_present" {
            "missing".clone_into(&mut service.pull_policy);
        }
        for (name, restart) in implied(service) {
            service.depends_on.entry(name).or_insert_with(|| Dependency {
                condition: "service_started".to_owned(),
                restart,
                required: true,
                ..Dependency::default()
            });
        }
    }
    if default {
        project.networks.entry("default".to_owned()).or_default();
    }
    let of_project = project.name.clone();
    let name = |name: &mut String, key: &str, external: bool| {
        if name.is_empty() {
            *name = if external { key.to_owned() } else { format!("{of_project}_{key}") };
        }
    };
    project.networks.iter_mut().for_each(|(key, it)| name(&mut it.name, key, it.external));
    project.volumes.iter_mut().for_each(|(key, it)| name(&mut it.name, key, it.external));
    project.secrets.iter_mut().for_each(|(key, it)| name(&mut it.name, key, it.external));
    project.configs.iter_mut().for_each(|(key, it)| name(&mut it.name, key, it.external));
}

/// The services that one waits for without saying so, and whether it is restarted with them.
fn implied(service: &Service) -> Vec<(String, bool)> {
    let linked =
        service.links.iter().map(|link| (link.split(':').next().unwrap_or_default().to_owned(), true));
    let modes = [&service.network_mode, &service.ipc, &service.pid, &service.uts, &service.cgroup];
    let shared = modes.into_iter().filter_map(|mode| Some((mode.strip_prefix(SERVICE)?.to_owned(), true)));
    let mounts = service.volumes_from.iter().filter(|from| !from.starts_with("container:"));
    let mounts = mounts.map(|from| (from.split(':').next().unwrap_or_default().to_owned(), false));
    linked.chain(shared).chain(mounts).collect()
}
