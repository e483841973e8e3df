//! What would be done, by service, with what differs.

use std::collections::BTreeMap;

use leptos::prelude::*;
use longshore_api::{
    web::stack::{PlanAct, PlanField, PlanRow, PlanThing, StackPlan},
    words::{Words, say},
};

use crate::{
    parts::{Icon, Show, dynamic},
    speech::{Speech, speech, w},
};

/// The word of what a row does, and how it is coloured.
fn act(act: PlanAct, words: &Words) -> (&'static str, &'static str) {
    match act {
        PlanAct::Pull => ("plan__k", words.plan_pull()),
        PlanAct::Create => ("plan__k plan__k--add", words.plan_create()),
        PlanAct::Replace => ("plan__k plan__k--chg", words.plan_replace()),
        PlanAct::Remove => ("plan__k plan__k--del", words.plan_remove()),
        PlanAct::Start => ("plan__k plan__k--add", words.plan_start()),
        PlanAct::Stop => ("plan__k plan__k--chg", words.plan_stop()),
        PlanAct::Restart => ("plan__k plan__k--chg", words.plan_restart()),
        PlanAct::Wait => ("plan__k plan__k--keep", words.plan_wait()),
    }
}

/// The same of what was done by hand: the row says what would put it right.
fn by_hand(act: PlanAct, words: &Words) -> (&'static str, &'static str) {
    match act {
        PlanAct::Create => ("plan__k plan__k--del", words.hand_removed()),
        PlanAct::Remove => ("plan__k plan__k--add", words.hand_added()),
        PlanAct::Start => ("plan__k plan__k--chg", words.hand_stopped()),
        PlanAct::Stop => ("plan__k plan__k--chg", words.hand_started()),
        PlanAct::Replace | PlanAct::Restart | PlanAct::Pull | PlanAct::Wait => {
            ("plan__k plan__k--chg", words.hand_changed())
        }
    }
}

fn thing(on: PlanThing, words: &Words) -> &'static str {
    match on {
        PlanThing::Container | PlanThing::Service => "",
        PlanThing::Network => words.nc_group_network(),
        PlanThing::Volume => words.one_volume(),
        PlanThing::Image => words.col_image(),
    }
}

/// What is said once: containers of one service to which the same is done for the same reasons.
struct Said {
    act: PlanAct,
    on: PlanThing,
    title: String,
    names: Vec<String>,
    row: PlanRow,
}

fn said(plan: &StackPlan) -> Vec<Said> {
    let mut all: Vec<Said> = Vec::new();
    for row in plan.rows.iter().filter(|row| row.act != PlanAct::Wait) {
        let same = all.iter_mut().find(|said| {
            said.act == row.act
                && said.on == PlanThing::Container
                && row.on == PlanThing::Container
                && said.row.service == row.service
                && said.row.fields == row.fields
        });
        if let Some(same) = same {
            same.names.push(row.name.clone());
            continue;
        }
        let title = match row.on {
            PlanThing::Container if !row.service.is_empty() => row.service.clone(),
            _ => row.name.clone(),
        };
        all.push(Said { act: row.act, on: row.on, title, names: vec![row.name.clone()], row: row.clone() });
    }
    all
}

/// The rows of a plan, with what stands in its way and what stays as it is.
#[component]
pub(crate) fn Rows(
    #[prop(into)] plan: Signal<Option<StackPlan>>,
    /// The rows tell what was changed by hand, rather than what would be done.
    #[prop(optional)]
    hand: bool,
) -> impl IntoView {
    let s = speech();
    let rows = move || {
        plan.with(|plan| plan.as_ref().map(said))
            .unwrap_or_default()
            .into_iter()
            .map(|said| one(said, hand, s))
            .collect_view()
    };
    let obstacles = move || {
        let all = plan.with(|plan| plan.as_ref().map(|plan| plan.obstacles.clone())).unwrap_or_default();
        all.into_iter()
            .map(|why| {
                view! {
                    <div class="plan" data-plan="obstacle">
                        <span class="plan__mark plan__mark--bad"><Icon name="warning" /></span>
                        <div class="grow">{dynamic(move || s.say(&why))}</div>
                    </div>
                }
            })
            .collect_view()
    };
    let kept =
        move || plan.with(|plan| plan.as_ref().map(|plan| plan.unchanged.join(", "))).unwrap_or_default();
    view! {
        {dynamic(obstacles)}
        {dynamic(rows)}
        <Show when=move || !kept().is_empty()>
            <div class="plan" data-plan="keep">
                <span class="plan__k plan__k--keep">{w!(s.plan_keep)}</span>
                <div class="grow b">{dynamic(kept)}</div>
            </div>
        </Show>
    }
}

fn one(said: Said, hand: bool, s: Speech) -> impl IntoView {
    let Said { act: does, on, title, names, mut row } = said;
    let word = if hand { by_hand } else { act };
    if hand {
        // What is there now is what somebody made of it.
        row.fields.iter_mut().for_each(|it| std::mem::swap(&mut it.was, &mut it.will));
        // Why it would be put right says nothing of what was done.
        row.why.clear();
    }
    let marked = format!("{does:?}").to_lowercase();
    let many = names.len();
    let (named, on_title) = (names.join(", "), title.clone());
    let why = row.why.clone();
    let reasons = move || why.iter().map(|why| s.say(why)).collect::<Vec<_>>().join(", ");
    let (class, _) = word(does, s.words());
    view! {
        <div class="plan" data-plan=marked data-on=on_title>
            <span class=class>{dynamic(move || word(does, s.words()).1)}</span>
            <div class="grow">
                <div>
                    <span class="t3">{dynamic(move || thing(on, s.words()))}</span>
                    " "
                    <b class="b" title=named>{title}</b>
                    " "
                    <span class="t2 sm">
                        {(many > 1).then(|| view! { {dynamic(move || s.say(&say::n_containers(many)))} ", " })}
                        {dynamic(reasons)}
                    </span>
                </div>
                {row.fields.into_iter().map(|it| field(it, s)).collect_view()}
            </div>
        </div>
    }
}

/// A field that differs.
pub(super) fn field(field: PlanField, s: Speech) -> impl IntoView {
    let PlanField { path, was, will, hidden } = field;
    let marked = path.clone();
    let values = match (was, will, hidden) {
        (_, _, true) => view! { <span class="t2">{w!(s.plan_hidden)}</span> }.into_any(),
        (Some(was), Some(will), _) => {
            view! { <span class="plan__v">{was}</span> <span class="t3">" → "</span> <b class="b plan__v">{will}</b> }.into_any()
        }
        (None, Some(will), _) => view! { <span class="t3">"+ "</span><b class="b plan__v">{will}</b> }.into_any(),
        (Some(was), None, _) => view! { <span class="t3">"− "</span><s class="plan__v">{was}</s> }.into_any(),
        (None, None, _) => ().into_any(),
    };
    view! { <div class="sm plan__d" data-field=marked><span class="t3">{path}</span> " " {values}</div> }
}

/// How many things of each kind are done, for the foot: nothing where nothing is.
pub(super) fn counts(plan: &StackPlan) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for row in plan.rows.iter().filter(|row| row.act != PlanAct::Wait) {
        let code = match row.act {
            PlanAct::Remove => "remove",
            PlanAct::Create => "create",
            _ => "change",
        };
        *counts.entry(code).or_default() += 1;
    }
    counts
}
