//! As much of YAML as a compose file takes.

/// A value.
pub(super) enum Yaml {
    Text(String),
    Raw(String),
    List(Vec<Yaml>),
    Map(Vec<(String, Yaml)>),
}

/// A text as compose reads it.
pub(super) fn text(value: impl Into<String>) -> Yaml {
    // What stands after a dollar is a variable for compose.
    Yaml::Text(value.into().replace('$', "$$"))
}

/// Several of them.
pub(super) fn texts<T: Into<String>>(values: impl IntoIterator<Item = T>) -> Yaml {
    Yaml::List(values.into_iter().map(text).collect())
}

/// Puts a value where a path with dots leads.
pub(super) fn put(map: &mut Vec<(String, Yaml)>, path: &str, value: Yaml) {
    let Some((first, rest)) = path.split_once('.') else { return map.push((path.to_owned(), value)) };
    let at = map.iter().position(|(key, _)| key == first).unwrap_or_else(|| {
        map.push((first.to_owned(), Yaml::Map(Vec::new())));
        map.len() - 1
    });
    if let Yaml::Map(below) = &mut map[at].1 {
        put(below, rest, value);
    }
}

/// Writes the members of a map, so deep.
pub(super) fn write_map(map: &[(String, Yaml)], depth: usize, out: &mut String) {
    for (key, value) in map {
        indent(depth, out);
        scalar(key, out);
        out.push(':');
        write_value(value, depth + 1, out);
    }
}

fn write_value(value: &Yaml, depth: usize, out: &mut String) {
    match value {
        Yaml::Map(map) if map.is_empty() => out.push_str(" {}\n"),
        Yaml::List(list) if list.is_empty() => out.push_str(" []\n"),
        Yaml::Map(map) => {
            out.push('\n');
            write_map(map, depth, out);
        }
        Yaml::List(list) => {
            out.push('\n');
            for item in list {
                indent(depth, out);
                out.push('-');
                if let Yaml::Map(map) = item {
                    // The first key stands beside the dash.
                    let mut below = String::new();
                    write_map(map, depth + 1, &mut below);
                    out.push(' ');
                    out.push_str(below.trim_start());
                } else {
                    write_value(item, depth + 1, out);
                }
            }
        }
        Yaml::Text(value) => {
            out.push(' ');
            scalar(value, out);
            out.push('\n');
        }
        Yaml::Raw(value) => {
            out.push(' ');
            out.push_str(value);
            out.push('\n');
        }
    }
}

fn indent(depth: usize, out: &mut String) {
    for _ in 0..depth {
        out.push_str("  ");
    }
}

/// A text that YAML reads as a text.
fn scalar(value: &str, out: &mut String) {
    let plain = value.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        && value.chars().all(|c| c.is_ascii_alphanumeric() || "_./-".contains(c));
    let word = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"]
        .iter()
        .any(|word| word.eq_ignore_ascii_case(value));
    if plain && !word {
        out.push_str(value);
        return;
    }
    out.push('"');
    for c in value.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}
