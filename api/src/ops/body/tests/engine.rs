//! What an engine would make of what was passed: as Go reads it, without regard to case, the last of two.

use proptest::prelude::*;
use serde_json::{Map, json};

use super::*;

/// The value of a field as Go reads it.
fn go<'a>(object: &'a Value, name: &str) -> &'a Value {
    let same = |key: &str| key.replace('\u{17f}', "s").replace('\u{212a}', "k").eq_ignore_ascii_case(name);
    let mut all = object.as_object().into_iter().flatten().filter(|(key, _)| same(key));
    all.next_back().map_or(&Value::Null, |(_, value)| value)
}

/// Why a container made from it would not be kept from the host; written without the tables.
fn danger(body: &Value) -> Option<String> {
    let host = go(body, "HostConfig");
    let text = |name: &str| go(host, name).as_str().unwrap_or_default().to_owned();
    let said = |name: &str| {
        !go(host, name).is_null() && go(host, name) != &json!([]) && go(host, name) != &json!(false)
    };
    for name in ["Privileged", "Devices", "DeviceRequests", "DeviceCgroupRules", "VolumesFrom", "Annotations"]
    {
        if said(name) {
            return Some(name.to_owned());
        }
    }
    for name in ["MaskedPaths", "ReadonlyPaths"] {
        if !go(host, name).is_null() {
            return Some(name.to_owned());
        }
    }
    for name in ["PidMode", "IpcMode", "UTSMode", "UsernsMode", "CgroupnsMode", "NetworkMode"] {
        if text(name) == "host" || text(name).contains(':') {
            return Some(name.to_owned());
        }
    }
    for name in ["Runtime", "CgroupParent"] {
        if !text(name).is_empty() {
            return Some(name.to_owned());
        }
    }
    let list = |name: &str| go(host, name).as_array().cloned().unwrap_or_default();
    for bind in list("Binds") {
        let bind = bind.as_str().unwrap_or("/?").to_owned();
        if bind.contains(':') && !bind.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            return Some(bind);
        }
    }
    for mount in list("Mounts") {
        let options = go(go(&mount, "VolumeOptions"), "DriverConfig");
        if go(&mount, "Type") == "bind"
            || go(go(options, "Options"), "o").as_str().is_some_and(|o| o.contains("bind"))
        {
            return Some(mount.to_string());
        }
    }
    for option in list("SecurityOpt") {
        if option.as_str().is_none_or(|o| o.contains("unconfined") || o.contains("disable")) {
            return Some(option.to_string());
        }
    }
    let caps = go(host, "CapAdd");
    let all = caps.as_array().cloned().unwrap_or_else(|| vec![caps.clone()]);
    all.iter()
        .filter_map(Value::as_str)
        .find(|cap| ["ALL", "SYS_ADMIN", "CAP_SYS_PTRACE"].contains(&cap.to_ascii_uppercase().as_str()))
        .map(str::to_owned)
}

const NAMES: [&str; 22] = [
    "Privileged",
    "Binds",
    "Mounts",
    "PidMode",
    "IpcMode",
    "UTSMode",
    "UsernsMode",
    "CgroupnsMode",
    "NetworkMode",
    "CapAdd",
    "SecurityOpt",
    "Devices",
    "DeviceRequests",
    "DeviceCgroupRules",
    "VolumesFrom",
    "Runtime",
    "CgroupParent",
    "MaskedPaths",
    "ReadonlyPaths",
    "Annotations",
    "Memory",
    "Unheard",
];

/// A name in some case.
fn spelled(name: &'static str) -> impl Strategy<Value = String> {
    proptest::collection::vec(0_u8..12, name.len()).prop_map(move |how| {
        name.chars()
            .zip(how)
            .map(|(c, how)| match (how, c) {
                (0, c) if c.is_ascii_uppercase() => c.to_ascii_lowercase(),
                (0, c) => c.to_ascii_uppercase(),
                (1, 's' | 'S') => '\u{17f}',
                (1, 'k' | 'K') => '\u{212a}',
                (_, c) => c,
            })
            .collect()
    })
}

fn value() -> impl Strategy<Value = Value> {
    let words = prop::sample::select(vec![
        "",
        "host",
        "container:x",
        "private",
        "/:/h",
        "data:/d",
        "data:/d:ro",
        "./a:/b",
        "ALL",
        "SYS_ADMIN",
        "CHOWN",
        "cap_sys_ptrace",
        "seccomp=unconfined",
        "no-new-privileges",
        "label=disable",
        "bind",
        "volume",
        "none",
        "runc",
    ])
    .prop_map(Value::from);
    let plain = prop_oneof![
        4 => words,
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        1 => (-2_i64..3).prop_map(Value::from),
    ];
    let mount = (spelled("Type"), plain.clone(), spelled("VolumeOptions"), spelled("Options"), plain.clone()).prop_map(
        |(key, kind, options, inner, o)| {
            json!({key: kind, "Target": "/t", options: {"DriverConfig": {inner: {"o": o}}}})
        },
    );
    prop_oneof![
        3 => plain.clone(),
        3 => proptest::collection::vec(plain, 0..3).prop_map(Value::from),
        2 => proptest::collection::vec(mount, 1..3).prop_map(Value::from),
        1 => Just(json!({})),
    ]
}

fn host() -> impl Strategy<Value = Value> {
    let field = prop::sample::select(NAMES.to_vec()).prop_flat_map(|name| (spelled(name), value()));
    proptest::collection::vec(field, 0..4)
        .prop_map(|all| Value::Object(all.into_iter().collect::<Map<_, _>>()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn what_passes_below_the_line_is_kept_from_the_host(
        one in host(), other in host(), first in spelled("HostConfig"), second in spelled("HostConfig"),
    ) {
        let body = json!({"Image": "a", first: one, second: other}).to_string();
        if let Ok(checked) = judge("container-create", &body, Strength::Developer) {
            let sent = read(&checked.to_bytes()).expect("JSON");
            prop_assert_eq!(danger(&sent), None, "{} became {}", body, sent);
        }
    }

    /// Above it, what is judged is what the engine reads.
    #[test]
    fn what_passes_reads_the_same_to_an_engine(one in host(), first in spelled("HostConfig")) {
        let body = json!({"Image": "a", first: one}).to_string();
        if let Ok(checked) = judge("container-create", &body, Strength::Manager) {
            for name in NAMES.into_iter().filter(|name| *name != "Unheard") {
                let sent = checked.body();
                prop_assert_eq!(go(go(sent, "HostConfig"), name), &sent["HostConfig"][name]);
            }
        }
    }
}

/// The oracle itself sees what it is for.
#[test]
fn the_oracle_sees_danger() {
    for body in [
        json!({"HostConfig": {"Privileged": false}, "hostconfig": {"privileged": true}}),
        json!({"HostConfig": {"Bind\u{17f}": ["/:/h"]}}),
        json!({"HostConfig": {"CapAdd": "all"}}),
        json!({"HostConfig": {"MaskedPaths": []}}),
    ] {
        assert!(danger(&body).is_some(), "{body}");
    }
    assert_eq!(danger(&json!({"HostConfig": {"Binds": ["data:/d"], "CapAdd": ["CHOWN"]}})), None);
}
