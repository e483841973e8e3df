//! A host that does what plans say, as an engine would: what has no place, no name or no image is refused.

use std::collections::{BTreeMap, BTreeSet};

use longshore_api::ops::spec::{ContainerSpec, is_user_defined};
use longshore_compose::{
    engine,
    labels::Which,
    model::Project,
    plan::{self, Container, Deed, Kept, Obstacle, Plan, Step, There, Wish},
};
use serde_json::{Value as Json, json};

/// A host.
#[derive(Clone, Debug, Default)]
pub struct Host {
    pub there: There,
    made: u64,
    /// The ids of those that are removed once all else is done.
    going: BTreeSet<String>,
}

impl Host {
    /// A host that has all images of a project.
    pub fn for_project(project: &Project) -> Self {
        let mut host = Self::default();
        for image in plan::Questions::of(project, &BTreeMap::new()).images {
            host.image(&image, json!({"Env": ["PATH=/bin"], "Cmd": ["serve"], "Volumes": {"/image": {}}}));
        }
        host
    }

    /// Gives a name to a new image. The one that had it stays, by its id.
    pub fn image(&mut self, name: &str, config: Json) {
        let id = format!("sha256:{}", self.id());
        if let Some(old) = self.there.images.remove(name) {
            self.there.images.insert(old["Id"].as_str().expect("an id").to_owned(), old);
        }
        let image = json!({"Id": id, "Os": "linux", "Architecture": "amd64", "Config": config});
        self.there.images.insert(name.to_owned(), image);
    }

    pub fn plan(&self, project: &Project, wish: &Wish) -> Result<Plan, Vec<Obstacle>> {
        plan::plan(project, &self.there, wish, &BTreeSet::from(["hush-hush".to_owned()]))
    }

    /// Plans and does it; what was planned.
    pub fn does(&mut self, project: &Project, wish: &Wish) -> Plan {
        let plan = self.plan(project, wish).unwrap_or_else(|all| panic!("{all:#?}"));
        self.apply(project, &plan);
        plan
    }

    /// Does what a plan says: each step as soon as what it waits for is done, the later ones first, so that whatever is
    /// needed and not waited for is missed.
    pub fn apply(&mut self, project: &Project, plan: &Plan) {
        let mut listed: BTreeSet<&str> = BTreeSet::new();
        for step in &plan.steps {
            let early = step.after.iter().find(|other| !listed.contains(other.as_str()));
            assert_eq!(early, None, "{} stands before what it waits for", step.key);
            assert!(listed.insert(&step.key), "{} is there twice", step.key);
        }
        let mut left: Vec<_> = plan.steps.iter().collect();
        let mut done: BTreeSet<&str> = BTreeSet::new();
        while !left.is_empty() {
            let ready =
                left.iter().rposition(|step| step.after.iter().all(|key| done.contains(key.as_str())));
            let step = left.remove(ready.expect("none waits for a later one"));
            self.leave_name(step);
            self.step(project, &step.deed);
            done.insert(&step.key);
        }
        for id in std::mem::take(&mut self.going) {
            self.remove(&id);
        }
    }

    /// What goes leaves its name to one that waits for that.
    fn leave_name(&mut self, step: &Step) {
        let (Deed::CreateContainer { name, .. } | Deed::RecreateContainer { name, .. }) = &step.deed else {
            return;
        };
        let going = |it: &&mut Json| {
            it["Name"] == format!("/{name}") && self.going.contains(it["Id"].as_str().unwrap_or_default())
        };
        if step.takes_name(name)
            && let Some(old) = self.there.containers.iter_mut().find(going)
        {
            old["Name"] = json!(format!("/{name}-before"));
        }
    }

    fn step(&mut self, project: &Project, deed: &Deed) {
        match deed {
            Deed::PullImage { image, platform, .. } => {
                self.image(image, json!({"Cmd": ["serve"]}));
                if let Some((os, arch)) = platform.split_once('/') {
                    let image = self.there.images.get_mut(image).expect("the image");
                    (image["Os"], image["Architecture"]) = (json!(os), json!(arch));
                }
            }
            Deed::BuildImage { image, .. } => self.image(image, json!({"Cmd": ["serve"]})),
            Deed::CreateNetwork { network, .. } => self.network(project, network),
            Deed::RecreateNetwork { network, id, attached, .. } => {
                self.there.networks.retain(|it| it["Id"] != *id);
                self.network(project, network);
                let name = &project.networks[network].name;
                let new = self.network_id(name);
                for it in attached {
                    let container = self.container_mut(&it.id);
                    let networks =
                        container["NetworkSettings"]["Networks"].as_object_mut().expect("networks");
                    let mut endpoint = networks.remove(name).expect("it is on it");
                    if it.back {
                        endpoint["NetworkID"] = json!(new);
                        networks.insert(name.clone(), endpoint);
                    }
                }
            }
            Deed::RemoveNetwork { id, .. } => {
                let stays = |it: &Container<'_>| !self.going.contains(it.id());
                let on = self.there.all().filter(stays).find(|it| it.networks().any(|(_, on)| on == id));
                assert!(on.is_none(), "{:?} is on the network", on.map(Container::name));
                self.there.networks.retain(|it| it["Id"] != *id);
            }
            Deed::CreateVolume { volume, .. } => {
                let mut volume = engine::volume(project, volume, &project.volumes[volume]);
                volume["Options"] = volume["DriverOpts"].take();
                self.there.volumes.push(volume);
            }
            Deed::RemoveVolume { name } => {
                let stays = |it: &Container<'_>| !self.going.contains(it.id());
                let user =
                    self.there.all().filter(stays).find(|it| it.mounts().any(|mount| mount["Name"] == *name));
                assert!(user.is_none(), "{:?} uses the volume", user.map(Container::name));
                self.there.volumes.retain(|it| it["Name"] != *name);
            }
            Deed::CreateContainer { service, number, name, image, start } => {
                self.create(project, (service, *number), name, image, &[], *start);
            }
            Deed::RecreateContainer { service, number, id, was, name, image, keep_volumes, start } => {
                let old = self.remove(id);
                assert_eq!(Container(&old).name(), was);
                self.create(project, (service, *number), name, image, keep_volumes, *start);
            }
            Deed::StartContainer { id, .. } => {
                assert!(!Container(self.container_mut(id)).is_up(), "it runs already");
                self.state(id, "running");
            }
            Deed::UnpauseContainer { id, .. } | Deed::RestartContainer { id, .. } => {
                self.state(id, "running");
            }
            Deed::StopContainer { id, .. } => self.state(id, "exited"),
            Deed::RemoveContainer { id, .. } => {
                self.state(id, "exited");
                self.going.insert(id.clone());
            }
            Deed::WaitFor { service, .. } => {
                let stays = |it: &Container<'_>| !self.going.contains(it.id());
                let mut all = self.there.of(&project.name).filter(stays).filter(|it| it.service() == service);
                assert!(all.any(Container::is_up), "{service} is waited for and does not run");
            }
        }
    }

    /// Puts a container into a state.
    pub fn state(&mut self, id: &str, status: &str) {
        self.container_mut(id)["State"] = json!({"Status": status, "ExitCode": 0});
    }

    /// The container of a name.
    pub fn named(&self, name: &str) -> Container<'_> {
        self.there.all().find(|it| it.name() == name).unwrap_or_else(|| panic!("no container {name}"))
    }

    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.there.all().map(Container::name).collect();
        names.sort_unstable();
        names
    }

    pub fn container_mut(&mut self, id: &str) -> &mut Json {
        self.there.containers.iter_mut().find(|it| it["Id"] == id).expect("the container")
    }

    pub fn remove(&mut self, id: &str) -> Json {
        let at = self.there.containers.iter().position(|it| it["Id"] == id).expect("the container");
        self.there.containers.remove(at)
    }

    fn id(&mut self) -> String {
        self.made += 1;
        format!("{:064x}", u128::from(self.made) << 64 | 0xabc).chars().rev().collect()
    }

    fn network(&mut self, project: &Project, key: &str) {
        let mut network = engine::network(project, key, &project.networks[key]);
        network["Id"] = json!(self.id());
        if network["IPAM"].is_null() {
            network["IPAM"] = json!({"Driver": "default", "Config": [{"Subnet": "172.18.0.0/16", "Gateway": "172.18.0.1"}]});
        }
        self.there.networks.push(network);
    }

    fn network_id(&self, name: &str) -> String {
        let found = self.there.networks.iter().find(|it| it["Name"] == name);
        let found = found.unwrap_or_else(|| panic!("there is no network {name}"));
        found["Id"].as_str().expect("an id").to_owned()
    }

    fn create(
        &mut self,
        project: &Project,
        (service, number): (&str, u64),
        name: &str,
        image: &str,
        kept: &[Kept],
        start: bool,
    ) {
        assert!(self.there.all().all(|it| it.name() != name), "{name} is taken");
        let of_image = self.there.image(image).unwrap_or_else(|| panic!("there is no image {image}")).clone();
        let mut given = engine::There::new();
        for it in self.there.of(&project.name).filter(|it| !self.going.contains(it.id())) {
            given.entry(it.service().to_owned()).or_default().push(it.id().to_owned());
        }
        let which = Which::Number(number);
        let mut spec = engine::container(project, service, which, of_image["Id"].as_str(), &given)
            .expect("all that it needs");
        image.clone_into(&mut spec.body.image);
        for kept in kept {
            spec.body.host.mounts.retain(|mount| mount.target != kept.target);
            spec.body.host.binds.push(format!("{}:{}:rw", kept.volume, kept.target));
        }
        let made = self.inspection(name, &spec, &of_image);
        self.there.containers.push(made);
        let id = self.named(name).id().to_owned();
        self.state(&id, if start { "running" } else { "created" });
    }

    /// What an engine would say of a container that it was asked for.
    fn inspection(&mut self, name: &str, spec: &ContainerSpec, image: &Json) -> Json {
        let id = self.id();
        let mut config = spec.to_engine();
        let mut host = config["HostConfig"].take();
        let asked = config["NetworkingConfig"]["EndpointsConfig"].take();
        let of_image = &image["Config"];
        let mut env = config["Env"].as_array().cloned().unwrap_or_default();
        let name_of = |entry: &Json| {
            entry.as_str().unwrap_or_default().split('=').next().unwrap_or_default().to_owned()
        };
        for entry in of_image["Env"].as_array().into_iter().flatten() {
            if !env.iter().any(|own| name_of(own) == name_of(entry)) {
                env.push(entry.clone());
            }
        }
        config["Env"] = json!(env);
        if config["Entrypoint"].as_array().is_none_or(Vec::is_empty) && config["Cmd"].is_null() {
            config["Cmd"] = of_image["Cmd"].clone();
        }
        if config["Entrypoint"].is_null() {
            config["Entrypoint"] = of_image["Entrypoint"].clone();
        }
        if config["Hostname"].is_null() {
            config["Hostname"] = json!(id[..12]);
        }
        let mut mounts = Vec::new();
        let mut mount = |name: &str, target: &str| {
            mounts.push(json!({"Type": "volume", "Name": name, "Destination": target, "RW": true}))
        };
        for bind in &spec.body.host.binds {
            let (from, rest) = bind.split_once(':').expect("a bind");
            if !from.starts_with('/') {
                assert!(from.len() == 64 || self.there.volume(from).is_some(), "there is no volume {from}");
                mount(from, rest.split(':').next().expect("a target"));
            }
        }
        let made_up = |target: &str, n: usize| format!("{:0>64}", format!("{n:x}{}", target.len()));
        for (n, asked) in spec.body.host.mounts.iter().enumerate().filter(|(_, it)| it.kind == "volume") {
            let own = made_up(&asked.target, n + self.there.containers.len() * 16);
            mount(if asked.source.is_empty() { &own } else { &asked.source }, &asked.target);
        }
        if let Some(volumes) = of_image["Volumes"].as_object() {
            config["Volumes"] = json!(volumes);
        }
        let all =
            [("Runtime", json!("runc")), ("IpcMode", json!("private")), ("CgroupnsMode", json!("private"))];
        for (key, value) in all
            .into_iter()
            .chain([("ShmSize", json!(64 << 20)), ("LogConfig", json!({"Type": "json-file", "Config": {}}))])
        {
            if host[key].is_null() {
                host[key] = value;
            }
        }
        if let Some(memory) = host["Memory"].as_i64().filter(|_| host["MemorySwap"].is_null()) {
            host["MemorySwap"] = json!(memory * 2);
        }
        let mut networks = json!({});
        for (name, endpoint) in
            asked.as_object().into_iter().flatten().filter(|(name, _)| is_user_defined(name))
        {
            let mut endpoint = endpoint.clone();
            let aliases = endpoint["Aliases"].as_array_mut().expect("aliases");
            aliases.push(json!(id[..12]));
            endpoint["NetworkID"] = json!(self.network_id(name));
            networks[name] = endpoint;
        }
        json!({
            "Id": id, "Name": format!("/{name}"), "Image": image["Id"], "Config": config, "HostConfig": host,
            "Mounts": mounts, "NetworkSettings": {"Networks": networks},
        })
    }
}
