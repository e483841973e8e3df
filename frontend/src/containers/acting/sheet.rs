//! Everything that can be done to one container: a menu where it was asked for, on phones a sheet from below.

use leptos::prelude::*;
use longshore_api::{
    ops::Permission,
    web::container::{Container, Verb},
};

use super::{Target, acting, verb_asks, verb_icon, verb_unfit, verb_word};
use crate::{
    browser,
    clock::clock,
    parts::{Close, Icon, Layer, Show, StateMark, dynamic, memo, state_reason},
    places::places,
    session::session,
    shell::hosts,
    speech::{speech, w},
};

/// Those above the line; the rest follows below it.
const ABOVE: [Verb; 6] = [Verb::Start, Verb::Restart, Verb::Stop, Verb::Pause, Verb::Unpause, Verb::Kill];

/// The sheet.
#[component]
pub(crate) fn Sheet(
    row: ArcRwSignal<Container>,
    at: (i32, i32),
    tick: Option<Callback<Target>>,
) -> impl IntoView {
    let s = speech();
    let clock = clock();
    let acting = acting();
    let hosts = hosts();
    let places = places();
    let shown = memo(move || row.get());
    let target = move || shown.with_untracked(|row| Target::from(row));
    let state = Signal::derive(move || shown.with(|row| row.state));
    let answers = memo(move || shown.with(|row| hosts.answers(&row.host)));
    let host = move || shown.with(|row| hosts.name(&row.host));
    let page = move || shown.with(|row| places.container(&row.host, &row.name, None));
    let logs = move || shown.with(|row| places.logs([(row.host.as_str(), row.name.as_str())].into_iter()));
    let name = Signal::derive(move || shown.with(|row| row.name.clone()));
    let close = move || acting.close();
    let ask = move |verb| {
        close();
        acting.ask(verb, vec![target()]);
    };
    let item = move |verb: Verb| {
        let fits = memo(move || answers.get() && verb.fits(state.get()));
        let off = move || match (answers.get(), fits.get()) {
            (false, _) => Some(s.words().unfit_host().to_owned()),
            (true, false) => Some(s.say(&verb_unfit(verb, 1))),
            (true, true) => None,
        };
        view! {
            <button
                class="menu__item"
                class=("menu__item--danger", verb == Verb::Remove)
                type="button"
                data-action=verb.code()
                disabled=dynamic(move || !fits.get())
                title=dynamic(off)
                on:click=move |_| ask(verb)
            >
                <Icon name=verb_icon(verb) />
                {dynamic(move || verb_word(verb, s.words()))}
                {verb_asks(verb).then_some("…")}
            </button>
        }
    };
    let console = move || shown.with(|row| places.consoles(&[(&row.host, &row.name)]));
    let copy_id = move |_| {
        let id = target().id;
        leptos::task::spawn_local(async move {
            browser::copy(&id).await;
        });
        close();
    };
    // Only what makes sense in its state, except removing: that is off with its reason.
    let may = move |verb: Verb| shown.with(|row| acting.may(verb, &row.host));
    let above = move || {
        ABOVE.into_iter().filter(|verb| verb.fits(state.get()) && may(*verb)).map(item).collect_view()
    };
    let session = session();
    let allows = move |permission: Permission| shown.with(|row| session.may(&row.host, permission));
    view! {
        <Layer class="sheet" label=name close=move |()| close() light=true clear=true>
            <div class="sheet__place" style:--x=format!("{}px", at.0) style:--y=format!("{}px", at.1)>
                <div class="sheet__head">
                    <StateMark state large=true />
                    <div class="grow">
                        <div class="bb cut">{name}</div>
                        <div class="t2 sm cut">
                            {dynamic(move || shown.with(|row| state_reason(row, s, clock)))} {w!(s.comma)} {dynamic(host)}
                        </div>
                    </div>
                    <Close close=move |()| close() first=true />
                </div>
                <a class="menu__item" data-action="page" href=dynamic(page) on:click=move |_| close()>
                    <Icon name="container" />
                    {w!(s.show_details)}
                </a>
                <a class="menu__item" data-action="logs" href=dynamic(logs) on:click=move |_| close()>
                    <Icon name="log" />
                    {w!(s.logs)}
                    <span class="end"><kbd>"L"</kbd></span>
                </a>
                {dynamic(above)}
                <div class="menu__sep"></div>
                <Show when=move || answers.get() && Verb::Stop.fits(state.get()) && allows(Permission::Exec)>
                    <a class="menu__item" data-action="console" href=dynamic(console) on:click=move |_| close()>
                        <Icon name="console" />
                        {w!(s.console)}
                        <kbd class="end">"c"</kbd>
                    </a>
                </Show>
                {tick.map(|tick| view! {
                    <button
                        class="menu__item"
                        type="button"
                        data-action="tick"
                        on:click=move |_| {
                            tick.run(target());
                            close();
                        }
                    >
                        <Icon name="check" />
                        {w!(s.select)}
                    </button>
                })}
                <button class="menu__item" type="button" on:click=copy_id>
                    <Icon name="copy" />
                    {w!(s.copy_id)}
                    <span class="end mono">{dynamic(move || shown.with(|row| row.id.get(..12).map(str::to_owned)))}</span>
                </button>
                {dynamic(move || may(Verb::Remove).then(|| item(Verb::Remove)))}
            </div>
        </Layer>
    }
}
