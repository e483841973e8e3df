//! An image of a service built of the stack's own files: what is not among them is no part of any build.

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http_body_util::Full;
use longshore_api::{web::job::Layer, words::say};
use longshore_compose::{beside::Context, engine::mode_of, ignore::Ignored, model::Build, paths};
use serde::Deserialize;

use super::{
    Apply,
    files::{Entry, archive},
    hands::Hands,
    run,
};
use crate::{
    call::{self, Call},
    creation::{
        masked_values,
        progress::{self, ProgressError},
    },
    fault::Fault,
    hosts::LineError,
    jobs::Report,
    stacks::building::{parameters, unsupported},
};

/// A step of a Dockerfile may say nothing for so long.
const SILENCE: Duration = Duration::from_secs(1800);
/// Of what a build says so many bytes at its end are told where it fails.
const TAIL_MAX: usize = 4 * 1024;
/// A Dockerfile that is no file of the context is called so within it.
const DOCKERFILE: &str = ".longshore.dockerfile";

/// A line of the engine's progress.
#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    stream: String,
    #[serde(default)]
    error: Option<String>,
}

impl Hands<'_> {
    /// Builds the image of a service under its name. How far it is, is told as a layer of that name.
    pub(super) async fn build(
        &self,
        apply: &Apply,
        (service, image): (&str, &str),
        report: &Report<'_>,
    ) -> Result<(), Fault> {
        let missing = || Fault::bad_request(say::stack_no_build(service));
        let of = apply.project.services.get(service).ok_or_else(missing)?;
        let build = of.build.as_ref().ok_or_else(missing)?;
        if let Some(key) = unsupported(build) {
            return Err(Fault::bad_request(say::compose_unsupported(key, service)));
        }
        let name = format!("image {image}");
        let mut call = Call::making(self.house, self.pass, call::operation("build"), name)?;
        for (key, value) in parameters(&apply.project, service, of, build, image) {
            call = call.and(key, value);
        }
        let context = if paths::is_elsewhere(&build.context) {
            // The engine fetches it.
            call = call.with("remote", &build.context).with("dockerfile", build.dockerfile_name());
            Vec::new()
        } else {
            let folder = paths::below(&apply.folder, &build.context)
                .ok_or_else(|| Fault::bad_request(say::stack_file_path(&build.context)))?;
            let context = Context::of(build, &apply.folder);
            let ignored = match context {
                Some(it) => it.ignored(|path| apply.source.whole().files.get(path).cloned()),
                None => Some(Ignored::default()),
            };
            let ignored = ignored.ok_or_else(|| Fault::bad_request(say::stack_ignored_large(service)))?;
            let packed = pack(apply, folder, build, &ignored).map_err(Fault::internal)?;
            let (archive, called) = packed.ok_or_else(|| {
                Fault::bad_request(say::stack_no_dockerfile(build.dockerfile_name(), service))
            })?;
            call = call.with("dockerfile", called);
            archive
        };
        let secrets = apply.secrets();
        let done = call.upload(Full::new(Bytes::from(context)), async |body, line| {
            let mut tail = String::new();
            let read = progress::read(body, SILENCE, |line| {
                let said: Said = serde_json::from_slice(line)
                    .map_err(|e| ProgressError::Line(LineError::Garbled(e.to_string())))?;
                if let Some(words) = said.error {
                    return Err(ProgressError::Failed(format!("{tail}{}", progress::capped(&words))));
                }
                if let Some(layer) = step(service, &said.stream) {
                    report.layers(&[layer]);
                }
                tail.push_str(&said.stream);
                tail.drain(..tail.ceil_char_boundary(tail.len().saturating_sub(TAIL_MAX)));
                Ok(())
            });
            read.await.map_err(|error| match error {
                ProgressError::Failed(words) => {
                    Fault::new(StatusCode::BAD_GATEWAY, say::stack_build_failed(service))
                        .quoting(masked_values(&words, secrets))
                }
                ProgressError::Silent => line.fault(LineError::Silent(SILENCE)),
                ProgressError::Line(error) => line.fault(error),
            })
        });
        tokio::select! {
            done = done => done,
            // The engine stops when nobody listens any more.
            () = report.cancel().cancelled() => Err(run::cancelled()),
        }
    }
}

/// The files of the context as an archive, and what its Dockerfile is called in it; none where there is no such file.
fn pack<'a>(
    apply: &'a Apply,
    folder: &str,
    build: &Build,
    ignored: &Ignored,
) -> std::io::Result<Option<(Vec<u8>, String)>> {
    let files = &apply.source.whole().files;
    let within = |path: &str| match folder {
        "" => Some(path.to_owned()),
        folder => paths::below(folder, path).filter(|rest| !rest.is_empty()).map(str::to_owned),
    };
    let of_it = |(path, text): (&String, &'a String)| {
        Some((within(path).filter(|path| !ignored.has(path))?, text.as_str()))
    };
    let mut all: Vec<(String, &str)> = files.iter().filter_map(of_it).collect();
    let called = if build.dockerfile_inline.is_empty() {
        // From the context, wherever that leads within the stack's folder.
        let path = paths::join(&format!("/{folder}"), build.dockerfile_name());
        let path = path.trim_start_matches('/');
        let Some(text) = files.get(path) else { return Ok(None) };
        // The builder needs it, also where it is left out or elsewhere.
        within(path).filter(|path| !ignored.has(path)).unwrap_or_else(|| {
            all.push((DOCKERFILE.to_owned(), text));
            DOCKERFILE.to_owned()
        })
    } else {
        all.push((DOCKERFILE.to_owned(), &build.dockerfile_inline));
        DOCKERFILE.to_owned()
    };
    let entries = all.iter().map(|(path, text)| Entry { path, text, mode: mode_of(text), owner: (0, 0) });
    Ok(Some((archive(entries)?, called)))
}

/// `Step 3/7 : RUN make`, as a layer.
fn step(service: &str, said: &str) -> Option<Layer> {
    let (at, doing) = said.strip_prefix("Step ")?.split_once(" : ")?;
    let (done, total) = at.split_once('/')?;
    let doing = doing.trim_end();
    Some(Layer {
        id: service.to_owned(),
        doing: doing[..doing.floor_char_boundary(80)].to_owned(),
        done: done.parse().ok()?,
        total: total.trim().parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_of_a_build_is_told() {
        let layer = step("web", "Step 3/7 : RUN make all\n").expect("a step");
        assert_eq!((layer.done, layer.total, layer.doing.as_str()), (3, 7, "RUN make all"));
        assert_eq!(step("web", " ---> 5c1b2f\n"), None);
    }
}
