//! Whether a create body has only fields that engines know, each written as they write it: they read names without regard
//! to case, so that `privileged` would be taken beside a `Privileged` that was looked at.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::{sentence::Sentence, words::say};

/// So many bytes of a field's name are quoted.
const NAME_MAX: usize = 200;

/// What a value of the body must be like.
pub(super) trait Fit {
    /// Whether it is so. `at` is where it stands.
    ///
    /// # Errors
    /// Names the field that is not; never its value, which may be a secret.
    fn fit(value: &Value, at: &str) -> Result<(), Sentence>;
}

fn is(fits: bool, at: &str) -> Result<(), Sentence> {
    if fits { Ok(()) } else { Err(say::spec_kind(cut(at))) }
}

fn cut(name: &str) -> &str {
    &name[..name.floor_char_boundary(NAME_MAX)]
}

fn within(at: &str, key: &str) -> String {
    if at.is_empty() { key.to_owned() } else { format!("{at}.{key}") }
}

impl Fit for String {
    fn fit(value: &Value, at: &str) -> Result<(), Sentence> {
        is(value.is_string(), at)
    }
}

impl Fit for bool {
    fn fit(value: &Value, at: &str) -> Result<(), Sentence> {
        is(value.is_boolean(), at)
    }
}

impl Fit for i64 {
    fn fit(value: &Value, at: &str) -> Result<(), Sentence> {
        is(value.is_i64(), at)
    }
}

impl<T: Fit> Fit for Option<T> {
    fn fit(value: &Value, at: &str) -> Result<(), Sentence> {
        T::fit(value, at)
    }
}

impl<T: Fit> Fit for Vec<T> {
    fn fit(value: &Value, at: &str) -> Result<(), Sentence> {
        let Some(all) = value.as_array() else { return is(false, at) };
        all.iter().filter(|value| !value.is_null()).try_for_each(|value| T::fit(value, at))
    }
}

impl<T: Fit> Fit for BTreeMap<String, T> {
    fn fit(value: &Value, at: &str) -> Result<(), Sentence> {
        let Some(all) = value.as_object() else { return is(false, at) };
        let mut all = all.iter().filter(|(_, value)| !value.is_null());
        all.try_for_each(|(key, value)| T::fit(value, &within(at, key)))
    }
}

/// How a field's value is looked at.
pub(super) type Look = fn(&Value, &str) -> Result<(), Sentence>;

/// Looks at the fields of a struct of the engine's, by its name.
pub(super) fn fields(
    value: &Value,
    at: &str,
    name: &str,
    look: impl Fn(&str) -> Option<Look>,
    known: &[&'static str],
) -> Result<(), Sentence> {
    let Some(all) = value.as_object() else { return is(false, at) };
    let more = more(name);
    for (key, value) in all {
        let place = within(at, key);
        match look(key) {
            Some(_) if value.is_null() => {}
            Some(look) => look(value, &place)?,
            None if more.contains(&key.as_str()) => {}
            None => {
                let meant = known.iter().chain(more).find(|known| known.eq_ignore_ascii_case(key));
                return Err(match meant {
                    Some(meant) => say::spec_key_case(cut(&place), within(at, meant)),
                    None => say::spec_key_unknown(cut(&place)),
                });
            }
        }
    }
    Ok(())
}

/// What engines know besides and the typed spec has no name for, by the API's description up to 1.51.
fn more(name: &str) -> &'static [&'static str] {
    match name {
        "CreateBody" => &[
            "AttachStdin",
            "AttachStdout",
            "AttachStderr",
            "StdinOnce",
            "ArgsEscaped",
            "NetworkDisabled",
            "MacAddress",
            "OnBuild",
            "Shell",
        ],
        "HostConfig" => &["ContainerIDFile", "ConsoleSize", "Cgroup", "KernelMemoryTCP"],
        "Mount" => &["ClusterOptions"],
        "TmpfsOptions" => &["Options"],
        "Endpoint" => &[
            "NetworkID",
            "EndpointID",
            "Gateway",
            "IPAddress",
            "IPPrefixLen",
            "IPv6Gateway",
            "GlobalIPv6Address",
            "GlobalIPv6PrefixLen",
            "DNSNames",
        ],
        _ => &[],
    }
}

/// The first variable that has no name, counted from 1: neither `NAME=value` nor a name alone. What stands there may be the
/// rest of a secret.
pub(super) fn nameless(env: &[String]) -> Option<u32> {
    let plain = |name: &str| {
        let rest = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && name.chars().all(rest)
    };
    let named = |entry: &String| match entry.split_once('=') {
        Some((name, _)) => !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c == '\0'),
        None => plain(entry),
    };
    (1..).zip(env).find(|(_, entry)| !named(entry)).map(|(number, _)| number)
}

/// JSON in which no name stands twice in one object: which of the two counts is not the same for everyone.
pub(crate) mod once {
    use std::fmt;

    use serde::{
        Deserialize, Deserializer,
        de::{Error, MapAccess, SeqAccess, Visitor},
    };

    use super::{Map, Value, cut};

    struct Once(Value);

    impl<'de> Deserialize<'de> for Once {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserialize(deserializer).map(Self)
        }
    }

    /// Reads it.
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(Any)
    }

    struct Any;

    impl<'de> Visitor<'de> for Any {
        type Value = Value;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("JSON")
        }

        fn visit_unit<E>(self) -> Result<Value, E> {
            Ok(Value::Null)
        }

        fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
            Ok(value.into())
        }

        fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
            Ok(value.into())
        }

        fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
            Ok(value.into())
        }

        fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
            Ok(value.into())
        }

        fn visit_str<E>(self, value: &str) -> Result<Value, E> {
            Ok(value.into())
        }

        fn visit_string<E>(self, value: String) -> Result<Value, E> {
            Ok(value.into())
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<Value, A::Error> {
            let mut list = Vec::new();
            while let Some(Once(value)) = all.next_element()? {
                list.push(value);
            }
            Ok(list.into())
        }

        fn visit_map<A: MapAccess<'de>>(self, mut all: A) -> Result<Value, A::Error> {
            let mut map = Map::new();
            while let Some(key) = all.next_key::<String>()? {
                if map.contains_key(&key) {
                    return Err(A::Error::custom(format_args!("{} stands twice in one object", cut(&key))));
                }
                let Once(value) = all.next_value()?;
                map.insert(key, value);
            }
            Ok(map.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::ContainerSpec, nameless};
    use crate::web::create::NewContainer;

    fn refused(body: serde_json::Value) -> String {
        ContainerSpec::asked(body.clone()).expect_err(&body.to_string()).to_string()
    }

    #[test]
    fn a_field_in_another_case_is_refused_by_name() {
        for (body, said) in [
            (json!({"HostConfig": {"Privileged": false, "privileged": true}}), "HostConfig.privileged"),
            (json!({"hostconfig": {"Binds": ["/:/host"]}}), "hostconfig"),
            (json!({"env": ["A=1"]}), "env"),
            (json!({"HostConfig": {"Mounts": [{"type": "bind"}]}}), "HostConfig.Mounts.type"),
            (json!({"HostConfig": {"containeridfile": "/x"}}), "HostConfig.containeridfile"),
            (json!({"NetworkingConfig": {"endpointsconfig": {}}}), "NetworkingConfig.endpointsconfig"),
            (
                json!({"NetworkingConfig": {"EndpointsConfig": {"n": {"ipamconfig": {}}}}}),
                "NetworkingConfig.EndpointsConfig.n.ipamconfig",
            ),
        ] {
            let why = refused(body);
            assert!(why.contains(said) && why.starts_with("Write "), "{why}");
        }
    }

    #[test]
    fn a_field_that_no_engine_has_is_refused_and_one_of_the_description_is_not() {
        assert!(refused(json!({"Envv": ["A=1"]})).contains("Envv"));
        assert!(refused(json!({"HostConfig": {"Privilegeſ": true}})).contains("HostConfig.Privilegeſ"));
        assert!(refused(json!({"y".repeat(99_999): 1})).len() < 400);
        let body = json!({
            "Image": "nginx", "Env": null, "Shell": ["sh"], "Labels": {"env": "x", "hostconfig": "y"},
            "HostConfig": {"ConsoleSize": [0, 0], "Init": null, "Mounts": [{"Type": "tmpfs", "Target": "/t"}]},
        });
        let spec = ContainerSpec::asked(body).expect("a spec");
        assert_eq!(spec.rest["Shell"], json!(["sh"]));
    }

    #[test]
    fn a_value_of_another_kind_is_not_quoted() {
        for body in [
            json!({"Env": "PASSWORD=hunter22"}),
            json!({"Env": ["A=1", {"PASSWORD": "hunter22"}]}),
            json!({"Labels": ["hunter22"]}),
            json!({"HostConfig": "hunter22"}),
            json!("hunter22"),
        ] {
            let why = refused(body);
            assert!(!why.contains("hunter22"), "{why}");
        }
    }

    #[test]
    fn a_name_that_stands_twice_is_refused() {
        let read =
            |body: &str| serde_json::from_str::<NewContainer>(&format!(r#"{{"start":true,"body":{body}}}"#));
        let why =
            read(r#"{"HostConfig":{"Privileged":false,"Privileged":true}}"#).expect_err("twice").to_string();
        assert!(why.contains("Privileged"), "{why}");
        let body = r#"{"Image":"a","HostConfig":{"Memory":-1,"Binds":[],"Init":true}}"#;
        assert_eq!(read(body).expect("once").body, serde_json::from_str::<serde_json::Value>(body).unwrap());
    }

    #[test]
    fn a_variable_has_a_name() {
        let first = |env: &[&str]| nameless(&env.iter().map(|entry| (*entry).to_owned()).collect::<Vec<_>>());
        assert_eq!(first(&["A=1", "B=", "C", "my.name-2=x=y"]), None);
        for bad in ["=secret", "hunter 22", "", "s3cr3t!", "A B=c", "\u{540d}"] {
            assert_eq!(first(&["A=1", bad]), Some(2), "{bad:?}");
        }
    }
}
