//! What the pages need of the browser: the base path, what it remembers for us, the time, the clipboard.

use std::cell::OnceCell;

use leptos::prelude::{document, request_animation_frame, window};
use longshore_api::web::{
    Millis,
    account::{MARK_PREFIX, MARK_PROTOCOL},
};
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlElement, HtmlMetaElement, WebSocket};

thread_local! {
    static BASE: OnceCell<String> = const { OnceCell::new() };
    static ICONS: OnceCell<String> = const { OnceCell::new() };
}

/// The base path with a slash at both ends: `/` or `/ls/`. The server wrote it into `<base href>`.
pub(crate) fn base() -> String {
    BASE.with(|base| {
        base.get_or_init(|| {
            let written =
                document().query_selector("base").ok().flatten().and_then(|e| e.get_attribute("href"));
            written.filter(|href| href.starts_with('/')).unwrap_or_else(|| "/".to_owned())
        })
        .clone()
    })
}

/// The address of something below the base path, for links and requests.
pub(crate) fn below_base(path: &str) -> String {
    format!("{}{}", base(), path.trim_start_matches('/'))
}

/// The address of a symbol in the file of icons.
pub(crate) fn icon(id: &str) -> String {
    ICONS.with(|icons| {
        let file = icons.get_or_init(|| asset("icons"));
        format!("{file}#{id}")
    })
}

/// The address of a file that the server named in the page.
pub(crate) fn asset(name: &str) -> String {
    let meta = document().query_selector(&format!("meta[name=longshore-{name}]")).ok().flatten();
    let file = meta.and_then(|e| e.dyn_into::<HtmlMetaElement>().ok()).map(|meta| meta.content());
    below_base(&file.unwrap_or_default())
}

/// Milliseconds since 1970 by this browser's clock.
pub(crate) fn now() -> Millis {
    js_sys::Date::now() as Millis
}

/// What an earlier page left under a key; nothing where the browser forbids it.
pub(crate) fn remembered(key: &str) -> Option<String> {
    window().local_storage().ok().flatten()?.get_item(&storage_key(key)).ok().flatten()
}

/// Leaves something for later pages, or takes it away. A browser that forbids it only forgets.
pub(crate) fn remember(key: &str, value: Option<&str>) {
    let Ok(Some(storage)) = window().local_storage() else { return };
    let key = storage_key(key);
    let _ = match value {
        Some(value) => storage.set_item(&key, value),
        None => storage.remove_item(&key),
    };
}

/// The mark of our pages in this browser, made at first sight (`MARK_HEADER` of the API); none where the browser keeps nothing for
/// pages. Read each time: of two tabs that made one at once, both have the one that stayed.
pub(crate) fn mark() -> Option<String> {
    const KEPT: &str = "mark";
    remembered(KEPT).or_else(|| {
        let mut bytes = [0; 24];
        random(&mut bytes);
        let mark: String = bytes.iter().map(|byte| char::from(b'a' + (byte & 15))).collect();
        remember(KEPT, Some(&mark));
        remembered(KEPT)
    })
}

/// Opens a websocket of ours.
pub(crate) fn websocket(url: &str) -> Option<WebSocket> {
    let Some(mark) = mark() else { return WebSocket::new(url).ok() };
    let protocols = js_sys::Array::of2(&MARK_PROTOCOL.into(), &format!("{MARK_PREFIX}{mark}").into());
    WebSocket::new_with_str_sequence(url, &protocols).ok()
}

fn storage_key(key: &str) -> String {
    format!("longshore.{key}")
}

/// Fills bytes with chance that is good enough for keys.
///
/// # Panics
/// In a browser that has none.
pub(crate) fn random(bytes: &mut [u8]) {
    let filled = window().crypto().and_then(|crypto| crypto.get_random_values_with_u8_array(bytes));
    filled.expect("every browser that runs this has chance");
}

/// Puts a text on the clipboard. Whether it arrived is known only where the page came over TLS or from this machine.
pub(crate) async fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    if !window().is_secure_context() {
        return false;
    }
    wasm_bindgen_futures::JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}

/// Shows an element over the whole screen, or back in its place. A browser that does not, leaves it where it is.
pub(crate) fn toggle_full_screen(selector: &str) {
    let document = document();
    if document.fullscreen_element().is_some() {
        document.exit_fullscreen();
    } else if let Ok(Some(element)) = document.query_selector(selector) {
        let _ = element.request_fullscreen();
    }
}

/// Gives the person a text as a file.
pub(crate) fn save(name: &str, text: &str) {
    let parts = js_sys::Array::of1(&text.into());
    let Ok(blob) = web_sys::Blob::new_with_str_sequence(&parts) else { return };
    let Ok(url) = web_sys::Url::create_object_url_with_blob(&blob) else { return };
    if let Ok(link) = document().create_element("a") {
        let _ = link.set_attribute("href", &url);
        let _ = link.set_attribute("download", name);
        if let Some(link) = link.dyn_ref::<HtmlElement>() {
            link.click();
        }
    }
    let _ = web_sys::Url::revoke_object_url(&url);
}

/// What stands after `#` in the address, taken out of the address bar and the history.
pub(crate) fn take_fragment() -> Option<String> {
    let location = window().location();
    let fragment = location.hash().ok()?.trim_start_matches('#').to_owned();
    if fragment.is_empty() {
        return None;
    }
    let path = location.pathname().ok()? + &location.search().ok()?;
    let history = window().history().ok()?;
    history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&path)).ok()?;
    Some(fragment)
}

/// Selects a text on the page, so that the keyboard can copy it.
pub(crate) fn select(element: &web_sys::Element) {
    if let Ok(Some(selection)) = window().get_selection() {
        let _ = selection.select_all_children(element);
    }
}

/// Shows the sentence for a page that could not be loaded whole; the script that loads us shows the same one.
pub(crate) fn say_unloaded() {
    if let Some(sentence) = document().get_element_by_id("unloaded") {
        let _ = sentence.class_list().remove_1("waiting__late");
    }
}

/// Takes away what stood on the page before the app.
pub(crate) fn end_waiting() {
    for id in ["waiting", "unloaded"] {
        if let Some(element) = document().get_element_by_id(id) {
            element.remove();
        }
    }
}

/// Gives the focus to the first element that matches.
pub(crate) fn focus(selector: &str) {
    let element = document().query_selector(selector).ok().flatten();
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Brings the first element that matches into sight once what lies over it has gone, and gives the focus to what can be
/// done in it.
pub(crate) fn show(selector: &'static str) {
    request_animation_frame(move || {
        if let Ok(Some(element)) = document().query_selector(selector) {
            element.scroll_into_view();
        }
        focus(&format!("{selector} button"));
    });
}

/// Whether keys that are pressed now are text for a field.
pub(crate) fn is_typing(event: &web_sys::KeyboardEvent) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|element| {
        let kind = element.get_attribute("type").unwrap_or_default();
        match element.tag_name().as_str() {
            "INPUT" => !matches!(kind.as_str(), "checkbox" | "radio"),
            "TEXTAREA" | "SELECT" => true,
            _ => false,
        }
    })
}
