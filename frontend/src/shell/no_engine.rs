//! The page where the only host has never answered: what was tried, what is wrong, what to do.

use leptos::prelude::*;
use longshore_api::{
    web::{container::State, host::Link},
    words::{Words, say},
};

use super::hosts::hosts;
use crate::{
    clock::clock,
    parts::{CodeLine, Icon, StateMark, dynamic, memo},
    speech::{speech, w},
};

/// What helps against a reason: what to do, and the command that does it.
fn remedy(code: &str, words: &Words) -> Option<(&'static str, &'static str)> {
    match code {
        "engine-no-permission" => Some((words.remedy_permission(), "sudo usermod -aG docker $(id -un)")),
        "engine-socket-missing" => Some((words.remedy_start(), "sudo systemctl start docker")),
        _ => None,
    }
}

/// No engine here, and the way to one.
#[component]
pub(crate) fn NoEngine(slug: String) -> impl IntoView {
    let s = speech();
    let clock = clock();
    let hosts = hosts();
    let host = memo(move || hosts.one(&slug));
    let down = memo(move || match host.get()?.link {
        Link::Down { why, retry_at, .. } => Some((why, retry_at)),
        _ => None,
    });
    let code = memo(move || down.get().map(|(why, _)| why.code).unwrap_or_default());
    let retry = move || down.get().map(|(_, at)| s.say(&say::next_try_in(s.age(clock.until(at)))));
    view! {
        <div class="page__head">
            <StateMark state=State::Unknown large=true />
            <h2 class="noengine__name">{dynamic(move || host.get().map(|host| host.name))}</h2>
            <span class="st st--unknown">{w!(s.no_engine)}</span>
            <span class="t3">{dynamic(retry)}</span>
        </div>
        <section class="panel noengine">
            <div class="panel__head">
                <h2>{w!(s.what_was_tried)}</h2>
            </div>
            <ul class="list">
                <li>
                    <span class="noengine__bad"><Icon name="close" small=true /></span>
                    <span>{dynamic(move || down.get().map(|(why, _)| s.say(&why)))}</span>
                </li>
            </ul>
            <div class="panel__body noengine__steps">
                <ol class="steps">
                    {dynamic(move || remedy(&code.get(), s.words()).map(|(what, command)| view! {
                        <li class="step is-now">
                            <span class="step__n">"1"</span>
                            <div class="grow">
                                <div class="b noengine__what">{what}</div>
                                <CodeLine text=command />
                            </div>
                        </li>
                    }))}
                    <li class="step">
                        <span class="step__n">
                            {dynamic(move || if remedy(&code.get(), s.words()).is_some() { "2" } else { "1" })}
                        </span>
                        <div>
                            <div class="b">{w!(s.fills_itself)}</div>
                            <p class="t2">{w!(s.fills_itself_more)}</p>
                        </div>
                    </li>
                </ol>
            </div>
        </section>
    }
}
