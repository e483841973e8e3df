//! The page of one template: what it is, what one has to know, and the form that deploys it.

use leptos::prelude::*;
use longshore_api::{
    ops::Permission,
    words::{Words, say},
};
use longshore_templates::web::{OneTemplate, TemplateKind};

use super::{
    aside::Aside,
    form::{Form, form},
    gallery::{Mark, said},
    notes::Notes,
    question::Asked,
};
use crate::{
    access::SharingChoice,
    api::{self, Failure},
    parts::{Icon, Show, Trouble, dynamic, memo, submitted},
    places::places,
    session::session,
    shell::{HostNotices, HostSelect, hosts},
    speech::{speech, w},
};

/// The template of the address.
#[component]
pub(crate) fn TemplatePage() -> impl IntoView {
    let (places, session) = (places(), session());
    let id = memo(move || places.parts().into_iter().next().unwrap_or_default());
    let one = RwSignal::new(None::<OneTemplate>);
    let failure = RwSignal::new(None::<Failure>);
    Effect::new(move |_| {
        let id = id.get();
        one.set(None);
        failure.set(None);
        leptos::task::spawn_local(async move {
            let answer = api::template(&id).await;
            // The page may show another by now, or be gone.
            if Some(id) != places.parts_untracked().into_iter().next() {
                return;
            }
            match answer {
                Ok(found) => _ = one.try_set(Some(found)),
                Err(why) => {
                    session.noticed(&why);
                    _ = failure.try_set(Some(why));
                }
            }
        });
    });
    view! {
        <main class="page nc" id="page" tabindex="-1">
            <Trouble failure />
            {dynamic(move || one.get().map(|one| view! { <Whole one /> }))}
        </main>
    }
}

#[component]
fn Whole(one: OneTemplate) -> impl IntoView {
    let s = speech();
    let (places, hosts, session) = (places(), hosts(), session());
    let template = &one.template;
    let (title, description) = (said(s, template.title.clone()), said(s, template.description.clone()));
    let mark = template.mark.clone();
    let notes = (!template.notes.en.is_empty()).then(|| template.notes.clone());
    let pages: Vec<String> = template.source.clone();
    let from = one.source.as_ref().map(|source| source.name.clone());
    let fits = one.row.kind != TemplateKind::Swarm;
    let form = Form::new(one);
    provide_context(form);
    let may = memo(move || session.may_somewhere(Permission::Deploy));
    Effect::new(move |_| {
        let answers = |slug: &String| hosts.answers(slug) && session.may(slug, Permission::Deploy);
        let first = || hosts.all().into_iter().map(|host| host.slug).find(answers);
        let wanted = places.host().or_else(|| hosts.chosen(None).map(|host| host.slug)).or_else(first);
        if form.host.with_untracked(String::is_empty)
            && let Some(wanted) = wanted
        {
            form.host.set(wanted);
        }
    });
    form.check_live();
    Effect::new(move |_| places.call_it(title.get()));
    on_cleanup(move || places.call_it(String::new()));
    let link = move |address: String| {
        let shown = address.trim_start_matches("https://").trim_start_matches("http://").to_owned();
        view! {
            <li>
                <Icon name="external" small=true />
                <a class="cut" href=address target="_blank" rel="noopener noreferrer">{shown}</a>
            </li>
        }
    };
    let (notes, pages) = (StoredValue::new(notes), StoredValue::new(pages));
    let links = move || {
        let pages = pages.get_value();
        (!pages.is_empty()).then(|| {
            view! {
                <section class="panel tpl__about">
                    <div class="panel__head"><h2>{w!(s.template_documented)}</h2></div>
                    <ul class="list list--tight">{pages.into_iter().map(link).collect_view()}</ul>
                </section>
            }
        })
    };
    let notes = move || {
        notes.get_value().map(|notes| view! {
            <section class="panel tpl__about" data-notes="">
                <div class="panel__head"><Icon name="info" /><h2>{w!(s.template_notes)}</h2></div>
                <div class="panel__body">{dynamic(move || view! { <Notes blocks=notes.of(s.locale()).clone() /> })}</div>
            </section>
        })
    };
    view! {
        <div class="page__head">
            <Mark letters=mark />
            <div class="grow">
                <h1>{dynamic(move || title.get())}</h1>
                <p class="t2">
                    {dynamic(move || description.get())}
                    {from.map(|name| view! { " " <span class="t3">{dynamic(move || s.say(&say::template_of(&name)))}</span> })}
                </p>
            </div>
        </div>
        <HostNotices>
            <div class="grid g-form">
                <div>
                    {notes()}
                    {match fits {
                        true => view! {
                            <Show when=move || may.get() fallback=move || view! { <p class="t2">{w!(s.template_not_for_you)}</p> }>
                                <Questions />
                            </Show>
                        }
                        .into_any(),
                        false => view! { <p class="t2" data-swarm="">{dynamic(move || s.say(&say::deploy_needs_swarm()))}</p> }.into_any(),
                    }}
                </div>
                <div class="nc__side">
                    {fits.then(|| view! { <Show when=move || may.get()><Aside title /></Show> })}
                    {links()}
                </div>
            </div>
        </HostNotices>
    }
}

#[component]
fn Questions() -> impl IntoView {
    let s = speech();
    let (form, hosts) = (form(), hosts());
    let many = memo(move || hosts.all().len() > 1);
    let name_wrong = memo(move || form.name_wrong());
    let free = memo(move || form.free_name());
    let name_word: fn(&Words) -> &'static str = match form.kind() {
        TemplateKind::Container => |words| words.container_name(),
        TemplateKind::Stack | TemplateKind::Swarm => |words| words.stack_name(),
    };
    let asked = form
        .questions
        .with_value(|all| all.iter().map(|one| view! { <Asked question=*one /> }).collect_view());
    let some = form.questions.with_value(|all| !all.is_empty());
    view! {
        <form data-form="template" on:submit=submitted(|| ())>
            <section class="fset">
                <Show when=move || many.get()>
                    <div class="field field--side">
                        <span class="field__label">{w!(s.host)}</span>
                        <HostSelect host=form.host needs=Permission::Deploy />
                    </div>
                </Show>
                <div class="field field--side">
                    <label class="field__label" for="deploy-name">{dynamic(move || name_word(s.words()))}</label>
                    <div class="grow">
                        <input
                            class="input tpl__choice"
                            class:is-bad=move || name_wrong.with(Option::is_some)
                            id="deploy-name"
                            name="deploy_name"
                            autocomplete="off"
                            autocapitalize="none"
                            spellcheck="false"
                            prop:value=dynamic(move || form.name.get())
                            on:input=move |event| form.call(event_target_value(&event))
                        />
                        {dynamic(move || name_wrong.get().map(|why| view! {
                            <div class="field__error" role="alert" data-wrong="name">
                                <Icon name="warning" />
                                <span>
                                    {dynamic(move || s.say(&why))}
                                    {free.get().map(|free| {
                                        let other = free.clone();
                                        view! {
                                            " "
                                            <button class="linkish" type="button" data-action="take-free-name" on:click=move |_| form.call(free.clone())>
                                                {dynamic(move || s.say(&say::nc_use(&other)))}
                                            </button>
                                        }
                                    })}
                                </span>
                            </div>
                        }))}
                    </div>
                </div>
            </section>
            {some.then(|| view! { <section class="fset">{asked}</section> })}
            <Volumes />
            <section class="fset">
                <SharingChoice sharing=form.sharing chosen=form.teams failure=form.failure side=true />
            </section>
        </form>
    }
}

/// For each volume that is made, whether one that is there is taken instead.
#[component]
fn Volumes() -> impl IntoView {
    let s = speech();
    let form = form();
    let one = move |(name, chosen): (String, RwSignal<String>)| {
        let (of, label) = (name.clone(), name.clone());
        let options = move || {
            let there = form.checked.with(|checked| checked.volumes.clone());
            let new = format!("{}_{of}", form.name.get().trim());
            let now = chosen.get();
            // What is the stack's own already is no other one.
            let option = |volume: String| {
                let (value, is_chosen) = (volume.clone(), volume == now);
                view! { <option value=value selected=is_chosen>{volume}</option> }
            };
            view! {
                <option value="">{dynamic({
                    let new = new.clone();
                    move || s.say(&say::volume_new(new.clone()))
                })}</option>
                {there.into_iter().filter(|volume| *volume != new).map(option).collect_view()}
            }
        };
        view! {
            <label class="field field--side" data-volume=name>
                <span class="field__label">{dynamic(move || s.say(&say::volume_name(label.clone())))}</span>
                <select
                    class="select tpl__choice"
                    on:change=move |event| {
                        chosen.set(event_target_value(&event));
                        form.forget();
                    }
                >
                    {dynamic(options)}
                </select>
            </label>
        }
    };
    dynamic(move || {
        let all = form.volumes.get();
        (!all.is_empty()).then(|| view! {
            <section class="fset" aria-label=w!(s.volumes)>{all.into_iter().map(one).collect_view()}</section>
        })
    })
}
