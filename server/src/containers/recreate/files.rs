//! What a plan of a stack has put into a container goes on in the one that takes its place.

use std::io::{self, Read as _};

use bytes::Bytes;
use http::StatusCode;
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use longshore_api::web::stack::{FILES_MAX, SOURCE_MAX};
use longshore_compose::labels;
use serde_json::Value;

use super::steps::Steps;
use crate::{fault::Fault, hosts::LineError};

/// An archive of one of them has at most so many bytes.
const ARCHIVE_MAX: usize = SOURCE_MAX + 16 * 1024;

impl Steps<'_> {
    /// Copies the files that these labels tell of, as far as they are still there: a program may remove its secret once it
    /// has read it.
    pub(super) async fn carry_files(
        &self,
        labels: &Value,
        (old, new): (&str, &str),
        name: &str,
    ) -> Result<(), Fault> {
        let put = labels[labels::PUT].as_str().unwrap_or_default();
        // Anybody may write a label; one that is no list tells of nothing, and no plan tells of more or goes upwards.
        let put: Vec<String> = serde_json::from_str(put).unwrap_or_default();
        let put = put.into_iter().filter(|target| target.split('/').all(|part| part != ".."));
        for target in put.take(FILES_MAX) {
            let read = self.call("container-read", old, name)?.with("path", &target);
            let archive = read.read(async |body, line| {
                let whole = Limited::new(body, ARCHIVE_MAX).collect().await;
                match whole {
                    Ok(whole) => Ok(Some(whole.to_bytes())),
                    // No plan has put so much there: it is the program's own.
                    Err(error) if error.is::<LengthLimitError>() => Ok(None),
                    Err(error) => Err(line.fault(LineError::Garbled(error.to_string()))),
                }
            });
            let archive = match archive.await {
                Err(fault) if fault.status() == StatusCode::NOT_FOUND => continue,
                archive => archive?,
            };
            let Some(archive) = archive else { continue };
            // A path that no archive takes is none that a plan has put.
            let Ok(Some(archive)) = at_its_place(&archive, &target) else { continue };
            let write = self.call("container-write", new, name)?.with("path", "/");
            write.upload(Full::new(Bytes::from(archive)), async |_, _| Ok(())).await?;
        }
        Ok(())
    }
}

/// The file of an archive, in one that is unpacked at the root; none where it is no file.
fn at_its_place(archive: &[u8], target: &str) -> io::Result<Option<Vec<u8>>> {
    let mut archive = tar::Archive::new(archive);
    let Some(mut file) = archive.entries()?.next().transpose()? else { return Ok(None) };
    if !file.header().entry_type().is_file() {
        return Ok(None);
    }
    let mut content = Vec::new();
    file.read_to_end(&mut content)?;
    let mut header = file.header().clone();
    let mut moved = tar::Builder::new(Vec::new());
    moved.append_data(&mut header, target.trim_start_matches('/'), content.as_slice())?;
    moved.into_inner().map(Some)
}
