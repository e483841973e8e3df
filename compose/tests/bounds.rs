//! A few lines make no more of themselves than there is room for, by whichever way.

mod support;

use support::Stack;

/// Ten lines that make a value of half a megabyte.
fn doubled() -> String {
    let mut text = "V0=0123456789abcdef0123456789abcdef0123456789abcdef\n".to_owned();
    for n in 1..14 {
        text.push_str(&format!("V{n}=$V{}$V{}\n", n - 1, n - 1));
    }
    text.replace("V13=", "J=")
}

fn web(more: &str) -> String {
    format!("services:\n  web:\n    image: x\n{more}")
}

const TOO_LARGE: &str = "With its variables filled in this is more than 16.0 MiB.";

fn is_too_large(stack: &Stack) {
    let loaded = stack.load();
    assert!(loaded.project.is_none());
    let said: Vec<String> = loaded.findings.iter().map(ToString::to_string).collect();
    assert!(said.iter().any(|line| line.contains(TOO_LARGE)), "{said:?}");
}

#[test]
fn an_env_file_that_copies_a_large_value_over_and_over_is_refused() {
    let lines = |count| (0..count).map(|n| format!("N{n}=$J\n")).collect::<String>();
    let with = |count| {
        let env = doubled() + &lines(count);
        Stack::of([("compose.yaml", &web("")), (".env", &env)])
    };
    assert!(with(10).load().project.is_some());
    is_too_large(&with(1000));
}

#[test]
fn services_that_extend_one_of_another_file_share_the_room() {
    let base = web(&format!("    command: [{}]\n", ["$J"; 10].join(", ")));
    let with = |count| {
        let service = |n| format!("  s{n}:\n    extends: {{file: base.yaml, service: web}}\n");
        let text = format!("services:\n{}", (0..count).map(service).collect::<String>());
        Stack::of([("compose.yaml", &text), ("base.yaml", &base), (".env", &doubled())])
    };
    assert!(with(1).load().project.is_some());
    is_too_large(&with(8));
}

#[test]
fn a_large_value_is_given_to_so_many_services_only() {
    let with = |count: usize, more: &str| {
        let service = |n| format!("  s{n}:\n    image: x\n{more}");
        let text = format!(
            "services:\n{}secrets:\n  key: {{environment: J}}\n",
            (0..count).map(service).collect::<String>()
        );
        Stack::of([("compose.yaml", &text), (".env", &doubled())])
    };
    for more in [
        "    environment: [J]\n",
        "    build: {context: ., args: [J]}\n",
        "    secrets: [key]\n",
        "    env_file: .env\n",
        "    labels: {a: $J}\n",
    ] {
        assert!(with(2, more).load().project.is_some(), "{more}");
        is_too_large(&with(100, more));
    }
}

#[test]
fn an_env_file_read_for_each_of_many_includes_is_refused() {
    let env: String = (0..40_000).map(|n| format!("A{n}=1\n")).collect();
    let include: String = (0..60).map(|_| "  - {path: other.yaml, env_file: large.env}\n").collect();
    let text = format!("include:\n{include}");
    is_too_large(&Stack::of([("compose.yaml", &text), ("other.yaml", &web("")), ("large.env", &env)]));
}

#[test]
fn an_error_counts_however_many_warnings_came_before_it() {
    let unset: String = (0..300).map(|n| format!("      - $NONE{n}\n")).collect();
    let text = web(&format!("    command:\n{unset}    restart: [wrong]\n"));
    assert!(Stack::of([("compose.yaml", &text)]).load().project.is_none());
}

#[test]
fn a_text_that_nobody_would_read_is_not_repeated() {
    let said = Stack::of([("compose.yaml", &web(&format!("    {}: 1\n", "x".repeat(100_000))))]).said();
    assert!(said.iter().all(|line| line.len() < 10_000), "{}", said[0].len());
}
