//! An archive on its way to the server. Not by `fetch`, which says nothing of how far it is.

use js_sys::Promise;
use longshore_api::web::{API, account::MARK_HEADER, shelf::LoadedImages};
use wasm_bindgen::{JsCast as _, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, ProgressEvent, XmlHttpRequest};

use super::{Answer, Failure};
use crate::{browser, json};

/// An upload that has begun.
pub(crate) struct Upload {
    request: XmlHttpRequest,
    ended: Promise,
    _heard: Closure<dyn FnMut(ProgressEvent)>,
}

impl Upload {
    /// Sends an archive of images to a host; `progress` hears how many bytes are sent.
    pub(crate) fn of_images(host: &str, file: &File, progress: impl Fn(u64) + 'static) -> Answer<Self> {
        let begin = || {
            let request = XmlHttpRequest::new()?;
            request.open("POST", &browser::below_base(&format!("{API}/hosts/{host}/images/load")))?;
            request.set_request_header("Content-Type", "application/x-tar")?;
            if let Some(mark) = browser::mark() {
                request.set_request_header(MARK_HEADER, &mark)?;
            }
            let heard = Closure::new(move |event: ProgressEvent| progress(event.loaded() as u64));
            request.upload()?.set_onprogress(Some(heard.as_ref().unchecked_ref()));
            let ended = Promise::new(&mut |resolve, _| request.set_onloadend(Some(&resolve)));
            request.send_with_opt_blob(Some(file))?;
            Ok::<_, wasm_bindgen::JsValue>(Self { request, ended, _heard: heard })
        };
        begin().map_err(|_| Failure::Lost(0))
    }

    /// What cancels it.
    pub(crate) fn request(&self) -> XmlHttpRequest {
        self.request.clone()
    }

    /// What became of it.
    pub(crate) async fn answer(self) -> Answer<LoadedImages> {
        _ = JsFuture::from(self.ended.clone()).await;
        let status = self.request.status().unwrap_or_default();
        let text = self.request.response_text().ok().flatten().unwrap_or_default();
        match status {
            200 => json::read(&text).ok_or(Failure::Lost(status)),
            _ => Err(Failure::told(status, &text)),
        }
    }
}
