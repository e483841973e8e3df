//! Before a removal: what goes, what is kept. A volume's name is typed, as its data is lost for good.

use std::sync::Arc;

use leptos::prelude::*;
use longshore_api::{
    web::shelf::{Item, Shelf},
    words::say,
};

use super::row::short_name;
use crate::{
    api::{self, Failure},
    parts::{DeedDialog, Field, dynamic},
    shell::hosts,
    speech::speech,
};

/// The dialog.
#[component]
pub(super) fn RemoveDialog(shelf: Shelf, item: Item, close: Callback<()>) -> impl IntoView {
    let s = speech();
    let hosts = hosts();
    let failure = RwSignal::new(None::<Failure>);
    let typed = RwSignal::new(String::new());
    let short = short_name(&item);
    let lost = shelf == Shelf::Volumes;
    let (host, tags) = (item.host.clone(), item.tags.len());
    let goes = if item.tags.is_empty() { vec![item.name.clone()] } else { item.tags.clone() };
    let means = move || match shelf {
        Shelf::Images => say::remove_image_means(tags),
        Shelf::Networks => say::remove_network_means(),
        Shelf::Volumes => say::remove_volume_means(),
    };
    let title = {
        let name = short.clone();
        Signal::derive(move || s.say(&say::remove_name(&name)))
    };
    let label = {
        let name = short.clone();
        Signal::derive(move || s.say(&say::type_name(&name)))
    };
    let ready = Signal::derive(move || !lost || typed.with(|typed| typed.trim() == short));
    let deed = Arc::new(move || {
        let item = item.clone();
        Box::pin(async move { api::remove_thing(shelf, &item).await }) as _
    });
    view! {
        <DeedDialog title close deed failure ready danger=true>
            <ul class="goes">
                {goes
                    .into_iter()
                    .map(|name| {
                        let host = host.clone();
                        view! {
                            <li>
                                <span class="cut mono">{name}</span>
                                <span class="end">{dynamic(move || hosts.name(&host))}</span>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
            <p class="t2">{dynamic(move || s.say(&means()))}</p>
            {lost.then(|| view! { <NameField label typed failure /> })}
        </DeedDialog>
    }
}

#[component]
fn NameField(
    label: Signal<String>,
    typed: RwSignal<String>,
    failure: RwSignal<Option<Failure>>,
) -> impl IntoView {
    let s = speech();
    view! {
        <p class="shelf__type">{label}</p>
        <Field name="typed" label=Signal::derive(move || s.words().col_name()) value=typed autocomplete="off" failure />
    }
}
