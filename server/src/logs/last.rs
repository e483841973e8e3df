//! The last lines of a container's log: what it said before it ended.

use std::{collections::VecDeque, time::Duration};

use http::StatusCode;
use longshore_api::{ansi, web::log::LAST_WORDS, words::say};
use tokio::time::timeout;

use super::source::{Source, Span};
use crate::{access::Pass, fault::Fault, house::House};

/// Of the end of a log so many bytes are read, and so long.
const READ_MAX: u64 = 1024 * 1024;
const READ_WITHIN: Duration = Duration::from_secs(10);
/// So many bytes of each of the last lines are told.
const WORDS_MAX: usize = 500;

/// The last lines of a container's log, without colours; a long one is cut.
///
/// # Errors
/// The container is not there, or its engine does not tell.
pub async fn last_words(house: &House, pass: &Pass, id: &str) -> Result<Vec<String>, Fault> {
    let slug = pass.host()?;
    let source = Source::find(house, pass, id).await?;
    let tail = u32::try_from(LAST_WORDS).ok();
    let mut reading = source.open(Span { tail, ..Span::default() }).await?;
    let mut lines = VecDeque::new();
    let read = async {
        // An engine may send more than it was asked for.
        while reading.read <= READ_MAX && reading.more().await? {
            while let Some(line) = reading.ready() {
                let mut text = ansi::plain(&line.text).into_owned();
                text.truncate(text.floor_char_boundary(WORDS_MAX));
                lines.push_back(text);
                if lines.len() > LAST_WORDS {
                    lines.pop_front();
                }
            }
        }
        Ok::<_, Fault>(())
    };
    let silent = || Fault::new(StatusCode::GATEWAY_TIMEOUT, say::engine_silent(slug, READ_WITHIN.as_secs()));
    timeout(READ_WITHIN, read).await.map_err(|_| silent())??;
    Ok(lines.into())
}
