//! From the compiler's module to the module and script that a browser loads.

use std::{fs, path::Path, path::PathBuf};

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use super::{Mode, digest, npm, read};
use crate::{process::told, session::Session};

/// The module and its script, made for each other.
pub(super) struct Bound {
    pub(super) wasm: PathBuf,
    pub(super) script: PathBuf,
}

/// The name wasm-bindgen gives the module, also inside its script.
pub(super) const MODULE: &str = "longshore_bg.wasm";

/// Binds `module`, and makes it smaller in release. Skipped when the module is the one of the last time.
///
/// # Errors
/// The module was made by another version of wasm-bindgen, or wasm-opt cannot be had.
pub(super) fn bind(session: &Session, module: &Path, mode: Mode) -> Result<Bound> {
    let dir = session.target("frontend").join(mode.profile());
    let bound = Bound { wasm: dir.join(MODULE), script: dir.join("longshore.js") };
    let stamp = dir.join("bound-from");
    let from = digest(&read(module)?);
    if fs::read_to_string(&stamp).is_ok_and(|last| last == from)
        && bound.wasm.exists()
        && bound.script.exists()
    {
        return Ok(bound);
    }
    // A half-made folder has no stamp, so it is made again.
    if dir.exists() {
        fs::remove_dir_all(&dir)?;
    }
    told("binding the module", || {
        let mut bindgen = Bindgen::new();
        bindgen.input_path(module).out_name("longshore").typescript(false).web(true)?;
        // Names serve a stack trace, and a shipped page shows none.
        bindgen.remove_name_section(mode == Mode::Release).remove_producers_section(mode == Mode::Release);
        bindgen.generate(&dir)
    })?;
    if dir.join("snippets").exists() {
        bail!(
            "the module brings scripts of its own (target/frontend/*/snippets), and the site has no place for them"
        );
    }
    if mode == Mode::Release {
        let optimiser = npm::tool(session, "wasm-opt")?;
        told("making the module small", || npm::optimise(&optimiser, &bound.wasm))?;
    }
    fs::write(&stamp, from).with_context(|| format!("{} cannot be written", stamp.display()))?;
    Ok(bound)
}
