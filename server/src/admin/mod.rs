//! `longshore admin`: what whoever owns the data folder may do to it from this machine, whether its server runs or not.
//! A running server notices by itself ([`crate::outside`]).

mod audit;
mod keys;
mod password;

use std::{path::Path, sync::Arc};

use anyhow::bail;

use crate::{
    access::{Access, Demand, Pass, Target},
    accounts::{Accounts, Principal},
    audit::Ledger,
    fault::Fault,
    hosts,
    keys::{Key, open as open_key},
    seal::Seal,
    secret,
    settings::{AdminArgs, AdminCommand, HostCommand},
    store::{Store, new_id},
};

/// Does it and prints what came of it.
pub fn run(args: &AdminArgs) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(admin(args))
}

async fn admin(args: &AdminArgs) -> anyhow::Result<()> {
    // Opening would make a new one, and a mistyped folder is the likelier case.
    if !args.data.join("longshore.db").exists() {
        bail!("there is no database in {}: name the data folder with --data", args.data.display());
    }
    let store = Store::open(&args.data).await?;
    let done = act(&args.command, &args.data, &store).await;
    store.close().await;
    done
}

async fn act(command: &AdminCommand, data: &Path, store: &Store) -> anyhow::Result<()> {
    if let AdminCommand::Audit { command } = command {
        return audit::run(command, data, store).await;
    }
    if let AdminCommand::NewKey { key } = command {
        return keys::renew(*key, data, store).await;
    }
    let key = open_key(Key::Signing, data, store).await?;
    let ledger = Arc::new(Ledger::open(store.clone(), data).await?);
    let seal = open_key(Key::Seal, data, store).await?;
    let accounts = Accounts::open(store.clone(), Arc::clone(&ledger), &key, Seal::new(&seal)).await?;
    let accounts = Arc::new(accounts);
    let access = Access::new(ledger, Arc::clone(&accounts), Arc::default(), Arc::default());
    let pass = pass(&access, &accounts)?;
    match command {
        AdminCommand::SetupLink { url } => {
            let link = access
                .change(&pass, "set-up-link", async |_| Ok(Made(accounts.new_set_up_link().await?)))
                .await?
                .0;
            match url {
                Some(url) => println!("{}/set-up#{link}", url.trim_end_matches('/')),
                None => {
                    println!("/set-up#{link}");
                    eprintln!(
                        "Put the address of your Longshore before it, base path included: https://longshore.example/set-up#…"
                    );
                }
            }
        }
        AdminCommand::ResetPassword { name, generate } => {
            let new = if *generate { secret::random_token() } else { password::read()? };
            let known = access
                .change(&pass, "password-reset", async |_| {
                    Ok(Found(accounts.reset_password(name, new.clone()).await?))
                })
                .await?
                .0;
            if !known {
                bail!("there is no account {name}");
            }
            eprintln!("{name} has a new password; all sessions of the account have ended.");
            let through = accounts.providers_of(name).await?;
            if !through.is_empty() {
                eprintln!("{name} still signs in through: {}.", through.join(", "));
            }
            if let Some(only) = accounts.passwords_closed_to(name).await? {
                eprintln!(
                    "Sign-in by password is closed to all but {only}: `longshore admin open-sign-in` opens it, and until \
                     then the new password lets nobody in."
                );
            }
            if *generate {
                println!("{new}");
            }
        }
        AdminCommand::TotpOff { name } => {
            let was_on = access
                .change(&pass.about(format!("account {name}")), "totp-remove", async |_| {
                    Ok(Known(accounts.remove_totp_of(name).await?))
                })
                .await?
                .0;
            match was_on {
                None => bail!("there is no account {name}"),
                Some(false) => bail!("two-factor authentication is off for {name}"),
                Some(true) => eprintln!("{name} signs in by password alone from now on."),
            }
        }
        AdminCommand::OpenSignIn => {
            let was_closed = access
                .change(&pass.about("sign-in by password"), "passwords-open", async |_| {
                    Ok(Made(accounts.open_passwords().await?))
                })
                .await?
                .0;
            eprintln!(
                "{}",
                match was_closed {
                    true => "Passwords let in everybody who has one.",
                    false => "Passwords let in everybody who has one, as before.",
                }
            );
        }
        AdminCommand::Host { command: HostCommand::Add { slug, url, name } } => {
            let name = name.as_deref().unwrap_or(slug);
            // Its own words say more than a problem document would.
            let mut refused = None;
            let added = access
                .change(&pass, "host-add", async |_| {
                    hosts::add(store, slug, name, url).await.map_err(|error| {
                        let fault = Fault::internal(error.to_string());
                        refused = Some(error);
                        fault
                    })
                })
                .await;
            if let Some(error) = refused {
                return Err(error.into());
            }
            added?;
            println!("{slug}: {url}");
        }
        AdminCommand::Host { command: HostCommand::Ls } => {
            for host in hosts::list(store).await? {
                println!("{}\t{}\t{}", host.slug, host.address, host.name);
            }
        }
        AdminCommand::Audit { .. } | AdminCommand::NewKey { .. } => {}
    }
    Ok(())
}

struct Made<T>(T);

impl<T> crate::access::Outcome for Made<T> {
    fn status(&self) -> u16 {
        200
    }
}

struct Found(bool);

impl crate::access::Outcome for Found {
    fn status(&self) -> u16 {
        if self.0 { 204 } else { 404 }
    }
}

/// Whether it was so, of something that there is.
struct Known(Option<bool>);

impl crate::access::Outcome for Known {
    fn status(&self) -> u16 {
        match self.0 {
            None => 404,
            Some(false) => 409,
            Some(true) => 204,
        }
    }
}

/// Whoever may write the data folder may do everything; the audit log says that it was done so.
fn pass(access: &Access, accounts: &Accounts) -> anyhow::Result<Pass> {
    let user = format!("uid {}", rustix::process::getuid().as_raw());
    let principal = Principal::of_machine(user, accounts);
    Ok(access.require(&principal, Demand::Administer, Target::Longshore, &new_id())?)
}
