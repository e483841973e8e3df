//! Cuts the compiler's module at its split functions: into the first module and the chunks, with the script that fetches
//! them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, anyhow, bail};

use super::{read, read_text};

/// The first module imports from the script by this name.
const LINK: &str = "./split.js";
/// What two pages or more have in common is cut into a module for each set of pages: many small ones. They stand in this
/// one file, each after its length in 4 bytes, and are made when a page needs them.
pub(super) const SHARED: &str = "shared.bin";

/// The script's part that reads [`SHARED`]. What could not be fetched is fetched anew the next time.
const READ_SHARED: &str = r#"
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
    let mut script = read_text(&link)?;
    for (place, shared) in shared(dir)?.iter().enumerate() {
        let name = shared.file_name().and_then(|name| name.to_str()).context("a module has a name")?;
        let fetched = format!("fetch(new URL(\"./{name}\", import.meta.url))");
        let (before, after) =
            script.split_once(&fetched).with_context(|| format!("nothing fetches {name}"))?;
        // Bytes and not an answer whose body streams.
        let made = after.replacen(
            "(WebAssembly.instantiateStreaming(src, imports))",
            "WebAssembly.instantiate(await src, imports)",
            1,
        );
        script = format!("{before}sharedModule({place}){made}");
    }
    if script.matches("await src").count() != script.matches("sharedModule(").count() {
        bail!("the cutter writes another script than this one knows");
    }
    fs::write(&link, script + READ_SHARED)?;
    Ok(())
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

fn shared(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut modules = modules(dir)?;
    modules.retain(|path| {
        path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with("chunk_"))
    });
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
    fn shared_modules_are_packed_in_the_order_of_their_names() {
        let dir = tempfile::tempdir().unwrap();
        for (name, content) in [("chunk_10.wasm", "aa"), ("chunk_9.wasm", "b"), ("split_events.wasm", "c")] {
            fs::write(dir.path().join(name), content).unwrap();
        }
        pack(dir.path()).unwrap();
        assert_eq!(fs::read(dir.path().join(SHARED)).unwrap(), b"\x02\0\0\0aa\x01\0\0\0b");
        assert_eq!(modules(dir.path()).unwrap(), [dir.path().join("split_events.wasm")]);
    }
}
