//! What is not in the first load. Each function of [`code`] stands, with all that only it needs, in a file of its own: it is
//! fetched when it is first wanted, or earlier, when the browser has nothing else to do; and with the first of them the
//! words and the styles that the first load left out.

mod code;
mod views;

use std::sync::atomic::{AtomicU32, Ordering};

pub(crate) use code::{Above, Door};
pub(crate) use views::{
    account_page, audit_page, console_page, container_page, containers_page, create_page, disk_page,
    door_page, events_page, explained, jobs_page, logs_page, no_engine, no_rights, over, people_page,
    removed_page, shelf_page, stack_page, stacks_page, templates_page, thing_page, ways_in,
};

use crate::{speech, styles};

/// A file of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Chunk {
    /// The table of containers.
    Containers,
    /// What lies over pages: palette, sheets, dialogs, lists.
    Over,
    /// Images, networks, volumes.
    Shelves,
    /// The events.
    Events,
    /// The jobs with their logs.
    Jobs,
    /// The account.
    Account,
    /// The audit log.
    Audit,
    /// Programs in containers, on terminals.
    Console,
    /// The doors that most go through once.
    Doors,
    /// One container.
    Container,
    /// A new one.
    Create,
    /// Logs.
    Logs,
    /// What engines mean.
    Explain,
    /// Accounts, teams, roles, host groups.
    People,
    /// Stacks.
    Stacks,
    /// App templates.
    Templates,
}

/// Those that have arrived, a bit each.
static HERE: AtomicU32 = AtomicU32::new(0);

impl Chunk {
    /// Those of the signed-in pages, the one that is wanted most first.
    const PAGES: [Self; 15] = [
        Self::Containers,
        Self::Over,
        Self::Container,
        Self::Logs,
        Self::Console,
        Self::Create,
        Self::Shelves,
        Self::Events,
        Self::Jobs,
        Self::Account,
        Self::Audit,
        Self::Explain,
        Self::People,
        Self::Stacks,
        Self::Templates,
    ];

    /// Whether it has arrived.
    pub(crate) fn is_here(self) -> bool {
        HERE.load(Ordering::Relaxed) & self.bit() != 0
    }

    /// Fetches it if it is not there, with all words and styles. False where they cannot be had: no network, or a server of another
    /// build.
    pub(crate) async fn load(self) -> bool {
        let (words, styles) = (speech::rest(), styles::rest());
        let loaded = match self {
            Self::Containers => code::load_containers().await,
            Self::Over => code::load_over().await,
            Self::Shelves => code::load_shelves().await,
            Self::Events => code::load_events().await,
            Self::Jobs => code::load_jobs().await,
            Self::Account => code::load_account().await,
            Self::Audit => code::load_audit().await,
            Self::Console => code::load_console().await,
            Self::Create => code::load_create().await,
            Self::Doors => code::load_doors().await,
            Self::Container => code::load_container().await,
            Self::Logs => code::load_logs().await,
            Self::Explain => code::load_explain().await,
            Self::People => code::load_people().await,
            Self::Stacks => code::load_stacks().await,
            Self::Templates => code::load_templates().await,
        };
        let here = loaded.is_ok() && words.await && styles.await;
        if here {
            HERE.fetch_or(self.bit(), Ordering::Relaxed);
        }
        here
    }

    /// The same, not waited for.
    pub(crate) fn fetch(self) {
        leptos::task::spawn_local(async move { _ = self.load().await });
    }

    fn bit(self) -> u32 {
        1 << self as u8
    }
}

/// Fetches everything, one after the other, so that what is clicked later is there.
pub(crate) fn fetch_all() {
    leptos::task::spawn_local(async {
        for chunk in Chunk::PAGES {
            if !chunk.load().await {
                // What is wanted later says what is wrong then.
                return;
            }
        }
    });
}
