//! The forms for one more image, network or volume.

use std::sync::Arc;

use leptos::prelude::*;
use longshore_api::{
    ops::Permission,
    web::{
        create::NewImage,
        shelf::{NewNetwork, NewVolume, Shelf},
    },
};

use super::page::create_word;
use crate::{
    api::{self, Failure},
    chunks::Above,
    parts::{DeedDialog, Field, Show, dynamic},
    places::places,
    shell::{HostSelect, hosts},
    speech::{speech, w},
};

/// Which host, where there are several.
#[component]
pub(super) fn HostField(host: RwSignal<String>) -> impl IntoView {
    let s = speech();
    let hosts = hosts();
    let many = move || hosts.all().len() > 1;
    view! {
        <Show when=many>
            <label class="field">
                <span class="field__label">{w!(s.host)}</span>
                <HostSelect host needs=Permission::Deploy />
            </label>
        </Show>
    }
}

/// Some lines of `key=value`.
#[component]
fn Pairs(
    name: &'static str,
    #[prop(into)] label: Signal<&'static str>,
    value: RwSignal<String>,
) -> impl IntoView {
    let s = speech();
    view! {
        <label class="field">
            <span class="field__label">
                {dynamic(move || label.get())} <small>{w!(s.optional)}</small>
            </span>
            <textarea
                class="input mono"
                name=name
                rows="2"
                spellcheck="false"
                placeholder="key=value"
                prop:value=dynamic(move || value.get())
                on:input=move |event| value.set(event_target_value(&event))
            ></textarea>
        </label>
    }
}

#[component]
fn Switch(
    name: &'static str,
    #[prop(into)] label: Signal<&'static str>,
    on: RwSignal<bool>,
) -> impl IntoView {
    view! {
        <label class="switch">
            <input
                type="checkbox"
                role="switch"
                name=name
                prop:checked=dynamic(move || on.get())
                on:change=move |_| on.update(|on| *on = !*on)
            />
            {dynamic(move || label.get())}
        </label>
    }
}

fn lines(text: RwSignal<String>) -> Vec<String> {
    text.with_untracked(|text| text.lines().map(str::to_owned).collect())
}

/// A network.
#[component]
pub(super) fn NewNetworkDialog(close: Callback<()>) -> impl IntoView {
    let s = speech();
    let failure = RwSignal::new(None::<Failure>);
    let host = RwSignal::new(untrack(|| hosts().first(places().host())));
    let [name, driver, subnet, gateway, options, labels] =
        std::array::from_fn(|_| RwSignal::new(String::new()));
    let [internal, ipv6] = [RwSignal::new(false), RwSignal::new(false)];
    driver.set("bridge".to_owned());
    let deed = Arc::new(move || {
        let network = NewNetwork {
            name: name.get_untracked().trim().to_owned(),
            driver: driver.get_untracked(),
            subnet: subnet.get_untracked(),
            gateway: gateway.get_untracked(),
            internal: internal.get_untracked(),
            ipv6: ipv6.get_untracked(),
            options: lines(options),
            labels: lines(labels),
        };
        let host = host.get_untracked();
        Box::pin(async move { api::create_network(&host, &network).await }) as _
    });
    let title = Signal::derive(move || create_word(Shelf::Networks, s.words()).to_owned());
    let ready = Signal::derive(move || name.with(|name| !name.trim().is_empty()));
    let optional = move || s.words().optional();
    let optional = Signal::derive(optional);
    view! {
        <DeedDialog title close deed failure ready>
            <HostField host />
            <Field name="name" label=w!(s.col_name) value=name autocomplete="off" failure first=true />
            <Field name="driver" label=w!(s.driver) value=driver autocomplete="off" failure />
            <Field name="subnet" label=w!(s.subnet) value=subnet autocomplete="off" note=optional help=Signal::derive(move || s.words().subnet_help().to_owned()) failure />
            <Field name="gateway" label=w!(s.gateway) value=gateway autocomplete="off" note=optional failure />
            <div class="field shelf__switches">
                <Switch name="internal" label=w!(s.internal_network) on=internal />
                <Switch name="ipv6" label=w!(s.with_ipv6) on=ipv6 />
            </div>
            <Pairs name="options" label=w!(s.driver_options) value=options />
            <Pairs name="labels" label=w!(s.labels) value=labels />
        </DeedDialog>
    }
}

/// An image, pulled: the job list tells how that goes, layer by layer.
#[component]
pub(super) fn PullDialog(close: Callback<()>) -> impl IntoView {
    let s = speech();
    let over = expect_context::<RwSignal<Option<Above>>>();
    let failure = RwSignal::new(None::<Failure>);
    let host = RwSignal::new(untrack(|| hosts().first(places().host())));
    let [image, platform] = std::array::from_fn(|_| RwSignal::new(String::new()));
    let deed = Arc::new(move || {
        let image = NewImage {
            image: image.get_untracked().trim().to_owned(),
            platform: platform.get_untracked().trim().to_owned(),
        };
        let host = host.get_untracked();
        Box::pin(async move {
            api::pull_image(&host, &image).await?;
            over.set(Some(Above::Jobs));
            Ok(())
        }) as _
    });
    let title = Signal::derive(move || s.words().pull_image().to_owned());
    let ready = Signal::derive(move || image.with(|image| !image.trim().is_empty()));
    let optional = Signal::derive(move || s.words().optional());
    let help = Signal::derive(move || s.words().pull_help().to_owned());
    view! {
        <DeedDialog title close deed failure ready>
            <HostField host />
            <Field name="image" label=w!(s.col_image) value=image autocomplete="off" help failure first=true />
            <Field name="platform" label=w!(s.platform) value=platform autocomplete="off" note=optional failure />
        </DeedDialog>
    }
}

/// A volume.
#[component]
pub(super) fn NewVolumeDialog(close: Callback<()>) -> impl IntoView {
    let s = speech();
    let failure = RwSignal::new(None::<Failure>);
    let host = RwSignal::new(untrack(|| hosts().first(places().host())));
    let [name, driver, options, labels] = std::array::from_fn(|_| RwSignal::new(String::new()));
    driver.set("local".to_owned());
    let deed = Arc::new(move || {
        let volume = NewVolume {
            name: name.get_untracked().trim().to_owned(),
            driver: driver.get_untracked(),
            options: lines(options),
            labels: lines(labels),
        };
        let host = host.get_untracked();
        Box::pin(async move { api::create_volume(&host, &volume).await }) as _
    });
    let title = Signal::derive(move || create_word(Shelf::Volumes, s.words()).to_owned());
    let ready = Signal::derive(move || name.with(|name| !name.trim().is_empty()));
    view! {
        <DeedDialog title close deed failure ready>
            <HostField host />
            <Field name="name" label=w!(s.col_name) value=name autocomplete="off" failure first=true />
            <Field name="driver" label=w!(s.driver) value=driver autocomplete="off" failure />
            <Pairs name="options" label=w!(s.driver_options) value=options />
            <Pairs name="labels" label=w!(s.labels) value=labels />
        </DeedDialog>
    }
}
