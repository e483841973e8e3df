//! What an engine is asked for that builds the image of a service: the same when it is planned and when it is done.

use longshore_api::web::create::with_tag;
use longshore_compose::{
    labels,
    model::{Build, Pairs, Project, Service},
};
use serde_json::json;

/// What of a build needs the newer builder, or would reach beyond the stack.
pub(super) fn unsupported(build: &Build) -> Option<&'static str> {
    let asked = [
        ("build.additional_contexts", !build.additional_contexts.is_empty()),
        ("build.secrets", !build.secrets.is_empty()),
        ("build.ssh", !build.ssh.is_empty()),
        ("build.entitlements", !build.entitlements.is_empty()),
        ("build.privileged", build.privileged),
    ];
    asked.into_iter().find_map(|(key, asked)| asked.then_some(key))
}

/// The parameters of the call, but for where the Dockerfile is.
pub(super) fn parameters(
    project: &Project,
    name: &str,
    service: &Service,
    build: &Build,
    image: &str,
) -> Vec<(&'static str, String)> {
    let mut said = Pairs::from([
        (labels::PROJECT.to_owned(), project.name.clone()),
        (labels::SERVICE.to_owned(), name.to_owned()),
    ]);
    said.extend(build.labels.clone());
    let args: Pairs =
        build.args.iter().filter_map(|(name, value)| Some((name.clone(), value.clone()?))).collect();
    let platform = build.platforms.first().unwrap_or(&service.platform);
    let mut all = vec![
        ("rm", "true".to_owned()),
        ("forcerm", "true".to_owned()),
        ("t", with_tag(image)),
        ("labels", json!(said).to_string()),
        ("buildargs", json!(args).to_string()),
    ];
    all.extend(build.tags.iter().map(|tag| ("t", with_tag(tag))));
    all.extend(build.extra_hosts.list(":").into_iter().map(|host| ("extrahosts", host)));
    let mut when = |asked: bool, key, value: String| {
        if asked {
            all.push((key, value));
        }
    };
    when(!build.target.is_empty(), "target", build.target.clone());
    when(!build.network.is_empty(), "networkmode", build.network.clone());
    when(!platform.is_empty(), "platform", platform.clone());
    when(!build.cache_from.is_empty(), "cachefrom", json!(build.cache_from).to_string());
    when(build.shm_size.0 > 0, "shmsize", build.shm_size.0.to_string());
    when(build.no_cache, "nocache", "true".to_owned());
    when(build.pull, "pull", "true".to_owned());
    all
}
