//! Files of a Git repository, read over HTTP by the second version of Git's protocol. Every call is one of
//! [`crate::fetch`], with its deadline, its size and its care for where an address leads; nothing is run, nothing is
//! written to a disk, and no configuration of the machine is read.

mod error;
mod pack;
mod wire;

use bytes::Bytes;
use gix_hash::ObjectId;
use url::Url;

use crate::fetch::{Asking, Named, Sent, fetch};
pub use error::GitError;
use pack::Pack;
pub use pack::{Entry, Listed};

/// The newest commit of a repository's main branch: which files it has, and the contents of those that were asked for. All
/// that is read of it is of this one commit, whatever is pushed meanwhile.
pub struct Commit {
    server: Server,
    id: ObjectId,
    /// Whether contents come only when they are asked for.
    sparse: bool,
    packs: Vec<Pack>,
}

impl Commit {
    /// Asks for it. Answers, and each thing in them, have at most `most` bytes.
    ///
    /// # Errors
    /// It is no repository that can be read, or there is too much of it.
    pub async fn newest(repository: &Url, named: Named, most: usize) -> Result<Self, GitError> {
        let server = Server { repository: repository.clone(), named, most };
        let offered = wire::offered(&server.references().await?)?;
        let id = wire::head(&server.upload(wire::ask_for_head()).await?)?;
        let pack = server.pack(wire::ask_for_commit(&id, offered.filter)).await?;
        Ok(Self { server, id, sparse: offered.filter, packs: vec![pack] })
    }

    /// What there is at a path from the repository's root. No link is followed. Works for a processor, as all does that reads.
    ///
    /// # Errors
    /// What was sent makes no sense.
    pub fn entry(&self, path: &str) -> Result<Entry, GitError> {
        self.packs[0].entry(self.id, path)
    }

    /// The files beneath a folder, at most so many.
    ///
    /// # Errors
    /// There are more, or what was sent makes no sense.
    pub fn beneath(&self, folder: &str, most: usize) -> Result<Vec<Listed>, GitError> {
        match self.entry(folder)? {
            Entry::Folder(tree) => self.packs[0].beneath(tree, folder, most),
            _ => Ok(Vec::new()),
        }
    }

    /// The files in a folder, without those of folders in it.
    ///
    /// # Errors
    /// What was sent makes no sense.
    pub fn files_in(&self, folder: &str) -> Result<Vec<Listed>, GitError> {
        match self.entry(folder)? {
            Entry::Folder(tree) => self.packs[0].files_in(tree, folder),
            _ => Ok(Vec::new()),
        }
    }

    /// The contents of a file, once they are here.
    ///
    /// # Errors
    /// What was sent makes no sense.
    pub fn text(&self, file: ObjectId) -> Result<Option<Vec<u8>>, GitError> {
        for pack in &self.packs {
            if let Some(text) = pack.blob(file)? {
                return Ok(Some(text));
            }
        }
        Ok(None)
    }

    /// Asks for the contents of files.
    ///
    /// # Errors
    /// They are not had, or there is too much of them.
    pub async fn ask_for(&mut self, files: &[ObjectId]) -> Result<(), GitError> {
        // Where contents cannot be left out, all of them came at once.
        if !self.sparse {
            return Err(GitError::broken("the pack is not whole"));
        }
        let pack = self.server.pack(wire::ask_for_blobs(files)).await?;
        self.packs.push(pack);
        Ok(())
    }
}

/// Unpacking is work for a processor.
async fn on_a_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, GitError> + Send + 'static,
) -> Result<T, GitError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}

/// Where a repository is served.
struct Server {
    repository: Url,
    named: Named,
    most: usize,
}

impl Server {
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
        on_a_thread(move || Pack::read(wire::pack(&answer)?, most)).await
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
