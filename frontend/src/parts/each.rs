//! Lists whose lines come and go one by one. One piece of code for all of them: the framework's own list is made anew
//! for every kind of line, and that is what the first page would be paying for.

use std::sync::Arc;

use leptos::prelude::*;

/// A line: what tells it apart, and how it is made.
#[derive(Clone)]
struct Made {
    key: String,
    make: Arc<dyn Fn() -> AnyView + Send + Sync>,
}

/// A line for each item, kept as long as an item with its key is there. `view` sees the item as it was when the line
/// was made; what changes later has to be a signal in it or part of the key.
pub(crate) fn each<T: Clone + Send + Sync + 'static>(
    items: impl Fn() -> Vec<T> + Send + Sync + 'static,
    key: fn(&T) -> String,
    view: impl Fn(T) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let view = Arc::new(view);
    let made = move |item: T| {
        let (key, view) = (key(&item), view.clone());
        Made { key, make: Arc::new(move || view(item.clone())) }
    };
    list(Arc::new(move || items().into_iter().map(&made).collect()))
}

fn list(lines: Arc<dyn Fn() -> Vec<Made> + Send + Sync>) -> AnyView {
    view! { <For each=move || lines() key=|line| line.key.clone() children=|line| (line.make)() /> }
        .into_any()
}
