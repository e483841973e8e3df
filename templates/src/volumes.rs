//! The volumes that a stack's file makes, and ones that are there already in their place.

use std::collections::BTreeMap;

use longshore_compose::yaml::{self, Limits};

use crate::{
    single::FILE,
    template::{Deploys, StackFile, Template},
};

/// The file that lays volumes that are there over those of the stack's own file, as it is called beside that.
pub const OVER: &str = "compose.override.yaml";

/// The volumes that a template's file makes and says nothing more of, in the order of the file.
pub fn named(template: &Template) -> Vec<String> {
    let Deploys::Stack { file: StackFile::Text { text }, swarm: false } = &template.deploys else {
        return Vec::new();
    };
    let documents = yaml::read(FILE, text, Limits::default()).unwrap_or_default();
    let volumes = documents.first().and_then(|file| file.get("volumes")?.as_map());
    let plain = volumes
        .into_iter()
        .flatten()
        .filter(|(_, entry)| entry.node.is_null() || entry.node.as_map().is_some_and(|map| map.is_empty()));
    plain.map(|(name, _)| name.clone()).collect()
}

/// The file that has these volumes, by what the stack calls them, be ones that are there.
pub fn over(chosen: &BTreeMap<String, String>) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let one = |(name, there): (&String, &String)| {
        format!("  {}:\n    name: {}\n    external: true\n", quoted(name), quoted(there))
    };
    format!("volumes:\n{}", chosen.iter().map(one).collect::<String>())
}

#[cfg(test)]
mod tests {
    use longshore_compose::load::{Request, load};

    use super::*;
    use crate::builtin;

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
