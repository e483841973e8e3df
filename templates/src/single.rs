//! A template of one container, as a container alone: what the engine is asked for without a project around it.

use std::collections::BTreeMap;

use longshore_api::{ops::spec::ContainerSpec, sentence::Sentence};
use longshore_compose::{
    engine::{self, There},
    labels::Which,
    load::{Files, Loaded, Request, load},
    problem::Finding,
};

use crate::{container::Container, fill::Filled, template::StackFile};

/// The file of a stack, as it is called in its folder.
pub const FILE: &str = "compose.yaml";

/// What is wrong with the files of what is to be deployed, where anything is; `at` is the path of its own.
pub fn findings(name: &str, at: &str, files: &dyn Files, filled: &Filled) -> Vec<Finding> {
    read(name, at, files, filled).findings
}

/// Reads it; its folder is called after it.
pub fn read(name: &str, at: &str, files: &dyn Files, filled: &Filled) -> Loaded {
    let mut request = Request::new(&format!("/{name}"), at);
    request.name = Some(name.to_owned());
    request.variables = filled.variables.clone();
    request.secret = filled.sealed.clone();
    load(&request, files)
}

/// The container that a template of one describes, called `name`; its volumes are called after it.
///
/// # Errors
/// The file that it is written as does not hold, or asks for what is not done here.
pub fn container(name: &str, filled: &Filled, template: &Container) -> Result<ContainerSpec, Vec<Sentence>> {
    let StackFile::Text { text } = &filled.file else { return Err(Vec::new()) };
    let loaded = read(name, FILE, &BTreeMap::from([(FILE.to_owned(), text.clone())]), filled);
    let Some(project) = loaded.project else {
        return Err(loaded.findings.iter().map(|finding| finding.problem.sentence()).collect());
    };
    let Some(service) = project.services.keys().next() else { return Err(Vec::new()) };
    let made = engine::container(&project, service, Which::Number(1), None, &There::new());
    let mut spec = made.map_err(|why| vec![why.sentence()])?;
    name.clone_into(&mut spec.name);
    // It belongs to no project: no labels of one, no network of one, no name that only the others of one would call it by.
    spec.body.labels.retain(|key, _| !key.starts_with("com.docker.compose."));
    if template.network.is_empty() {
        spec.body.host.network_mode = String::new();
        spec.body.networking.endpoints.clear();
    }
    for endpoint in spec.body.networking.endpoints.values_mut() {
        endpoint.aliases.clear();
    }
    Ok(spec)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fill::{Around, fill},
        portainer,
        template::Deploys,
    };

    fn made(template: &str) -> serde_json::Value {
        let read = portainer::read(&format!("[{template}]"));
        let template = &read.templates[0];
        let mut around = Around { random: &mut |bytes| bytes.fill(7), taken: &|_, _| false };
        let filled = fill(template, &BTreeMap::new(), &mut around).expect("answers");
        let Deploys::Container(container) = &template.deploys else { panic!("no container") };
        let spec = super::container("shop", &filled, container).expect("a spec");
        assert_eq!(spec.name, "shop");
        spec.to_body()
    }

    #[test]
    fn it_is_the_container_and_nothing_of_a_project() {
        let body = made(
            r#"{"type": 1, "title": "A", "image": "a:1", "ports": ["8080:80/tcp"], "restart_policy": "always",
                "volumes": [{"container": "/data"}], "labels": [{"name": "x", "value": "y"}],
                "env": [{"name": "MODE", "default": "b$c"}]}"#,
        );
        insta::assert_snapshot!(serde_json::to_string_pretty(&body).expect("JSON"), @r##"
{
  "Env": [
    "MODE=b$c"
  ],
  "ExposedPorts": {
    "80/tcp": {}
  },
  "HostConfig": {
    "Binds": [
      "shop_data:/data:rw"
    ],
    "PortBindings": {
      "80/tcp": [
        {
          "HostPort": "8080"
        }
      ]
    },
    "RestartPolicy": {
      "Name": "always"
    }
  },
  "Image": "a:1",
  "Labels": {
    "x": "y"
  }
}
"##);
    }

    #[test]
    fn it_is_in_the_network_that_the_template_names() {
        let body = made(r#"{"type": 1, "title": "A", "image": "a:1", "network": "front"}"#);
        assert_eq!(body["HostConfig"]["NetworkMode"], "front");
        let body = made(r#"{"type": 1, "title": "A", "image": "a:1", "network": "host"}"#);
        assert_eq!(body["HostConfig"]["NetworkMode"], "host");
    }
}
