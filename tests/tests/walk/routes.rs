//! The routes below `/api/v1`, in the order in which they are walked, and what each is called with.

use http::Method;
use longshore_tests::{engine::IMAGE, person::PASSWORD};
use serde_json::{Value, json};

use crate::{
    calls::Payload,
    things::{OWNED, WHOSE},
};

/// Routes that are walked on the same things, one after the other.
pub struct Group {
    /// What they are about.
    pub title: &'static str,
    /// Whose the things are.
    pub things: &'static [&'static str],
    /// The routes: removals last.
    pub routes: &'static [&'static str],
}

const ONE: &[&str] = &[""];
/// How somebody stands to a team.
const TEAMS: &[&str] = &["led by them", "theirs", "another"];

/// All of them. No stop comes soon after a start: a shell that has not heard of signals yet would be waited for.
pub const GROUPS: &[Group] = &[
    Group {
        title: "images",
        things: &WHOSE,
        routes: &[
            "GET /hosts/{host}/images/{id}",
            "GET /hosts/{host}/images/{id}/save",
            "POST /hosts/{host}/images/{id}/tag",
            "POST /hosts/{host}/images/{id}/untag",
            "DELETE /hosts/{host}/images/{id}",
        ],
    },
    Group {
        title: "networks",
        things: &WHOSE,
        routes: &[
            "GET /hosts/{host}/networks/{id}",
            "POST /hosts/{host}/networks/{id}/connect",
            "POST /hosts/{host}/networks/{id}/disconnect",
            "DELETE /hosts/{host}/networks/{id}",
        ],
    },
    Group {
        title: "volumes",
        things: &WHOSE,
        routes: &[
            "GET /hosts/{host}/volumes/{id}",
            "GET /hosts/{host}/sharing/{whole}/{id}",
            "PUT /hosts/{host}/sharing/{whole}/{id}",
            "GET /hosts/{host}/sharing/{whole}/{id}/people",
            "DELETE /hosts/{host}/volumes/{id}",
        ],
    },
    Group {
        title: "containers",
        things: &WHOSE,
        routes: &[
            "GET /hosts/{host}/containers/{id}",
            "GET /hosts/{host}/containers/{id}/inspect",
            "GET /hosts/{host}/containers/{id}/changes",
            "GET /hosts/{host}/containers/{id}/processes",
            "GET /hosts/{host}/containers/{id}/usage",
            "GET /hosts/{host}/containers/{id}/logs",
            "GET /hosts/{host}/containers/{id}/last-words",
            "GET /hosts/{host}/containers/{id}/access",
            "GET /hosts/{host}/containers/{id}/people",
            "WS /hosts/{host}/containers/{id}/logs/live",
            "WS /hosts/{host}/containers/{id}/console",
            "POST /hosts/{host}/containers/{id}/env",
            "POST /hosts/{host}/containers/{id}/spec",
            "POST /hosts/{host}/saved-containers",
            "PUT /hosts/{host}/containers/{id}/access",
            "POST /hosts/{host}/containers/{id}/update",
            "POST /hosts/{host}/containers/{id}/signal",
            "POST /hosts/{host}/containers/{id}/pause",
            "POST /hosts/{host}/containers/{id}/unpause",
            "POST /hosts/{host}/containers/{id}/stop",
            "POST /hosts/{host}/containers/{id}/start",
            "POST /hosts/{host}/containers/{id}/kill",
            "POST /hosts/{host}/containers/{id}/restart",
            "POST /jobs/containers",
            "POST /hosts/{host}/containers/{id}/rename",
            "POST /hosts/{host}/containers/{id}/recreate",
            "DELETE /hosts/{host}/containers/{id}",
        ],
    },
    Group { title: "names", things: &OWNED, routes: &["PUT /names/{id}", "DELETE /names/{id}"] },
    Group {
        title: "the host",
        things: ONE,
        routes: &[
            "POST /hosts/{host}/containers",
            "POST /hosts/{host}/new-container/check",
            "POST /hosts/{host}/images",
            "POST /hosts/{host}/images/load",
            "POST /hosts/{host}/networks",
            "POST /hosts/{host}/volumes",
            "GET /hosts/{host}/disk",
            "POST /hosts/{host}/disk",
            "GET /hosts/{host}/removed-containers",
            "POST /hosts/{host}/removed-containers/{id}/spec",
            "DELETE /hosts/{host}/removed-containers/{id}",
            "GET /hosts/{host}/stacks",
        ],
    },
    Group {
        title: "stacks",
        things: &OWNED,
        routes: &[
            "GET /hosts/{host}/stacks/{stack}",
            "GET /hosts/{host}/stacks/{stack}/drift",
            "POST /hosts/{host}/stacks/{stack}/found-files",
            "GET /hosts/{host}/stacks/{stack}/releases",
            "POST /hosts/{host}/stacks/{stack}/releases/{number}",
            "POST /hosts/{host}/stacks/{stack}/compared-releases",
            "POST /hosts/{host}/stacks/{stack}/plan",
            "POST /hosts/{host}/stacks/{stack}/apply",
            "POST /hosts/{host}/stacks/{stack}/run",
            "DELETE /hosts/{host}/stacks/{stack}",
        ],
    },
    Group {
        title: "a template",
        things: ONE,
        routes: &["GET /templates/{id}", "POST /hosts/{host}/templates/{id}/resolve"],
    },
    Group {
        title: "a source of templates",
        things: ONE,
        routes: &[
            "PUT /template-sources/{id}",
            "POST /template-sources/{id}/refresh",
            "DELETE /template-sources/{id}",
        ],
    },
    Group {
        title: "jobs",
        things: &OWNED,
        routes: &[
            "GET /jobs/{id}",
            "GET /jobs/{id}/earlier",
            "POST /jobs/{id}/cancel",
            "POST /jobs/{id}/again",
        ],
    },
    Group { title: "keys", things: &OWNED, routes: &["DELETE /account/keys/{id}"] },
    Group {
        title: "teams",
        things: TEAMS,
        routes: &[
            "PUT /teams/{team}/members/{name}",
            "DELETE /teams/{team}/members/{name}",
            "PUT /teams/{team}",
            "DELETE /teams/{team}",
        ],
    },
    Group {
        title: "grants",
        things: &["on the host", "everywhere"],
        routes: &["POST /grants", "DELETE /grants/{grant}"],
    },
    Group {
        title: "programs",
        things: ONE,
        routes: &[
            "GET /people/{account}/keys",
            "POST /people/{account}/keys",
            "DELETE /people/{account}/keys/{id}",
        ],
    },
    Group {
        title: "accounts",
        things: ONE,
        routes: &[
            "GET /people/{account}/rights",
            "GET /people/{account}/identities",
            "DELETE /people/{account}/identities/{provider}",
            "GET /people/{account}/sessions",
            "DELETE /people/{account}/sessions/{id}",
            "DELETE /people/{account}/sessions",
            "POST /people/{account}/link",
            "DELETE /people/{account}/totp",
            "PATCH /people/{account}",
            "DELETE /people/{account}",
        ],
    },
    Group {
        title: "host groups",
        things: ONE,
        routes: &["PUT /host-groups/{group}", "DELETE /host-groups/{group}"],
    },
    Group {
        title: "providers",
        things: ONE,
        routes: &[
            "GET /oidc",
            "PUT /oidc/passwords",
            "POST /oidc/providers",
            "PUT /oidc/providers/{provider}",
            "GET /account/identities",
            "POST /account/identities",
            "DELETE /oidc/providers/{provider}",
        ],
    },
    Group {
        title: "all else",
        things: ONE,
        routes: &[
            "GET /api/docs",
            "GET /api/openapi.json",
            "GET /healthz",
            "GET /readyz",
            "GET /metrics",
            "GET /session",
            "GET /sign-in",
            "WS /live",
            "GET /jobs",
            "GET /names",
            "GET /templates",
            "GET /template-sources",
            "POST /template-sources",
            "GET /teams",
            "POST /teams",
            "GET /people",
            "POST /people",
            "POST /host-groups",
            "GET /audit",
            "GET /audit/export",
            "GET /audit/check",
            "POST /audit/check",
            "GET /account/keys",
            "POST /account/keys",
            "GET /account/sessions",
            "GET /account/totp",
            "POST /account/totp",
            "PUT /account/password",
        ],
    },
    // From here on they are signed out.
    Group { title: "sessions", things: &["another's", "own"], routes: &["DELETE /account/sessions/{id}"] },
];

/// What a route is called with.
#[derive(Clone, Default)]
pub struct Made {
    /// What stands in the path for `{id}`, `{team}`, `{group}`, `{grant}`, `{provider}` and `{stack}`.
    pub id: String,
    /// For `{account}`.
    pub account: String,
    /// For `{name}`; an image's own.
    pub name: String,
    /// The beginning of all names that may be made.
    pub new: String,
    /// A container of the caller's own.
    pub container: String,
    /// The label of what may be made, as a body has it.
    pub labels: Value,
    /// What is to be given.
    pub wish: Value,
}

/// Whether a line is a websocket.
pub fn is_socket(route: &str) -> bool {
    route.starts_with("WS ")
}

/// Method and path, without the first slash.
pub fn at(route: &str, made: &Made) -> (Method, String) {
    let (method, path) = route.split_once(' ').expect("a method and a path");
    let id = made.id.replace('/', "%2F");
    let mut path =
        path.replace("{host}", "local").replace("{account}", &made.account).replace("{name}", &made.name);
    path = path.replace("{whole}", "volume").replace("{number}", "1");
    for called in ["{id}", "{team}", "{group}", "{grant}", "{provider}", "{stack}"] {
        path = path.replace(called, &id);
    }
    let is_root = ["/api/", "/healthz", "/readyz", "/metrics"].iter().any(|root| path.starts_with(root));
    let path = if is_root { path.trim_start_matches('/').to_owned() } else { format!("api/v1{path}") };
    let path = if route == "GET /audit/export" { format!("{path}?format=csv") } else { path };
    (method.parse().expect("a method"), path)
}

/// What is sent.
pub fn body(route: &str, made: &Made) -> Payload {
    let Made { new, container, labels, wish, .. } = made;
    let label = labels.as_object().and_then(|labels| labels.iter().next());
    let label = label.map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default()));
    Payload::Json(match route {
        "PUT /hosts/{host}/containers/{id}/access"
        | "PUT /hosts/{host}/sharing/{whole}/{id}"
        | "PUT /names/{id}"
        | "POST /grants" => wish.clone(),
        "POST /hosts/{host}/containers/{id}/update" => {
            json!({ "limits": { "cpu_milli": 500, "memory": 0, "pids": 0 } })
        }
        "POST /hosts/{host}/containers/{id}/signal" => json!({ "signal": "SIGWINCH" }),
        "POST /hosts/{host}/containers/{id}/rename" => json!({ "name": new }),
        "POST /hosts/{host}/containers/{id}/recreate" => json!({ "newer": false }),
        "POST /jobs/containers" => {
            json!({ "verb": "kill", "targets": [{ "host": "local", "id": made.id }] })
        }
        "POST /hosts/{host}/images/{id}/tag" => json!({ "tag": format!("{new}-tag:1") }),
        "POST /hosts/{host}/images/{id}/untag" => json!({ "tag": made.name }),
        "POST /hosts/{host}/networks/{id}/connect" | "POST /hosts/{host}/networks/{id}/disconnect" => {
            json!({ "container": container })
        }
        "POST /hosts/{host}/containers" => {
            json!({ "name": new, "start": false, "body": { "Image": IMAGE, "Labels": labels } })
        }
        "POST /hosts/{host}/new-container/check" => json!({ "name": new, "image": IMAGE, "ports": [] }),
        "POST /hosts/{host}/images" => json!({ "image": "127.0.0.1:1/none" }),
        "POST /hosts/{host}/images/load" => return Payload::EmptyTar,
        "POST /hosts/{host}/networks" | "POST /hosts/{host}/volumes" => {
            json!({ "name": new, "labels": [label] })
        }
        "PUT /teams/{team}/members/{name}" => json!({}),
        "POST /people/{account}/keys" | "POST /account/keys" => json!({ "name": new }),
        "PUT /teams/{team}" | "POST /teams" => json!({ "name": new }),
        "PATCH /people/{account}" => json!({ "display_name": new }),
        "PUT /host-groups/{group}" => json!({ "name": new, "hosts": [] }),
        "POST /host-groups" => json!({ "name": format!("{new}-more") }),
        "POST /people" => json!({ "name": new }),
        "PUT /oidc/passwords" => json!({ "account": null }),
        "POST /oidc/providers" => provider(&format!("{new}-more")),
        "PUT /oidc/providers/{provider}" => provider(new),
        "POST /hosts/{host}/templates/{id}/resolve" => json!({ "name": new }),
        "POST /template-sources" => templates(&format!("{new}-more")),
        "PUT /template-sources/{id}" => templates(new),
        "POST /hosts/{host}/saved-containers" => json!({ "containers": [made.id] }),
        "POST /hosts/{host}/stacks/{stack}/plan" => plan(),
        "POST /hosts/{host}/stacks/{stack}/compared-releases" => json!({ "from": 1 }),
        // Not the digest of any plan: who may apply one is told that it is another by now.
        "POST /hosts/{host}/stacks/{stack}/run" => json!({ "service": "none-of-them" }),
        "POST /hosts/{host}/stacks/{stack}/apply" => json!({ "plan": plan(), "digest": "0" }),
        "PUT /account/password" => json!({ "current": PASSWORD, "new": "another horse, another battery" }),
        _ => return Payload::None,
    })
}

/// A provider of sign-in that nobody answers for.
pub fn provider(name: &str) -> Value {
    json!({
        "name": name, "issuer": format!("http://127.0.0.1:1/{name}"), "client_id": "longshore", "scopes": "profile",
        "groups_claim": "groups", "makes_accounts": false, "unchecked": true,
    })
}

/// A source of templates that has none.
pub fn templates(name: &str) -> Value {
    json!({ "name": name, "place": { "kind": "folder", "path": "/nowhere" } })
}

/// What is planned for a stack: a service that has no container.
pub fn plan() -> Value {
    let file = format!("services: {{none: {{image: '{IMAGE}', network_mode: none, scale: 0}}}}");
    json!({ "source": { "files": { "compose.yaml": file } }, "wish": { "deed": "up" } })
}
