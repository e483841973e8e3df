use super::*;

/// The offers at the `|` of a text.
fn at(text: &str) -> Vec<String> {
    let before = &text[..text.find('|').expect("a place")];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().expect("a line").chars().count() + 1;
    let text = text.replacen('|', "", 1);
    let offers = complete(&text, line as u32, column as u32);
    offers.offers.into_iter().map(|offer| offer.text).collect()
}

const END: &str = "networks:\n  front:\n  back:\nvolumes:\n    data: {}\nsecrets:\n  token: {file: a}\n";

#[test]
fn keys_are_offered_by_their_place() {
    assert_eq!(at("ser|"), ["services"]);
    assert_eq!(at("services:\n  web:\n    heal|"), ["healthcheck"]);
    assert_eq!(at("services:\n  web:\n    healthcheck:\n      int|\n"), ["interval"]);
    assert_eq!(at("services:\n  web:\n    image: x\n\n    # a comment\n    ima|"), [""; 0]);
    assert_eq!(
        at("services:\n  web:\n    build:\n      context: .\n    dep|\n    image: x"),
        ["depends_on", "deploy"]
    );
    assert_eq!(
        at("services:\n  web:\n    deploy:\n      resources:\n        limits:\n          |"),
        ["cpus", "memory", "pids"]
    );
    assert_eq!(at("services:\n  web:\n    volumes:\n      - type: bind\n        so|"), ["source"]);
    assert_eq!(at("services:\n  web:\n    volumes:\n    - type: bind\n      read|"), ["read_only"]);
    assert_eq!(at("services:\n  web:\n    env_file:\n      - pa|"), ["path"]);
    assert_eq!(at("volumes:\n  data:\n    dri|"), ["driver", "driver_opts"]);
    assert_eq!(at("include:\n  - project|"), ["project_directory"]);
}

#[test]
fn values_are_offered_by_their_key() {
    assert_eq!(at("services:\n  web:\n    privileged: |"), ["false", "true"]);
    assert_eq!(at("services:\n  web:\n    restart: un|"), ["unless-stopped"]);
    assert_eq!(at("services:\n  web:\n    volumes:\n      - type: b|"), ["bind"]);
    assert_eq!(
        at(
            "services:\n  web:\n    depends_on:\n      db:\n        condition: service_h|\n  db:\n    image: x"
        ),
        ["service_healthy"]
    );
    assert_eq!(
        at("services:\n  web:\n    network_mode: service:|\n  db:\n    image: x"),
        ["service:db", "service:web"]
    );
}

#[test]
fn names_of_the_file_are_offered_where_they_can_stand() {
    let with = |text: &str| at(&format!("{text}\n{END}"));
    assert_eq!(with("services:\n  web:\n    networks:\n      - |"), ["back", "front"]);
    assert_eq!(with("services:\n  web:\n    networks:\n    - f|"), ["front"]);
    assert_eq!(with("services:\n  web:\n    networks:\n      b|"), ["back"]);
    assert_eq!(with("services:\n  web:\n    volumes:\n      - da|"), ["data"]);
    assert_eq!(with("services:\n  web:\n    secrets:\n      - source: t|"), ["token"]);
    assert_eq!(
        with("services:\n  web:\n    depends_on:\n      - |\n  db:\n    image: x\n  cache:\n    image: y"),
        ["cache", "db"]
    );
    assert_eq!(with("services:\n  web:\n    extends: |\n  db:\n    image: x"), ["db"]);
}

#[test]
fn nothing_is_offered_where_nothing_is_known() {
    for text in [
        "services:\n  web:\n    # im|",
        "services:\n  |",
        "services:\n  web:\n    environment:\n      A|",
        "services:\n  web:\n    command: |\n      im|".replacen('|', ">", 1).as_str(),
        "services:\n  web: {im|",
        "x-note:\n  im|",
        "nonsense:\n  im|",
    ] {
        assert_eq!(at(text), [""; 0], "{text}");
    }
}

#[test]
fn the_word_that_an_offer_replaces_is_told() {
    assert_eq!(complete("services:\n  web:\n    ima", 3, 8).from, 5);
    assert_eq!(complete("services:\n  web:\n    volumes:\n      - ty", 4, 11).from, 9);
    assert_eq!(complete("", 1, 1).offers.len(), FILE.len());
}

proptest::proptest! {
    #[test]
    fn no_text_breaks_it(text in "[a-z:\\- \n#{é\"|]{0,80}", line in 0_u32..9, column in 0_u32..20) {
        complete(&text, line, column);
    }
}
