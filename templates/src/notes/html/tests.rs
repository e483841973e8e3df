use super::*;

fn text(text: &str) -> Piece {
    Piece::Text(text.to_owned())
}

fn link(href: &str, text: &str) -> Piece {
    Piece::Link { href: href.to_owned(), text: text.to_owned() }
}

#[test]
fn notes_say_what_they_said() {
    assert_eq!(
        from_html(
            "<b>Made by X</b><br>See <a href='https://x.example/a?b=1&amp;c=2' target=\"_blank\">here</a>.<ul><li>one<li>two &lt;b&gt;</ul>"
        ),
        [
            Block::Paragraph(vec![Piece::Bold("Made by X".to_owned())]),
            Block::Paragraph(vec![text("See "), link("https://x.example/a?b=1&c=2", "here"), text(".")]),
            Block::List { ordered: false, items: vec![vec![text("one")], vec![text("two <b>")]] },
        ]
    );
    assert_eq!(
        from_html("Run <code>a  b</code>, 1 < 2 <pre>x\n y</pre>"),
        [
            Block::Paragraph(vec![text("Run "), Piece::Code("a b".to_owned()), text(", 1 < 2")]),
            Block::Code("x\n y".to_owned()),
        ]
    );
}

#[test]
fn nothing_of_a_page_is_left() {
    for html in [
        "<script>alert(1)</script>",
        "<SCRIPT src=//x>alert(1)</SCRIPT >",
        "<style>*{}</style>",
        "<svg onload=alert(1)><script>alert(1)</script></svg>",
        "<!-- <b>x</b> -->",
        "<!--",
        "<iframe src='javascript:alert(1)'>x",
        "<a href='x",
        "<img src=x onerror=alert(1)>",
    ] {
        assert_eq!(from_html(html), [], "{html}");
    }
    for href in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "&#106;avascript:alert(1)",
        "data:text/html,x",
        "//example.com",
        "https:example.com",
        "https://",
        "https://a@example.com",
        "https://exa mple.com",
        "ftp://example.com",
    ] {
        let html = format!("<a href=\"{href}\">x</a>");
        assert_eq!(from_html(&html), [Block::Paragraph(vec![text("x")])], "{html}");
    }
}

#[test]
fn long_and_broken_notes_end() {
    for html in [
        "<".repeat(50_000),
        "<b>".repeat(10_000),
        "&".repeat(50_000),
        "<ul><li>".repeat(5_000),
        "<a ".repeat(9_000),
    ] {
        assert!(from_html(&html).len() <= MOST + 1);
    }
    from_html("<a \u{e9}\u{e9}=\u{e9} href=https://x.example>é</a>");
    from_html("<a =x href>é</a><é>");
}
