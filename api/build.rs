//! Turns the two catalogues (`assets/locales/en.toml`, `zh-CN.toml`) into Rust and fails the build where they differ:
//! a key that is missing, an argument that one language names and the other does not, a malformed template.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

type Section = BTreeMap<String, String>;

fn main() {
    let locales = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/locales");
    println!("cargo:rerun-if-changed={}", locales.display());
    let en = Catalogue::read(&locales.join("en.toml"));
    let zh = Catalogue::read(&locales.join("zh-CN.toml"));
    let mut complaints = Vec::new();
    compare("ui", &en.ui, &zh.ui, &mut complaints);
    compare("say", &en.say, &zh.say, &mut complaints);
    if !complaints.is_empty() {
        panic!("the catalogues differ:\n  {}", complaints.join("\n  "));
    }
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::write(out.join("words.rs"), generate(&en, &zh)).expect("OUT_DIR can be written");
    for (name, catalogue) in [("en", &en), ("zh-CN", &zh)] {
        fs::write(out.join(format!("words-{name}.txt")), catalogue.lines()).expect("OUT_DIR can be written");
    }
}

struct Catalogue {
    /// Words without arguments: methods of `Words`.
    ui: Section,
    /// Sentences, with or without arguments: functions of `say`.
    say: Section,
}

impl Catalogue {
    fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let mut all: BTreeMap<String, Section> =
            toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let catalogue =
            Self { ui: all.remove("ui").unwrap_or_default(), say: all.remove("say").unwrap_or_default() };
        if let Some(other) = all.keys().next() {
            panic!("{}: section [{other}] is unknown; there are [ui] and [say]", path.display());
        }
        catalogue
    }

    /// The catalogue as browsers fetch it: each word a line, in the order of the methods of `Words`; then each sentence a
    /// line, its code before it.
    fn lines(&self) -> String {
        let words = self.ui.values().map(|text| format!("{text}\n"));
        let sentences = self.say.iter().map(|(key, text)| format!("{}\t{text}\n", key.replace('_', "-")));
        words.chain(sentences).collect()
    }
}

fn compare(section: &str, en: &Section, zh: &Section, complaints: &mut Vec<String>) {
    for (key, text) in en {
        if !key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') {
            complaints.push(format!("[{section}] {key}: keys are lower case letters, digits and _"));
        }
        if [Some(text), zh.get(key)].into_iter().flatten().any(|text| text.contains(['\n', '\t'])) {
            complaints.push(format!("[{section}] {key}: a line, without tabs"));
        }
        match zh.get(key) {
            None => complaints.push(format!("[{section}] {key}: not in zh-CN")),
            Some(other) if arguments(text) != arguments(other) => {
                complaints.push(format!(
                    "[{section}] {key}: arguments differ, {:?} and {:?}",
                    arguments(text),
                    arguments(other)
                ));
            }
            Some(_) => {}
        }
        if section == "ui" && !arguments(text).is_empty() {
            complaints.push(format!("[ui] {key}: has arguments, belongs in [say]"));
        }
    }
    for key in zh.keys().filter(|key| !en.contains_key(*key)) {
        complaints.push(format!("[{section}] {key}: not in en"));
    }
}

/// The names between braces: `{name}`, `{size:bytes}` and the plural form `{n#container#containers}` all name one.
fn arguments(template: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let after = &rest[open + 1..];
        let close = after.find('}').unwrap_or_else(|| panic!("{template:?}: a brace is not closed"));
        let inner = &after[..close];
        let name = inner.split([':', '#']).next().unwrap_or(inner);
        found.insert(name.to_owned());
        rest = &after[close + 1..];
    }
    found
}

fn generate(en: &Catalogue, zh: &Catalogue) -> String {
    let mut out = String::new();
    // An array and not a field each: reading those in would be code for each of them in every browser's first load.
    let count = en.ui.len();
    let _ = writeln!(
        out,
        "/// Every word without arguments, a method each.\n#[derive(Debug)]\npub struct Words([&'static str; {count}]);"
    );
    out.push_str("\nimpl Words {\n");
    for (place, (key, text)) in en.ui.iter().enumerate() {
        let _ = writeln!(
            out,
            "    /// {text:?}\n    pub fn {key}(&self) -> &'static str {{\n        self.0[{place}]\n    }}\n"
        );
    }
    out.push_str(
        "    /// Reads one after the other, in the order in which a catalogue lists them.
    #[cfg(any(test, target_family = \"wasm\"))]
    pub(crate) fn read(next: &mut dyn FnMut() -> &'static str) -> Self {
        Self(std::array::from_fn(|_| next()))
    }
}

",
    );
    for (name, catalogue) in [("EN", en), ("ZH_CN", zh)] {
        let _ = writeln!(out, "#[cfg(not(target_family = \"wasm\"))]");
        let _ = writeln!(out, "pub(crate) static {name}: Words = Words([");
        for text in catalogue.ui.values() {
            let _ = writeln!(out, "    {text:?},");
        }
        out.push_str("]);\n\n");
        let _ = writeln!(out, "#[cfg(not(target_family = \"wasm\"))]");
        let _ = writeln!(out, "pub(crate) static {name}_SAY: &[(&str, &str)] = &[");
        for (key, text) in &catalogue.say {
            let _ = writeln!(out, "    ({:?}, {text:?}),", key.replace('_', "-"));
        }
        out.push_str("];\n\n");
    }
    out.push_str(
        "/// One function for every sentence; what it needs to be said are its arguments.\npub mod say {\n",
    );
    out.push_str("    use crate::sentence::{Arg, Sentence};\n");
    for (key, text) in &en.say {
        let names: Vec<String> = arguments(text).into_iter().collect();
        let parameters: Vec<String> = names.iter().map(|n| format!("{n}: impl Into<Arg>")).collect();
        let pairs: Vec<String> = names.iter().map(|n| format!("({n:?}, {n}.into())")).collect();
        let _ = writeln!(
            out,
            "    /// {text:?}\n    pub fn {key}({}) -> Sentence {{\n        Sentence::new({:?}, [{}])\n    }}",
            parameters.join(", "),
            key.replace('_', "-"),
            pairs.join(", ")
        );
    }
    out.push_str("}\n");
    out
}
