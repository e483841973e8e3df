//! The volumes that a stack's file makes, and ones that are there already in their place.

use std::collections::BTreeMap;

use longshore_compose::yaml::{self, Limits};
use serde_json::Value;

use crate::{
    container,
    single::FILE,
    template::{Deploys, StackFile, Template},
};

/// The file that lays volumes that are there over those of the stack's own file, as it is called beside that.
pub const OVER: &str = "compose.override.yaml";

/// The volumes that a template makes and says nothing more of, in the order of its file. What one makes whose file is
/// elsewhere is known once that was fetched.
pub fn named(template: &Template) -> Vec<String> {
    match &template.deploys {
        Deploys::Stack { file: StackFile::Text { text }, swarm: false } => of_file(text),
        Deploys::Stack { .. } => Vec::new(),
        Deploys::Container(container) => of_file(&container::compose(container, &template.name)),
    }
}

/// The volumes that the file of a stack makes and says nothing more of, in its order.
pub fn of_file(text: &str) -> Vec<String> {
    let documents = yaml::read(FILE, text, Limits::default()).unwrap_or_default();
    let volumes = documents.first().and_then(|file| file.get("volumes")?.as_map());
    let plain = volumes
        .into_iter()
        .flatten()
        .filter(|(_, entry)| entry.node.is_null() || entry.node.as_map().is_some_and(|map| map.is_empty()));
    plain.map(|(name, _)| name.clone()).collect()
}

/// The same in the body of a container that is called `name`.
pub fn in_container(body: &mut Value, name: &str, chosen: &BTreeMap<String, String>) {
    let there = |volume: &str| chosen.get(volume.strip_prefix(name)?.strip_prefix('_')?);
    let host = &mut body["HostConfig"];
    for bind in host["Binds"].as_array_mut().into_iter().flatten() {
        let Some((volume, at)) = bind.as_str().and_then(|bind| bind.split_once(':')) else { continue };
        if let Some(there) = there(volume) {
            *bind = Value::from(format!("{there}:{at}"));
        }
    }
    for mount in host["Mounts"].as_array_mut().into_iter().flatten().filter(|mount| mount["Type"] == "volume")
    {
        if let Some(there) = mount["Source"].as_str().and_then(there) {
            mount["Source"] = Value::from(there.as_str());
        }
    }
}

/// The file that has these volumes, by what the stack calls them, be ones that are there.
pub fn over(chosen: &BTreeMap<String, String>) -> String {
    let quoted = |text: &str| Value::from(text).to_string();
    let one = |(name, there): (&String, &String)| {
        format!("  {}:\n    name: {}\n    external: true\n", quoted(name), quoted(there))
    };
    format!("volumes:\n{}", chosen.iter().map(one).collect::<String>())
}

#[cfg(test)]
mod tests {
    use longshore_compose::load::{Request, load};

    use super::*;
    use crate::{builtin, portainer};

    #[test]
    fn a_container_takes_volumes_that_are_there() {
        let read = portainer::read(
            r#"[{"type": 1, "title": "A", "image": "a:1", "volumes": [{"container": "/data"}, {"container": "/logs", "readonly": true}]}]"#,
        );
        let names = named(&read.templates[0]);
        assert_eq!(names.len(), 2, "{names:?}");
        let mut body = serde_json::json!({ "HostConfig": {
            "Binds": [format!("shop_{}:/data:rw", names[0]), "shop_more:/x"],
            "Mounts": [{ "Type": "volume", "Source": format!("shop_{}", names[1]), "Target": "/logs" }],
        } });
        let chosen = names.iter().map(|name| (name.clone(), format!("old_{name}"))).collect();
        in_container(&mut body, "shop", &chosen);
        let host = &body["HostConfig"];
        assert_eq!(host["Binds"], serde_json::json!([format!("old_{}:/data:rw", names[0]), "shop_more:/x"]));
        assert_eq!(host["Mounts"][0]["Source"], format!("old_{}", names[1]));
    }

    #[test]
    fn a_volume_that_is_there_takes_the_place_of_a_new_one() {
        let template =
            builtin::all().iter().find(|it| it.id == "wordpress").expect("it comes with Longshore");
        let names = named(template);
        assert!(names.len() >= 2, "{names:?}");
        let Deploys::Stack { file: StackFile::Text { text }, .. } = &template.deploys else {
            panic!("a stack")
        };
        let chosen = BTreeMap::from([(names[0].clone(), "old_files".to_owned())]);
        let files = BTreeMap::from([(FILE.to_owned(), text.clone()), (OVER.to_owned(), over(&chosen))]);
        let mut request = Request::new("/blog", FILE);
        request.files.push(OVER.to_owned());
        request.variables = template.variables.iter().map(|it| (it.name.clone(), "1".to_owned())).collect();
        let loaded = load(&request, &files);
        let project = loaded.project.unwrap_or_else(|| panic!("{:?}", loaded.findings));
        let (old, new) = (&project.volumes[&names[0]], &project.volumes[&names[1]]);
        assert_eq!((old.name.as_str(), old.external), ("old_files", true));
        assert_eq!((new.name.as_str(), new.external), (format!("blog_{}", names[1]).as_str(), false));
    }
}
