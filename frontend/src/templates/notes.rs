//! Notes of a template, from their small tree: nothing of a foreign page is ever put into ours.

use leptos::prelude::*;
use longshore_templates::notes::{Block, Piece};

/// The notes.
#[component]
pub(super) fn Notes(blocks: Vec<Block>) -> impl IntoView {
    let block = |block: Block| match block {
        Block::Paragraph(pieces) => view! { <p>{line(pieces)}</p> }.into_any(),
        Block::List { ordered: true, items } => view! { <ol>{list(items)}</ol> }.into_any(),
        Block::List { ordered: false, items } => view! { <ul>{list(items)}</ul> }.into_any(),
        Block::Code(code) => view! { <pre class="mono sm">{code}</pre> }.into_any(),
    };
    view! { <div class="notes">{blocks.into_iter().map(block).collect_view()}</div> }
}

fn list(items: Vec<Vec<Piece>>) -> AnyView {
    items.into_iter().map(|item| view! { <li>{line(item)}</li> }).collect_view().into_any()
}

fn line(pieces: Vec<Piece>) -> AnyView {
    let piece = |piece: Piece| match piece {
        Piece::Text(text) => text.into_any(),
        Piece::Bold(text) => view! { <b class="b">{text}</b> }.into_any(),
        Piece::Code(text) => view! { <code class="mono">{text}</code> }.into_any(),
        Piece::Link { href, text } => {
            view! { <a href=href target="_blank" rel="noopener noreferrer">{text}</a> }.into_any()
        }
    };
    pieces.into_iter().map(piece).collect_view().into_any()
}
