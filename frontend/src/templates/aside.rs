//! Beside the form: the deed, what stands in its way, and what became of it.

use leptos::prelude::*;
use longshore_api::{
    web::{access::Sharing, job::JobState, stack::StackPlan},
    words::say,
};
use longshore_templates::web::{Resolved, ResolvedVariable, TemplateKind};

use super::{form::form, result::Result};
use crate::{
    create::Progress,
    jobs::jobs,
    parts::{CodeLine, FormTrouble, Icon, Show, dynamic, memo},
    places::places,
    speech::{speech, w},
    stacks::{PlanRows, Targets},
};

/// The deed.
#[component]
pub(super) fn Aside(title: Signal<String>) -> impl IntoView {
    let s = speech();
    let (form, jobs, places) = (form(), jobs(), places());
    let job = memo(move || form.job.get().and_then(|id| jobs.one(&id)));
    let under_way = memo(move || match job.get() {
        Some(job) => !job.state.has_ended(),
        None => form.job.with(Option::is_some),
    });
    let done = memo(move || job.get().filter(|job| job.state == JobState::Done));
    let makes = form.kind() != TemplateKind::Swarm;
    let off = memo(move || {
        let wrong = form.questions.with_value(|all| all.iter().any(|one| form.wrong(*one).is_some()));
        form.busy.get()
            || under_way.get()
            || done.with(Option::is_some)
            || form.host.with(String::is_empty)
            || form.sharing.get() == Sharing::Teams && form.teams.with(Vec::is_empty)
            || wrong
            || form.name_wrong().is_some()
    });
    let shows_file = RwSignal::new(false);
    let see = move |_| {
        shows_file.set(true);
        form.resolve(|_, _| ());
    };
    let hindered = memo(move || form.plan.get().filter(|plan| !plan.obstacles.is_empty()));
    let log = move || form.job.get().map(|id| places.job(&id)).unwrap_or_default();
    let file = memo(move || form.resolved.get().filter(|it| it.refused.is_empty() && shows_file.get()));
    view! {
        <aside aria-label=dynamic(move || s.say(&say::deploy_name(title.get())))>
            <FormTrouble failure=form.failure />
            <Found />
            {dynamic(move || hindered.get().map(|plan| view! { <InTheWay plan /> }))}
            <Show when=move || job.with(Option::is_some)>
                <Progress job />
                <Show when=move || under_way.get() && form.kind() == TemplateKind::Stack>
                    <Targets job />
                </Show>
            </Show>
            <Show when=move || job.with(|job| job.as_ref().is_some_and(|job| job.went_wrong()))>
                <p class="sm"><a data-to="job" href=dynamic(log)>{w!(s.job_log)}</a></p>
            </Show>
            {dynamic(move || done.get().map(|job| view! { <Result job /> }))}
            <div class="row nc__deeds tpl__deeds">
                {makes.then(|| view! {
                    <button
                        class="btn btn--primary btn--lg grow"
                        type="button"
                        data-action="deploy"
                        disabled=off
                        on:click=move |_| {
                            shows_file.set(false);
                            form.make();
                        }
                    >
                        <span class="cut">{dynamic(move || s.say(&say::deploy_name(title.get())))}</span>
                    </button>
                })}
                <button
                    class="btn btn--lg"
                    class=("btn--primary", !makes)
                    class=("grow", !makes)
                    type="button"
                    data-action="see-file"
                    disabled=off
                    on:click=see
                >
                    {w!(s.see_compose_file)}
                </button>
            </div>
            {dynamic(move || file.get().map(|resolved| view! { <File resolved /> }))}
        </aside>
    }
}

/// What stands in the way of a stack on its host.
#[component]
fn InTheWay(plan: StackPlan) -> impl IntoView {
    let plan = StackPlan { rows: Vec::new(), unchanged: Vec::new(), ..plan };
    view! { <section class="panel tpl__about" role="alert"><PlanRows plan=Signal::stored(Some(plan)) /></section> }
}

/// What was found in the file.
#[component]
fn Found() -> impl IntoView {
    let s = speech();
    let form = form();
    let findings = memo(move || {
        form.resolved.with(|resolved| resolved.as_ref().map(|it| it.findings.clone()).unwrap_or_default())
    });
    let lines = move || {
        let line = |one: longshore_templates::web::ResolvedFinding| {
            let (what, path) = (one.what, one.path);
            view! {
                <div class=if one.warning { "explained" } else { "trouble" } role="alert" data-finding="">
                    <Icon name="warning" />
                    <div class="trouble__in">
                        {(!path.is_empty()).then(|| view! { <p class="mono sm">{path}</p> })}
                        <p>{dynamic(move || s.say(&what))}</p>
                    </div>
                </div>
            }
        };
        findings.get().into_iter().map(line).collect_view()
    };
    dynamic(lines)
}

/// The file, and the variables that it is filled in with.
#[component]
fn File(resolved: Resolved) -> impl IntoView {
    let s = speech();
    let Resolved { file, at, beside, variables, .. } = resolved;
    // Another one is made for what is deployed then.
    let open = s.words().secret_made_later();
    let value = |one: &ResolvedVariable| match one.secret && one.made {
        true => format!("({open})"),
        false => quoted(&one.value),
    };
    let lines: Vec<_> = variables.iter().map(|one| format!("{}={}", one.name, value(one))).collect();
    let some = !lines.is_empty();
    let env = lines.join("\n");
    view! {
        <div class="tpl__file" data-file="">
            <h2 class="mono sm">{at}</h2>
            <CodeLine text=Signal::stored(file) />
            {beside.into_iter().map(|(name, text)| view! {
                <h2 class="mono sm">{name}</h2>
                <CodeLine text=Signal::stored(text) />
            }).collect_view()}
            {some.then(|| view! {
                <h2 class="mono sm">".env"</h2>
                <CodeLine text=Signal::stored(env) />
            })}
        </div>
    }
}

/// The secrets that were made rather than entered, as lines of an env file.
pub(super) fn made_secrets(resolved: &Resolved) -> Vec<String> {
    let made = resolved.variables.iter().filter(|one| one.secret && one.made);
    made.map(|one| format!("{}={}", one.name, quoted(&one.value))).collect()
}

/// A value in an env file, as it reads as itself.
fn quoted(value: &str) -> String {
    let plain = value.chars().all(|c| c.is_ascii_alphanumeric() || "-_./:@+,".contains(c));
    if plain { value.to_owned() } else { format!("'{}'", value.replace('\'', "\\'")) }
}
