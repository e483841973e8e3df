//! A stack that is shared: its files with it, and what is made in it later by whomever it is shared with.

use http::Method;
use longshore_tests::{
    Quay,
    engine::IMAGE,
    stack::{Stack, down, file, source, up},
};
use serde_json::{Value, json};

/// Scales a service of a stack as its newest release has it.
fn scaled(service: &str, count: u32) -> Value {
    let mut plan = up(None);
    plan["wish"]["scale"] = json!({ service: count });
    plan
}

#[tokio::test]
async fn a_stack_is_shared_with_its_files_and_with_what_comes_later() {
    let mut quay = Quay::start().await;
    let (mut mia, hers) = quay.developer("mia").await;
    let (mut bob, his) = quay.developer("bob").await;
    let team = quay.ada.team("Harbour", &["mia", "bob"]).await;
    let label = quay.label();
    let (mut stack, web) = Stack::running(&quay.scene, &mut mia, &file(&label, "one")).await;
    let web = web.split(' ').next().expect("an id");
    let shares = json!({ "owner": "mia", "sharing": "teams", "teams": [team] });

    // Each thing of it shared by itself is no file of it shared.
    for service in ["web", "db"] {
        let path = format!("hosts/local/containers/{}-{service}-1/access", stack.name);
        mia.send(Method::PUT, &path, Some(shares.clone())).await.expect(204);
    }
    his.ok(["inspect", web]).await;
    bob.get(&stack.path("/releases")).await.expect(403);

    let whole = format!("hosts/local/sharing/stack/{}", stack.name);
    mia.send(Method::PUT, &whole, Some(shares)).await.expect(204);
    stack.listen_again(&bob).await;
    let seen = bob.get(&stack.path("")).await.expect(200).json();
    assert_eq!(
        (&seen["may_deploy"], &seen["row"]["whose"]["owner"]),
        (&json!(true), &json!("mia")),
        "{seen}"
    );
    // It is hers to forget, not his.
    bob.send(Method::DELETE, &stack.path(""), None).await.expect(403);
    assert_eq!(seen["may_forget"], false, "{seen}");
    // Whatever is there of it.
    stack.done(&mut bob, scaled("db", 0)).await;
    bob.get(&stack.path("/releases")).await.expect(200);

    // What he adds is hers as the rest is, and shared as the rest is.
    let cache = format!(
        "  cache:\n    image: {IMAGE}\n    command: [sleep, '1000']\n    volumes: ['more:/more']\n    labels: ['{label}']\n  web:\n"
    );
    let more = file(&label, "one").replacen("  web:\n", &cache, 1);
    let more = more.replace("  data: {}\n", "  data: {}\n  more: {}\n");
    stack.done(&mut bob, up(Some(source(&more)))).await;
    hers.ok(["inspect", &format!("{}-cache-1", stack.name)]).await;
    let parts = mia.get(&whole).await.expect(200).json();
    let parts = parts.as_array().expect("parts");
    let names: Vec<&str> = parts.iter().filter_map(|part| part["access"]["name"].as_str()).collect();
    let more = format!("{}_more", stack.name);
    assert!(names.contains(&"cache") && names.contains(&more.as_str()), "{names:?}");
    for part in parts {
        let access = &part["access"];
        assert_eq!((&access["owner"], &access["teams"][0]["id"]), (&json!("mia"), &json!(team)), "{part}");
    }

    // What a manager makes of it is hers too.
    stack.listen_again(&quay.ada).await;
    stack.done(&mut quay.ada, scaled("web", 2)).await;
    hers.ok(["inspect", &format!("{}-web-2", stack.name)]).await;
    his.ok(["inspect", &format!("{}-web-2", stack.name)]).await;

    // Taken back, all of it is.
    mia.send(Method::PUT, &whole, Some(json!({ "owner": "mia", "sharing": "private" }))).await.expect(204);
    bob.get(&stack.path("")).await.expect(404);
    his.refused(["inspect", web]).await;

    // Forgotten, its name is free, and what is there of it stays hers.
    mia.send(Method::DELETE, &stack.path(""), None).await.expect(204);
    let names = mia.get(&format!("names?text={}", stack.name)).await.expect(200).json();
    let names = names["names"].as_array().expect("names");
    assert!(names.iter().all(|name| name["kind"] != "stack") && !names.is_empty(), "{names:?}");
    hers.ok(["inspect", web]).await;
    stack.listen_again(&mia).await;
    stack.done(&mut mia, up(Some(source(&file(&label, "one"))))).await;
    stack.done(&mut mia, down(true)).await;
}

#[tokio::test]
async fn a_manager_who_takes_a_stack_over_leaves_it_whose_it_is_and_takes_no_name_of_before() {
    let mut quay = Quay::start().await;
    let (mut mia, _) = quay.developer("mia").await;
    let label = quay.label();
    let text = file(&label, "one");
    let (mut stack, _) = Stack::running(&quay.scene, &mut mia, &text).await;
    mia.send(Method::DELETE, &stack.path(""), None).await.expect(204);
    stack.listen_again(&quay.ada).await;
    stack.done(&mut quay.ada, up(Some(source(&text)))).await;
    // Her containers are there: it goes on as hers.
    mia.get(&stack.path("/releases")).await.expect(200);

    stack.done(&mut quay.ada, down(true)).await;
    quay.ada.send(Method::DELETE, &stack.path(""), None).await.expect(204);
    // Nothing is there but names of hers: what a manager begins now is none of hers.
    let other =
        format!("image: '{IMAGE}', network_mode: none, command: [sleep, '1000'], labels: ['{label}']");
    let services = format!("services: {{other: {{{other}}}}}\n");
    stack.done(&mut quay.ada, up(Some(source(&services)))).await;
    let said = mia.get(&stack.path("/releases")).await.problem();
    assert!(said.starts_with("409"), "{said}");
    stack.done(&mut quay.ada, down(true)).await;
}
