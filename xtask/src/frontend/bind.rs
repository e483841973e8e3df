//! From the compiler's module to the modules and the script that a browser loads.

use std::{fs, path::Path, path::PathBuf};

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use super::{
    Mode, digest, npm, read, read_text,
    split::{self, SHARED, modules},
};
use crate::{process::told, session::Session};

/// The modules and their script, made for each other.
pub(super) struct Bound {
    /// What is loaded first.
    pub(super) wasm: PathBuf,
    /// What is loaded when it is wanted.
    pub(super) chunks: Vec<PathBuf>,
    pub(super) script: PathBuf,
}

/// The name wasm-bindgen gives the module, also inside its script.
pub(super) const MODULE: &str = "longshore_bg.wasm";

/// Splits and binds `module`, and makes the parts smaller in release. Skipped when the module and the script that starts
/// it are those of the last time.
///
/// # Errors
/// The module was made by another version of wasm-bindgen, or a tool of npm's cannot be had.
pub(super) fn bind(session: &Session, module: &Path, mode: Mode) -> Result<Bound> {
    let dir = session.target("frontend").join(mode.profile());
    let done = dir.join("done");
    let stamp = dir.join("bound-from");
    let content = read(module)?;
    let boot = read_text(&session.root().join("frontend/boot.js"))?;
    let from = digest(&content) + &digest(boot.as_bytes());
    if fs::read_to_string(&stamp).is_ok_and(|last| last == from) {
        return found(&done);
    }
    // A half-made folder has no stamp, so it is made again.
    if dir.exists() {
        fs::remove_dir_all(&dir)?;
    }
    fs::create_dir_all(&done)?;
    let first = dir.join("first.wasm");
    told("splitting the module", || split::split(&content, &dir, &first))?;
    let script = done.join("longshore.js");
    told("binding the module", || {
        let mut bindgen = Bindgen::new();
        bindgen.input_path(&first).out_name("longshore").typescript(false).web(true)?;
        // The chunks import table and stack of the first module by these.
        bindgen.keep_lld_exports(true);
        // Names serve a stack trace, and a shipped page shows none.
        bindgen.remove_name_section(mode == Mode::Release).remove_producers_section(mode == Mode::Release);
        let mut bound = bindgen.generate_output()?;
        // Classes that wasm-bindgen offers to other scripts go, and then what only they call: there are no other scripts.
        bound.emit(&dir)?;
        let bindings = dir.join("longshore.js");
        fs::write(&bindings, without_classes(&read_text(&bindings)?))?;
        let site = dir.join("site.js");
        fs::write(&site, &boot)?;
        npm::bundle(&npm::tool(session, "esbuild")?, &site, &script, mode)?;
        let bundled = read_text(&script)?;
        let offered = bound.wasm().exports.iter().filter(|export| !bundled.contains(&export.name));
        for export in offered.map(|export| export.id()).collect::<Vec<_>>() {
            bound.wasm_mut().exports.delete(export);
        }
        fs::write(dir.join(MODULE), bound.wasm_mut().emit_wasm())?;
        anyhow::Ok(())
    })?;
    if dir.join("snippets").exists() {
        bail!(
            "the module brings scripts of its own (target/frontend/*/snippets), and the site has no place for them"
        );
    }
    for module in modules(&dir)?.iter().filter(|module| **module != first) {
        let name = module.file_name().context("a module has a name")?;
        fs::rename(module, done.join(name))?;
    }
    if mode == Mode::Release {
        let optimiser = npm::tool(session, "wasm-opt")?;
        told("making the modules small", || {
            modules(&done)?.iter().try_for_each(|module| npm::optimise(&optimiser, module))
        })?;
    }
    split::pack(&done)?;
    fs::write(&stamp, from).with_context(|| format!("{} cannot be written", stamp.display()))?;
    found(&done)
}

/// The script with what it does to its classes when it is loaded gone or marked as without effect, so that the bundler
/// drops the classes nobody uses.
fn without_classes(script: &str) -> String {
    let kept = script.lines().filter(|line| !line.starts_with("if (Symbol.dispose) "));
    kept.collect::<Vec<_>>().join("\n").replace(": new Fin", ": /* @__PURE__ */ new Fin")
}

fn found(dir: &Path) -> Result<Bound> {
    let wasm = dir.join(MODULE);
    let mut chunks: Vec<_> = modules(dir)?.into_iter().filter(|module| *module != wasm).collect();
    chunks.push(dir.join(SHARED));
    Ok(Bound { wasm, chunks, script: dir.join("longshore.js") })
}
