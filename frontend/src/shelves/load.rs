//! Images out of a file.

use leptos::{html::Input, prelude::*};
use longshore_api::words::say;
use web_sys::XmlHttpRequest;

use super::create::HostField;
use crate::{
    api::{Failure, Upload},
    parts::{Close, Icon, Layer, Show, Trouble, dynamic, memo, submitted},
    places::places,
    session::session,
    shell::hosts,
    speech::{speech, w},
};

/// The dialog: a file is chosen, sent, and what the engine has found in it is listed.
#[component]
pub(super) fn LoadDialog(close: Callback<()>) -> impl IntoView {
    let s = speech();
    let session = session();
    let host = RwSignal::new(untrack(|| hosts().first(places().host())));
    let input = NodeRef::<Input>::new();
    let total = RwSignal::new(0_u64);
    let sent = RwSignal::new(None::<u64>);
    let loaded = RwSignal::new(None::<Vec<String>>);
    let failure = RwSignal::new(None::<Failure>);
    let under_way = StoredValue::new_local(None::<XmlHttpRequest>);
    let abort = move || {
        if let Some(request) = under_way.try_update_value(Option::take).flatten() {
            _ = request.abort();
        }
    };
    on_cleanup(abort);
    let busy = memo(move || sent.with(Option::is_some));
    let chosen = move || input.get_untracked()?.files()?.get(0);
    let choose = move |_| {
        loaded.set(None);
        failure.set(None);
        total.set(chosen().map_or(0, |file| file.size() as u64));
    };
    let go = move || {
        let Some(file) = chosen().filter(|_| !busy.get_untracked()) else { return };
        failure.set(None);
        loaded.set(None);
        sent.set(Some(0));
        let told = move |bytes| _ = sent.try_set(Some(bytes));
        let upload = match Upload::of_images(&host.get_untracked(), &file, told) {
            Ok(upload) => upload,
            Err(why) => {
                sent.set(None);
                failure.set(Some(why));
                return;
            }
        };
        under_way.set_value(Some(upload.request()));
        leptos::task::spawn_local(async move {
            let answer = upload.answer().await;
            // Whoever has cancelled it knows.
            let cancelled = under_way.try_update_value(Option::take).flatten().is_none();
            _ = sent.try_set(None);
            match answer {
                Ok(answer) => _ = loaded.try_set(Some(answer.images)),
                Err(_) if cancelled => {}
                Err(why) => {
                    session.noticed(&why);
                    _ = failure.try_set(Some(why));
                }
            }
        });
    };
    let how_far = move || {
        let (sent, total) = (sent.get().unwrap_or_default(), total.get());
        match sent < total {
            true => s.say(&say::load_sent(sent, total)),
            false => s.words().load_reading().to_owned(),
        }
    };
    let percent = move || {
        let sent = sent.get().unwrap_or_default();
        format!("{}%", sent.saturating_mul(100).checked_div(total.get()).unwrap_or_default().min(100))
    };
    let title = Signal::derive(move || s.words().load_file().to_owned());
    let ready = memo(move || total.get() > 0 && !busy.get() && !host.with(String::is_empty));
    let names = move || {
        let names = loaded.get().unwrap_or_default();
        names
            .into_iter()
            .map(|name| (name.clone(), name))
            .map(|(marked, name)| view! { <li data-loaded=marked><Icon name="check" /> <span class="cut mono">{name}</span></li> })
            .collect_view()
    };
    view! {
        <Layer class="dialog" label=title close>
            <form class="dialog__form" on:submit=submitted(go)>
                <div class="dialog__head">
                    <h2 class="grow cut">{title}</h2>
                    <Close close first=true />
                </div>
                <div class="dialog__body">
                    <HostField host />
                    <label class="field">
                        <span class="field__label">{w!(s.load_archive)}</span>
                        <input
                            class="input load__file"
                            type="file"
                            name="archive"
                            accept=".tar,.tgz,.gz,application/x-tar,application/gzip"
                            node_ref=input
                            disabled=dynamic(move || busy.get())
                            on:change=choose
                        />
                        <span class="field__help">{w!(s.load_help)}</span>
                    </label>
                    <Show when=move || busy.get()>
                        <div class="progress" style:--p=dynamic(percent)>
                            <i></i>
                        </div>
                        <p class="t2" role="status">{dynamic(how_far)}</p>
                    </Show>
                    <Trouble failure />
                    <Show when=move || loaded.with(Option::is_some)>
                        <h3 class="b">{w!(s.load_done)}</h3>
                        <ul class="goes">{dynamic(names)}</ul>
                    </Show>
                </div>
                <div class="dialog__foot">
                    <Show
                        when=move || busy.get()
                        fallback=move || {
                            view! {
                                <button class="btn end" type="button" on:click=move |_| close.run(())>
                                    {w!(s.close)}
                                </button>
                            }
                        }
                    >
                        <button class="btn end" type="button" data-action="cancel-load" on:click=move |_| abort()>
                            {w!(s.cancel)}
                        </button>
                    </Show>
                    <button
                        class="btn btn--primary"
                        type="submit"
                        data-action="confirm"
                        disabled=dynamic(move || !ready.get())
                    >
                        {title}
                    </button>
                </div>
            </form>
        </Layer>
    }
}
