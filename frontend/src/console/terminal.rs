//! The terminal itself: a script of its own, fetched when the first console is opened.

use std::rc::Rc;

use js_sys::{Function, Object, Promise, Reflect, Uint8Array};
use leptos::prelude::{document, window};
use longshore_api::web::console::Size;
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::Element;

use crate::browser;

/// The name by which the script offers its one function.
const OFFERED: &str = "longshoreTerminal";

/// What a terminal tells.
pub(super) trait Told {
    /// Bytes that were typed or pasted.
    fn typed(&self, bytes: Vec<u8>);
    /// It has another size.
    fn sized(&self, size: Size);
    /// A key that is the page's.
    fn key(&self, name: &str);
    /// Which of how many matches is shown, from 1.
    fn found(&self, at: u32, count: u32);
}

/// From where a text is looked for.
#[derive(Clone, Copy)]
pub(super) enum Way {
    /// It is being typed: from where its beginning was found.
    Here,
    /// Onwards from where it was found last.
    Next,
    /// Back from there.
    Previous,
}

/// A terminal on the page; it goes when it is dropped.
pub(super) struct Terminal {
    object: JsValue,
    _told: Vec<JsValue>,
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
        let _ = script.set_attribute("src", &browser::asset("terminal"));
        if let Some(head) = document().head() {
            let _ = head.append_child(&script);
        }
    });
    JsFuture::from(arrived).await.is_ok() && offered().is_some()
}

fn offered() -> Option<Function> {
    Reflect::get(&window(), &JsValue::from_str(OFFERED)).ok()?.dyn_into().ok()
}

impl Terminal {
    /// Makes one in a place on the page.
    pub(super) fn open(place: &Element, label: &str, told: Rc<dyn Told>) -> Option<Self> {
        let typed = {
            let told = Rc::clone(&told);
            Closure::<dyn Fn(Uint8Array)>::new(move |bytes: Uint8Array| told.typed(bytes.to_vec()))
        };
        let sized = {
            let told = Rc::clone(&told);
            Closure::<dyn Fn(u16, u16)>::new(move |cols, rows| told.sized(Size { cols, rows }))
        };
        let key = {
            let told = Rc::clone(&told);
            Closure::<dyn Fn(String)>::new(move |name: String| told.key(&name))
        };
        let found = Closure::<dyn Fn(u32, u32)>::new(move |at, count| told.found(at, count));
        let tells = [
            ("typed", typed.into_js_value()),
            ("sized", sized.into_js_value()),
            ("key", key.into_js_value()),
            ("found", found.into_js_value()),
        ];
        let object = Object::new();
        for (name, function) in &tells {
            let _ = Reflect::set(&object, &JsValue::from_str(name), function);
        }
        let made = offered()?.call3(&JsValue::NULL, place, &JsValue::from_str(label), &object).ok()?;
        Some(Self { object: made, _told: tells.into_iter().map(|(_, function)| function).collect() })
    }

    /// Its size.
    pub(super) fn size(&self) -> Size {
        let number = |name| self.call(name, &[]).and_then(|value| value.as_f64()).unwrap_or_default();
        Size { cols: number("cols") as u16, rows: number("rows") as u16 }.sane()
    }

    /// Shows bytes, and says so when it has.
    pub(super) fn write(&self, bytes: &Uint8Array, done: impl FnOnce() + 'static) {
        self.call("write", &[bytes.into(), Closure::once_into_js(done)]);
    }

    /// Looks for a text.
    pub(super) fn find(&self, text: &str, way: Way) {
        let way = match way {
            Way::Here => "here",
            Way::Next => "next",
            Way::Previous => "previous",
        };
        self.call("find", &[JsValue::from_str(text), JsValue::from_str(way)]);
    }

    /// Takes the marks of what was found away.
    pub(super) fn unfind(&self) {
        self.call("unfind", &[]);
    }

    /// Copies what is selected.
    pub(super) fn copy(&self) {
        self.call("copy", &[]);
    }

    /// All that it has shown and still holds.
    pub(super) fn text(&self) -> String {
        self.call("text", &[]).and_then(|text| text.as_string()).unwrap_or_default()
    }

    /// Gives it the focus.
    pub(super) fn focus(&self) {
        self.call("focus", &[]);
    }

    fn call(&self, name: &str, values: &[JsValue]) -> Option<JsValue> {
        let function: Function =
            Reflect::get(&self.object, &JsValue::from_str(name)).ok()?.dyn_into().ok()?;
        function.apply(&self.object, &values.iter().collect()).ok()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.call("dispose", &[]);
    }
}
