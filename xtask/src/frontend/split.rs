//! Cuts the compiler's module at its split functions: into the first module and the chunks, with the script that fetches
//! them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, anyhow};

use super::{read, read_text};

/// The first module imports from the script by this name.
const LINK: &str = "./split.js";
/// What two pages or more have in common is cut into a module for each set of pages: many small ones. They stand in this
/// one file, each after its length in 4 bytes, and are made when a page needs them.
pub(super) const SHARED: &str = "shared.bin";

/// The script's part that reads [`SHARED`]: `sharedLoads("2 5-7")` are the loaders of the modules at these places. What
/// could not be fetched is fetched anew the next time.
const READ_SHARED: &str = r#"
const loads = [];
let shared;
async function readShared() {
    const answer = await fetch(new URL("./shared.bin", import.meta.url));
    if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
    const bytes = await answer.arrayBuffer(), view = new DataView(bytes), modules = [];
    for (let at = 0; at < bytes.byteLength; ) {
        const from = at + 4, to = from + view.getUint32(at, true);
        modules.push(bytes.slice(from, to));
        at = to;
    }
    return modules;
}
async function sharedModule(place) {
    shared ??= readShared().catch((why) => { shared = undefined; throw why; });
    return (await shared)[place];
}
function sharedLoads(places) {
    const found = [];
    for (const range of places.split(" ")) {
        const [first, last = first] = range.split("-");
        for (let place = +first; place <= +last; place++) {
            // Bytes and not an answer whose body streams.
            found.push(loads[place] ??= makeLoad(() => {
                const source = sharedModule(place);
                source.catch(() => {});
                return async (imports) => WebAssembly.instantiate(await source, imports);
            }, []));
        }
    }
    return found;
}
"#;

/// Cuts `module` into `first` and into modules of pages and shared ones beside it, all in `dir`.
///
/// # Errors
/// The module was linked without relocations, or by a version of the macros that the cutter does not know.
pub(super) fn split(module: &[u8], dir: &Path, first: &Path) -> Result<()> {
    let mut options = wasm_split_cli_support::Options::new(module);
    options.output_dir = dir;
    options.main_out_path = first;
    options.main_module = "./longshore.js";
    options.link_name = LINK;
    wasm_split_cli_support::transform(options).map_err(|why| anyhow!("{why:#}"))?;
    let link = dir.join(LINK);
    let script = short(&read_text(&link)?, shared(dir)?.len())?;
    fs::write(&link, script)?;
    Ok(())
}

/// The cutter's script with the loaders of its `count` shared modules told by their places: each has one of its own there,
/// which is more than all the rest of the script.
fn short(script: &str, count: usize) -> Result<String> {
    const LOADER: &str = "const __chunk_";
    let strange = || anyhow!("the cutter writes another script than this one knows");
    let mut parts = script.split(LOADER);
    let mut rest = String::from(parts.next().ok_or_else(strange)?);
    let mut ids = Vec::new();
    for part in parts {
        let (id, _) = part.split_once(" = ").ok_or_else(strange)?;
        let (loader, after) = part.split_once(", []);\n").ok_or_else(strange)?;
        if !loader.contains(&format!("\"./chunk_{id}.wasm\"")) {
            return Err(strange());
        }
        ids.push(id.parse::<u32>().map_err(|_| strange())?);
        rest.push_str(after);
    }
    if ids.len() != count {
        return Err(strange());
    }
    // As the files stand in the folder, see `shared`.
    ids.sort_unstable();
    let mut parts = rest.split("[__chunk_");
    let mut out = format!("{READ_SHARED}{}", parts.next().ok_or_else(strange)?);
    for part in parts {
        let (list, after) = part.split_once(']').ok_or_else(strange)?;
        let places = list.split(", ").map(|name| {
            let id = name.trim_start_matches("__chunk_").parse().ok()?;
            ids.binary_search(&id).ok()
        });
        let places = places.collect::<Option<Vec<_>>>().ok_or_else(strange)?;
        out.push_str(&format!("sharedLoads(\"{}\"){after}", ranges(places)));
    }
    if out.contains("__chunk_") {
        return Err(strange());
    }
    Ok(out)
}

/// `2 5-7` for 2, 5, 6 and 7.
fn ranges(mut places: Vec<usize>) -> String {
    places.sort_unstable();
    let runs = places.chunk_by(|before, after| before + 1 == *after);
    let written = runs.map(|run| match run {
        [first, .., last] => format!("{first}-{last}"),
        other => other.iter().map(ToString::to_string).collect(),
    });
    written.collect::<Vec<_>>().join(" ")
}

/// Puts the shared modules of a folder into [`SHARED`].
///
/// # Errors
/// A file cannot be read or written.
pub(super) fn pack(dir: &Path) -> Result<()> {
    let mut packed = Vec::new();
    for path in shared(dir)? {
        let module = read(&path)?;
        packed.extend(u32::try_from(module.len())?.to_le_bytes());
        packed.extend(module);
        fs::remove_file(&path)?;
    }
    fs::write(dir.join(SHARED), packed)?;
    Ok(())
}

/// The shared modules in a folder, in the order of their numbers: their places.
fn shared(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut modules = modules(dir)?;
    modules.retain(|path| {
        path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with("chunk_"))
    });
    // By number.
    modules.sort_by_key(|path| (path.as_os_str().len(), path.clone()));
    Ok(modules)
}

/// The modules in a folder, by name.
///
/// # Errors
/// It cannot be read.
pub(super) fn modules(dir: &Path) -> Result<Vec<PathBuf>> {
    let listed = fs::read_dir(dir).with_context(|| format!("{} cannot be read", dir.display()))?;
    let mut modules = listed.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    modules.retain(|path| path.extension().is_some_and(|ending| ending == "wasm"));
    modules.sort();
    Ok(modules)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_modules_are_packed_in_the_order_of_their_numbers() {
        let dir = tempfile::tempdir().unwrap();
        for (name, content) in [("chunk_10.wasm", "aa"), ("chunk_9.wasm", "b"), ("split_events.wasm", "c")] {
            fs::write(dir.path().join(name), content).unwrap();
        }
        pack(dir.path()).unwrap();
        assert_eq!(fs::read(dir.path().join(SHARED)).unwrap(), b"\x01\0\0\0b\x02\0\0\0aa");
        assert_eq!(modules(dir.path()).unwrap(), [dir.path().join("split_events.wasm")]);
    }

    #[test]
    fn loaders_of_shared_modules_are_told_by_their_places() {
        let loader = |id: u32| {
            format!(
                "/* a, b */\nconst __chunk_{id} = makeLoad(() => {{\n    const src = fetch(new URL(\"./chunk_{id}.wasm\", import.meta.url));\n}}\n, []);\n"
            )
        };
        let script = format!(
            "{}{}{}{}export const a = makeLoad(() => {{}}, [__chunk_10, __chunk_9, __chunk_3]);\nexport const b = makeLoad(() => {{}}, [__chunk_12]);\n",
            loader(3),
            loader(10),
            loader(9),
            loader(12)
        );
        let short = short(&script, 4).unwrap();
        assert!(short.contains("export const a = makeLoad(() => {}, sharedLoads(\"0-2\"));"), "{short}");
        assert!(short.contains("export const b = makeLoad(() => {}, sharedLoads(\"3\"));"), "{short}");
        assert!(super::short(&script, 5).is_err(), "one is missing");
    }
}
