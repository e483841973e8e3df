//! Where one is signed in, and the way to end it.

use leptos::prelude::*;
use longshore_api::web::account;

use crate::{
    api::{self, Failure},
    clock::{clock, full_time},
    parts::{Trouble, dynamic, each},
    session::session,
    speech::{speech, w},
};

/// The sessions.
#[component]
pub(super) fn Sessions() -> impl IntoView {
    let s = speech();
    let session = session();
    let sessions = RwSignal::new(Vec::<account::Session>::new());
    let failure = RwSignal::new(None::<Failure>);
    let refused = move |why: Failure| {
        session.noticed(&why);
        failure.set(Some(why));
    };
    let load = move || {
        leptos::task::spawn_local(async move {
            match api::sessions().await {
                Ok(found) => sessions.set(found),
                Err(why) => refused(why),
            }
        });
    };
    load();
    let end = Callback::new(move |id: String| {
        leptos::task::spawn_local(async move {
            match api::end_session(&id).await {
                Ok(()) => load(),
                Err(why) => refused(why),
            }
        });
    });
    let everywhere = move |_| {
        leptos::task::spawn_local(async move {
            match api::sign_out_everywhere().await {
                Ok(()) => session.ended(),
                Err(why) => refused(why),
            }
        });
    };
    view! {
            <section class="panel">
                <div class="panel__head">
                    <h2 class="grow">{w!(s.sessions)}</h2>
                    <button class="btn btn--sm" type="button" data-action="sign-out-everywhere" on:click=everywhere>
                        {w!(s.sign_out_everywhere)}
                    </button>
                </div>
                <Trouble failure />
                <ul class="list">
                    {each(
    move || sessions.get(),
    |one| one.id.clone(),
    move |one| view! { <SessionLine one end /> }.into_any(),
    )}
                </ul>
            </section>
        }
}

#[component]
fn SessionLine(one: account::Session, end: Callback<String>) -> impl IntoView {
    let s = speech();
    let clock = clock();
    let account::Session { id, created_at, seen_at, address, agent, current } = one;
    let act = if current {
        view! { <span class="badge badge--running">{w!(s.this_browser)}</span> }.into_any()
    } else {
        view! {
            <button class="btn btn--sm" type="button" on:click=move |_| end.run(id.clone())>
                {w!(s.sign_out)}
            </button>
        }
        .into_any()
    };
    view! {
        <li>
            <span class="grow cut">
                <span class="b">{browser_name(&agent)}</span>
                " "
                <span class="mono t2">{address}</span>
            </span>
            <span class="t3 sm nowrap" title=format!("{} – {}", full_time(created_at), full_time(seen_at))>
                {dynamic(move || s.age(clock.since(seen_at)))}
            </span>
            {act}
        </li>
    }
}

/// `Firefox 144, macOS`, as far as the browser's own words say; those words where they say nothing known.
pub(crate) fn browser_name(agent: &str) -> String {
    // Every browser claims to be the ones below it here.
    let browsers = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Version/", "Safari"),
    ];
    let systems = [
        ("Android", "Android"),
        ("iPhone", "iOS"),
        ("iPad", "iPadOS"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let named = browsers.into_iter().find_map(|(mark, name)| {
        let version = agent.split_once(mark)?.1.split(['.', ' ']).next()?;
        Some(format!("{name} {version}"))
    });
    let Some(named) = named else { return agent.chars().take(60).collect() };
    match systems.into_iter().find(|(mark, _)| agent.contains(mark)) {
        Some((_, system)) => format!("{named}, {system}"),
        None => named,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_called_what_people_call_it() {
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
        assert_eq!(browser_name(chrome), "Chrome 142, Linux");
        let firefox = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:144.0) Gecko/20100101 Firefox/144.0";
        assert_eq!(browser_name(firefox), "Firefox 144, macOS");
        assert_eq!(browser_name("curl/8.5.0"), "curl/8.5.0");
    }
}
