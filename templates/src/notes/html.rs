//! Notes in HTML, as Portainer's templates have them. Not a parser of pages: tags that say something to a reader are kept as
//! what they say, the text between all others is kept as text, and what was never meant for reading is dropped. A library that
//! cleans HTML gives HTML again and is many times the size of this; here what comes out cannot hold markup.

use super::{Block, LONGEST, Piece, is_address, plain};

/// How many blocks and pieces a note may have.
const MOST: usize = 500;

/// What is dropped with all that stands in it.
const UNREAD: &[&str] = &[
    "script", "style", "template", "iframe", "object", "svg", "math", "head", "noscript", "textarea",
    "select",
];

/// Reads a note.
pub fn from_html(html: &str) -> Vec<Block> {
    let mut reader = Reader::default();
    let html: &str = html.char_indices().nth(LONGEST).map_or(html, |(at, _)| &html[..at]);
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        reader.text(&rest[..at]);
        rest = &rest[at..];
        let Some((tag, after)) = tag(rest) else {
            // A lone `<` is a letter like others.
            reader.text("<");
            rest = &rest[1..];
            continue;
        };
        rest = match tag {
            Tag::Comment => after,
            Tag::Open { name, .. } if UNREAD.contains(&name.as_str()) => beyond(after, &name),
            tag => {
                reader.tag(tag);
                after
            }
        };
    }
    reader.text(rest);
    reader.end()
}

/// A tag.
enum Tag {
    Comment,
    Open { name: String, href: Option<String> },
    Close { name: String },
}

/// The tag that a text begins with, and what follows it.
fn tag(text: &str) -> Option<(Tag, &str)> {
    if let Some(comment) = text.strip_prefix("<!--") {
        return Some((Tag::Comment, comment.split_once("-->").map_or("", |(_, after)| after)));
    }
    let inside = &text[1..];
    if inside.starts_with(['!', '?']) {
        return Some((Tag::Comment, inside.split_once('>').map_or("", |(_, after)| after)));
    }
    let (close, name_on) = inside.strip_prefix('/').map_or((false, inside), |after| (true, after));
    if !name_on.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    // A `>` within quotes does not end it.
    let mut quote = None;
    let end = name_on.char_indices().find(|(_, c)| match (quote, *c) {
        (Some(open), c) if open == c => {
            quote = None;
            false
        }
        (Some(_), _) => false,
        (None, '"' | '\'') => {
            quote = Some(*c);
            false
        }
        (None, c) => c == '>',
    });
    // One that never ends takes the rest with it, as in a browser.
    let (whole, after) = end.map_or((name_on, ""), |(at, _)| (&name_on[..at], &name_on[at + 1..]));
    let length = whole.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(whole.len());
    let name = whole[..length].to_ascii_lowercase();
    let tag = if close { Tag::Close { name } } else { Tag::Open { href: href(&whole[length..]), name } };
    Some((tag, after))
}

/// The address in a tag's attributes.
fn href(attributes: &str) -> Option<String> {
    let mut rest = attributes;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if rest.is_empty() {
            return None;
        }
        let length =
            rest.find(|c: char| c.is_whitespace() || c == '=' || c == '/').unwrap_or(rest.len()).max(1);
        let (name, after) = rest
            .split_at(rest.char_indices().map(|(at, _)| at).find(|at| *at >= length).unwrap_or(rest.len()));
        let after = after.trim_start();
        let Some(value) = after.strip_prefix('=').map(str::trim_start) else {
            rest = after;
            continue;
        };
        let (value, after) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            _ => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        if name.eq_ignore_ascii_case("href") {
            return Some(decode(value).trim().to_owned());
        }
        rest = after;
    }
}

/// What follows the end of an element that is not read.
fn beyond<'a>(text: &'a str, name: &str) -> &'a str {
    let end = format!("</{name}");
    let lower = text.to_ascii_lowercase();
    lower.find(&end).map_or("", |at| text[at..].split_once('>').map_or("", |(_, after)| after))
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    line: Vec<Piece>,
    text: String,
    bold: usize,
    code: usize,
    lines: usize,
    link: Option<String>,
    lists: Vec<bool>,
    items: Vec<Vec<Piece>>,
    count: usize,
}

impl Reader {
    fn text(&mut self, text: &str) {
        self.text.push_str(&decode(text));
    }

    fn tag(&mut self, tag: Tag) {
        let (name, open, href) = match tag {
            Tag::Comment => return,
            Tag::Open { name, href } => (name, true, href),
            Tag::Close { name } => (name, false, None),
        };
        let change = |depth: usize| if open { depth + 1 } else { depth.saturating_sub(1) };
        match name.as_str() {
            "b" | "strong" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dt" | "th" => {
                self.piece();
                if name.starts_with('h') || name == "dt" {
                    self.paragraph();
                }
                self.bold = change(self.bold);
            }
            "code" | "kbd" | "samp" | "tt" => {
                self.piece();
                self.code = change(self.code);
            }
            "pre" => {
                self.piece();
                self.paragraph();
                self.lines = change(self.lines);
            }
            "a" => {
                self.piece();
                self.link = href.filter(|href| open && is_address(href));
            }
            "ul" | "ol" => {
                self.piece();
                self.paragraph();
                match open {
                    true => self.lists.push(name == "ol"),
                    false => {
                        if let Some(ordered) = self.lists.pop() {
                            self.list(ordered);
                        }
                    }
                }
            }
            "li" | "br" | "p" | "div" | "tr" | "table" | "blockquote" | "section" | "article" | "hr"
            | "dd" | "dl" => {
                self.piece();
                if self.lines > 0 && name == "br" {
                    self.text.push('\n');
                } else {
                    self.paragraph();
                }
            }
            "td" => self.text.push(' '),
            _ => {}
        }
    }

    /// Ends a piece.
    fn piece(&mut self) {
        let text = std::mem::take(&mut self.text);
        if self.lines > 0 {
            let text = text.trim_matches('\n');
            if !text.trim().is_empty() && self.count < MOST {
                self.count += 1;
                self.blocks.push(Block::Code(text.to_owned()));
            }
            return;
        }
        // Spaces of any kind and number read as one.
        let mut words: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if words.is_empty() {
            if !text.is_empty() && !self.line.is_empty() {
                plain_space(&mut self.line);
            }
            return;
        }
        if text.starts_with(char::is_whitespace) && !self.line.is_empty() {
            words.insert(0, ' ');
        }
        if text.ends_with(char::is_whitespace) {
            words.push(' ');
        }
        self.count += 1;
        if self.count > MOST {
            return;
        }
        match &self.link {
            Some(href) => self.line.push(Piece::Link { href: href.clone(), text: words.trim().to_owned() }),
            None if self.code > 0 => self.line.push(Piece::Code(words.trim().to_owned())),
            None if self.bold > 0 => self.line.push(Piece::Bold(words)),
            None => plain::links(&words, &mut self.line),
        }
    }

    /// Ends a line.
    fn paragraph(&mut self) {
        let mut line = std::mem::take(&mut self.line);
        if let Some(Piece::Text(text) | Piece::Bold(text)) = line.last_mut() {
            text.truncate(text.trim_end().len());
        }
        line.retain(|piece| !matches!(piece, Piece::Text(text) | Piece::Bold(text) if text.is_empty()));
        if line.is_empty() {
            return;
        }
        match self.lists.is_empty() {
            true => self.blocks.push(Block::Paragraph(line)),
            false => self.items.push(line),
        }
    }

    fn list(&mut self, ordered: bool) {
        let items = std::mem::take(&mut self.items);
        if !items.is_empty() {
            self.blocks.push(Block::List { ordered, items });
        }
    }

    fn end(mut self) -> Vec<Block> {
        self.piece();
        self.paragraph();
        self.list(self.lists.first().copied().unwrap_or_default());
        self.blocks
    }
}

/// A space after a piece that had none.
fn plain_space(line: &mut Vec<Piece>) {
    match line.last_mut() {
        Some(Piece::Text(text) | Piece::Bold(text)) if text.ends_with(' ') => {}
        Some(Piece::Text(text) | Piece::Bold(text)) => text.push(' '),
        _ => line.push(Piece::Text(" ".to_owned())),
    }
}

/// The characters that names and numbers stand for.
fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let end = after.char_indices().take(12).find(|(_, c)| *c == ';').map(|(at, _)| at);
        let named = end.and_then(|end| Some((character(&after[..end])?, &after[end + 1..])));
        match named {
            Some((character, beyond)) => {
                out.push(character);
                rest = beyond;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let hex = number.strip_prefix(['x', 'X']);
        let code = hex.map_or_else(|| number.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok())?;
        return char::from_u32(code).filter(|c| !c.is_control());
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "copy" => '©',
        "hellip" => '…',
        "mdash" => '—',
        "ndash" => '–',
        "rarr" => '→',
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
