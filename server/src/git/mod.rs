//! One file of a Git repository, read over HTTP by the second version of Git's protocol. Every call is one of
//! [`crate::fetch`], with its deadline, its size and its care for where an address leads; nothing is run, nothing is
//! written to a disk, and no configuration of the machine is read.

mod error;
mod pack;
mod wire;

use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::fetch::{Asking, Named, Sent, fetch};
pub use error::GitError;
use pack::{Found, Pack};

/// A file of the newest commit of a repository's main branch.
///
/// # Errors
/// It is no repository that can be read, it has no such file, or there is too much of it: answers, and each thing in
/// them, have at most `most` bytes.
pub async fn file(repository: &Url, path: &str, named: Named, most: usize) -> Result<Vec<u8>, GitError> {
    let server = Server { repository, named, most };
    let offered = wire::offered(&server.references().await?)?;
    let head = wire::head(&server.upload(wire::ask_for_head()).await?)?;
    let pack = server.pack(wire::ask_for_commit(&head, offered.filter)).await?;
    let path = path.to_owned();
    let found = on_a_thread(move |_| pack.find(head, &path)).await?;
    let id = match found {
        Found::File(text) => return Ok(text),
        // Without contents it was a few names; this is the one that is wanted.
        Found::Elsewhere(id) if offered.filter => id,
        Found::Elsewhere(_) => return Err(GitError::broken("the pack is not whole")),
    };
    let pack = server.pack(wire::ask_for_blob(&id)).await?;
    on_a_thread(move |_| pack.blob(id)).await
}

/// So long a pack is read.
const READING: Duration = Duration::from_secs(20);

/// Until when a pack is read.
struct Until {
    end: Instant,
    /// Whoever waits for it does so no more.
    left: CancellationToken,
}

impl Default for Until {
    fn default() -> Self {
        Self { end: Instant::now() + READING, left: CancellationToken::new() }
    }
}

impl Until {
    fn is_over(&self) -> bool {
        self.left.is_cancelled() || Instant::now() > self.end
    }
}

/// Unpacking is work for a processor. It ends when nobody waits for it any more.
async fn on_a_thread<T: Send + 'static>(
    work: impl FnOnce(&Until) -> Result<T, GitError> + Send + 'static,
) -> Result<T, GitError> {
    let until = Until::default();
    let _left = until.left.clone().drop_guard();
    let done = tokio::task::spawn_blocking(move || work(&until)).await;
    done.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}

/// Where a repository is served.
struct Server<'a> {
    repository: &'a Url,
    named: Named,
    most: usize,
}

impl Server<'_> {
    async fn references(&self) -> Result<Bytes, GitError> {
        let mut url = self.beneath(&["info", "refs"])?;
        url.set_query(Some("service=git-upload-pack"));
        self.ask(url, None).await
    }

    async fn upload(&self, request: Vec<u8>) -> Result<Bytes, GitError> {
        self.ask(self.beneath(&["git-upload-pack"])?, Some(request)).await
    }

    async fn pack(&self, request: Vec<u8>) -> Result<Pack, GitError> {
        let (answer, most) = (self.upload(request).await?, self.most);
        on_a_thread(move |until| Pack::read(wire::pack(&answer)?, most, until)).await
    }

    fn beneath(&self, parts: &[&str]) -> Result<Url, GitError> {
        let mut url = self.repository.clone();
        url.set_fragment(None);
        url.set_query(None);
        let path = url.path_segments_mut();
        path.map_err(|()| GitError::NoRepository)?.pop_if_empty().extend(parts);
        Ok(url)
    }

    async fn ask(&self, url: Url, request: Option<Vec<u8>>) -> Result<Bytes, GitError> {
        let sent = Sent::Git(request.map(Bytes::from));
        let asking = Asking { url: &url, named: self.named, authorization: None, sent, most: self.most };
        let answer = fetch(asking).await?;
        match answer.status.is_success() {
            true => Ok(answer.body),
            false => Err(GitError::Status { url: url.to_string(), status: answer.status.as_u16() }),
        }
    }
}
