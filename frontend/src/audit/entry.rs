//! One entry: its line in the list, and all that is known of it.

use leptos::prelude::*;
use longshore_api::web::audit::AuditEntry;

use super::{
    feed::Feed,
    words::{door_word, outcome_class, outcome_word},
};
use crate::{
    clock::full_time,
    parts::{CodeLine, Layer, LayerHead, dynamic, memo},
    shell::hosts,
    speech::{speech, w},
};

/// A line of the list.
#[component]
pub(super) fn EntryRow(entry: AuditEntry, open: Callback<i64>) -> impl IntoView {
    let (s, hosts) = (speech(), hosts());
    let AuditEntry {
        seq,
        at,
        account,
        door,
        key,
        address,
        operation,
        host,
        target,
        detail,
        outcome,
        times,
        ..
    } = entry;
    let on = move || match &host {
        Some(host) if *host == target => hosts.name(host),
        Some(host) => format!("{target} · {}", hosts.name(host)),
        None => target.clone(),
    };
    let on = StoredValue::new(std::sync::Arc::new(on) as std::sync::Arc<dyn Fn() -> String + Send + Sync>);
    let on = move || on.with_value(|on| on());
    let what = if times > 1 { format!("{operation} ×{times}") } else { operation.clone() };
    let named = format!("{} {what}", full_time(at));
    let class = outcome_class(&outcome);
    let marked = outcome.clone();
    let (shown_detail, detail) = (detail.clone(), detail);
    let who = account.clone();
    let by = move || {
        let door = door_word(&door, s.words());
        if key.is_empty() { door.to_owned() } else { format!("{door} {key}") }
    };
    let by = memo(by);
    view! {
        <tr data-entry=seq data-operation=operation data-outcome=marked data-who=who>
            <td class="t3 p-2b">{full_time(at)}</td>
            <td class="b p-2a">{if account.is_empty() { "—".to_owned() } else { account }}</td>
            <td class="t2 cut" title=by>{by}</td>
            <td class="p-name">
                <button class="audit__open mono cut" type="button" aria-label=named on:click=move |_| open.run(seq)>
                    {what}
                </button>
                <span class="only-phone t3 cut">{dynamic(on)}</span>
            </td>
            <td class="t2 cut" title=dynamic(on)>{dynamic(on)}</td>
            <td class="p-1b">
                <span class=class>{dynamic(move || outcome_word(&outcome, s.words()).to_owned())}</span>
            </td>
            <td class="t2 cut" title=detail>{shown_detail}</td>
            <td class="mono t3 cut">{address}</td>
        </tr>
    }
}

/// All that is known of one.
#[component]
pub(super) fn EntryDetail(
    feed: Feed,
    seq: i64,
    close: Callback<()>,
    only: Callback<(&'static str, String)>,
) -> impl IntoView {
    let (s, hosts) = (speech(), hosts());
    let body = move || {
        let entry = feed.one(seq)?;
        let AuditEntry {
            at,
            ended_at,
            account,
            door,
            key,
            address,
            operation,
            host,
            target,
            detail,
            outcome,
            status,
            times,
            ..
        } = entry;
        let line = |word: Signal<&'static str>, text: String| {
            (!text.is_empty()).then(|| {
                view! {
                    <dt>{dynamic(move || word.get())}</dt>
                    <dd class="audit__value">{text}</dd>
                }
            })
        };
        let pick = |name: &'static str, value: String, shown: String| {
            view! {
                <button class="audit__open" type="button" data-only=name on:click=move |_| only.run((name, value.clone()))>
                    {shown}
                </button>
            }
        };
        let host = host.map(|host| {
            let name = hosts.name(&host);
            view! {
                <dt>{w!(s.host)}</dt>
                <dd>{name}</dd>
            }
        });
        let class = outcome_class(&outcome);
        let picked_outcome = outcome.clone();
        Some(view! {
            <dl class="facts">
                {line(Signal::derive(w!(s.col_time)), full_time(at))}
                <dt>{w!(s.audit_who)}</dt>
                <dd>{if account.is_empty() { "—".to_owned().into_any() } else { pick("who", account.clone(), account).into_any() }}</dd>
                <dt>{w!(s.audit_door)}</dt>
                <dd>{dynamic(move || door_word(&door, s.words()).to_owned())}</dd>
                {(!key.is_empty()).then(|| view! {
                    <dt>{w!(s.audit_door_key)}</dt>
                    <dd>{pick("q", key.clone(), key)}</dd>
                })}
                {line(Signal::derive(w!(s.audit_from)), address)}
                <dt>{w!(s.col_what)}</dt>
                <dd class="mono">{pick("operation", operation.clone(), operation)}</dd>
                {line(Signal::derive(w!(s.audit_on)), target)}
                {host}
                {line(Signal::derive(w!(s.col_detail)), detail)}
                <dt>{w!(s.audit_outcome)}</dt>
                <dd>
                    <span class=class>{dynamic(move || outcome_word(&picked_outcome, s.words()).to_owned())}</span>
                </dd>
                {line(Signal::derive(w!(s.audit_status)), status.map(|status| status.to_string()).unwrap_or_default())}
                {line(Signal::derive(w!(s.audit_ended)), ended_at.filter(|ended| *ended != at).map(full_time).unwrap_or_default())}
                {(times > 1).then(|| line(Signal::derive(w!(s.audit_times)), times.to_string()))}
                {line(Signal::derive(w!(s.audit_number)), seq.to_string())}
            </dl>
        })
    };
    let request = untrack(|| feed.one(seq)).map(|entry| entry.request_id).filter(|id| !id.is_empty());
    view! {
        <Layer class="dialog" label=Signal::derive(move || s.words().audit_entry().to_owned()) close light=true>
            <LayerHead title=Signal::derive(move || s.words().audit_entry().to_owned()) close />
            <div class="dialog__body audit__detail" data-detail=seq tabindex="0" role="region" aria-label=w!(s.audit_entry)>
                {dynamic(body)}
                {request.map(|id| view! {
                    <h3>{w!(s.audit_request)}</h3>
                    <CodeLine text=Signal::stored(id) />
                })}
            </div>
        </Layer>
    }
}
