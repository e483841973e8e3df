//! The editor itself: a script of its own, fetched when the first file is shown.

use std::rc::Rc;

use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::{document, window};
use longshore_api::web::stack::StackFinding;
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::Element;

use super::check;
use crate::{browser, speech::Speech};

/// The name by which the script offers its one function.
const OFFERED: &str = "longshoreEditor";

/// An editor on the page; it goes when it is dropped.
pub(super) struct Editor {
    object: JsValue,
    _told: Vec<JsValue>,
}

/// What an editor tells.
pub(super) trait Told {
    /// The text is another one.
    fn changed(&self, text: String);
    /// Somebody wants it kept.
    fn save(&self);
}

/// Fetches the script, unless it is there. False where it cannot be had.
pub(super) async fn fetch() -> bool {
    if offered().is_some() {
        return true;
    }
    let arrived = Promise::new(&mut |yes, no| {
        let Ok(script) = document().create_element("script") else { return };
        let _ = script.set_attribute("type", "module");
        let _ = script.add_event_listener_with_callback("load", &yes);
        let _ = script.add_event_listener_with_callback("error", &no);
        let _ = script.set_attribute("src", &browser::asset("editor"));
        if let Some(head) = document().head() {
            let _ = head.append_child(&script);
        }
    });
    JsFuture::from(arrived).await.is_ok() && offered().is_some()
}

fn offered() -> Option<Function> {
    Reflect::get(&window(), &JsValue::from_str(OFFERED)).ok()?.dyn_into().ok()
}

impl Editor {
    /// Makes one in a place on the page.
    pub(super) fn make(place: &Element, label: &str, told: Rc<dyn Told>) -> Option<Self> {
        let changed = {
            let told = Rc::clone(&told);
            Closure::<dyn Fn(String)>::new(move |text: String| told.changed(text))
        };
        let save = Closure::<dyn Fn()>::new(move || told.save());
        let complete = Closure::<dyn Fn(String, u32, u32) -> String>::new(|text: String, line, column| {
            check::complete(&text, line, column)
        });
        let tells = Object::new();
        let told = vec![changed.into_js_value(), save.into_js_value(), complete.into_js_value()];
        for (name, function) in ["changed", "save", "complete"].iter().zip(&told) {
            Reflect::set(&tells, &JsValue::from_str(name), function).ok()?;
        }
        let object = offered()?.call3(&window(), place, &JsValue::from_str(label), &tells).ok()?;
        Some(Self { object, _told: told })
    }

    fn call(&self, method: &str, arguments: &[JsValue]) {
        let Ok(function) = Reflect::get(&self.object, &JsValue::from_str(method)) else { return };
        let Ok(function) = function.dyn_into::<Function>() else { return };
        let _ = function.apply(&self.object, &arguments.iter().cloned().collect());
    }

    /// Shows a file.
    pub(super) fn open(&self, name: &str, text: &str, read_only: bool) {
        self.call("open", &[name.into(), text.into(), read_only.into()]);
    }

    /// Marks what is wrong with the file that is shown.
    pub(super) fn diagnose(&self, found: &[&StackFinding], s: Speech) {
        let found: Vec<_> = found
            .iter()
            .map(|it| {
                serde_json::json!({
                    "line": it.line, "column": it.column, "message": s.say(&it.what), "warning": it.warning,
                })
            })
            .collect();
        self.call("diagnose", &[serde_json::Value::Array(found).to_string().into()]);
    }

    /// Puts the cursor somewhere.
    pub(super) fn show(&self, line: u32, column: u32) {
        self.call("show", &[line.into(), column.into()]);
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        self.call("close", &[]);
    }
}
