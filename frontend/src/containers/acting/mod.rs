//! Acting on containers, from any page that shows them: quick buttons, the sheet with all actions, the dialog before
//! what cannot be taken back, the report of what was not done.

mod confirm;
mod deeds;
mod mishaps;
mod sheet;
mod verbs;

pub(crate) use confirm::Confirm;
pub(crate) use deeds::{Deeds, Target, deeds};
use leptos::prelude::*;
use longshore_api::web::container::{Container, Verb};
pub(crate) use mishaps::Mishaps;
pub(crate) use sheet::Sheet;
pub(crate) use verbs::{
    verb_asks, verb_doing, verb_first, verb_icon, verb_needs, verb_on, verb_unfit, verb_word,
};

use crate::{
    chunks::{self, Above},
    jobs::Jobs,
    parts::dynamic,
    session::{Session, session},
    shell::{Hosts, hosts},
};

/// The way to act, in the context of a page.
#[derive(Clone, Copy)]
pub(crate) struct Acting {
    deeds: Deeds,
    hosts: Hosts,
    session: Session,
    over: RwSignal<Option<Above>>,
}

impl Acting {
    /// Nothing asked yet. Also puts the deeds into the context.
    pub(crate) fn start(jobs: Jobs) -> Self {
        let deeds = Deeds::start(jobs);
        provide_context(deeds);
        let acting = Self { deeds, hosts: hosts(), session: session(), over: RwSignal::new(None) };
        provide_context(acting);
        acting
    }

    /// Whether the person may do it there; tracked.
    pub(crate) fn may(self, verb: Verb, host: &str) -> bool {
        self.session.may(host, verb_needs(verb))
    }

    /// Does it, to those whose state it fits; asks first where it cannot be taken back.
    pub(crate) fn ask(self, verb: Verb, targets: Vec<Target>) {
        let fitting: Vec<Target> = targets
            .into_iter()
            .filter(|target| {
                verb.fits(target.state)
                    && untrack(|| self.hosts.answers(&target.host) && self.may(verb, &target.host))
            })
            .collect();
        if fitting.is_empty() {
            return;
        }
        match verb {
            Verb::Kill | Verb::Remove => self.over.set(Some(Above::Confirm { verb, targets: fitting })),
            _ => self.deeds.act(verb, fitting),
        }
    }

    /// Opens the sheet of a container; `tick` where the page has a selection.
    pub(crate) fn open(self, row: ArcRwSignal<Container>, at: (i32, i32), tick: Option<Callback<Target>>) {
        self.over.set(Some(Above::Sheet { row, at, tick }));
    }

    fn close(self) {
        self.over.set(None);
    }
}

/// The way to act, from the context.
pub(crate) fn acting() -> Acting {
    expect_context()
}

/// What lies over the page, where something does.
#[component]
pub(crate) fn ActingLayers() -> impl IntoView {
    let acting = acting();
    let close = Callback::new(move |()| acting.close());
    dynamic(move || acting.over.get().map(|above| chunks::over(above, close)))
}
