//! Two releases beside each other, or one beside what runs. Which, the address says.

use leptos::prelude::*;
use longshore_api::{
    web::{
        compare::{CompareReleases, ComparedFile, ComparedImage, ComparedLine, ComparedReleases, Hunk},
        stack::{PlanField, ReleaseHead, ReleaseImage},
    },
    words::say,
};

use super::{draft::draft, plan::field, releases::short};
use crate::{
    api::{self, Failure},
    parts::{Icon, Show, Trouble, dynamic, memo},
    places::places,
    session::session,
    speech::{Speech, speech, w},
};

/// What differs between the releases that the address names, if it names one.
#[component]
pub(super) fn Compared(
    /// All releases, newest first.
    all: RwSignal<Vec<ReleaseHead>>,
) -> impl IntoView {
    let s = speech();
    let (draft, session, places) = (draft(), session(), places());
    let number = move |name: &str| places.query(name).and_then(|number| number.parse::<u64>().ok());
    let asked = memo(move || Some(CompareReleases { from: number("from")?, to: number("to") }));
    let found = RwSignal::new(None::<ComparedReleases>);
    let failure = RwSignal::new(None::<Failure>);
    // What runs is another after a release.
    let newest = memo(move || all.with(|all| all.first().map(|head| (head.number, head.state.code()))));
    Effect::new(move |_| {
        newest.track();
        let Some(asking) = asked.get() else { return found.set(None) };
        leptos::task::spawn_local(async move {
            let answer =
                api::compared_releases(&draft.host.get_value(), &draft.name.get_value(), &asking).await;
            if asked.try_get_untracked().flatten().as_ref() != Some(&asking) {
                return;
            }
            match answer {
                Ok(compared) => {
                    failure.set(None);
                    found.set(Some(compared));
                }
                Err(why) => {
                    session.noticed(&why);
                    found.set(None);
                    failure.set(Some(why));
                }
            }
        });
    });
    let go = move |from: u64, to: Option<u64>| {
        places.go(places.compared(&draft.host.get_value(), &draft.name.get_value(), from, to));
    };
    let from = move |chosen: String| {
        let Some(asked) = asked.get_untracked() else { return };
        go(chosen.parse().unwrap_or(asked.from), asked.to);
    };
    let to = move |chosen: String| {
        let Some(asked) = asked.get_untracked() else { return };
        go(asked.from, chosen.parse().ok());
    };
    let option = move |number: Option<u64>, chosen: Option<u64>| {
        let (value, is_chosen) = (number.map(|it| it.to_string()).unwrap_or_default(), number == chosen);
        let word = move || match number {
            Some(number) => s.say(&say::release_number(number)),
            None => s.words().what_runs().to_owned(),
        };
        view! { <option value=value selected=is_chosen>{dynamic(word)}</option> }
    };
    let releases = move |chosen: Option<u64>| {
        let numbers = all.with(|all| all.iter().map(|head| head.number).collect::<Vec<_>>());
        numbers.into_iter().map(|number| option(Some(number), chosen)).collect_view()
    };
    let close = move || places.stack(&draft.host.get_value(), &draft.name.get_value(), Some("releases"));
    let shown = move || found.get().map(|found| differences(found, s));
    view! {
        <Show when=move || asked.get().is_some()>
            <section class="panel cmp" aria-label=w!(s.compared) data-compared=dynamic(move || found.with(|found| found.is_some().then_some("there")))>
                <div class="panel__head">
                    <h2>{w!(s.compared)}</h2>
                    <select class="select" name="from" aria-label=w!(s.compared_from) on:change=move |event| from(event_target_value(&event))>
                        {dynamic(move || releases(asked.get().map(|asked| asked.from)))}
                    </select>
                    <span class="t3" aria-hidden="true">"→"</span>
                    <select class="select" name="to" aria-label=w!(s.compared_to) on:change=move |event| to(event_target_value(&event))>
                        {dynamic(move || {
                            let chosen = asked.get().and_then(|asked| asked.to);
                            view! { {option(None, chosen)} {releases(chosen)} }
                        })}
                    </select>
                    <span class="end">
                        <a class="btn btn--icon btn--ghost btn--sm" data-action="close" href=close() title=w!(s.close) aria-label=w!(s.close)>
                            <Icon name="close" />
                        </a>
                    </span>
                </div>
                <Trouble failure />
                {dynamic(shown)}
            </section>
        </Show>
    }
}

fn differences(found: ComparedReleases, s: Speech) -> AnyView {
    let ComparedReleases { files, variables, options, images } = found;
    if files.is_empty() && variables.is_empty() && options.is_empty() && images.is_empty() {
        return view! { <p class="plan t2" data-compared-none="">{w!(s.compared_none)}</p> }.into_any();
    }
    let options = options.into_iter().map(|it| (it.path == "files", it));
    let fields = move |all: Vec<PlanField>| all.into_iter().map(|it| field(it, s)).collect_view();
    let named = move |(is_files, it): (bool, PlanField)| {
        let word = move || match is_files {
            true => s.words().compared_files(),
            false => s.words().compared_profiles(),
        };
        let values = field(PlanField { path: String::new(), ..it }, s);
        view! { <div class="cmp__part"><h3>{dynamic(word)}</h3> {values}</div> }
    };
    view! {
        {(!images.is_empty()).then(|| view! {
            <div class="cmp__part" data-compared-part="images">
                <h3>{w!(s.images)}</h3>
                {images.into_iter().map(|it| image(it, s)).collect_view()}
            </div>
        })}
        {(!variables.is_empty()).then(|| view! {
            <div class="cmp__part" data-compared-part="variables">
                <h3>{w!(s.variables)}</h3>
                {fields(variables)}
            </div>
        })}
        {options.map(named).collect_view()}
        {files.into_iter().map(|it| file(it, s)).collect_view()}
    }
    .into_any()
}

fn image(image: ComparedImage, s: Speech) -> impl IntoView {
    let ComparedImage { service, was, is } = image;
    let side = move |image: Option<ReleaseImage>| {
        match image {
        Some(it) => view! {
            <span class="mono" title=it.digest.clone()>{it.image} " " <span class="t3">{short(&it.digest)}</span></span>
        }
        .into_any(),
        None => view! { <span class="t3">{w!(s.compared_image_none)}</span> }.into_any(),
    }
    };
    let marked = service.clone();
    view! {
        <div class="sm plan__d" data-compared-image=marked>
            <b class="b">{service}</b> " " {side(was)} <span class="t3">" → "</span> {side(is)}
        </div>
    }
}

fn file(file: ComparedFile, s: Speech) -> impl IntoView {
    let ComparedFile { name, was, is, added, removed, hunks, untold } = file;
    let marked = name.clone();
    let kind = match (was, is) {
        (false, _) => Some("badge badge--running"),
        (_, false) => Some("badge badge--bad"),
        _ => None,
    };
    let word = move || if was { s.words().compared_gone() } else { s.words().compared_new() };
    view! {
        <div class="cmp__file" data-compared-file=marked>
            <div class="cmp__head">
                <h3 class="mono">{name}</h3>
                {kind.map(|class| view! { <span class=class>{dynamic(word)}</span> })}
                <span class="t3 sm">{dynamic(move || s.say(&say::lines_differ(added, removed)))}</span>
            </div>
            <div class="cmp__lines">
                {hunks.into_iter().map(hunk).collect_view()}
            </div>
            {(untold > 0).then(|| view! {
                <p class="cmp__more t3 sm">{dynamic(move || s.say(&say::lines_untold(untold)))}</p>
            })}
        </div>
    }
}

fn hunk(hunk: Hunk) -> impl IntoView {
    view! { <div class="cmp__hunk">{hunk.lines.into_iter().map(line).collect_view()}</div> }
}

fn line(line: ComparedLine) -> impl IntoView {
    let ComparedLine { was, is, text } = line;
    let (class, sign) = match (was, is) {
        (Some(_), None) => ("cmp__line cmp__line--del", "−"),
        (None, Some(_)) => ("cmp__line cmp__line--add", "+"),
        _ => ("cmp__line", " "),
    };
    let number = |at: Option<u32>| at.map(|at| at.to_string()).unwrap_or_default();
    view! {
        <div class=class>
            <span class="cmp__no cmp__no--was">{number(was)}</span>
            <span class="cmp__no">{number(is)}</span>
            <span class="cmp__sign">{sign}</span>
            <span class="cmp__text">{text}</span>
        </div>
    }
}
