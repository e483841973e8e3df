use super::*;

fn one(text: &str) -> Node {
    read("a.yaml", text, Limits::default()).expect("a document").remove(0)
}

fn refused(text: &str) -> String {
    read("a.yaml", text, Limits::default()).expect_err("refused").to_string()
}

#[test]
fn every_word_keeps_its_place() {
    let node = one("services:\n  web:\n    ports:\n      - 80:80\n      - \"81\"\n");
    let place = |path: &[&str]| node.place(path.iter().copied()).to_string();
    assert_eq!(place(&["services", "web"]), "a.yaml:2:3");
    assert_eq!(place(&["services", "web", "ports", "1"]), "a.yaml:5:9");
    assert_eq!(place(&["services", "web", "nothing", "there"]), "a.yaml:2:3");
}

#[test]
fn aliases_and_merge_keys_are_written_out() {
    let node = one(
        "a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc:\n  <<: [*a, *b]\n  x: 9\nd: *b\ne: {<<: *a}\nf: {'<<': 1}\n",
    );
    let json = node.to_json();
    assert_eq!(json["c"], serde_json::json!({"x": 9, "y": 2, "z": 4}));
    assert_eq!(json["d"], serde_json::json!({"y": 3, "z": 4}));
    assert_eq!(json["e"], serde_json::json!({"x": 1, "y": 2}));
    assert_eq!(json["f"], serde_json::json!({"<<": 1}));
}

#[test]
fn what_is_no_yaml_is_refused_with_its_place() {
    for (text, said) in [
        ("a: 1\nb: 2\na: 3\n", "a.yaml:3:1: `a` stands here and at a.yaml:1:1. Remove one of them."),
        ("a: !secret x\n", "a.yaml:1:4: The tag `!secret` is not known. There are `!reset` and `!override`."),
        (
            "a: &x\n  b: *x\n",
            "a.yaml:2:6: An alias stands within the value that it stands for. Write the value out.",
        ),
        ("? [1]\n: 2\n", "a.yaml:1:3: A list or a map cannot be a key. Write a text."),
        ("a: {<<: 3}\n", "a.yaml:1:9: `<<` takes an alias of a map, or a list of such aliases. Write one."),
    ] {
        assert_eq!(refused(text), said);
    }
    for text in ["a: [1, 2\n", "a: b: c\n", "a:\n\t- x\n", "%", "\"", "a: *nowhere\n", "{{{{"] {
        assert!(read("a.yaml", text, Limits::default()).is_err(), "{text:?}");
    }
}

#[test]
fn a_billion_laughs_end_at_once() {
    let mut text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    for n in 1..12 {
        let list = vec![format!("*a{}", n - 1); 9].join(", ");
        text.push_str(&format!("a{n}: &a{n} [{list}]\n"));
    }
    assert!(refused(&text).contains("more than 100,000 values"), "by lists");

    let mut text = "a0: &a0 {x: 1}\n".to_owned();
    for n in 1..200 {
        text.push_str(&format!("a{n}: &a{n} {{x: *a{}}}\n", n - 1));
    }
    assert!(refused(&text).contains("deep in one another"), "by depth");

    let long = "x".repeat(100_000);
    let text = format!("a: &a {long}\nb: [{}]\n", vec!["*a"; 1000].join(", "));
    assert!(refused(&text).contains("more than"), "by length");
}

#[test]
fn depth_and_size_have_limits() {
    assert!(refused(&"[".repeat(100)).contains("deep in one another"));
    assert!(read("a.yaml", &"[".repeat(100_000), Limits::default()).is_err());
    assert!(refused(&"#".repeat(2 << 20)).contains("more than the"));
}

#[test]
fn each_document_of_a_file_is_read() {
    let documents = read("a.yaml", "---\na: 1\n---\nb: 2\n", Limits::default()).expect("two");
    assert_eq!(documents.len(), 2);
}

proptest::proptest! {
    #[test]
    fn nothing_that_is_written_breaks_the_reader(text in "[a-c:{}\\[\\]&*!<>|\\-?'\"\n #,0-9~%@`\t]{0,60}") {
        let _ = read("a.yaml", &text, Limits::default());
    }
}
