//! What `docker-compose` 1.29 writes, in the long forms and with the defaults that the specification demands: by hand, and
//! not by our own reader, so that a fault of that would be seen.

use serde_json::{Map, Value as Json, json};

type Object = Map<String, Json>;

/// What it wrote, as we are to write it.
pub fn plain(theirs: &Json, project: &str) -> Json {
    let mut file = theirs.as_object().expect("a file").clone();
    file.remove("version");
    file.insert("name".to_owned(), json!(project));
    let services = object(&mut file, "services");
    let mut alone = false;
    for service in services.values_mut() {
        let service = service.as_object_mut().expect("a service");
        if !service.contains_key("networks") && !service.contains_key("network_mode") {
            service.insert("networks".to_owned(), json!({ "default": null }));
        }
        alone |= service.get("networks").is_some_and(|networks| networks.get("default").is_some());
        of_service(service);
    }
    if alone {
        object(&mut file, "networks").entry("default").or_insert(Json::Null);
    }
    for kind in ["networks", "volumes", "secrets", "configs"] {
        let Some(all) = file.get_mut(kind).and_then(Json::as_object_mut) else { continue };
        for (key, one) in all.iter_mut() {
            if one.is_null() {
                *one = json!({});
            }
            let one = one.as_object_mut().expect("a map");
            one.entry("name").or_insert(json!(format!("{project}_{key}")));
        }
    }
    Json::Object(file)
}

fn object<'a>(of: &'a mut Object, key: &str) -> &'a mut Object {
    of.entry(key).or_insert(json!({})).as_object_mut().expect("a map")
}

fn change(of: &mut Object, key: &str, change: impl FnOnce(&Json) -> Json) {
    if let Some(value) = of.get_mut(key) {
        *value = change(value);
    }
}

fn each(list: &Json, change: impl Fn(&Json) -> Json) -> Json {
    list.as_array().expect("a list").iter().map(change).collect()
}

fn of_service(service: &mut Object) {
    change(service, "environment", |all| {
        let all = all.as_object().expect("a map").iter();
        all.map(|(name, value)| (name.clone(), if value.is_null() { Json::Null } else { text(value) }))
            .collect()
    });
    for key in ["command", "entrypoint"] {
        change(service, key, |line| line.as_str().map_or_else(|| line.clone(), |line| json!(words(line))));
    }
    if let Some(check) = service.get_mut("healthcheck").and_then(Json::as_object_mut) {
        change(check, "test", |test| {
            test.as_str().map_or_else(|| test.clone(), |it| json!(["CMD-SHELL", it]))
        });
        for key in ["interval", "timeout", "start_period"] {
            change(check, key, span);
        }
    }
    change(service, "stop_grace_period", span);
    for key in ["mem_limit", "memswap_limit", "mem_reservation", "shm_size"] {
        change(service, key, size);
    }
    change(service, "ports", |all| each(all, port));
    change(service, "volumes", |all| each(all, volume));
    change(service, "expose", |all| each(all, text));
    change(service, "devices", |all| each(all, device));
    for key in ["tmpfs", "dns", "dns_search"] {
        change(service, key, |one| if one.is_string() { json!([one]) } else { one.clone() });
    }
    change(service, "depends_on", |all| {
        let with = |on: &Json| {
            let mut on = on.clone();
            on["required"] = json!(true);
            on
        };
        all.as_object().expect("a map").iter().map(|(name, on)| (name.clone(), with(on))).collect()
    });
    // Whoever is linked to is depended on.
    let links = service.get("links").and_then(Json::as_array).cloned().unwrap_or_default();
    for link in links.iter().filter_map(Json::as_str) {
        let on = json!({ "condition": "service_started", "required": true, "restart": true });
        let name = link.split(':').next().unwrap_or_default();
        object(service, "depends_on").entry(name).or_insert(on);
    }
    change(service, "extra_hosts", |all| {
        each(all, |one| json!(one.as_str().expect("a host").replacen(':', "=", 1)))
    });
    if let Some(rates) = service.get_mut("blkio_config").and_then(Json::as_object_mut) {
        change(rates, "device_read_bps", |all| {
            each(all, |one| {
                let mut one = one.clone();
                one["rate"] = text(&one["rate"]);
                one
            })
        });
    }
    change(service, "secrets", |all| each(all, |grant| granted(grant, Some("/run/secrets/"))));
    change(service, "configs", |all| each(all, |grant| granted(grant, None)));
    if let Some(build) = service.get_mut("build").and_then(Json::as_object_mut) {
        change(build, "shm_size", size);
    }
    if let Some(policy) =
        service.get_mut("deploy").and_then(|it| it.get_mut("restart_policy")?.as_object_mut())
    {
        change(policy, "window", span);
    }
    if let Some(resources) = service.get_mut("deploy").and_then(|it| it.get_mut("resources")) {
        for kind in ["limits", "reservations"] {
            if let Some(of) = resources.get_mut(kind).and_then(Json::as_object_mut) {
                change(of, "memory", size);
                change(of, "cpus", |cpus| {
                    cpus.as_str().map_or(cpus.clone(), |it| json!(it.parse::<f64>().ok()))
                });
            }
        }
    }
    // What is said is the default.
    if service.get("privileged") == Some(&json!(false)) {
        service.remove("privileged");
    }
}

fn text(value: &Json) -> Json {
    json!(value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}

/// `a "b c"`: two words.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in line.chars() {
        match quote {
            Some(mark) if mark == c => quote = None,
            None if c == '"' || c == '\'' => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            None if c == ' ' => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// `90s` as Go writes it: `1m30s`.
fn span(value: &Json) -> Json {
    let seconds: Option<u64> = value.as_str().and_then(|it| it.strip_suffix('s')?.parse().ok());
    match seconds {
        Some(all) if all >= 60 => json!(format!("{}m{}s", all / 60, all % 60)),
        _ => value.clone(),
    }
}

/// `1gb` in bytes.
fn size(value: &Json) -> Json {
    let Some(said) = value.as_str() else { return text(value) };
    let lower = said.to_ascii_lowercase();
    let digits = lower.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match lower[digits.len()..].trim_end_matches('b') {
        "k" => 1_u64 << 10,
        "m" => 1 << 20,
        "g" => 1 << 30,
        _ => 1,
    };
    json!((digits.parse::<u64>().expect("a size") * unit).to_string())
}

/// `127.0.0.1:90:90/udp` and its like.
fn port(value: &Json) -> Json {
    let mut long = match value.as_str() {
        None => value.as_object().expect("a port").clone(),
        Some(short) => {
            let (rest, protocol) = short.split_once('/').unwrap_or((short, "tcp"));
            let mut parts: Vec<&str> = rest.rsplitn(3, ':').collect();
            parts.resize(3, "");
            let mut long = Object::new();
            long.insert("target".to_owned(), json!(parts[0].parse::<u16>().expect("a port")));
            for (key, value) in [("published", parts[1]), ("host_ip", parts[2])] {
                if !value.is_empty() {
                    long.insert(key.to_owned(), json!(value));
                }
            }
            long.insert("protocol".to_owned(), json!(protocol));
            long
        }
    };
    change(&mut long, "published", text);
    long.entry("protocol").or_insert(json!("tcp"));
    long.entry("mode").or_insert(json!("ingress"));
    Json::Object(long)
}

/// `data:/data:ro` and its like.
fn volume(value: &Json) -> Json {
    let Some(short) = value.as_str() else {
        let mut long = value.clone();
        if long["type"] == "bind" && long["bind"]["create_host_path"].is_null() {
            long["bind"]["create_host_path"] = json!(true);
        }
        if long["tmpfs"].is_object() {
            long["tmpfs"]["size"] = text(&long["tmpfs"]["size"]);
        }
        return long;
    };
    let parts: Vec<&str> = short.split(':').collect();
    match parts[..] {
        [target] => json!({ "type": "volume", "target": target, "volume": {} }),
        [source, target, ref mode @ ..] => {
            let bind = source.starts_with('/');
            let mut long =
                json!({ "type": if bind { "bind" } else { "volume" }, "source": source, "target": target });
            if bind {
                long["bind"] = json!({ "create_host_path": true });
            } else {
                long["volume"] = json!({});
            }
            if mode == ["ro"] {
                long["read_only"] = json!(true);
            }
            long
        }
        [] => Json::Null,
    }
}

/// `/dev/null:/dev/n:r`
fn device(value: &Json) -> Json {
    let parts: Vec<&str> = value.as_str().expect("a device").split(':').collect();
    json!({ "source": parts[0], "target": parts[1], "permissions": parts.get(2).unwrap_or(&"rwm") })
}

fn granted(value: &Json, folder: Option<&str>) -> Json {
    let mut long = value.as_object().expect("a grant").clone();
    let source = long["source"].as_str().expect("a name").to_owned();
    if let Some(folder) = folder {
        long.entry("target").or_insert(json!(format!("{folder}{source}")));
    }
    change(&mut long, "mode", |mode| match mode.as_u64() {
        Some(mode) => json!(format!("0{mode:o}")),
        None => mode.clone(),
    });
    Json::Object(long)
}
