//! What there is to deploy: found by a word, by a category, by where it comes from.

use leptos::prelude::*;
use longshore_api::words::say;
use longshore_templates::{
    search::{self, Indexed},
    web::{TemplateKind, TemplateRow, Templates},
    words::Words,
};

use super::{feed, sources::SourcesPart};
use crate::{
    api::{self, Failure},
    parts::{Find, Icon, Show, Trouble, dynamic, each, focus_find, memo},
    places::{Page, Places, places},
    session::{Session, session},
    shell::page_keys,
    speech::{Speech, speech, w},
};

/// So many cards are drawn at first, and so many more each time that somebody wants more.
const CARDS: usize = 90;

/// What the address chooses.
#[derive(Clone, Debug, Default, PartialEq)]
struct Chosen {
    text: String,
    /// A category by its English word.
    category: Option<String>,
    /// A source by its id.
    source: Option<String>,
    /// The sources themselves are shown.
    sources: bool,
}

impl Chosen {
    fn read(places: Places) -> Self {
        Self {
            text: places.query("q").unwrap_or_default(),
            category: places.query("in"),
            source: places.query("of"),
            sources: places.query("show").as_deref() == Some("sources"),
        }
    }

    fn address(&self, places: Places) -> String {
        let pairs = [
            ("q", Some(self.text.as_str()).filter(|text| !text.is_empty())),
            ("in", self.category.as_deref()),
            ("of", self.source.as_deref()),
            ("show", self.sources.then_some("sources")),
        ];
        let pairs: Vec<_> =
            pairs.into_iter().filter_map(|(name, value)| value.map(|value| (name, value))).collect();
        places.address_on(Page::Templates, places.host().as_deref(), &pairs)
    }
}

/// All templates, with what they are found by.
#[derive(Clone, Copy)]
pub(super) struct Gallery {
    all: RwSignal<Option<Templates>>,
    failure: RwSignal<Option<Failure>>,
    /// Taken when the page is made: what is asked for later has no context.
    session: Session,
}

impl Gallery {
    /// Asks for them.
    pub(super) fn load(self) {
        leptos::task::spawn_local(async move {
            match api::templates().await {
                Ok(all) => {
                    _ = self.failure.try_set(None);
                    _ = self.all.try_set(Some(all));
                }
                Err(why) => {
                    self.session.noticed(&why);
                    _ = self.failure.try_set(Some(why));
                }
            }
        });
    }
}

/// The page.
#[component]
pub(crate) fn TemplatesPage() -> impl IntoView {
    let (s, places, session) = (speech(), places(), session());
    let gallery = Gallery { all: RwSignal::new(None), failure: RwSignal::new(None), session };
    gallery.load();
    feed::follow(Callback::new(move |()| gallery.load()));
    page_keys(|key, _| {
        let meant = key == "/";
        if meant {
            focus_find();
        }
        meant
    });
    let chosen = memo(move || Chosen::read(places));
    let index =
        memo(move || {
            Indexes(gallery.all.with(|all| {
                all.iter().flat_map(|all| &all.templates).map(Indexed::of_row).collect::<Vec<_>>()
            }))
        });
    let found = memo(move || {
        let chosen = chosen.get();
        let places = index.with(|index| search::find(&index.0, &chosen.text, chosen.category.as_deref()));
        gallery.all.with(|all| {
            let rows = all.as_ref().map(|all| all.templates.as_slice()).unwrap_or_default();
            let rows = places.into_iter().filter_map(|at| rows.get(at));
            let of = |row: &&TemplateRow| match chosen.source.as_deref() {
                None => true,
                Some("ours") => row.source.is_none(),
                Some(source) => row.source.as_deref() == Some(source),
            };
            rows.filter(of).cloned().collect::<Vec<_>>()
        })
    });
    let most = RwSignal::new(CARDS);
    // Another search begins at its best.
    Effect::new(move |_| {
        chosen.track();
        most.set(CARDS);
    });
    let count = memo(move || found.with(Vec::len));
    let is_here = memo(move || gallery.all.with(Option::is_some));
    let shows_sources = memo(move || session.administers() && chosen.with(|chosen| chosen.sources));
    let text = memo(move || chosen.with(|chosen| chosen.text.clone()));
    let typed = move |text: String| places.settle(Chosen { text, ..chosen.get_untracked() }.address(places));
    view! {
        <main class="page" id="page" tabindex="-1">
            <div class="page__head">
                <h1>{w!(s.templates)}</h1>
                <Show when=move || is_here.get()>
                    <span class="t3">{dynamic(move || {
                        let n = gallery.all.with(|all| all.as_ref().map_or(0, |all| all.templates.len()));
                        s.say(&say::n_templates(n))
                    })}</span>
                </Show>
                <div class="page__actions">
                    <Show when=move || session.administers()>
                        <a
                            class="btn"
                            data-action="sources"
                            href=dynamic(move || {
                                let shown = chosen.get();
                                Chosen { sources: !shown.sources, ..Chosen::default() }.address(places)
                            })
                        >
                            <Icon name=Signal::derive(move || if shows_sources.get() { "template" } else { "link" }) />
                            {dynamic(move || if shows_sources.get() { s.words().templates() } else { s.words().template_sources() })}
                        </a>
                    </Show>
                </div>
            </div>
            <Trouble failure=gallery.failure />
            {dynamic(move || match (shows_sources.get(), is_here.get()) {
                (true, _) => view! { <SourcesPart gallery /> }.into_any(),
                (false, false) => ().into_any(),
                (false, true) => view! {
                    <div class="tpl">
                        <Side gallery chosen />
                        <div>
                            <div class="bar">
                                <Find text hint=w!(s.templates_hint) typed />
                                <Show when=move || text.with(|text| !text.is_empty())>
                                    <span class="t3 sm" role="status">{dynamic(move || s.say(&say::n_found(count.get())))}</span>
                                </Show>
                            </div>
                            <Show when=move || count.get() == 0>
                                <div class="empty" data-empty="templates">
                                    <h2>{w!(s.no_template)}</h2>
                                    <p>{w!(s.no_template_next)}</p>
                                </div>
                            </Show>
                            <ul class="tpl__grid" class:hide=move || count.get() == 0>
                                {each(
                                    move || found.with(|found| found.iter().take(most.get()).cloned().collect()),
                                    |row| row.id.clone(),
                                    move |row| view! { <Card row gallery /> }.into_any(),
                                )}
                            </ul>
                            <Show when=move || { count.get() > most.get() }>
                                <p class="tpl__more">
                                    <button class="btn" type="button" data-action="more" on:click=move |_| most.update(|most| *most += CARDS)>
                                        {w!(s.show_more)}
                                    </button>
                                </p>
                            </Show>
                        </div>
                    </div>
                }
                .into_any(),
            })}
        </main>
    }
}

/// What is searched, told apart by what it was made of.
#[derive(Clone)]
struct Indexes(Vec<Indexed>);

impl PartialEq for Indexes {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

/// The categories and the sources, each with how many it has.
#[component]
fn Side(gallery: Gallery, chosen: Memo<Chosen>) -> impl IntoView {
    let (s, places) = (speech(), places());
    let line = move |choice: Chosen, word: Signal<String>, count: usize| {
        let (asked, is) = (choice.clone(), choice.clone());
        let address =
            move || Chosen { text: chosen.with(|now| now.text.clone()), ..asked.clone() }.address(places);
        let current = move || {
            chosen.with(|now| now.category == is.category && now.source == is.source).then_some("true")
        };
        view! {
            <a class="rail__item" href=dynamic(address) aria-current=dynamic(current)>
                <span class="cut">{dynamic(move || word.get())}</span>
                <span class="rail__n">{count}</span>
            </a>
        }
    };
    let all = move || gallery.all.get().unwrap_or_default();
    let lines = move || {
        let Templates { templates, sources } = all();
        let of =
            |source: Option<&str>| templates.iter().filter(|row| row.source.as_deref() == source).count();
        let by_source = (!sources.is_empty()).then(|| {
            let ours = Chosen { source: Some("ours".to_owned()), ..Chosen::default() };
            let each = sources.iter().map(|source| {
                let choice = Chosen { source: Some(source.id.clone()), ..Chosen::default() };
                line(choice, Signal::stored(source.name.clone()), of(Some(&source.id)))
            });
            let each = each.collect_view();
            view! {
                {line(ours, Signal::derive(move || s.words().templates_ours().to_owned()), of(None))}
                {each}
            }
        });
        let categories = search::categories(templates.iter().map(|row| row.categories.as_slice()));
        let by_category = categories.into_iter().map(|(words, count)| {
            let choice = Chosen { category: Some(words.en.clone()), ..Chosen::default() };
            line(choice, said(s, words), count)
        });
        let by_category = by_category.collect_view();
        view! {
            {line(Chosen::default(), Signal::derive(move || s.words().all_templates().to_owned()), templates.len())}
            {by_source}
            <div class="tpl__line"></div>
            {by_category}
        }
    };
    view! {
        <nav class="tpl__side" aria-label=w!(s.categories)>
            {dynamic(lines)}
        </nav>
    }
}

/// A text of a template in the language of the pages.
pub(super) fn said(s: Speech, words: Words) -> Signal<String> {
    Signal::derive(move || words.of(s.locale()).clone())
}

/// The letters that stand for a template; nothing is fetched for it from anywhere.
#[component]
pub(super) fn Mark(letters: String) -> impl IntoView {
    view! { <span class="tpl__mark" aria-hidden="true">{letters}</span> }
}

/// One of them.
#[component]
fn Card(row: TemplateRow, gallery: Gallery) -> impl IntoView {
    let (s, places) = (speech(), places());
    let TemplateRow { id, title, description, categories, mark, kind, platform, source } = row;
    let marked = id.clone();
    let (title, description) = (said(s, title), said(s, description));
    let category = categories.into_iter().next().map(|words| said(s, words));
    let source = source.and_then(|id| {
        let name = gallery.all.with_untracked(|all| {
            let sources = all.as_ref().map(|all| all.sources.as_slice()).unwrap_or_default();
            sources.iter().find(|source| source.id == id).map(|source| source.name.clone())
        })?;
        Some(view! { <span class="cut">{name}</span> })
    });
    let kind_word = move || match kind {
        TemplateKind::Container => s.words().one_container(),
        TemplateKind::Stack => s.words().a_stack(),
        TemplateKind::Swarm => s.words().for_a_swarm(),
    };
    let windows = platform == Some(longshore_templates::template::Platform::Windows);
    view! {
        <li class="tplc" data-template=marked>
            <div class="row tplc__head">
                <Mark letters=mark />
                <div class="grow">
                    <a class="tbl__name cut" href=dynamic(move || places.template(&id))>
                        {dynamic(move || title.get())}
                    </a>
                    <p class="t2 tplc__d">{dynamic(move || description.get())}</p>
                </div>
            </div>
            <div class="row t3 sm tplc__f">
                {category.map(|word| view! { <span class="cut">{dynamic(move || word.get())}</span> })}
                <span>{dynamic(kind_word)}</span>
                {windows.then(|| view! { <span class="badge">"Windows"</span> })}
                {source}
            </div>
        </li>
    }
}
