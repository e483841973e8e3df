//! `target/site` and `target/site-release`: the files a browser loads, named after their content, each with its compressed twin.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use anyhow::{Context, Result, bail};
use brotli::enc::BrotliEncoderParams;
use longshore_api::words::Locale;

use super::{
    Mode,
    bind::{Bound, MODULE},
    digest, npm, rapidoc, read, read_text,
};
use crate::session::Session;

/// Lays out the site and returns how many of its files were written or removed.
///
/// `index.html` keeps the placeholders that only the server can fill (`{{base}}`, `{{nonce}}`, …); those that name assets
/// are filled here.
///
/// # Errors
/// A source is missing, or a placeholder of ours is.
pub(super) fn assemble(session: &Session, bound: &Bound, mode: Mode) -> Result<usize> {
    let frontend = session.root().join("frontend");
    let assets = session.root().join("assets");
    let mut site = Assets { files: BTreeMap::new() };

    let css = site.add("longshore", "css", styles(session, &assets.join("styles"), mode)?);
    let icons = site.add("icons", "svg", read(&assets.join("icons/icons.svg"))?);
    let wasm = site.add("longshore", "wasm", read(&bound.wasm)?);
    let mut script = read_text(&bound.script)?.replace(MODULE, &wasm);
    for chunk in &bound.chunks {
        let name = chunk.file_name().and_then(|name| name.to_str()).context("a chunk has a name")?;
        let (stem, ending) = name.split_once('.').context("a chunk has an ending")?;
        let hashed = site.add(stem, ending, read(chunk)?);
        script = script.replace(&format!("\"./{name}\""), &format!("\"./{hashed}\""));
        if !script.contains(&hashed) {
            bail!("the script does not name the chunk {name}");
        }
    }
    let js = site.add("longshore", "js", script.into_bytes());
    let boot = fill(&frontend.join("boot.js"), &[("js", &js), ("wasm", &wasm)])?;
    let boot = site.add("boot", "js", boot.into_bytes());
    // Nobody's first page: the server names it in the page of the API.
    site.add("rapidoc", "js", rapidoc::script(session)?);
    // Nobody's first page either: what a console is shown on, named in the page and fetched by the first console.
    let terminal = session.target("frontend").join("terminal.js");
    npm::bundle(&npm::tool(session, "esbuild")?, &frontend.join("js/terminal.js"), &terminal, mode)?;
    let terminal = site.add("terminal", "js", read(&terminal)?);
    let [en, zh] =
        Locale::ALL.map(|locale| site.add(&format!("words-{}", locale.tag()), "txt", locale.file().into()));
    let names = [
        ("words_en", &en),
        ("words_zh", &zh),
        ("css", &css),
        ("js", &js),
        ("boot", &boot),
        ("wasm", &wasm),
        ("icons", &icons),
        ("terminal", &terminal),
    ];
    let index = fill(&frontend.join("index.html"), &names.map(|(key, name)| (key, name.as_str())))?;

    let mut files = BTreeMap::from([("index.html".to_owned(), index.into_bytes())]);
    for (name, content) in site.files {
        files.insert(format!("assets/{name}.br"), compressed(session, &name, &content, mode)?);
        files.insert(format!("assets/{name}"), content);
    }
    write(&session.target(mode.site()), &files)
}

/// Assets by the name they will have.
struct Assets {
    files: BTreeMap<String, Vec<u8>>,
}

impl Assets {
    fn add(&mut self, stem: &str, ending: &str, content: Vec<u8>) -> String {
        let name = format!("{stem}-{}.{ending}", digest(&content));
        self.files.insert(name.clone(), content);
        name
    }
}

/// All style sheets as one, in the order of their names.
fn styles(session: &Session, dir: &Path, mode: Mode) -> Result<Vec<u8>> {
    let listed = fs::read_dir(dir).with_context(|| format!("{} cannot be read", dir.display()))?;
    let mut sheets = listed.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    sheets.retain(|path| path.extension().is_some_and(|ending| ending == "css"));
    sheets.sort();
    let mut whole = String::new();
    for sheet in sheets {
        whole.push_str(&read_text(&sheet)?);
        whole.push('\n');
    }
    if mode == Mode::Dev {
        return Ok(whole.into_bytes());
    }
    let esbuild = npm::tool(session, "esbuild")?;
    let joined = session.target("frontend").join("joined.css");
    fs::write(&joined, whole)?;
    Ok(npm::minify_css(&esbuild, &joined)?.into_bytes())
}

/// A template with `{{key}}` replaced by its value; a key that is nowhere in it, in a template that must use it, is an error.
fn fill(template: &Path, values: &[(&str, &str)]) -> Result<String> {
    let mut text = read_text(template)?;
    let mut used = 0;
    for (key, value) in values {
        let mark = format!("{{{{{key}}}}}");
        used += usize::from(text.contains(&mark));
        text = text.replace(&mark, value);
    }
    if used == 0 {
        bail!("{} names none of the assets", template.display());
    }
    Ok(text)
}

/// The brotli twin of a file, kept from the last time: the best quality takes seconds.
fn compressed(session: &Session, name: &str, content: &[u8], mode: Mode) -> Result<Vec<u8>> {
    let quality = match mode {
        Mode::Dev => 5,
        Mode::Release => 11,
    };
    let kept = session.target("frontend/compressed").join(format!("{name}.q{quality}.br"));
    if let Ok(twin) = fs::read(&kept) {
        return Ok(twin);
    }
    let params = BrotliEncoderParams {
        quality,
        lgwin: 22,
        size_hint: content.len(),
        ..BrotliEncoderParams::default()
    };
    let mut twin = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut twin, &params)
        .with_context(|| format!("compressing {name}"))?;
    place(&kept, &twin)?;
    Ok(twin)
}

/// Brings `dir` to exactly these files. One that has its content already is not touched, so that nothing is relinked.
fn write(dir: &Path, files: &BTreeMap<String, Vec<u8>>) -> Result<usize> {
    let mut changed = 0;
    let wanted: BTreeSet<_> = files.keys().map(|name| dir.join(name)).collect();
    for folder in [dir.to_owned(), dir.join("assets")] {
        let Ok(listed) = fs::read_dir(&folder) else { continue };
        for entry in listed {
            let path = entry?.path();
            if path.is_file() && !wanted.contains(&path) {
                fs::remove_file(&path)?;
                changed += 1;
            }
        }
    }
    for (name, content) in files {
        let path = dir.join(name);
        if fs::read(&path).is_ok_and(|there| there == *content) {
            continue;
        }
        place(&path, content)?;
        changed += 1;
    }
    Ok(changed)
}

/// Writes a file whole: whoever reads it at the same moment sees the old one or the new one.
fn place(path: &Path, content: &[u8]) -> Result<()> {
    let dir = path.parent().context("a file stands in a folder")?;
    fs::create_dir_all(dir)?;
    let draft = path.with_extension("draft");
    fs::write(&draft, content).with_context(|| format!("{} cannot be written", draft.display()))?;
    fs::rename(&draft, path).with_context(|| format!("{} cannot be written", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unchanged_file_keeps_its_time_and_a_stale_one_goes() {
        let dir = tempfile::tempdir().unwrap();
        let one = BTreeMap::from([
            ("index.html".to_owned(), b"a".to_vec()),
            ("assets/x-1.js".to_owned(), b"1".to_vec()),
        ]);
        assert_eq!(write(dir.path(), &one).unwrap(), 2);
        let time = fs::metadata(dir.path().join("index.html")).unwrap().modified().unwrap();
        let two = BTreeMap::from([
            ("index.html".to_owned(), b"a".to_vec()),
            ("assets/x-2.js".to_owned(), b"2".to_vec()),
        ]);
        assert_eq!(write(dir.path(), &two).unwrap(), 2);
        assert_eq!(fs::metadata(dir.path().join("index.html")).unwrap().modified().unwrap(), time);
        assert!(!dir.path().join("assets/x-1.js").exists());
        assert_eq!(write(dir.path(), &two).unwrap(), 0);
    }

    #[test]
    fn only_our_own_placeholders_are_filled() {
        let dir = tempfile::tempdir().unwrap();
        let page = dir.path().join("index.html");
        fs::write(&page, "{{base}}assets/{{js}} {{nonce}}").unwrap();
        assert_eq!(fill(&page, &[("js", "a-1.js")]).unwrap(), "{{base}}assets/a-1.js {{nonce}}");
        fs::write(&page, "nothing").unwrap();
        assert!(fill(&page, &[("js", "a-1.js")]).is_err());
    }
}
