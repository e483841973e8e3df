//! Notes as our own templates write them: paragraphs apart by an empty line, `- ` for a list, `` `code` ``, addresses.

use super::{Block, Piece, is_address};

/// Reads a note.
pub fn from_plain(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    for paragraph in text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()) {
        let lines: Vec<_> = paragraph.lines().map(str::trim).collect();
        if lines.iter().all(|line| line.starts_with("- ")) {
            let items = lines.iter().map(|line| pieces(&line[2..])).collect();
            blocks.push(Block::List { ordered: false, items });
        } else {
            blocks.push(Block::Paragraph(pieces(&lines.join(" "))));
        }
    }
    blocks
}

/// A line: code stands between backticks.
fn pieces(line: &str) -> Vec<Piece> {
    let mut out = Vec::new();
    for (n, part) in line.split('`').enumerate() {
        match (part, n % 2) {
            ("", _) => {}
            (code, 1) => out.push(Piece::Code(code.to_owned())),
            (text, _) => links(text, &mut out),
        }
    }
    out
}

/// A text, with its addresses as links.
pub(super) fn links(text: &str, out: &mut Vec<Piece>) {
    let mut rest = text;
    let mut plain = String::new();
    while let Some(at) = rest.find("http") {
        let found = &rest[at..];
        let end = found.find(char::is_whitespace).unwrap_or(found.len());
        // What ends a sentence is no part of the address.
        let href = found[..end].trim_end_matches(['.', ',', ';', ':', ')', '!', '?', '。', '，', '；', '）']);
        plain.push_str(&rest[..at]);
        if is_address(href) {
            if !plain.is_empty() {
                out.push(Piece::Text(std::mem::take(&mut plain)));
            }
            out.push(Piece::Link { href: href.to_owned(), text: href.to_owned() });
            rest = &found[href.len()..];
        } else {
            plain.push_str("http");
            rest = &found[4..];
        }
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        out.push(Piece::Text(plain));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_read() {
        let text = |text: &str| Piece::Text(text.to_owned());
        let href = "https://example.com/a".to_owned();
        assert_eq!(
            from_plain("Put `x` there,\nsee https://example.com/a.\n\n- one\n- two httpd"),
            [
                Block::Paragraph(vec![
                    text("Put "),
                    Piece::Code("x".to_owned()),
                    text(" there, see "),
                    Piece::Link { href: href.clone(), text: href },
                    text("."),
                ]),
                Block::List { ordered: false, items: vec![vec![text("one")], vec![text("two httpd")]] },
            ]
        );
    }
}
