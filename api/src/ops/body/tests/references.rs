//! What a body names besides its target.

use super::*;
use crate::ops::Permission::{self, Deploy, Exec};

#[test]
fn everything_that_is_named_is_a_target_too() {
    let body = r#"{"Labels":{"com.docker.compose.project":"shop","com.docker.compose.service":"web"},
        "HostConfig":{
            "Binds":["data:/data:rw","/anonymous"],
            "Mounts":[{"Type":"volume","Source":"logs","Target":"/l"},{"Type":"tmpfs","Target":"/t"}],
            "NetworkMode":"shop_default","Links":["/db:store"]},
        "NetworkingConfig":{"EndpointsConfig":{"shop_default":{"Links":["cache:c"]},"back":null}}}"#;
    let named = judge("container-create", body, Strength::Developer).expect("a body");
    let mut named: Vec<_> = named
        .references()
        .iter()
        .map(|r| (r.thing, r.name.as_str(), r.permission, r.path.as_str()))
        .collect();
    named.sort_unstable();
    let mut expected: Vec<(Thing, &str, Permission, &str)> = vec![
        (Thing::Stack, "shop", Deploy, "Labels.com.docker.compose.project"),
        (Thing::Volume, "data", Deploy, "HostConfig.Binds[0]"),
        (Thing::Volume, "logs", Deploy, "HostConfig.Mounts[0].Source"),
        (Thing::Network, "shop_default", Deploy, "HostConfig.NetworkMode"),
        (Thing::Container, "db", Exec, "HostConfig.Links[0]"),
        (Thing::Network, "shop_default", Deploy, "NetworkingConfig.EndpointsConfig.shop_default"),
        (Thing::Network, "back", Deploy, "NetworkingConfig.EndpointsConfig.back"),
        (Thing::Container, "cache", Exec, "NetworkingConfig.EndpointsConfig.shop_default.Links[0]"),
    ];
    expected.sort_unstable();
    assert_eq!(named, expected);
}

#[test]
fn what_managers_name_is_found_as_well() {
    for (id, body, thing, name) in [
        ("container-create", r#"{"HostConfig":{"PidMode":"container:web"}}"#, Thing::Container, "web"),
        ("container-create", r#"{"HostConfig":{"IpcMode":"container:web"}}"#, Thing::Container, "web"),
        ("container-create", r#"{"HostConfig":{"NetworkMode":"container:web"}}"#, Thing::Container, "web"),
        ("container-create", r#"{"HostConfig":{"VolumesFrom":["web:ro"]}}"#, Thing::Container, "web"),
        ("container-create", r#"{"HostConfig":{"VolumesFrom":"web"}}"#, Thing::Container, "web"),
        (
            "container-create",
            r#"{"NetworkingConfig":{"EndpointsConfig":{"bridge":{"NetworkID":"n1"}}}}"#,
            Thing::Network,
            "n1",
        ),
        ("network-connect", r#"{"Container":"web"}"#, Thing::Container, "web"),
        ("network-disconnect", r#"{"Container":"web"}"#, Thing::Container, "web"),
        ("network-create", r#"{"ConfigFrom":{"Network":"n1"}}"#, Thing::Network, "n1"),
        ("volume-create", r#"{"Name":"data"}"#, Thing::Volume, "data"),
        ("service-create", r#"{"Networks":[{"Target":"n1"}]}"#, Thing::Network, "n1"),
        (
            "service-create",
            r#"{"TaskTemplate":{"ContainerSpec":{"Secrets":[{"SecretID":"s1"}]}}}"#,
            Thing::Secret,
            "s1",
        ),
        (
            "service-create",
            r#"{"TaskTemplate":{"ContainerSpec":{"Configs":[{"ConfigID":"c1"}]}}}"#,
            Thing::Config,
            "c1",
        ),
        (
            "service-create",
            r#"{"TaskTemplate":{"ContainerSpec":{"Mounts":[{"Type":"volume","Source":"data"}]}}}"#,
            Thing::Volume,
            "data",
        ),
        ("service-create", r#"{"Labels":{"com.docker.stack.namespace":"shop"}}"#, Thing::Stack, "shop"),
    ] {
        let named = judge(id, body, Strength::Manager).expect(body);
        let named: Vec<_> = named.references().iter().map(|r| (r.thing, r.name.as_str())).collect();
        assert_eq!(named, [(thing, name)], "{id} {body}");
    }
    for body in ["host", "none", "bridge", "default", ""] {
        let body = format!("{{\"HostConfig\":{{\"NetworkMode\":\"{body}\"}}}}");
        assert_eq!(judge("container-create", &body, Strength::Manager).expect(&body).references(), []);
    }
}
