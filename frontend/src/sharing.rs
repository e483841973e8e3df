//! Sharing of what has several names or parts: an image, a network, a volume with its panel; a whole stack with its dialog.

use std::sync::Arc;

use leptos::prelude::*;
use longshore_api::{
    sentence::Sentence,
    web::access::{Access, OwnedName, Whole},
    words::{Words, say},
};

use crate::{
    access::{AccessHead, GiveDialog, Giving, seen_by},
    api::{self, Failure},
    parts::{FormTrouble, Layer, LayerHead, Show, dynamic, memo},
    session::{Session, session},
    speech::{speech, w},
    who_may::WhoMayDialog,
};

/// What is shared: what it is, on which host, and its id.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shared {
    /// What it is.
    pub(crate) whole: Whole,
    /// The host's slug.
    pub(crate) host: String,
    /// The engine's id, or the name of a stack.
    pub(crate) id: String,
}

/// What is known of it.
#[derive(Clone, Copy)]
struct Known {
    of: StoredValue<Shared>,
    parts: RwSignal<Option<Vec<OwnedName>>>,
    failure: RwSignal<Option<Failure>>,
    session: Session,
}

impl Known {
    fn of(shared: Shared) -> Self {
        let known = Self {
            of: StoredValue::new(shared),
            parts: RwSignal::new(None),
            failure: RwSignal::new(None),
            session: session(),
        };
        known.load();
        known
    }

    fn load(self) {
        let of = self.of.get_value();
        leptos::task::spawn_local(async move {
            match api::sharing(of.whole, &of.host, &of.id).await {
                Ok(parts) => _ = self.parts.try_set(Some(parts)),
                // That it is gone is told by the page.
                Err(why) if why.is_not_found() => {}
                Err(why) => {
                    self.session.noticed(&why);
                    self.failure.try_set(Some(why));
                }
            }
        });
    }

    fn giving(self) -> Giving {
        Arc::new(move |wish| {
            let of = self.of.get_value();
            Box::pin(async move { api::share(of.whole, &of.host, &of.id, &wish).await })
        })
    }
}

/// Those that one may give away, and the others.
fn apart(parts: Vec<OwnedName>) -> (Vec<OwnedName>, Vec<OwnedName>) {
    parts.into_iter().partition(|part| part.access.may_change)
}

/// What the dialog begins with: as all of them are now, or as nothing is.
fn common(own: &[OwnedName]) -> Access {
    let rest = |access: &Access| Access { name: String::new(), stack: None, ..access.clone() };
    match own {
        [first, others @ ..] if others.iter().all(|other| rest(&other.access) == rest(&first.access)) => {
            rest(&first.access)
        }
        _ => Access::default(),
    }
}

/// Their names; of a stack's own key, what it opens.
fn listed(parts: &[OwnedName], words: &Words) -> String {
    let called = |part: &'_ OwnedName| match part.kind.as_str() {
        "stack" => words.share_stack_files().to_owned(),
        _ => part.access.name.clone(),
    };
    parts.iter().map(called).collect::<Vec<_>>().join(words.list_comma())
}

/// Owner and sharing of an image, a network or a volume; nothing where there is none to be known.
#[component]
pub(crate) fn SharingPanel(
    /// What it is of.
    of: Shared,
    /// It is not there any more.
    #[prop(into)]
    gone: Signal<bool>,
) -> impl IntoView {
    let s = speech();
    let known = Known::of(of);
    let open = RwSignal::new(false);
    let parts = memo(move || known.parts.get().unwrap_or_default());
    let who = RwSignal::new(false);
    let may = memo(move || parts.with(|parts| parts.iter().any(|part| part.access.may_change)));
    let close = Callback::new(move |()| {
        open.set(false);
        known.load();
    });
    let line = move |part: OwnedName, many: bool| {
        let OwnedName { access, .. } = part;
        let (name, owner) = (access.name.clone(), access.owner.clone());
        view! {
            {many.then(|| view! { <dt class="mono xs access__of">{name}</dt> })}
            <dt>{w!(s.owner)}</dt>
            <dd data-fact="owner">
                {dynamic(move || owner.clone().unwrap_or_else(|| s.words().the_managers().to_owned()))}
            </dd>
            <dt>{w!(s.also_seen_by)}</dt>
            <dd data-fact="sharing">{dynamic(move || seen_by(&access, s.words()))}</dd>
        }
    };
    let lines = move || {
        let parts = parts.get();
        let many = parts.len() > 1;
        parts.into_iter().map(|part| line(part, many)).collect_view()
    };
    let dialog = move || {
        let (own, _) = apart(parts.get_untracked());
        let access = common(&own);
        let said = (own.len() > 1).then(|| say::share_all_names(listed(&own, s.words())));
        view! { <GiveDialog access said give=known.giving() close /> }
    };
    view! {
        <Show when=move || !parts.with(Vec::is_empty)>
            <section class="panel" data-panel="access">
                <AccessHead may=Signal::derive(move || may.get() && !gone.get()) who give=open />
                <div class="panel__body">
                    <dl class="facts access__facts">{dynamic(lines)}</dl>
                    <FormTrouble failure=known.failure />
                </div>
            </section>
        </Show>
        {dynamic(move || open.get().then(dialog))}
        {dynamic(move || who.get().then(|| {
            view! { <WhoMay of=known.of.get_value() close=Callback::new(move |()| who.set(false)) /> }
        }))}
    }
}

/// Who may use each part of it, as far as whoever asks gives it away.
#[component]
pub(crate) fn WhoMay(
    /// What it is of.
    of: Shared,
    close: Callback<()>,
) -> impl IntoView {
    let (people, failure) = (RwSignal::new(Vec::new()), RwSignal::new(None::<Failure>));
    let (session, host) = (session(), of.host.clone());
    leptos::task::spawn_local(async move {
        match api::sharing_people(of.whole, &of.host, &of.id).await {
            Ok(all) => _ = people.try_set(all),
            Err(why) => {
                session.noticed(&why);
                failure.try_set(Some(why));
            }
        }
    });
    view! { <WhoMayDialog host people failure close /> }
}

/// Gives all of a stack that one may give away, and says what that is.
#[component]
pub(crate) fn ShareStack(
    /// The host's slug.
    host: String,
    /// Its name.
    stack: String,
    close: Callback<()>,
) -> impl IntoView {
    let s = speech();
    let known = Known::of(Shared { whole: Whole::Stack, host, id: stack.clone() });
    let title = Signal::derive(move || s.words().share_stack().to_owned());
    // What is said while nothing can be done.
    let wait = move || {
        let none = known.parts.with(Option::is_some);
        view! {
            <Layer class="dialog" label=title close light=true>
                <LayerHead title close />
                <div class="dialog__body">
                    {none.then(|| view! { <p class="t2">{w!(s.share_stack_none)}</p> })}
                    <FormTrouble failure=known.failure />
                </div>
            </Layer>
        }
    };
    dynamic(move || {
        let (own, others) = apart(known.parts.get().unwrap_or_default());
        if own.is_empty() {
            return wait().into_any();
        }
        let names = listed(&own, s.words());
        let said: Sentence = match others.is_empty() {
            true => say::share_stack_means(names, stack.clone()),
            false => say::share_stack_some(names, listed(&others, s.words()), stack.clone()),
        };
        view! { <GiveDialog access=common(&own) said=Some(said) give=known.giving() close title /> }
            .into_any()
    })
}
