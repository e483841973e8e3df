//! What follows signals in a view, as one kind of thing. Every closure is a type of its own, and for each the framework
//! makes its whole machinery anew; boxed they are one, and the first page is a third of the size.

use leptos::prelude::*;

/// A part of a view that is computed anew when what it reads changes: a text, an attribute, whether a class is there.
pub(crate) type Dynamic<T> = Box<dyn Fn() -> T + Send + Sync>;

/// Makes a closure a part of a view.
pub(crate) fn dynamic<T: 'static>(part: impl Fn() -> T + Send + Sync + 'static) -> Dynamic<T> {
    Box::new(part)
}

/// A value that is computed anew when what it reads changes, and whose readers follow only when it is another.
pub(crate) fn memo<T: PartialEq + Send + Sync + 'static>(
    value: impl Fn() -> T + Send + Sync + 'static,
) -> Memo<T> {
    boxed_memo(Box::new(value))
}

fn boxed_memo<T: PartialEq + Send + Sync + 'static>(value: Dynamic<T>) -> Memo<T> {
    Memo::new(move |_| value())
}

/// Shows its children while a condition holds, else the fallback or nothing.
#[component]
pub(crate) fn Show(
    /// The condition.
    #[prop(into)]
    when: Signal<bool>,
    /// Shown while it does not hold.
    #[prop(optional, into)]
    fallback: ViewFn,
    children: ChildrenFn,
) -> impl IntoView {
    let when = memo(move || when.get());
    dynamic(move || if when.get() { children() } else { fallback.run() })
}
