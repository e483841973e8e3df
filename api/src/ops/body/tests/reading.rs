//! The strict reader, and the engine's own spelling.

use super::*;

#[test]
fn a_key_that_stands_twice_is_refused_wherever_it_stands() {
    for (body, path) in [
        (r#"{"Image":"a","Image":"b"}"#, "Image"),
        (r#"{"HostConfig":{"Privileged":false,"Privileged":true}}"#, "HostConfig.Privileged"),
        (r#"{"HostConfig":{"Mounts":[{},{"Type":"volume","Type":"bind"}]}}"#, "HostConfig.Mounts[1].Type"),
        (r#"{"Labels":{"a":"1","a":"2"}}"#, "Labels.a"),
        (r#"{"Later":[[{"a":1,"\u0061":2}]]}"#, "Later[0][0].a"),
    ] {
        assert_eq!(read(body.as_bytes()), Err(BodyRefusal::Twice { path: path.to_owned() }), "{body}");
    }
}

/// Above the line too: who may do everything is not to be fooled either.
#[test]
fn a_key_in_another_case_is_refused_wherever_engines_would_take_it() {
    for (id, body, path) in [
        (
            "container-create",
            r#"{"HostConfig":{"Privileged":false,"privileged":true}}"#,
            "HostConfig.privileged",
        ),
        ("container-create", r#"{"hostconfig":{"binds":["/etc:/e"]}}"#, "hostconfig"),
        (
            "container-create",
            r#"{"HostConfig":{"Privileged":false,"privileged":true},"hostconfig":{"binds":["/etc:/e"]}}"#,
            "hostconfig",
        ),
        ("container-create", r#"{"HostConfig":{"Mounts":[{"type":"bind"}]}}"#, "HostConfig.Mounts[0].type"),
        ("container-create", r#"{"HostConfig":{"Bind\u017f":["/:/h"]}}"#, "HostConfig.Bind\u{17f}"),
        (
            "container-create",
            r#"{"HostConfig":{"Networ\u212aMode":"host"}}"#,
            "HostConfig.Networ\u{212a}Mode",
        ),
        ("container-create", r#"{"HostConfig":{"Later":{"a":1,"A":2}}}"#, "HostConfig.Later.a"),
        ("container-create", r#"{"Later":1,"later":2}"#, "later"),
        (
            "container-create",
            r#"{"NetworkingConfig":{"EndpointsConfig":{"n":{"networkid":"x"}}}}"#,
            "NetworkingConfig.EndpointsConfig.n.networkid",
        ),
        (
            "container-create",
            r#"{"HostConfig":{"PortBindings":{"80/tcp":[{"hostport":"1"}]}}}"#,
            "HostConfig.PortBindings.80/tcp[0].hostport",
        ),
        ("container-update", r#"{"devices":[]}"#, "devices"),
        ("exec-create", r#"{"Cmd":["id"],"privileged":true}"#, "privileged"),
        ("exec-create", r#"{"DetachKeys":"","detachKeys":"a"}"#, "detachKeys"),
        ("volume-create", r#"{"driveropts":{"o":"bind"}}"#, "driveropts"),
        (
            "service-create",
            r#"{"TaskTemplate":{"ContainerSpec":{"privileges":{}}}}"#,
            "TaskTemplate.ContainerSpec.privileges",
        ),
        (
            "service-create",
            r#"{"TaskTemplate":{"ContainerSpec":{"Healthcheck":{},"HealthCheck":{}}}}"#,
            "TaskTemplate.ContainerSpec.Healthcheck",
        ),
    ] {
        for caller in [Strength::Developer, Strength::Manager] {
            let why = refusal(id, body, caller);
            assert!(matches!(why, BodyRefusal::Case { .. } | BodyRefusal::Twice { .. }), "{body}: {why}");
            assert!(!why.is_forbidden(), "{body}");
            assert_eq!(why.path().map(str::to_lowercase), Some(path.to_lowercase()), "{body}");
        }
    }
}

#[test]
fn keys_of_maps_are_data() {
    let body = r#"{"Labels":{"a":"1","A":"2"},"ExposedPorts":{"80/tcp":{}},
        "HostConfig":{"Tmpfs":{"/a":"","/A":""},"Sysctls":{},"PortBindings":{"80/tcp":null}},
        "NetworkingConfig":{"EndpointsConfig":{"web":{},"Web":{"DriverOpts":{}}}}}"#;
    let body = read(body.as_bytes()).expect("JSON");
    for caller in [Strength::Developer, Strength::Manager] {
        let sent = passed("container-create", &body.to_string(), caller);
        assert_eq!(sent["Labels"], body["Labels"]);
        assert_eq!(sent["HostConfig"]["Tmpfs"], body["HostConfig"]["Tmpfs"]);
        assert_eq!(
            sent["NetworkingConfig"]["EndpointsConfig"].as_object().map(serde_json::Map::len),
            Some(2)
        );
    }
}

#[test]
fn what_is_no_json_is_refused() {
    for body in [
        "",
        "{",
        "{}x",
        "{}{}",
        "\u{feff}{}",
        "{'a':1}",
        "{\"a\":NaN}",
        "{\"a\":\"\\ud800\"}",
        "// {}",
        "{,}",
    ] {
        assert!(matches!(read(body.as_bytes()), Err(BodyRefusal::Json { .. })), "{body:?}");
    }
    assert!(matches!(read(b"{\"a\":\"\xff\"}"), Err(BodyRefusal::Json { .. })));
    for body in ["[]", "1", "\"x\"", "true", "[{\"HostConfig\":{}}]"] {
        for caller in [Strength::Developer, Strength::Manager] {
            assert!(matches!(refusal("container-create", body, caller), BodyRefusal::Kind { .. }), "{body}");
        }
    }
    assert_eq!(passed("container-commit", "null", Strength::Developer), serde_json::json!({}));
}

#[test]
fn depth_and_length_are_bounded() {
    let deep = |n: usize| format!("{}1{}", "[".repeat(n), "]".repeat(n));
    assert!(read(deep(32).as_bytes()).is_ok());
    assert_eq!(read(deep(33).as_bytes()), Err(BodyRefusal::TooDeep { limit: 32 }));
    let deep = format!("{}1{}", "{\"a\":".repeat(40_000), "}".repeat(40_000));
    assert_eq!(read(deep.as_bytes()), Err(BodyRefusal::TooDeep { limit: 32 }));
    let long = format!("[\"{}\"]", "a".repeat(4 << 20));
    assert_eq!(read(long.as_bytes()), Err(BodyRefusal::TooLong { limit: 4 << 20 }));
}

/// What a refusal quotes is the client's: short, on one line, and never a value.
#[test]
fn refusals_quote_little() {
    let long = format!("{{\"{}\\n\":1}}", "y".repeat(100_000));
    for why in [
        refusal("container-create", &long, Strength::Developer),
        refusal("container-create", "{\"a\\nb\":1}", Strength::Developer),
        refusal("container-create", r#"{"Env":{"PASSWORD":"hunter22"}}"#, Strength::Developer),
        refusal("container-create", r#"{"HostConfig":{"Binds":["/hunter22:/x"]}}"#, Strength::Developer),
    ] {
        let said = why.to_string();
        assert!(said.len() < 400 && !said.contains('\n') && !said.contains("hunter22"), "{said}");
    }
}
