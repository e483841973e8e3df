//! What was changed by hand since a release was applied: looked at when somebody asks, and again after what happens to the
//! stack's containers while that is shown.

use std::time::Duration;

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use longshore_api::{
    web::{
        adopt::StackDrift,
        stack::{Stack, StackPlan},
    },
    words::say,
};

use super::{
    draft::{Draft, draft},
    plan::{Rows, counts},
};
use crate::{
    api::{self, Failure},
    clock::clock,
    parts::{Show, Trouble, dynamic, memo},
    places::places,
    session::{Session, session},
    speech::{speech, w},
};

/// What happens to a stack's containers comes in swarms.
const PAUSE: Duration = Duration::from_millis(900);

/// What is known of it. In the context of the page.
#[derive(Clone, Copy)]
pub(super) struct Drift {
    draft: Draft,
    found: RwSignal<Option<StackDrift>>,
    looking: RwSignal<bool>,
    failure: RwSignal<Option<Failure>>,
    timer: StoredValue<Option<TimeoutHandle>>,
    session: Session,
}

impl Drift {
    /// Nothing is asked until somebody does.
    pub(super) fn start(draft: Draft) -> Self {
        let drift = Self {
            draft,
            found: RwSignal::new(None),
            looking: RwSignal::new(false),
            failure: RwSignal::new(None),
            timer: StoredValue::default(),
            session: session(),
        };
        // Who is there and what they are of, not how they are: that is seen without asking.
        let there = Memo::new(move |_| {
            draft.stack.with(|stack| {
                let stack = stack.as_ref()?;
                let containers = stack.services.iter().flat_map(|service| &service.containers);
                let ids: Vec<String> = containers.map(|it| format!("{}{}", it.id, it.name)).collect();
                let release = stack.row.release.as_ref().map(|head| (head.number, head.state.code()));
                Some((release, ids))
            })
        });
        Effect::new(move |before: Option<Option<_>>| {
            let now = there.get();
            let known = before.is_some_and(|before| before.is_some() && before != now);
            if known && now.is_some() {
                drift.later();
            }
            now
        });
        drift
    }

    fn later(self) {
        // What is being applied is changed by nobody's hand.
        let is_quiet = self.draft.stack.with_untracked(|stack| {
            let head = stack.as_ref().and_then(|it| it.row.release.as_ref());
            head.is_some_and(|head| head.state != longshore_api::web::stack::ReleaseState::Applying)
        });
        if let Some(before) = self.timer.get_value() {
            before.clear();
        }
        if is_quiet {
            self.timer.set_value(set_timeout_with_handle(move || self.look(), PAUSE).ok());
        }
    }

    fn look(self) {
        if self.looking.try_set(true).is_some() {
            return;
        }
        let Self { draft, found, looking, failure, session, .. } = self;
        leptos::task::spawn_local(async move {
            let answer = api::stack_drift(&draft.host.get_value(), &draft.name.get_value()).await;
            _ = looking.try_set(false);
            match answer {
                Ok(drift) => {
                    _ = failure.try_set(None);
                    _ = found.try_set(Some(drift));
                }
                Err(why) => {
                    session.noticed(&why);
                    _ = failure.try_set(Some(why));
                }
            }
        });
    }
}

/// What differs, and the way to have it as it was.
#[component]
pub(super) fn Drifted() -> impl IntoView {
    let s = speech();
    let (draft, drift, clock, places) = (draft(), expect_context::<Drift>(), clock(), places());
    let shown = memo(move || {
        draft.stack.with(|stack| {
            // What was taken down is as it was wished.
            let is_there = |it: &Stack| it.row.containers > 0 || it.row.gone;
            stack.as_ref().is_some_and(|it| it.may_deploy && it.row.release.is_some() && is_there(it))
        })
    });
    let gone = memo(move || draft.stack.with(|stack| stack.as_ref().is_some_and(|it| it.row.gone)));
    let newest = move || {
        draft.stack.with_untracked(|stack| {
            stack.as_ref().and_then(|it| it.row.release.as_ref().map(|head| head.number))
        })
    };
    let plan = Signal::derive(move || {
        // Of what is not there any more nothing differs.
        drift.found.get().filter(|_| !gone.get()).map(|found| StackPlan {
            findings: Vec::new(),
            obstacles: found.obstacles,
            rows: found.rows,
            unchanged: Vec::new(),
            digest: String::new(),
            resolved: String::new(),
            asked: Vec::new(),
        })
    });
    let count = memo(move || drift.found.with(|found| found.as_ref().map(|found| found.rows.len())));
    let rights = move || {
        let counts = plan.with(|plan| plan.as_ref().map(counts)).filter(|counts| !counts.is_empty())?;
        let of = |code: &str| counts.get(code).copied().unwrap_or_default();
        Some(s.say(&say::plan_counts(of("change"), of("create"), of("remove"))))
    };
    let clear = move || {
        drift
            .found
            .with(|found| found.as_ref().is_some_and(|it| it.rows.is_empty() && it.obstacles.is_empty()))
    };
    let right = move |_| {
        let release = drift.found.with_untracked(|found| found.as_ref().and_then(|found| found.release));
        match release.filter(|number| Some(*number) != newest()) {
            Some(number) => draft.read(number, true),
            // What was planned before is not what it would take now.
            None => draft.look(),
        }
        places.go(places.stack(&draft.host.get_value(), &draft.name.get_value(), Some("files")));
    };
    let since = move || {
        drift.found.with(|found| {
            let found = found.as_ref()?;
            Some(s.say(&say::drift_since(s.age(clock.since(found.at)), found.release?)))
        })
    };
    view! {
        <Show when=move || shown.get()>
            <section class="panel drift" data-drift=dynamic(move || count.get().map(|n| n.to_string()))>
                <div class="panel__head">
                    <h2>{dynamic(move || match count.get() {
                        _ if gone.get() => s.words().stack_gone().to_owned(),
                        Some(n) if n > 0 => s.say(&say::drift_things(n)),
                        _ => s.words().drift().to_owned(),
                    })}</h2>
                    <span class="t3 sm no-phone">{dynamic(since)}</span>
                    <span class="end row">
                        <button
                            class="btn btn--sm"
                            type="button"
                            data-action="drift"
                            disabled=dynamic(move || drift.looking.get())
                            on:click=move |_| drift.look()
                        >
                            {w!(s.drift_look)}
                        </button>
                        <Show when=move || { gone.get() || count.get().is_some_and(|n| n > 0) }>
                            <button class="btn btn--sm btn--primary" type="button" data-action="put-right" on:click=right>
                                {w!(s.drift_right)}
                            </button>
                        </Show>
                    </span>
                </div>
                <Trouble failure=drift.failure />
                <Show when=move || gone.get()>
                    <p class="plan t2" data-gone="">{w!(s.stack_gone_more)}</p>
                </Show>
                <Show when=clear>
                    <p class="plan t2" data-plan="nothing">{w!(s.drift_none)}</p>
                </Show>
                <Rows plan hand=true />
                <Show when=move || rights().is_some()>
                    <p class="plan t2 sm">{w!(s.drift_right_means)} " " {dynamic(rights)}</p>
                </Show>
            </section>
        </Show>
    }
}
