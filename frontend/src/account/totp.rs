//! Two-factor authentication of one's own account: turned on with a code of an authenticator app, turned off, and the
//! codes for whoever has lost the app.

use leptos::prelude::*;
use longshore_api::{
    web::totp::{RecoveryCodes, Totp, TotpOffer},
    words::say,
};

use super::proof::{Proof, ProofFields};
use crate::{
    api::{self, Failure},
    clock::full_time,
    parts::{
        Attempt, CodeLine, Deed, DeedDialog, FormTrouble, Icon, Layer, LayerHead, Show, dynamic, memo,
        submitted,
    },
    session::{Session, session},
    speech::{speech, w},
};

/// What lies over the page.
#[derive(Clone, Copy, PartialEq)]
enum Over {
    Off,
    Renew,
}

/// What is known, and what is being done.
#[derive(Clone, Copy)]
struct Desk {
    known: RwSignal<Option<Totp>>,
    offer: RwSignal<Option<TotpOffer>>,
    codes: RwSignal<Option<RecoveryCodes>>,
    over: RwSignal<Option<Over>>,
    failure: RwSignal<Option<Failure>>,
    session: Session,
}

impl Desk {
    fn load(self) {
        leptos::task::spawn_local(async move {
            match api::totp().await {
                Ok(known) => _ = self.known.try_set(Some(known)),
                Err(why) => {
                    self.session.noticed(&why);
                    self.failure.try_set(Some(why));
                }
            }
        });
    }
}

/// The panel.
#[component]
pub(super) fn TwoFactor(
    /// How it stands, once that is known.
    known: RwSignal<Option<Totp>>,
) -> impl IntoView {
    let (s, session) = (speech(), session());
    let desk = Desk {
        known,
        offer: RwSignal::new(None),
        codes: RwSignal::new(None),
        over: RwSignal::new(None),
        failure: RwSignal::new(None),
        session,
    };
    desk.load();
    let is_on =
        memo(move || desk.known.with(|known| known.as_ref().is_some_and(|known| known.since.is_some())));
    let may = memo(move || desk.known.with(|known| known.as_ref().is_some_and(|known| known.has_password)));
    let begun = memo(move || desk.offer.with(Option::is_some));
    let begin = move |_| {
        leptos::task::spawn_local(async move {
            match api::offer_totp().await {
                Ok(offer) => {
                    desk.failure.try_set(None);
                    desk.offer.try_set(Some(offer));
                }
                Err(why) => {
                    session.noticed(&why);
                    desk.failure.try_set(Some(why));
                }
            }
        });
    };
    let close = Callback::new(move |()| desk.over.set(None));
    view! {
        <section class="panel" data-panel="totp" data-totp=dynamic(move || if is_on.get() { "on" } else { "off" })>
            <div class="panel__head">
                <h2 class="grow">{w!(s.two_factor)}</h2>
                <Show when=move || is_on.get()>
                    <span class="badge badge--running">{w!(s.two_factor_on)}</span>
                </Show>
            </div>
            <div class="panel__body">
                <p class="t2">{w!(s.two_factor_lead)}</p>
                <Show when=move || is_on.get()>
                    <Standing desk />
                </Show>
                <Show when=move || !is_on.get() && !begun.get() && may.get()>
                    <div class="row account__do">
                        <button class="btn" type="button" data-action="totp-set-up" on:click=begin>
                            {w!(s.two_factor_set_up)}
                        </button>
                    </div>
                </Show>
                <Show when=move || desk.known.with(Option::is_some) && !may.get() && !is_on.get()>
                    <p class="t2">{w!(s.two_factor_no_password)}</p>
                </Show>
                {dynamic(move || desk.offer.get().map(|offer| view! { <SetUp desk offer /> }))}
                <Show when=move || !begun.get()>
                    <FormTrouble failure=desk.failure />
                </Show>
            </div>
            {dynamic(move || desk.over.get().map(|over| view! { <ProofDialog desk over close /> }))}
            {dynamic(move || desk.codes.get().map(|codes| view! { <Codes desk codes /> }))}
        </section>
    }
}

/// Since when, how many codes are left, and what can be done.
#[component]
fn Standing(desk: Desk) -> impl IntoView {
    let s = speech();
    let left = memo(move || desk.known.with(|known| known.as_ref().map_or(0, |known| known.recovery_codes)));
    let since = move || desk.known.with(|known| known.as_ref().and_then(|known| known.since)).map(full_time);
    view! {
        <p class="sm t3" title=dynamic(since) data-recovery=dynamic(move || left.get().to_string())>
            {dynamic(move || s.say(&say::n_recovery_codes(left.get())))}
        </p>
        <div class="row account__do">
            <button class="btn" type="button" data-action="totp-renew" on:click=move |_| desk.over.set(Some(Over::Renew))>
                {w!(s.recovery_codes_new)}
                "…"
            </button>
            <button
                class="btn btn--danger-quiet"
                type="button"
                data-action="totp-off"
                on:click=move |_| desk.over.set(Some(Over::Off))
            >
                {w!(s.turn_off)}
                "…"
            </button>
        </div>
    }
}

/// The secret as a picture and as a text, and the code that shows that it has arrived.
#[component]
fn SetUp(desk: Desk, offer: TotpOffer) -> impl IntoView {
    let (s, session) = (speech(), session());
    let proof = Proof::new(true);
    let attempt = Attempt::new();
    let Attempt { failure, busy } = attempt;
    let turn_on = attempt.once(move || {
        let given = proof.given();
        async move {
            let codes = api::turn_totp_on(&given).await.inspect_err(|why| session.noticed(why))?;
            desk.offer.try_set(None);
            desk.codes.try_set(Some(codes));
            desk.load();
            Ok(())
        }
    });
    let box_of = format!("0 0 {0} {0}", offer.qr_size);
    view! {
        <form class="account__totp" on:submit=submitted(turn_on)>
            <p>{w!(s.two_factor_scan)}</p>
            <svg class="account__qr" viewBox=box_of role="img" aria-label=w!(s.two_factor_qr)>
                <path d=offer.qr_path.clone()></path>
            </svg>
            <p>{w!(s.two_factor_type)}</p>
            <div data-secret="">
                <CodeLine text=Signal::stored(offer.secret.clone()) />
            </div>
            <ProofFields proof failure code_help=|words| words.two_factor_code_help() />
            <FormTrouble failure />
            <div class="row">
                <button class="btn btn--primary" type="submit" disabled=busy data-action="totp-on">
                    {w!(s.turn_on)}
                </button>
                <button class="btn" type="button" on:click=move |_| desk.offer.set(None)>
                    {w!(s.cancel)}
                </button>
            </div>
        </form>
    }
}

/// Password and code, before something is taken away.
#[component]
fn ProofDialog(desk: Desk, over: Over, close: Callback<()>) -> impl IntoView {
    let s = speech();
    let proof = Proof::new(true);
    let failure = RwSignal::new(None::<Failure>);
    let deed: Deed = std::sync::Arc::new(move || {
        let given = proof.given();
        Box::pin(async move {
            match over {
                Over::Off => api::turn_totp_off(&given).await?,
                Over::Renew => {
                    let codes = api::renew_recovery_codes(&given).await?;
                    // Once the dialog has gone and given back the focus.
                    request_animation_frame(move || _ = desk.codes.try_set(Some(codes)));
                }
            }
            desk.load();
            Ok(())
        })
    });
    let title = Signal::derive(move || {
        match over {
            Over::Off => s.words().two_factor_off(),
            Over::Renew => s.words().recovery_codes_new(),
        }
        .to_owned()
    });
    let means = move || match over {
        Over::Off => s.words().two_factor_off_means(),
        Over::Renew => s.words().recovery_codes_new_means(),
    };
    let ready = Signal::derive(move || proof.is_whole());
    view! {
        <DeedDialog title close deed failure ready danger=over == Over::Off>
            <p class="t2">{dynamic(means)}</p>
            <ProofFields proof failure code_help=|words| words.two_factor_or_recovery() />
        </DeedDialog>
    }
}

/// The recovery codes: the only time that they are seen.
#[component]
fn Codes(desk: Desk, codes: RecoveryCodes) -> impl IntoView {
    let s = speech();
    let title = Signal::derive(move || s.words().recovery_codes().to_owned());
    let close = move |()| desk.codes.set(None);
    let text = codes.codes.join("\n");
    view! {
        <Layer class="dialog" label=title close>
            <LayerHead title close />
            <div class="dialog__body account__codes" data-shown="recovery-codes">
                <p>{w!(s.recovery_codes_once)}</p>
                <CodeLine text=Signal::stored(text) />
            </div>
            <div class="dialog__foot">
                <button class="btn btn--primary end" type="button" data-action="codes-done" on:click=move |_| close(())>
                    <Icon name="check" />
                    {w!(s.recovery_codes_kept)}
                </button>
            </div>
        </Layer>
    }
}
