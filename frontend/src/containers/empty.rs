//! The table without rows: why, and the next step.

use leptos::prelude::*;

use longshore_api::ops::Permission;

use super::{address::View, rows::Rows};
use crate::{
    parts::{CodeLine, Show, dynamic, memo},
    places::{Page, places},
    session::session,
    speech::{speech, w},
};

/// Nothing found, or nothing there.
#[component]
pub(super) fn Empty(rows: Rows, view: Memo<View>, change: Callback<View>) -> impl IntoView {
    let s = speech();
    let (places, session) = (places(), session());
    let clear = move |_| change.run(View { text: String::new(), states: Vec::new(), ..view.get_untracked() });
    // Whoever manages sees all that is there; others, what is theirs.
    let all = memo(move || session.may_somewhere(Permission::Manage));
    let empty = memo(move || rows.loaded().get() && rows.totals().with(|totals| totals.found == 0));
    view! {
        <Show when=move || empty.get()>
            <div class="empty">
                <Show
                    when=move || view.with(View::is_narrowed)
                    fallback=move || view! {
                        <h2>
                            {dynamic(move || match all.get() {
                                true => s.words().no_containers(),
                                false => s.words().no_containers_yours(),
                            }.to_owned())}
                        </h2>
                        <Show when=move || !all.get()>
                            <p>{w!(s.no_containers_yours_next)}</p>
                        </Show>
                        <Show when=move || session.may_somewhere(Permission::Deploy)>
                        <Show when=move || all.get()>
                            <p>{w!(s.no_containers_next)}</p>
                        </Show>
                        <div class="empty__ways">
                            <a class="btn btn--primary" href=dynamic(move || places.address(Page::NewContainer))>
                                {w!(s.nc_title)}
                            </a>
                            <a class="btn" href=dynamic(move || places.address(Page::Templates))>{w!(s.templates)}</a>
                            <CodeLine text="docker run -d --name hello -p 8080:80 nginx" />
                        </div>
                        </Show>
                    }
                >
                    <h2>{w!(s.nothing_found)}</h2>
                    <p>{w!(s.nothing_found_next)}</p>
                    <div class="empty__ways">
                        <button class="btn" type="button" data-action="clear-filter" on:click=clear>
                            {w!(s.clear_filter)}
                        </button>
                    </div>
                </Show>
            </div>
        </Show>
    }
}
