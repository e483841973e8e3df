//! `longshore serve`: from an empty folder to a ready server, and to its end.

use std::{io::Write as _, net::TcpListener, sync::Arc};

use anyhow::Context as _;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing_subscriber::EnvFilter;

use crate::{
    access::Access,
    accounts::Accounts,
    audit::{self, Ledger},
    budget::Budget,
    consoles::Consoles,
    containers, data,
    front::{Tls, Workers},
    health::Metrics,
    hosts::Hosts,
    house::House,
    inventory::Inventory,
    jobs::Jobs,
    keys::{self, Key},
    log,
    outside::Outside,
    own::Own,
    ownership::{self, Owners},
    removed::Removed,
    seal::Seal,
    settings::{Given, LogSettings, Settings},
    stacks::{self, Desk, Stacks},
    store::Store,
    templates::{self, Templates},
};

/// Serves until a signal says stop.
pub fn run(given: &Given) -> anyhow::Result<()> {
    let settings = Settings::gather(given)?;
    log_to_stderr(&settings.log);
    raise_open_files();
    // The watchers and the database have these threads; requests are served by threads of their own.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(serve(settings))
}

/// Every connection and every stream to an engine is an open file; the usual soft limit of 1,024 is for other programs.
fn raise_open_files() {
    let limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum
        && let Err(error) =
            setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum })
    {
        tracing::warn!(%error, open_files = limit.current, "the limit of open files could not be raised");
    }
}

fn log_to_stderr(settings: &LogSettings) {
    let lines = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(&settings.filter))
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
        .with_writer(log::one_line);
    if settings.json {
        lines.json().flatten_event(true).init();
    } else {
        lines.init();
    }
}

async fn serve(settings: Settings) -> anyhow::Result<()> {
    let mut stop = StopSignals::listen()?;
    let outside = Outside::listen()?;
    let _held = data::hold(&settings.data)?;
    let data = settings.data.display().to_string();
    let in_data = || format!("the data folder {data} cannot be used");
    let tls = Tls::open(&settings)?;
    let store = Store::open(&settings.data).await?;
    let signing_key = keys::open(Key::Signing, &settings.data, &store).await?;
    let seal_key = keys::open(Key::Seal, &settings.data, &store).await?;
    let ledger = Arc::new(Ledger::open(store.clone(), &settings.data).await.with_context(in_data)?);
    let accounts = Accounts::open(store.clone(), Arc::clone(&ledger), &signing_key, Seal::new(&seal_key))
        .await
        .with_context(in_data)?;
    let accounts = Arc::new(accounts);
    let owners = Owners::open(&store).await.context("whose things on hosts are").with_context(in_data)?;
    let own = Arc::new(Own::look(&settings.data));
    let access = Access::new(Arc::clone(&ledger), Arc::clone(&accounts), Arc::clone(&owners), own);
    let unknown = ledger.begin().await.with_context(in_data)?;
    if unknown > 0 {
        tracing::warn!(
            unknown,
            "changes were under way when Longshore last ended; the audit log has them as unknown"
        );
    }
    let budget = Budget::of_this_process();
    let hosts = Hosts::open(store.clone(), &settings.engine, &budget).await.with_context(in_data)?;
    let listen = settings.front.listen;
    let listener = TcpListener::bind(listen).with_context(|| format!("{listen} cannot be listened on"))?;
    let address = listener.local_addr()?;
    let stopping = CancellationToken::new();
    let inventory = Arc::new(Inventory::with(Arc::clone(&owners)));
    let jobs = Jobs::open(store.clone(), &stopping).await.with_context(in_data)?;
    let consoles = Consoles::open(store.clone()).await.with_context(in_data)?;
    let removed = Removed::new(store.clone(), Seal::new(&seal_key));
    let folder = settings.data.join("stacks");
    let stacks = Stacks::open(store.clone(), Seal::new(&seal_key), folder).await.with_context(in_data)?;
    let templates = Templates::open(store.clone()).await.context("templates").with_context(in_data)?;
    let metrics = Metrics::new();
    let house = Arc::new(House {
        budget,
        execs: Default::default(),
        store,
        metrics,
        settings,
        tls,
        accounts,
        ledger,
        access,
        owners,
        hosts,
        inventory,
        removed,
        stacks,
        desk: Desk::new(&seal_key),
        templates,
        jobs,
        consoles,
        stopping,
    });
    let watchers = TaskTracker::new();
    for host in house.hosts.all() {
        house.take_in(host, &watchers);
    }
    containers::settle_interrupted(&house, &watchers).await.with_context(in_data)?;
    stacks::settle_interrupted(&house, &watchers).await.with_context(in_data)?;
    outside.start(&house, &watchers);
    audit::keep(&house, &watchers);
    ownership::start(&house, &watchers);
    ownership::keep_names(&house, &watchers);
    templates::start(&house, &watchers);
    let workers = Workers::start(&house, &listener)?;
    let scheme = if house.tls.is_some() { "https" } else { "http" };
    let url = format!("{scheme}://{address}{}/", house.settings.front.base);
    announce(&format!("Longshore serves at {url}"));
    if !house.accounts.is_set_up() {
        let link = house.accounts.new_set_up_link().await.with_context(in_data)?;
        announce(&format!("Set up the first account: {url}set-up#{link}"));
    }

    stop.wait().await;
    tracing::info!("stopping");
    house.stopping.cancel();
    watchers.close();
    // Before the threads that their lines are of.
    house.consoles.stop().await;
    tokio::task::spawn_blocking(move || workers.join()).await?;
    house.jobs.stop().await;
    watchers.wait().await;
    house.ledger.end().await;
    house.store.close().await;
    Ok(())
}

/// What a person is to read goes to stdout, the log to stderr.
fn announce(line: &str) {
    let mut out = std::io::stdout().lock();
    // A closed stdout must not stop a server that can serve.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

struct StopSignals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

impl StopSignals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
