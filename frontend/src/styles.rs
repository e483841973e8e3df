//! The second style sheet: what only pages of chunks wear. It comes with the first of them.

use std::cell::RefCell;

use js_sys::Promise;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlElement;

use crate::browser;

/// The id of the element that names the sheet.
const ID: &str = "pages";

thread_local! {
    /// The sheet on its way, or there.
    static COMING: RefCell<Option<Promise>> = const { RefCell::new(None) };
}

/// Has the sheet fetched, unless it is there. The future tells whether it is worn; it need not be waited for.
pub(crate) fn rest() -> impl Future<Output = bool> {
    let coming = COMING.with_borrow_mut(|coming| coming.get_or_insert_with(fetched).clone());
    let coming = JsFuture::from(coming);
    async move {
        let worn = coming.await.is_ok();
        if !worn {
            // The next one who needs it tries again.
            COMING.set(None);
        }
        worn
    }
}

fn fetched() -> Promise {
    Promise::new(&mut |worn, lost| {
        let document = document();
        if let Some(before) = document.get_element_by_id(ID) {
            before.remove();
        }
        let Ok(link) = document.create_element("link") else { return };
        let _ = link.set_attribute("rel", "stylesheet");
        let _ = link.set_attribute("href", &browser::asset("pages"));
        link.set_id(ID);
        let link = link.unchecked_into::<HtmlElement>();
        link.set_onload(Some(&worn));
        link.set_onerror(Some(&lost));
        if let Some(head) = document.head() {
            let _ = head.append_child(&link);
        }
    })
}
