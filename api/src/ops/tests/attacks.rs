//! What an attacker would try on the way to the table.

use super::*;

#[test]
fn what_an_engine_has_beside_the_table_is_refused_by_name() {
    use Refusal::{AttachWebsocket, Checkpoint, Debug, Libpod, PluginChange};
    for (method, path, reason) in [
        ("GET", "/debug/vars", Debug),
        ("HEAD", "/debug/vars", Debug),
        ("GET", "/v1.41/debug/vars", Debug),
        ("GET", "/v1.12/debug/vars", Debug),
        ("GET", "/%64ebug/vars", Debug),
        ("GET", "/debug/pprof/heap", Debug),
        ("POST", "/debug/pprof/symbol", Debug),
        ("GET", "/v1.41/containers/web/attach/ws", AttachWebsocket),
        ("GET", "/v1.41/containers/web/attach/%77s", AttachWebsocket),
        ("GET", "/containers/web/checkpoints", Checkpoint),
        ("POST", "/containers/web/checkpoints", Checkpoint),
        ("DELETE", "/containers/web/checkpoints/one", Checkpoint),
        ("POST", "/plugins/pull", PluginChange),
        ("POST", "/plugins/vieux/sshfs:latest/enable", PluginChange),
        ("POST", "/plugins/vieux%2Fsshfs/upgrade", PluginChange),
        ("DELETE", "/plugins/vieux/sshfs", PluginChange),
        ("GET", "/libpod/info", Libpod),
        ("GET", "/v4.0.0/libpod/containers/json", Libpod),
        ("POST", "/v1.41/libpod/containers/create", Libpod),
        ("DELETE", "/v1.41/libpod/images/x", Libpod),
    ] {
        assert_eq!(refused(method, path), RouteError::Refused { reason }, "{method} {path}");
    }
}

#[test]
fn paths_that_two_readers_could_read_differently_are_refused() {
    use RouteError::{
        ControlCharacter, DotSegment, EmptySegment, EncodedSlash, InvalidEncoding, InvalidUtf8, NotAbsolute,
        TrailingSlash,
    };
    for (path, error) in [
        ("", NotAbsolute),
        ("containers/json", NotAbsolute),
        ("http://engine/containers/json", NotAbsolute),
        ("/", EmptySegment),
        ("//", EmptySegment),
        ("//containers/json", EmptySegment),
        ("/v1.41//containers/json", EmptySegment),
        ("/containers//json", EmptySegment),
        ("/containers/json//", EmptySegment),
        ("/images/a//b/json", EmptySegment),
        ("/images/a%2F%2Fb/json", EmptySegment),
        ("/images/%2Fetc/json", EmptySegment),
        ("/containers/json/", TrailingSlash),
        ("/networks/", TrailingSlash),
        ("/debug/pprof/", TrailingSlash),
        ("/v1.41/", TrailingSlash),
        ("/containers/../debug/vars", DotSegment),
        ("/containers/%2e%2e/debug/vars", DotSegment),
        ("/containers/.%2E/json", DotSegment),
        ("/v1.41/./containers/json", DotSegment),
        ("/images/a/../../debug/vars/json", DotSegment),
        ("/images/a%2F..%2Fb/json", DotSegment),
        ("/containers%2Fjson", EncodedSlash),
        ("/containers/web%2Fattach/json", EncodedSlash),
        ("/containers/web%2F..%2F..%2Fdebug/json", DotSegment),
        ("/volumes/a%2fb", EncodedSlash),
        ("/images%2Fx/y/json", EncodedSlash),
        ("/containers/a%00/json", ControlCharacter),
        ("/containers/a%0d%0aHost:x/json", ControlCharacter),
        ("/containers/a%7f/json", ControlCharacter),
        ("/containers/a%C2%85/json", ControlCharacter),
        ("/containers/a%/json", InvalidEncoding),
        ("/containers/a%4/json", InvalidEncoding),
        ("/containers/a%+1/json", InvalidEncoding),
        ("/containers/a b/json", InvalidEncoding),
        ("/containers/ü/json", InvalidEncoding),
        ("/containers/json?all=1", InvalidEncoding),
        ("/containers/json#x", InvalidEncoding),
        ("/containers/%ff/json", InvalidUtf8),
        ("/containers/%c0%ae%c0%ae/json", InvalidUtf8),
    ] {
        assert_eq!(refused("GET", path), error, "{path}");
    }
    let long = format!("/containers/{}/json", "a".repeat(5000));
    assert_eq!(refused("GET", &long), RouteError::TooLong { limit: 4096 });
}

/// Decoding happens once: what was encoded twice is a name with a percent sign in it, and goes on as one.
#[test]
fn what_is_encoded_twice_stays_a_name() {
    let matched = found("GET", "/containers/%252e%252e%252fdebug/json");
    assert_eq!(matched.params, ["%2e%2e%2fdebug"]);
    let path = matched.path(ApiVersion::new(1, 41), None).unwrap();
    assert_eq!(path, "/v1.41/containers/%252e%252e%252fdebug/json");
}

#[test]
fn old_and_malformed_versions_are_refused_with_what_was_asked_for() {
    for (path, version) in [
        ("/v1.21/containers/json", ApiVersion::new(1, 21)),
        ("/v1.23/containers/web/start", ApiVersion::new(1, 23)),
        ("/v0.99/info", ApiVersion::new(0, 99)),
    ] {
        assert_eq!(refused("POST", path), RouteError::VersionTooOld { version });
    }
    for given in ["v1", "v1.", "v1.41.0", "v1.4x", "v01.41", "v1.041", "v1.99999", "v1.41 ", "v1.41/x"] {
        let path = format!("/{}/info", given.replace(' ', "%20").replace('/', "%2F"));
        assert_eq!(refused("GET", &path), RouteError::InvalidVersion { given: given.to_owned() });
    }
    // A second prefix is none, nor is one in another case.
    for path in ["/v1.41/v1.41/info", "/V1.41/info", "/v/info", "/v.41/info", "/v1.41"] {
        assert_eq!(refused("GET", path).code(), "unknown-operation", "{path}");
    }
    assert_eq!(found("GET", "/v1.99/info").version, Some(ApiVersion::new(1, 99)));
}

#[test]
fn other_methods_and_unknown_paths_are_refused() {
    for method in ["", "get", "OPTIONS", "PATCH", "CONNECT", "TRACE", "GET "] {
        assert_eq!(refused(method, "/info"), RouteError::UnknownMethod { method: method.to_owned() });
    }
    for (method, path) in [
        ("POST", "/containers/json"),
        ("DELETE", "/containers/web/start"),
        ("GET", "/containers/web/start"),
        ("HEAD", "/containers/web/start"),
        ("GET", "/Containers/json"),
        ("POST", "/containers/web/startx"),
        ("GET", "/containers"),
        ("GET", "/metrics"),
    ] {
        let request = format!("{method} {path}");
        assert_eq!(refused(method, path), RouteError::UnknownOperation { request });
    }
}

/// A message with a whole request in it would be a way to fill logs and screens.
#[test]
fn messages_quote_no_more_than_they_bear() {
    let long = "ü".repeat(1000);
    let encoded = "%C3%BC".repeat(600);
    for error in [
        refused(&long, "/info"),
        refused("GET", &format!("/{encoded}")),
        refused("GET", &format!("/v1{encoded}/info")),
        rebuild_query(row("info"), Some(&format!("{encoded}=1"))).unwrap_err(),
    ] {
        assert!(error.to_string().chars().count() < 200, "{error}");
    }
}

#[test]
fn a_target_put_in_the_name_s_place_cannot_leave_it() {
    let version = ApiVersion::new(1, 41);
    let start = found("POST", "/containers/web/start");
    assert_eq!(start.path(version, None).unwrap(), "/v1.41/containers/web/start");
    assert_eq!(start.path(version, Some("4f66")).unwrap(), "/v1.41/containers/4f66/start");
    for (target, code) in [
        ("", "empty-segment"),
        ("..", "dot-segment"),
        ("a/b", "encoded-slash"),
        ("a\r\nb", "control-character"),
    ] {
        assert_eq!(start.path(version, Some(target)).unwrap_err().code(), code, "{target:?}");
    }
    let image = found("GET", "/images/x/json");
    assert_eq!(image.path(version, Some("a/b:1")).unwrap(), "/v1.41/images/a/b:1/json");
    assert_eq!(image.path(version, Some("a/../b")).unwrap_err().code(), "dot-segment");
    assert_eq!(image.path(version, Some("a?b#c%d")).unwrap(), "/v1.41/images/a%3Fb%23c%25d/json");
}

#[test]
fn queries_hold_only_what_the_operation_reads() {
    let code = |id, query| rebuild_query(row(id), Some(query)).map_err(|error| error.code().to_owned());
    for (id, query, expected) in [
        ("container-start", "checkpoint=x&checkpoint-dir=/etc", "unknown-query"),
        ("container-create", "NAME=web", "unknown-query"),
        ("container-create", "name=web&Name=db", "unknown-query"),
        ("container-create", "name=web&name=db", "repeated-query"),
        ("container-create", "name=web&%6eame=db", "repeated-query"),
        ("container-create", "names[]=web", "unknown-query"),
        ("build", "t[]=web", "unknown-query"),
        ("build", "remote=a&remote=b", "repeated-query"),
        ("info", "=", "unknown-query"),
        ("info", "x", "unknown-query"),
        ("events", "since=1;until=2", "invalid-encoding"),
        ("events", "since=%zz", "invalid-encoding"),
        ("events", "since=a b", "invalid-encoding"),
        ("events", "since=%ff", "invalid-utf8"),
        ("events", "since=%00", "control-character"),
    ] {
        assert_eq!(code(id, query), Err(expected.to_owned()), "{id}?{query}");
    }
    let long = format!("since={}", "1".repeat(70_000));
    assert_eq!(code("events", &long), Err("too-long".to_owned()));
}
