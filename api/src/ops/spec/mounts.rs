//! `--volume` and `--mount`.

use std::fmt::Write as _;

use super::{ContainerSpec, Empty, Mount, units};

/// Reads `[FROM:]TO[:MODE]`.
pub(super) fn volume(spec: &mut ContainerSpec, text: &str) -> Option<()> {
    if text.is_empty() || text.starts_with(':') {
        return None;
    }
    if text.contains(':') {
        let target = text.split(':').nth(1)?;
        // `C:\data` of Windows has its colon in front.
        if target.is_empty() || !(target.starts_with(['/', '\\'])) {
            return None;
        }
        spec.body.host.binds.push(text.to_owned());
    } else {
        text.starts_with('/').then_some(())?;
        spec.body.volumes.insert(text.to_owned(), Empty {});
    }
    Some(())
}

/// The same, as it is read back.
pub(super) fn volumes(spec: &ContainerSpec) -> Vec<String> {
    spec.body.host.binds.iter().chain(spec.body.volumes.keys()).cloned().collect()
}

/// Reads `type=bind,source=/a,target=/b,…`.
pub(super) fn mount(spec: &mut ContainerSpec, text: &str) -> Option<()> {
    let mut mount = Mount { kind: "volume".to_owned(), ..Mount::default() };
    for part in csv(text) {
        let (key, value) = match part.split_once('=') {
            Some((key, value)) => (key, value.to_owned()),
            None => (part.as_str(), String::new()),
        };
        let yes = matches!(value.as_str(), "" | "true" | "1");
        yes.then_some(()).or_else(|| {
            let switch = matches!(key, "readonly" | "ro" | "volume-nocopy" | "bind-nonrecursive");
            (!switch || matches!(value.as_str(), "false" | "0")).then_some(())
        })?;
        match key {
            "type" => mount.kind = value.to_ascii_lowercase(),
            "source" | "src" => mount.source = value,
            "target" | "dst" | "destination" => mount.target = value,
            "readonly" | "ro" => mount.read_only = yes,
            "consistency" => mount.consistency = value,
            "bind-propagation" => mount.bind.propagation = value,
            "bind-nonrecursive" => mount.bind.non_recursive = yes,
            "bind-recursive" => match value.as_str() {
                "enabled" => {}
                "disabled" => mount.bind.non_recursive = true,
                "writable" => mount.bind.non_recursive_read_only = true,
                "readonly" => mount.bind.force_recursive_read_only = true,
                _ => return None,
            },
            "volume-nocopy" => mount.volume.no_copy = yes,
            "volume-subpath" => mount.volume.subpath = value,
            "volume-driver" => mount.volume.driver.name = value,
            "volume-label" => pair(&mut mount.volume.labels, &value),
            "volume-opt" => pair(&mut mount.volume.driver.options, &value),
            "tmpfs-size" => mount.tmpfs.size = units::bytes(&value)?,
            "tmpfs-mode" => mount.tmpfs.mode = i64::from_str_radix(&value, 8).ok()?,
            "image-subpath" => mount.image.subpath = value,
            _ => return None,
        }
    }
    (!mount.target.is_empty()).then(|| spec.body.host.mounts.push(mount))
}

/// The same, as it is read back.
pub(super) fn mounts(spec: &ContainerSpec) -> Vec<String> {
    spec.body.host.mounts.iter().map(mount_text).collect()
}

fn mount_text(mount: &Mount) -> String {
    let mut parts = vec![format!("type={}", mount.kind)];
    let mut text = |key: &str, value: &str| {
        if !value.is_empty() {
            parts.push(format!("{key}={value}"));
        }
    };
    text("source", &mount.source);
    text("target", &mount.target);
    text("consistency", &mount.consistency);
    text("bind-propagation", &mount.bind.propagation);
    let recursive = match &mount.bind {
        bind if bind.non_recursive => "disabled",
        bind if bind.non_recursive_read_only => "writable",
        bind if bind.force_recursive_read_only => "readonly",
        _ => "",
    };
    text("bind-recursive", recursive);
    text("volume-subpath", &mount.volume.subpath);
    text("volume-driver", &mount.volume.driver.name);
    text("image-subpath", &mount.image.subpath);
    for (key, pairs) in [("volume-label", &mount.volume.labels), ("volume-opt", &mount.volume.driver.options)]
    {
        for (name, value) in pairs {
            text(key, &format!("{name}={value}"));
        }
    }
    if mount.tmpfs.size != 0 {
        text("tmpfs-size", &units::bytes_text(mount.tmpfs.size));
    }
    if mount.tmpfs.mode != 0 {
        text("tmpfs-mode", &format!("{:o}", mount.tmpfs.mode));
    }
    for (key, on) in [("readonly", mount.read_only), ("volume-nocopy", mount.volume.no_copy)] {
        if on {
            parts.push(key.to_owned());
        }
    }
    to_csv(&parts)
}

/// `key=value` into a map; a key alone has an empty value.
pub(super) fn pair(pairs: &mut super::Pairs, text: &str) {
    let (key, value) = text.split_once('=').unwrap_or((text, ""));
    pairs.insert(key.to_owned(), value.to_owned());
}

/// The fields of a line of comma-separated values; a field in double quotes may have commas.
pub(super) fn csv(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        let field = fields.last_mut().expect("there is one from the beginning");
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' if quoted || field.is_empty() => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            c => field.push(c),
        }
    }
    fields
}

/// The line of these fields.
pub(super) fn to_csv<T: AsRef<str>>(fields: &[T]) -> String {
    let mut line = String::new();
    for field in fields {
        let field = field.as_ref();
        if !line.is_empty() {
            line.push(',');
        }
        if field.contains([',', '"', '\n']) || field.starts_with(' ') {
            let _ = write!(line, "\"{}\"", field.replace('"', "\"\""));
        } else {
            line.push_str(field);
        }
    }
    line
}
