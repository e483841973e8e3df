//! Turns the two catalogues (`assets/locales/en.toml`, `zh-CN.toml`) into Rust and fails the build where they differ:
//! a key that is missing, an argument that one language names and the other does not, a malformed template. For browsers
//! each is cut in two by `first.txt`: what the first page shows, and the rest.

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
    let order = Order::read(&locales.join("first.txt"), &en, &mut complaints);
    if !complaints.is_empty() {
        panic!("the catalogues differ:\n  {}", complaints.join("\n  "));
    }
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::write(out.join("words.rs"), generate(&en, &zh, &order)).expect("OUT_DIR can be written");
    for (name, catalogue) in [("en", &en), ("zh-CN", &zh)] {
        let (first, rest) = (order.ui.split_at(order.first_ui), order.say.split_at(order.first_say));
        let files = [("words", first.0, rest.0), ("more", first.1, rest.1)];
        for (file, ui, say) in files {
            let file = out.join(format!("{file}-{name}.txt"));
            fs::write(file, catalogue.lines(ui, say)).expect("OUT_DIR can be written");
        }
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

    /// A part of the catalogue as browsers fetch it: each word a line, in the order of the methods of `Words`; then each
    /// sentence a line, its code before it.
    fn lines(&self, ui: &[String], say: &[String]) -> String {
        let words = ui.iter().map(|key| format!("{}\n", self.ui[key]));
        let sentences = say.iter().map(|key| format!("{}\t{}\n", key.replace('_', "-"), self.say[key]));
        words.chain(sentences).collect()
    }
}

/// The keys as all lists of this build have them: those of the first file, then the rest.
struct Order {
    ui: Vec<String>,
    first_ui: usize,
    say: Vec<String>,
    first_say: usize,
}

impl Order {
    /// Reads which keys belong to the first file: in sections as in the catalogues, separated by blanks.
    fn read(path: &Path, catalogue: &Catalogue, complaints: &mut Vec<String>) -> Self {
        let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let (mut ui, mut say) = (BTreeSet::new(), BTreeSet::new());
        let mut section = "";
        for word in text.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace) {
            let (first, all) = match word {
                "[ui]" | "[say]" => {
                    section = word;
                    continue;
                }
                _ if section == "[ui]" => (&mut ui, &catalogue.ui),
                _ => (&mut say, &catalogue.say),
            };
            if !all.contains_key(word) {
                complaints.push(format!("first.txt: {word} is not in {section}"));
            } else if !first.insert(word.to_owned()) {
                complaints.push(format!("first.txt: {word} stands there twice"));
            }
        }
        let whole = |first: &BTreeSet<String>, all: &Section| -> Vec<String> {
            first.iter().chain(all.keys().filter(|key| !first.contains(*key))).cloned().collect()
        };
        Self {
            first_ui: ui.len(),
            first_say: say.len(),
            ui: whole(&ui, &catalogue.ui),
            say: whole(&say, &catalogue.say),
        }
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
        if [Some(text), zh.get(key)].into_iter().flatten().any(String::is_empty) {
            complaints.push(format!("[{section}] {key}: says nothing"));
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
        assert!(!inner.contains('{'), "{template:?}: a form of a plural holds no argument");
        let name = inner.split([':', '#']).next().unwrap_or(inner);
        found.insert(name.to_owned());
        rest = &after[close + 1..];
    }
    found
}

fn generate(en: &Catalogue, zh: &Catalogue, order: &Order) -> String {
    let mut out = String::new();
    // An array and not a field each: reading those in would be code for each of them in every browser's first load.
    let (count, first) = (order.ui.len(), order.first_ui);
    let _ = writeln!(
        out,
        "/// Every word without arguments, a method each.\n#[derive(Debug)]\npub struct Words([&'static str; {count}]);"
    );
    let _ = writeln!(
        out,
        "\n/// So many words are in the first file.\n#[cfg(any(test, target_family = \"wasm\"))]\nconst FIRST: usize = {first};"
    );
    out.push_str("\n#[cfg(all(debug_assertions, target_family = \"wasm\"))]\n");
    let _ = writeln!(out, "const KEYS: [&str; {count}] = {:?};", order.ui);
    out.push_str("\nimpl Words {\n");
    for (place, key) in order.ui.iter().enumerate() {
        let _ = writeln!(
            out,
            "    /// {:?}\n    pub fn {key}(&self) -> &'static str {{\n        self.at({place})\n    }}\n",
            en.ui[key]
        );
    }
    out.push_str("}\n\n");
    for (name, catalogue) in [("EN", en), ("ZH_CN", zh)] {
        let _ = writeln!(out, "#[cfg(not(target_family = \"wasm\"))]");
        let _ = writeln!(out, "static {name}: Words = Words([");
        for key in &order.ui {
            let _ = writeln!(out, "    {:?},", catalogue.ui[key]);
        }
        out.push_str("]);\n\n");
        let _ = writeln!(out, "#[cfg(not(target_family = \"wasm\"))]");
        let _ = writeln!(out, "static {name}_SAY: &[(&str, &str)] = &[");
        for key in &order.say {
            let _ = writeln!(out, "    ({:?}, {:?}),", key.replace('_', "-"), catalogue.say[key]);
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
