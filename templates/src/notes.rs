//! Notes of templates as a small tree: paragraphs, lists, bold, code, links. Never HTML: what a foreign note says in HTML
//! is read into the tree, and nothing else of it is left, so that no page can be made to do what a note wants.

mod html;
mod plain;

use serde::{Deserialize, Serialize};

pub use html::from_html;
pub use plain::from_plain;

/// A part of a note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Piece>),
    /// A list.
    List {
        /// Whether it counts.
        ordered: bool,
        /// What is listed.
        items: Vec<Vec<Piece>>,
    },
    /// Lines as they are.
    Code(String),
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Piece {
    /// A text.
    Text(String),
    /// A text that stands out.
    Bold(String),
    /// A word of a machine.
    Code(String),
    /// A link to a page.
    Link {
        /// The address, with `http://` or `https://`.
        href: String,
        /// What is read.
        text: String,
    },
}

/// How long a note may be; what is beyond is cut.
pub const LONGEST: usize = 20_000;

/// Whether a link may lead there: only to pages, never with a name and password in it, never with a character that an address
/// does not have.
pub fn is_address(href: &str) -> bool {
    let rest = ["http://", "https://"].iter().find_map(|scheme| {
        let (head, rest) = href.split_at_checked(scheme.len())?;
        head.eq_ignore_ascii_case(scheme).then_some(rest)
    });
    rest.is_some_and(|rest| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        !host.is_empty()
            && !host.contains('@')
            && host.starts_with(|c: char| c.is_alphanumeric() || c == '[')
            && rest.chars().all(|c| !c.is_control() && !c.is_whitespace() && !"\"'<>\\`".contains(c))
    })
}

/// The words of notes, for a search.
pub fn text(blocks: &[Block]) -> String {
    let mut out = String::new();
    let mut all = |pieces: &[Piece]| {
        for piece in pieces {
            let (Piece::Text(text) | Piece::Bold(text) | Piece::Code(text) | Piece::Link { text, .. }) =
                piece;
            out.push_str(text);
        }
        out.push('\n');
    };
    for block in blocks {
        match block {
            Block::Paragraph(pieces) => all(pieces),
            Block::List { items, .. } => items.iter().for_each(|item| all(item)),
            Block::Code(code) => all(&[Piece::Code(code.clone())]),
        }
    }
    out
}
