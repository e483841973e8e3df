//! The images of a release that is returned to: where a reference stands for another one now, its services have the one
//! that it stood for then, for as long as that can be had.

use std::collections::{BTreeMap, BTreeSet};

use longshore_api::web::{
    create::{familiar, name_and_tag},
    stack::ReleaseImage,
};
use longshore_compose::model::Project;
use serde_json::Value;

use super::there::{Look, image};
use crate::{access::Pass, fault::Fault, house::House};

/// What became of the images of a release.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Held {
    /// Those that its services are held at, by reference.
    pub(super) held: BTreeMap<String, String>,
    /// The references that stand for another one now, where nobody has the one of then any more.
    pub(super) lost: Vec<String>,
}

/// Looks for the images of a release, of which this is the project.
pub(super) async fn find(
    house: &House,
    pass: &Pass,
    project: &Project,
    images: &[ReleaseImage],
) -> Result<Held, Fault> {
    let look = Look { house, pass };
    let mut all = Held::default();
    for then in images {
        let Some(service) = project.services.get(&then.service) else { continue };
        let reference = image(project, &then.service, service);
        let other = reference != then.image || reference.contains('@') || then.digest.is_empty();
        if other || all.held.contains_key(&reference) || all.lost.contains(&reference) {
            continue;
        }
        if look.image(&reference).await?.is_some_and(|now| is_it(&now, &then.digest)) {
            continue;
        }
        let by_digest = format!("{}@{}", name_and_tag(&reference).0, then.digest);
        if !then.local && look.image(&by_digest).await?.is_some() {
            all.held.insert(reference, by_digest);
        } else if look.image(&then.digest).await?.is_some_and(|it| it["Id"] == then.digest.as_str()) {
            all.held.insert(reference, then.digest.clone());
        } else if !then.local && service.build.is_none() {
            // It is pulled.
            all.held.insert(reference, by_digest);
        } else {
            all.lost.push(reference);
        }
    }
    Ok(all)
}

/// The references that are held at an image which is on the host no more: by its id no registry knows it.
pub(super) async fn gone(
    house: &House,
    pass: &Pass,
    held: &BTreeMap<String, String>,
) -> Result<BTreeSet<String>, Fault> {
    let look = Look { house, pass };
    let mut gone = BTreeSet::new();
    for (reference, image) in held.iter().filter(|(_, image)| image.starts_with("sha256:")) {
        if look.image(image).await?.is_none() {
            gone.insert(reference.clone());
        }
    }
    Ok(gone)
}

/// The digest of an image in the repository of this reference; none where it is not of there. That of another repository
/// cannot be asked for by this name.
pub(super) fn digest_of<'a>(image: &'a Value, reference: &str) -> Option<&'a str> {
    let repository_of = |it: &str| name_and_tag(&familiar(it)).0.to_owned();
    let repository = repository_of(reference.split('@').next().unwrap_or_default());
    let mut digests = image["RepoDigests"].as_array().into_iter().flatten().filter_map(Value::as_str);
    digests.find_map(|it| {
        let (of, digest) = it.split_once('@')?;
        (repository_of(of) == repository).then_some(digest)
    })
}

/// An image has as many digests as registries.
fn is_it(image: &Value, digest: &str) -> bool {
    let mut digests = image["RepoDigests"].as_array().into_iter().flatten().filter_map(Value::as_str);
    image["Id"] == digest || digests.any(|it| it.rsplit('@').next() == Some(digest))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_image_is_known_by_its_id_and_by_its_digests() {
        let image = json!({ "Id": "sha256:1", "RepoDigests": ["nginx@sha256:2", "quay.io/nginx@sha256:3"] });
        assert!(["sha256:1", "sha256:2", "sha256:3"].into_iter().all(|digest| is_it(&image, digest)));
        assert!(!is_it(&image, "sha256:4"));
        for (reference, digest) in [
            ("nginx:1", Some("sha256:2")),
            ("docker.io/library/nginx", Some("sha256:2")),
            ("nginx:1@sha256:2", Some("sha256:2")),
            ("quay.io/nginx:1", Some("sha256:3")),
            ("app:1", None),
            ("sha256:1", None),
        ] {
            assert_eq!(digest_of(&image, reference), digest, "{reference}");
        }
        for (reference, repository) in [
            ("nginx:1", "nginx"),
            ("registry.example:5000/shop/web:1.2", "registry.example:5000/shop/web"),
            ("registry.example:5000/shop/web", "registry.example:5000/shop/web"),
        ] {
            assert_eq!(name_and_tag(reference).0, repository);
        }
    }
}
