//! What `docker` (20.10 and 28), docker-compose 1.29 and compose v2 send.

use super::*;

#[test]
fn requests_of_real_clients_pass() {
    for (method, request, id) in [
        ("HEAD", "/_ping", "ping-head"),
        ("GET", "/_ping", "ping"),
        ("GET", "/v1.24/version", "version"),
        ("GET", "/v1.38/info", "info"),
        ("POST", "/v1.41/containers/create?name=web&platform=linux%2Famd64", "container-create"),
        ("POST", "/v1.41/containers/create", "container-create"),
        ("POST", "/v1.41/containers/4f66/attach?stderr=1&stdin=1&stdout=1&stream=1", "container-attach"),
        ("POST", "/v1.38/containers/4f66/attach?logs=0&stdout=1&stderr=1&stream=1", "container-attach"),
        ("POST", "/v1.41/containers/4f66/wait?condition=next-exit", "container-wait"),
        ("POST", "/v1.41/containers/4f66/start", "container-start"),
        ("POST", "/v1.41/containers/4f66/resize?h=40&w=120", "container-resize"),
        ("POST", "/v1.43/containers/web/stop?signal=SIGTERM&t=3", "container-stop"),
        ("POST", "/v1.41/containers/web/restart?t=10", "container-restart"),
        ("POST", "/v1.41/containers/web/kill?signal=KILL", "container-kill"),
        ("POST", "/v1.38/containers/4f66/rename?name=4f66ad9b5b2e_web_1", "container-rename"),
        ("DELETE", "/v1.38/containers/4f66?v=False&link=False&force=False", "container-remove"),
        (
            "GET",
            "/v1.41/containers/json?all=1&filters=%7B%22label%22%3A%7B%22a%3Db%22%3Atrue%7D%7D",
            "container-list",
        ),
        ("GET", "/v1.38/containers/json?limit=-1&all=1&size=0&trunc_cmd=0&filters=%7B%7D", "container-list"),
        ("GET", "/v1.41/containers/web/json?size=1", "container-inspect"),
        (
            "GET",
            "/v1.41/containers/web/logs?details=1&follow=1&since=1m&stderr=1&stdout=1&tail=all",
            "container-logs",
        ),
        ("GET", "/v1.41/containers/web/stats?one-shot=1&stream=0", "container-stats"),
        ("GET", "/v1.41/containers/web/top?ps_args=-o+pid%2Ccmd", "container-top"),
        ("HEAD", "/v1.41/containers/web/archive?path=%2Fetc%2Fhosts", "container-stat"),
        ("PUT", "/v1.41/containers/web/archive?noOverwriteDirNonDir=true&path=%2Ftmp", "container-write"),
        ("POST", "/v1.41/containers/web/exec", "exec-create"),
        ("POST", "/v1.41/exec/4f66/start", "exec-start"),
        (
            "POST",
            "/v1.41/commit?author=&changes=ENV+a%3Db&changes=USER+1&comment=x&container=web&repo=r&tag=t",
            "container-commit",
        ),
        ("POST", "/v1.41/images/create?fromImage=busybox&tag=1.35", "image-create"),
        ("POST", "/v1.41/images/create?changes=CMD+a&fromSrc=-&message=m&repo=r&tag=t", "image-create"),
        ("GET", "/v1.41/images/docker.io/library/busybox:1.35/json", "image-inspect"),
        ("GET", "/v1.41/images/docker.io%2Flibrary%2Fbusybox%3A1.35/json", "image-inspect"),
        ("GET", "/v1.41/images/busybox@sha256:4f66/json", "image-inspect"),
        ("GET", "/v1.38/images/json?only_ids=0&all=0", "image-list"),
        ("GET", "/v1.41/images/get?names=a%3A1&names=b%3A2", "image-save-many"),
        ("POST", "/v1.41/images/load?quiet=1", "image-load"),
        ("POST", "/v1.41/images/localhost:5000/team/web/push?tag=1", "image-push"),
        ("POST", "/v1.38/images/a/tag?tag=1&repo=b&force=0", "image-tag"),
        ("DELETE", "/v1.41/images/team/web:1?force=1&noprune=1", "image-remove"),
        ("GET", "/v1.41/distribution/docker.io/library/busybox:1.35/json", "distribution-inspect"),
        (
            "POST",
            "/v1.41/build?buildargs=%7B%7D&cachefrom=%5B%5D&cgroupparent=&cpuperiod=0&cpuquota=0&cpusetcpus=\
             &cpusetmems=&cpushares=0&dockerfile=Dockerfile&labels=%7B%7D&memory=0&memswap=0&networkmode=default\
             &rm=1&shmsize=0&t=a%3A1&t=b%3A2&target=&ulimits=null&version=1",
            "build",
        ),
        (
            "POST",
            "/v1.38/build?t=a&q=False&nocache=False&rm=True&forcerm=False&pull=False&extrahosts=a%3A1",
            "build",
        ),
        ("GET", "/v1.41/networks?filters=%7B%22name%22%3A%7B%22x_default%22%3Atrue%7D%7D", "network-list"),
        ("GET", "/v1.38/networks/x_default?verbose=True", "network-inspect"),
        ("POST", "/v1.38/networks/create", "network-create"),
        ("DELETE", "/v1.41/volumes/data?force=1", "volume-remove"),
        ("GET", "/v1.41/events?filters=%7B%22type%22%3A%7B%22container%22%3Atrue%7D%7D&since=1", "events"),
        ("GET", "/v1.45/system/df?type=container&type=image", "disk-usage"),
        (
            "POST",
            "/v1.41/swarm/update?rotateManagerToken=false&rotateManagerUnlockKey=false&rotateWorkerToken=true&version=11",
            "swarm-update",
        ),
        ("POST", "/v1.41/services/4f66/update?registryAuthFrom=spec&version=12", "service-update"),
        ("POST", "/session", "session"),
        ("POST", "/v1.41/grpc", "grpc"),
    ] {
        let (path, query) =
            request.split_once('?').map_or((request, None), |(path, query)| (path, Some(query)));
        let matched = found(method, path);
        assert_eq!(matched.operation.id, id, "{method} {request}");
        if let Err(error) = rebuild_query(matched.operation, query) {
            panic!("{method} {request}: {error}");
        }
    }
}

#[test]
fn image_names_are_one_whether_their_slashes_are_encoded_or_not() {
    let plain = found("GET", "/images/docker.io/library/busybox:1.35/json");
    assert_eq!(plain.params, ["docker.io/library/busybox:1.35"]);
    assert_eq!(plain, found("GET", "/images/docker.io%2Flibrary%2fbusybox%3A1.35/json"));
    let path = plain.path(ApiVersion::new(1, 44), None).unwrap();
    assert_eq!(path, "/v1.44/images/docker.io/library/busybox:1.35/json");
    // Images may be called like the engine's own words.
    assert_eq!(found("GET", "/images/json/json").params, ["json"]);
    assert_eq!(found("GET", "/images/get/get").operation.id, "image-save");
    assert_eq!(found("DELETE", "/images/a/json").params, ["a/json"]);
}

#[test]
fn query_values_are_read_as_the_engine_reads_them() {
    let query =
        rebuild_query(row("build"), Some("t=a%3A1&t=b&q&nocache=None&rm=+TRUE+&pull=0&forcerm=no")).unwrap();
    assert_eq!(query.all("t").collect::<Vec<_>>(), ["a:1", "b"]);
    assert_eq!((query.get("t"), query.get("q"), query.get("remote")), (Some("a:1"), Some(""), None));
    assert!(query.flag("rm"));
    assert!(!["q", "nocache", "pull", "forcerm", "squash"].iter().any(|key| query.flag(key)));
    assert_eq!(query.to_string(), "t=a%3A1&t=b&q=&nocache=None&rm=%20TRUE%20&pull=0&forcerm=no");
    for empty in [None, Some(""), Some("&")] {
        let query = rebuild_query(row("info"), empty).unwrap();
        assert!(query.is_empty() && query.to_string().is_empty());
    }
}

#[test]
fn a_target_in_the_query_is_put_in_place_of_the_name() {
    let mut query = rebuild_query(row("container-commit"), Some("container=web&repo=a")).unwrap();
    query.set("container", "4f66".to_owned());
    assert_eq!(query.to_string(), "repo=a&container=4f66");
}
