//! `target/site` and `target/site-release`: the files a browser loads, named after their content, each with its compressed twin.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use brotli::enc::BrotliEncoderParams;
use longshore_api::words::{Locale, Part};

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

    let (first, pages) = sheets(&assets.join("styles"))?;
    let css = site.add("longshore", "css", styles(session, &first, mode)?);
    let pages_css = site.add("pages", "css", styles(session, &pages, mode)?);
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
    // Nobody's first page: the server names it in the page of the API.
    site.add("rapidoc", "js", rapidoc::script(session)?);
    // Nobody's first page either: what a console is shown on, and what files are edited in; named in the page and fetched
    // by the first of them.
    let mut island = |name: &str| -> Result<String> {
        let bundled = session.target("frontend").join(format!("{name}.js"));
        let script = frontend.join(format!("js/{name}.js"));
        npm::bundle(&npm::tool(session, "esbuild")?, &script, &bundled, mode)?;
        Ok(site.add(name, "js", read(&bundled)?))
    };
    let (terminal, editor) = (island("terminal")?, island("editor")?);
    let [[words_en, words_zh], [more_en, more_zh]] = Part::ALL.map(|part| {
        Locale::ALL.map(|locale| {
            site.add(&format!("{}-{}", part.name(), locale.tag()), "txt", locale.file(part).into())
        })
    });
    let names = [
        ("words_en", &words_en),
        ("words_zh", &words_zh),
        ("more_en", &more_en),
        ("more_zh", &more_zh),
        ("css", &css),
        ("pages_css", &pages_css),
        ("js", &js),
        ("wasm", &wasm),
        ("icons", &icons),
        ("terminal", &terminal),
        ("editor", &editor),
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

/// The style sheets of the first load, and those that come with the first page of a chunk, each in the order of their
/// names. What phones change, from 90 on, is in both: it stands last, whatever is there.
fn sheets(dir: &Path) -> Result<(Vec<PathBuf>, Vec<PathBuf>)> {
    let of = |dir: &Path| -> Result<Vec<PathBuf>> {
        let listed = fs::read_dir(dir).with_context(|| format!("{} cannot be read", dir.display()))?;
        let mut sheets = listed.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
        sheets.retain(|path| path.extension().is_some_and(|ending| ending == "css"));
        sheets.sort_by_key(|path| path.file_name().map(ToOwned::to_owned));
        Ok(sheets)
    };
    let (first, mut pages) = (of(dir)?, of(&dir.join("pages"))?);
    let is_last = |path: &&PathBuf| path.file_name().is_some_and(|name| name >= OsStr::new("90"));
    pages.extend(first.iter().filter(is_last).cloned());
    pages.sort_by_key(|path| path.file_name().map(ToOwned::to_owned));
    Ok((first, pages))
}

/// These style sheets as one.
fn styles(session: &Session, sheets: &[PathBuf], mode: Mode) -> Result<Vec<u8>> {
    let mut whole = String::new();
    for sheet in sheets {
        whole.push_str(&read_text(sheet)?);
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
    fn what_phones_change_stands_last_in_both_sheets() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("pages")).unwrap();
        for name in ["10-base.css", "90-phone.css", "pages/20-jobs.css", "pages/91-phone.css", "note.txt"] {
            fs::write(dir.path().join(name), "").unwrap();
        }
        let (first, pages) = sheets(dir.path()).unwrap();
        let files = |names: &[&str]| names.iter().map(|name| dir.path().join(name)).collect::<Vec<_>>();
        assert_eq!(first, files(&["10-base.css", "90-phone.css"]));
        assert_eq!(pages, files(&["pages/20-jobs.css", "90-phone.css", "pages/91-phone.css"]));
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
