//! `longshore login` and `longshore logout`.

use std::{env, io::IsTerminal as _};

use anyhow::{Context as _, bail};
use http::StatusCode;
use longshore_api::web::{
    API,
    account::{Standing, User},
};

use super::{
    address::Address,
    kept::{self, Kept, Server},
    remote::{Remote, block_on},
};
use crate::{
    settings::{LoginArgs, LogoutArgs},
    terminal,
};

/// Asks for the key, tries it, and keeps it if it is good.
pub fn run(args: &LoginArgs) -> anyhow::Result<()> {
    let folder = kept::folder()?;
    let mut kept = Kept::read(&folder)?;
    warn_if_plain(&args.url);
    let key = if args.key_stdin {
        terminal::line()?
    } else if std::io::stdin().is_terminal() {
        eprintln!("Make an API key under Account at {}.", args.url);
        terminal::unseen("API key: ")?
    } else {
        bail!("there is no terminal to ask for the API key: give it to standard input, with --key-stdin");
    };
    let ca = args.ca.as_ref().map(|path| env::current_dir().map(|here| here.join(path))).transpose()?;
    let remote = Remote::new(args.url.clone(), key.trim(), ca.as_deref())?;
    let user = block_on(whose(&remote, &args.url))?;
    kept.keep(Server {
        url: args.url.to_string(),
        account: user.name.clone(),
        key: key.trim().to_owned(),
        ca,
    });
    let file = kept.write(&folder)?;
    eprintln!("Signed in to {} as {}. The key is kept in {}.", args.url, user.name, file.display());
    if user.must_change {
        eprintln!("Before anything else, {} has to choose a new password there.", user.name);
    }
    Ok(())
}

/// Forgets the key of a server.
pub fn forget(args: &LogoutArgs) -> anyhow::Result<()> {
    let folder = kept::folder()?;
    let mut kept = Kept::read(&folder)?;
    let url = kept.meant(args.url.as_ref())?.url.clone();
    kept.forget(&url);
    kept.write(&folder)?;
    eprintln!("The key to {url} is forgotten here. It still holds: it is deleted there, under Account.");
    Ok(())
}

/// A key that travels in the open is anybody's.
pub(super) fn warn_if_plain(address: &Address) {
    if !address.tls && !address.is_loopback() {
        eprintln!(
            "Warning: {address} is reached without TLS. Whoever is on the way can read the key, and use it."
        );
    }
}

/// Whose the key is.
async fn whose(remote: &Remote, address: &Address) -> anyhow::Result<User> {
    let (status, body) = remote.get(&format!("{API}/session")).await?;
    if status != StatusCode::OK {
        return Err(remote.refusal(status, &body).into());
    }
    let standing: Standing = serde_json::from_slice(&body).with_context(|| {
        format!("{address} answers, but not as Longshore does: is the address right, base path included?")
    })?;
    match standing {
        Standing::SignedIn { user } => Ok(user),
        Standing::SetUp => bail!("{address} is not set up yet: open it in a browser first"),
        Standing::SignedOut | Standing::SecondStep => {
            // Why, it says to whoever wants something.
            let (status, body) = remote.get(&format!("{API}/account/keys")).await?;
            Err(remote.refusal(status, &body).into())
        }
    }
}
