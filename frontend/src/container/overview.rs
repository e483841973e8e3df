//! What the container is made of.

use leptos::prelude::*;
use longshore_api::{
    ops::{Permission, spec::join},
    web::detail::Detail,
};

use super::{
    access::AccessPanel,
    env::Env,
    follow::one,
    health::HealthPanel,
    keeping::Keeping,
    last_words::LastLines,
    network::{Mounts, Networks, Ports},
};
use crate::{
    browser,
    chunks::explained,
    clock::full_time,
    explain::Puzzle,
    parts::{EngineWords, Icon, Show, dynamic, exit_explained, memo},
    places::{Page, places},
    session::session,
    speech::{speech, w},
};

/// So many labels are shown before somebody asks for all.
const LABELS_FIRST: usize = 8;

/// The overview.
#[component]
pub(super) fn Overview() -> impl IntoView {
    view! {
        <div class="grid g-main container__grid">
            <div class="col container__col">
                <Facts />
                <div class="grid g-2 container__grid">
                    <Ports />
                    <Networks />
                </div>
                <Mounts />
                <Env />
            </div>
            <div class="col container__col">
                <HealthPanel />
                <Keeping />
                <AccessPanel />
                <Labels />
            </div>
        </div>
    }
}

#[component]
fn Facts() -> impl IntoView {
    let s = speech();
    let places = places();
    let one = one();
    let session = session();
    let image = one.part(|detail| detail.image.clone());
    let command = one.part(|detail| join(&detail.command));
    let entrypoint = one.part(|detail| join(&detail.entrypoint));
    let created = one.part(|detail| detail.created);
    let user = one.part(|detail| detail.user.clone());
    let folder = one.part(|detail| detail.folder.clone());
    let id = one.part(|detail| detail.id.clone());
    let hostname = one.part(|detail| detail.hostname.clone());
    let remarks = one.part(|detail| (detail.privileged, detail.removes_itself, detail.terminal));
    let error = one.part(|detail| detail.error.clone());
    let exit = memo(move || one.row().with(|row| row.as_ref().and_then(exit_explained)));
    let stack = memo(move || {
        one.row().with(|row| row.as_ref().and_then(|row| Some((row.stack.clone()?, row.service.clone()))))
    });
    // Commands are kept from whoever could not run one: that there is none would not be true.
    let told = move |text: String| match text.is_empty() && !session.may(&one.host(), Permission::Exec) {
        true => s.words().for_consoles().to_owned(),
        false => or_none(text),
    };
    let stack_address =
        move |stack: &str| places.address_on(Page::Containers, Some(&one.host()), &[("q", stack)]);
    view! {
            <section class="panel">
                <div class="panel__body">
                    {dynamic(move || exit.get().map(|why| explained(Puzzle::Solved(why), None)))}
                    {dynamic(move || {
                        let words = error.get();
                        (!words.is_empty()).then(|| view! { <EngineWords words /> })
                    })}
                    <LastLines />
                    <dl class="facts facts--2">
                        <dt>{w!(s.col_image)}</dt>
                        <dd>{image}</dd>
                        <dt>{w!(s.stack)}</dt>
                        <dd>
                            {dynamic(move || match stack.get() {
                                Some((stack, service)) => {
                                    let address = stack_address(&stack);
                                    view! {
                                    <a href=address>{stack}</a>
                                    " "
                                    <span class="t3">{service}</span>
                                }.into_any()
    }
                                None => "—".into_any(),
                            })}
                        </dd>
                        <dt>{w!(s.command)}</dt>
                        <dd class="mono">{dynamic(move || told(command.get()))}</dd>
                        <dt>{w!(s.col_created)}</dt>
                        <dd>{dynamic(move || full_time(created.get()))}</dd>
                        <dt>{w!(s.entrypoint)}</dt>
                        <dd class="mono">{dynamic(move || told(entrypoint.get()))}</dd>
                        <dt>{w!(s.runs_as)}</dt>
                        <dd class="mono">{dynamic(move || or_none(user.get()))}</dd>
                        <dt>{w!(s.working_folder)}</dt>
                        <dd class="mono">{dynamic(move || or_none(folder.get()))}</dd>
                        <dt>{w!(s.host_name)}</dt>
                        <dd class="mono">{hostname}</dd>
                        <dt>{w!(s.container_id)}</dt>
                        <dd class="mono">
                            <span title=id>{dynamic(move || id.with(|id| id.chars().take(12).collect::<String>()))}</span>
                            " "
                            <button
                                class="btn btn--quiet btn--sm btn--icon"
                                type="button"
                                data-action="copy-id"
                                aria-label=w!(s.copy_id)
                                title=w!(s.copy_id)
                                on:click=move |_| {
                                    let id = id.get_untracked();
                                    leptos::task::spawn_local(async move { _ = browser::copy(&id).await });
                                }
                            >
                                <Icon name="copy" small=true />
                            </button>
                        </dd>
                    </dl>
                    <p class="container__remarks row row--wrap">
                        {dynamic(move || {
                            let (privileged, removes_itself, terminal) = remarks.get();
                            view! {
                                {privileged.then(|| view! { <span class="badge badge--warn">{w!(s.is_privileged)}</span> })}
                                {removes_itself.then(|| view! { <span class="badge">{w!(s.removes_itself)}</span> })}
                                {terminal.then(|| view! { <span class="badge badge--line">{w!(s.has_terminal)}</span> })}
                            }
                        })}
                    </p>
                </div>
            </section>
        }
}

#[component]
fn Labels() -> impl IntoView {
    let s = speech();
    let one = one();
    let labels = one.part(|detail: &Detail| detail.labels.clone());
    let all = RwSignal::new(false);
    let shown = move || {
        labels.with(|labels| {
            let most = if all.get() { labels.len() } else { LABELS_FIRST };
            labels
                .iter()
                .take(most)
                .map(|(name, value)| view! { <li class="mono xs container__label">{format!("{name}={value}")}</li> })
                .collect_view()
        })
    };
    view! {
        <section class="panel" data-panel="labels">
            <div class="panel__head">
                <h2>{w!(s.labels)}</h2>
                <span class="t3">{dynamic(move || labels.with(|labels| labels.len()))}</span>
            </div>
            <ul class="list list--tight">{dynamic(shown)}</ul>
            <Show when=move || !all.get() && labels.with(|labels| labels.len() > LABELS_FIRST)>
                <div class="panel__foot">
                    <button class="btn btn--quiet btn--sm" type="button" on:click=move |_| all.set(true)>
                        {w!(s.show_all)}
                    </button>
                </div>
            </Show>
        </section>
    }
}

/// Nothing to say.
fn or_none(text: String) -> String {
    if text.is_empty() { "—".to_owned() } else { text }
}
