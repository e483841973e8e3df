//! From a template to what runs: what stands in the way, stacks and containers that are deployed, a second try.

use http::Method;
use longshore_tests::{Browser, Live, Scene, browser::Look, engine::IMAGE, http::text, person::PASSWORD};
use serde_json::{Value, json};

use super::sent;

#[tokio::test]
async fn what_stands_in_the_way_of_a_stack_is_said_and_nothing_is_made() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let name = scene.engine.name("shop");
    let missing = scene.engine.name("front");
    let stack = format!(
        "services:\n  web:\n    image: {IMAGE}\n    networks: [front]\n    volumes: ['data:/data']\nnetworks:\n  front: {{name: {missing}, external: true}}\nvolumes:\n  data:\n"
    );
    let (label, kept) = (scene.engine.label(), scene.engine.name("kept"));
    scene.engine.docker().ok(["volume", "create", "--label", &label, &kept]).await;
    let file = json!({ "version": "3", "templates": [{ "id": 1, "type": 3, "title": "Shop", "description": "Sells.",
        "name": name, "stackFile": stack }] });
    let source = sent(&mut ada, "Theirs", &file.to_string()).await;

    let browser = Browser::start(&Look::desk().dark()).await;
    browser.open(&scene.server.url(&format!("templates/{source}.1"))).await;
    browser.sign_in(PASSWORD).await;
    browser.click("[data-action=\"deploy\"]:enabled").await;
    browser.reads("[data-plan=\"obstacle\"]", &missing).await;
    browser.picture("template-obstacle.dark").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    scene.engine.docker().refused(["inspect", &format!("{name}-web-1")]).await;

    // A volume that is there may be taken instead of a new one.
    browser.appears(&format!("[data-volume=\"data\"] option[value=\"{kept}\"]")).await;
    browser.script(&format!("const it = document.querySelector('[data-volume=data] select'); it.value = '{kept}'; it.dispatchEvent(new Event('change'));")).await;
    browser.picture("template-volume.dark").await;

    // Once it is there, the same click deploys it: what was said before is gone.
    scene.engine.docker().ok(["network", "create", &missing]).await;
    browser.click("[data-action=\"deploy\"]:enabled").await;
    browser.appears("[data-result] [data-to=\"stack\"]").await;
    browser.vanishes("[data-plan=\"obstacle\"]").await;
    let seen = scene.engine.inspect(&format!("{name}-web-1")).await;
    assert_eq!(seen["Mounts"][0]["Name"], kept.as_str(), "{seen}");
    scene.engine.docker().refused(["volume", "inspect", &format!("{name}_data")]).await;
    browser.expect_no_complaint().await;
}

/// Answers a health check that asks by `curl` or `wget`, and shows a page.
const CURL: (&str, &str) =
    ("/usr/local/bin/curl", "#!/bin/sh\nfor address; do :; done\nexec wget -q -O /dev/null \"$address\"");
/// Runs until it is told to stop.
const SLEEPS: &str = "trap 'exit 0' TERM; echo ready; sleep 3600 & wait";

/// Ports that nothing on the engine has: `n` of them, one after the other.
fn free_ports(n: u16) -> u16 {
    let free = std::net::TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    free.expect("a free port").port().min(u16::MAX - n)
}

/// The images are stand-ins under the names that the template says: what is proved is the way from the gallery to
/// containers that run and are well, not WordPress itself.
#[tokio::test]
async fn wordpress_is_deployed_from_the_gallery_with_two_answers() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let engine = &scene.engine;
    let page = ("/www/wp-login.php", "Stand-in of a blog");
    let blog = "echo the blog is up; exec httpd -f -p 80 -h /www";
    engine.stand_in("wordpress:7.1.0-php8.4-apache", &[CURL, page], blog).await;
    let check = (
        "/usr/local/bin/healthcheck.sh",
        "#!/bin/sh\n[ -n \"$MARIADB_PASSWORD\" ] && [ \"$1\" = --connect ]",
    );
    engine.stand_in("mariadb:11.8.8", &[check], SLEEPS).await;
    // Somebody has the port.
    let (port, name) = (free_ports(2), engine.name("blog"));
    let (label, holds) = (engine.label(), format!("{port}:80"));
    let other = engine.name("other");
    engine
        .docker()
        .ok(["run", "-d", "--name", &other, "--label", &label, "-p", &holds, IMAGE, "sleep", "3600"])
        .await;

    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url("templates?q=wordpress")).await;
    browser.sign_in(PASSWORD).await;
    browser.click("[data-template=\"wordpress\"] .tbl__name").await;
    browser.reads(".crumbs [aria-current]", "WordPress").await;
    browser.retype("deploy_name", &name).await;
    browser.retype("PORT", &port.to_string()).await;
    browser.reads("[data-question=\"PORT\"] [data-held]", &other).await;
    browser.picture("template-form").await;
    browser.click("[data-action=\"take-free-port\"]").await;
    browser.vanishes("[data-held]").await;
    browser.click("[data-question=\"DB_PASSWORD\"] [data-action=\"make-secret\"]").await;
    browser.click("[data-action=\"deploy\"]:enabled").await;
    // The engine asks for the health of the second one half a minute after its start.
    browser.appears_late("[data-result] [data-to=\"stack\"]", 5).await;
    browser.reads("[data-result]", &format!(":{}/", port + 1)).await;
    browser.picture("template-stack-deployed").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    browser.resize(390, 844).await;
    assert!(browser.fits().await);
    browser.picture("template-stack-deployed.phone").await;
    browser.resize(1440, 900).await;

    let (site, db) = (format!("{name}-wordpress-1"), format!("{name}-db-1"));
    let seen = engine.inspect(&site).await;
    assert_eq!(seen["State"]["Health"]["Status"], "healthy", "{seen}");
    assert_eq!(seen["HostConfig"]["Memory"], 512 << 20);
    assert_eq!(seen["HostConfig"]["PortBindings"]["80/tcp"][0]["HostPort"], (port + 1).to_string().as_str());
    let value = |inspected: &Value, variable: &str| {
        let all = inspected["Config"]["Env"].as_array().expect("an environment");
        let of = all.iter().filter_map(Value::as_str).find_map(|it| it.strip_prefix(&format!("{variable}=")));
        of.unwrap_or_default().to_owned()
    };
    let password = value(&seen, "WORDPRESS_DB_PASSWORD");
    assert_eq!((password.len(), &password), (32, &value(&engine.inspect(&db).await, "MARIADB_PASSWORD")));
    let audit = ada.get("audit").await.expect(200).json();
    assert!(!audit.to_string().contains(&password), "a password stands in the audit log");

    // Another of the same name is not made by mistake.
    browser.open(&scene.server.url("templates/wordpress")).await;
    browser.retype("deploy_name", &name).await;
    browser.click("[data-action=\"take-free-name\"]").await;
    browser.holds(&format!("document.querySelector('[name=deploy_name]').value === '{name}-2'")).await;

    browser.open(&scene.server.url(&format!("stacks/local/{name}"))).await;
    browser.appears("tr[data-service=\"wordpress\"][data-state=\"healthy\"]").await;
    browser.expect_no_complaint().await;
}

/// The images are stand-ins under the names that the templates say.
#[tokio::test]
async fn a_stack_of_ours_and_a_container_of_another_source_are_deployed() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let engine = &scene.engine;
    let scripts = [
        ("/usr/local/bin/redis-server", "#!/bin/sh\ntrap 'exit 0' TERM; echo ready; sleep 3600 & wait"),
        ("/usr/local/bin/redis-cli", "#!/bin/sh\necho PONG"),
    ];
    engine.stand_in("redis:8.10.1", &scripts, "exec redis-server").await;
    let page = ("/www/index.html", "Stand-in of notes");
    engine
        .stand_in("zadam/trilium:latest", &[page], "echo the notes are up; exec httpd -f -p 8080 -h /www")
        .await;
    let fixture = include_str!("../../fixtures/templates/templates.json");
    sent(&mut ada, "Theirs", fixture).await;
    let (port, cache, notes) = (free_ports(3), engine.name("cache"), engine.name("notes"));

    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url("templates?q=trilium")).await;
    browser.sign_in(PASSWORD).await;
    browser.click(".tplc .tbl__name").await;
    browser.retype("deploy_name", &notes).await;
    browser.retype("PORT_8080", &port.to_string()).await;
    browser.fill("LIMIT_MEMORY", "64m").await;
    browser.fill("LIMIT_CPUS", "0.5").await;
    browser.click("[data-form=\"template\"] [data-sharing=\"public\"]").await;
    browser.click("[data-action=\"deploy\"]:enabled").await;
    browser.appears("[data-result] [data-to=\"container\"]").await;
    browser.reads("[data-result] [data-to=\"page\"]", &format!(":{port}/")).await;
    let seen = engine.inspect(&notes).await;
    assert_eq!(
        (&seen["HostConfig"]["Memory"], &seen["HostConfig"]["NanoCpus"]),
        (&json!(64 << 20), &json!(500_000_000))
    );
    browser.appears("[data-result] [data-shared]").await;
    let access = ada.get(&format!("hosts/local/containers/{notes}/access")).await.expect(200).json();
    assert_eq!(access["sharing"], "public");
    // Another thought of it.
    browser.click("[data-result] [data-action=\"give-access\"]").await;
    browser.click("[role=\"dialog\"] [data-sharing=\"private\"]").await;
    browser.picture("template-shared").await;
    browser.click("[role=\"dialog\"] button[type=\"submit\"]").await;
    browser.vanishes("[role=\"dialog\"]").await;
    let access = ada.get(&format!("hosts/local/containers/{notes}/access")).await.expect(200).json();
    assert_eq!(access["sharing"], "private");
    browser.click("[data-result] [data-to=\"logs\"]").await;
    browser.reads(".lg", "the notes are up").await;

    let team = ada.send(Method::POST, "teams", Some(json!({ "name": "Web" }))).await.expect(200).json();
    browser.open(&scene.server.url("templates/redis")).await;
    browser.retype("deploy_name", &cache).await;
    browser.retype("PORT", &(port + 1).to_string()).await;
    browser.click("[data-form=\"template\"] [data-sharing=\"teams\"]").await;
    browser.appears("[data-team=\"Web\"]").await;
    browser.picture("template-sharing").await;
    browser.click("[data-action=\"deploy\"]:enabled").await;
    browser.appears_late("[data-result] [data-to=\"stack\"]", 3).await;
    browser.appears("[data-result] [data-shared]").await;
    // It is no page: where it answers is to be copied.
    browser.reads("[data-result] [data-to=\"port\"]", &format!(":{}", port + 1)).await;
    browser.vanishes("[data-result] [data-to=\"page\"]").await;
    browser.reads("[data-panel=\"line\"] pre", &format!("--name {cache} --kept")).await;
    // The password that was made is told once, and is the one that was deployed.
    browser.click("[data-secrets] summary").await;
    let told = browser.text("[data-secrets] pre").await;
    let password = told.strip_prefix("PASSWORD=").expect("a password");
    let runs = engine.inspect(&format!("{cache}-redis-1")).await["Config"].clone();
    assert!(password.len() == 32 && runs["Env"].to_string().contains(password), "{told}");
    assert!(!runs["Cmd"].to_string().contains(password), "it stands on the page of the container");
    let file = ["exec", &format!("{cache}-redis-1"), "cat", "/usr/local/etc/redis/redis.conf"];
    assert_eq!(engine.docker().ok(file).await, format!("requirepass \"{password}\""));
    browser.picture("template-result").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    let parts = ada.get(&format!("hosts/local/sharing/stack/{cache}")).await.expect(200).json();
    let parts = parts.as_array().expect("parts");
    // The stack itself, its service, its network and its volume.
    assert_eq!(parts.len(), 4, "{parts:?}");
    assert!(parts.iter().all(|part| part["access"]["teams"][0]["id"] == team["id"]), "{parts:?}");
    browser.click("[data-result] [data-to=\"console\"]").await;
    browser.appears("[data-console=\"open\"]").await;
    assert_eq!(engine.inspect(&format!("{cache}-redis-1")).await["State"]["Health"]["Status"], "healthy");
    browser.expect_no_complaint().await;

    // The page is left as soon as the server knows: it is shared all the same.
    let (mut begun, mut over) = (Live::on_jobs(&ada).await, Live::on_jobs(&ada).await);
    let left = engine.name("left");
    browser.open(&scene.server.url("templates?q=trilium")).await;
    browser.click(".tplc .tbl__name").await;
    browser.retype("deploy_name", &left).await;
    browser.retype("PORT_8080", &(port + 2).to_string()).await;
    browser.click("[data-form=\"template\"] [data-sharing=\"public\"]").await;
    browser.click("[data-action=\"deploy\"]:enabled").await;
    let job = begun.until("its job", |message| {
        let makes = |job: &&Value| {
            job["targets"].as_array().is_some_and(|all| all.iter().any(|it| it["name"] == *left))
        };
        message["body"]["jobs"].as_array()?.iter().find(makes).map(|job| text(&job["id"]))
    });
    let job = job.await;
    drop(browser);
    let ended = over.job_ended(&mut ada, &job).await;
    assert_eq!(ended["state"], "done", "{ended}");
    let access = ada.get(&format!("hosts/local/containers/{left}/access")).await.expect(200).json();
    assert_eq!(access["sharing"], "public");
}

/// A database that keeps the password of its first start, as databases do, and a site that does not come up the first
/// time it is made.
fn keeper(label: &str) -> String {
    let label = label.replacen('=', ": ", 1);
    let stays = "trap \"exit 0\" TERM; sleep 3600 & wait";
    format!(
        "id: keeper
title: Keeper
mark: Ke
description: {{en: Keeps., zh-CN: 保存。}}
categories: [web]
variables:
  PASSWORD: {{type: secret, label: {{en: Password, zh-CN: 密码}}}}
compose: |
  services:
    db:
      image: {IMAGE}
      command: [sh, -c, '[ -e /data/password ] || echo \"$$PASSWORD\" > /data/password; {stays}']
      environment: {{PASSWORD: '${{PASSWORD}}'}}
      labels: {{{label}}}
      volumes: ['data:/data']
    site:
      image: {IMAGE}
      command: [sh, -c, '[ -e /site/first ] || hostname > /site/first; [ \"$$(cat /site/first)\" != \"$$(hostname)\" ] || exit 1; {stays}']
      environment: {{PASSWORD: '${{PASSWORD}}'}}
      labels: {{{label}}}
      depends_on: [db]
      volumes: ['site:/site']
  volumes:
    data: {{labels: {{{label}}}}}
    site: {{labels: {{{label}}}}}
"
    )
}

#[tokio::test]
async fn a_second_try_has_the_secrets_that_the_first_has_left() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let engine = &scene.engine;
    let source = sent(&mut ada, "Ours", &keeper(&engine.label())).await;
    let docker = engine.docker();
    // The password that the database knows, and the one that the site has.
    let passwords = async |name: &str| {
        let kept = docker.ok(["exec", &format!("{name}-db-1"), "cat", "/data/password"]).await;
        let given = docker.ok(["exec", &format!("{name}-site-1"), "sh", "-c", "echo \"$PASSWORD\""]).await;
        (kept, given)
    };
    let browser = Browser::start(&Look::desk()).await;
    let page = scene.server.url(&format!("templates/{source}.keeper"));
    browser.open(&page).await;
    browser.sign_in(PASSWORD).await;
    for (name, leaves) in [(engine.name("stays"), false), (engine.name("comes-back"), true)] {
        browser.open(&page).await;
        browser.retype("deploy_name", &name).await;
        browser.click("[data-action=\"deploy\"]:enabled").await;
        browser.appears_late("[data-to=\"job\"]", 2).await;
        docker.refused(["inspect", &format!("{name}-site-1")]).await;
        if leaves {
            browser.reload().await;
            browser.retype("deploy_name", &name).await;
        }
        browser.click("[data-action=\"deploy\"]:enabled").await;
        browser.appears_late("[data-result] [data-to=\"stack\"]", 2).await;
        let (kept, given) = passwords(&name).await;
        assert_eq!(kept, given, "{name}");
        if leaves {
            // Nobody here knows them: what is shown would be others.
            browser.appears("[data-result] [data-secrets-kept]").await;
            browser.vanishes("[data-result] [data-secrets]").await;
            browser.picture("template-secrets-kept").await;
        } else {
            browser.click("[data-secrets] summary").await;
            assert_eq!(browser.text("[data-secrets] pre").await, format!("PASSWORD={kept}"));
        }
        assert_eq!(browser.barriers().await, Vec::<String>::new());
    }
    browser.expect_no_complaint().await;
}
