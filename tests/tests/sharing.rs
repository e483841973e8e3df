//! Sharing from where things are: a whole stack at once, an image, a network and a volume from their pages.

use http::Method;
use longshore_tests::{
    Browser, Docker, Live, Person, Scene,
    browser::{ESCAPE, Look},
    database::sql,
    engine::IMAGE,
    http::text,
    person::PASSWORD,
    stack::{Stack as Deployed, down, file, source, up},
};
use serde_json::json;

/// A stack of mia's, with bob in a team of hers.
struct Stack {
    scene: Scene,
    hers: Docker,
    his: Docker,
    mia: Person,
    bob: Person,
    team: String,
    stack: String,
    network: String,
    volume: String,
    web: String,
}

impl Stack {
    async fn of_mia() -> Self {
        let scene = Scene::start().await;
        let mut ada = scene.administrator().await;
        let mut mia = scene.person(&mut ada, "mia", "developer").await;
        let mut bob = scene.person(&mut ada, "bob", "developer").await;
        let team = ada.team("Harbour", &["mia", "bob"]).await;
        let hers = Docker::through(&scene.server, Some(&mia.make_key("docker").await));
        let his = Docker::through(&scene.server, Some(&bob.make_key("docker").await));
        let stack = scene.engine.name("shop");
        let [network, volume, web] = ["net", "data", "web"].map(|name| format!("{stack}_{name}"));
        let (label, project) = (scene.engine.label(), format!("com.docker.compose.project={stack}"));
        let labels = ["--label", &label, "--label", &project];
        hers.ok(["network", "create"].iter().chain(&labels).chain(&[network.as_str()])).await;
        hers.ok(["volume", "create"].iter().chain(&labels).chain(&[volume.as_str()])).await;
        for (service, name) in [("web", &web), ("db", &format!("{stack}_db"))] {
            let service = format!("com.docker.compose.service={service}");
            let run = ["create", "--name", name, "--network", &network, "--label", &service];
            hers.ok(run.iter().chain(&labels).chain(&[IMAGE, "true"])).await;
        }
        Self { scene, hers, his, mia, bob, team, stack, network, volume, web }
    }

    async fn browser(&self, look: &Look, name: &str) -> Browser {
        let browser = Browser::start(look).await;
        browser.open(&self.scene.server.url("")).await;
        browser.fill("name", name).await;
        browser.fill("password", PASSWORD).await;
        browser.click("button[type=submit]").await;
        browser.appears("[data-live=\"live\"]").await;
        browser
    }

    fn audit(&self) -> String {
        let told = "SELECT target, detail, outcome FROM audit WHERE operation = 'access-give' ORDER BY id";
        sql(&self.scene.server, told)
    }
}

#[tokio::test]
async fn a_whole_stack_is_shared_at_once() {
    let mut at = Stack::of_mia().await;
    let (network, volume, web, stack) = (&at.network, &at.volume, &at.web, &at.stack);
    at.his.refused(["volume", "inspect", volume]).await;
    let browser = at.browser(&Look::desk(), "mia").await;
    browser.open(&at.scene.server.url("containers")).await;
    browser.click(&format!("[data-group=\"local/{stack}\"] [data-action=\"share-stack\"]")).await;
    for part in ["web", "db", network.as_str(), volume.as_str()] {
        browser.reads("[role=\"dialog\"] .access__said", part).await;
    }
    browser.click("[data-sharing=\"teams\"]").await;
    browser.appears("[data-team=\"Harbour\"]:checked").await;
    browser.picture("share-stack").await;
    browser.click("[data-action=\"confirm\"]").await;
    browser.vanishes("[role=\"dialog\"]").await;
    at.his.ok(["volume", "inspect", volume]).await;
    at.his.ok(["network", "inspect", network]).await;
    at.his.ok(["inspect", web]).await;
    // What is to come of its services is shared too.
    let told = at.audit();
    assert!(told.starts_with(&format!("stack {stack}|owner mia; teams Harbour; container")), "{told}");
    assert_eq!(told.lines().count(), 1, "one deed: {told}");

    // Shared with him it is not his to give, and the page does not offer it.
    let path = format!("hosts/local/sharing/stack/{stack}");
    let seen = at.bob.get(&path).await.expect(200).json();
    let seen = seen.as_array().expect("a list");
    assert_eq!(seen.len(), 4, "{seen:?}");
    assert!(seen.iter().all(|one| one["access"]["may_change"] == false && one["access"]["owner"] == "mia"));
    at.bob.send(Method::PUT, &path, Some(json!({ "owner": "bob" }))).await.expect(403);
    at.bob.get("hosts/local/sharing/stack/none-of-it").await.expect(404);
    let his = at.browser(&Look::phone(), "bob").await;
    his.open(&at.scene.server.url(&format!("containers/local/{web}"))).await;
    his.reads("[data-panel=\"access\"] [data-fact=\"owner\"]", "mia").await;
    his.vanishes("[data-action=\"share-stack\"], [data-action=\"give-access\"]").await;
    his.expect_no_complaint().await;

    // From the page of one of its containers it is taken back as a whole.
    browser.open(&at.scene.server.url(&format!("containers/local/{web}"))).await;
    browser.click("[data-action=\"share-stack\"]").await;
    browser.appears("[role=\"dialog\"] [data-team=\"Harbour\"]:checked").await;
    browser.click("[data-sharing=\"private\"]").await;
    browser.click("[data-action=\"confirm\"]").await;
    browser.vanishes("[role=\"dialog\"]").await;
    at.his.refused(["volume", "inspect", volume]).await;
    at.his.refused(["inspect", web]).await;
    at.hers.ok(["inspect", web]).await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn networks_volumes_and_images_are_shared_from_their_pages() {
    let mut at = Stack::of_mia().await;
    let (network, volume) = (&at.network, &at.volume);
    let image = format!("{}:1", at.scene.engine.name("image"));
    at.hers.ok(["tag", IMAGE, &image]).await;
    let id = |said: &str| said.trim().to_owned();
    let network_id = id(&at.hers.ok(["network", "inspect", "--format", "{{.Id}}", network]).await);
    let image_id = id(&at.hers.ok(["image", "inspect", "--format", "{{.Id}}", &image]).await);
    let browser = at.browser(&Look::desk(), "mia").await;
    for path in [format!("networks/local/{network_id}"), format!("volumes/local/{volume}")] {
        browser.open(&at.scene.server.url(&path)).await;
        browser.reads("[data-panel=\"access\"] [data-fact=\"owner\"]", "mia").await;
        browser.click("[data-action=\"give-access\"]").await;
        browser.click("[data-sharing=\"teams\"]").await;
        browser.appears("[data-team=\"Harbour\"]:checked").await;
        browser.click("[data-action=\"confirm\"]").await;
        browser.reads("[data-panel=\"access\"] [data-fact=\"sharing\"]", "Harbour").await;
    }
    browser.picture("volume-shared").await;
    // Who may use it, and why; for who may give it.
    browser.click("[data-action=\"who-may\"]").await;
    browser.reads("[data-person=\"mia\"]", "owner").await;
    browser.reads("[data-person=\"bob\"]", "Harbour").await;
    browser.reads("[data-person=\"ada\"]", "manages the host").await;
    browser.picture("who-may-volume").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    let path = format!("hosts/local/sharing/stack/{}/people", at.stack);
    at.bob.get(&path).await.expect(403);
    let parts = at.mia.get(&path).await.expect(200).json();
    let of = |name: &str| {
        let part = parts.as_array().into_iter().flatten().find(|part| part["name"] == name);
        let people = part.unwrap_or_else(|| panic!("{name}: {parts}"))["people"].as_array().cloned();
        let names = people.into_iter().flatten().map(|one| text(&one["name"]));
        names.collect::<Vec<_>>()
    };
    assert_eq!((of(volume).join(" "), of("web").join(" ")), ("ada bob mia".to_owned(), "ada mia".to_owned()));
    at.his.ok(["volume", "inspect", volume]).await;
    at.his.ok(["network", "inspect", network]).await;
    // The names of an image are hers; that of others' she reads nothing.
    browser.open(&at.scene.server.url(&format!("images/local/{image_id}"))).await;
    browser.reads("[data-panel=\"access\"] [data-fact=\"owner\"]", "mia").await;
    browser.click("[data-action=\"give-access\"]").await;
    browser.click("[data-sharing=\"public\"]").await;
    browser.click("[data-action=\"confirm\"]").await;
    browser.reads("[data-panel=\"access\"] [data-fact=\"sharing\"]", "Everybody").await;
    at.hers.ok(["rmi", &image]).await;
    browser.expect_no_complaint().await;

    // What every engine has is nobody's to give.
    let bridge =
        id(&at.scene.engine.docker().ok(["network", "inspect", "--format", "{{.Id}}", "bridge"]).await);
    let ada = at.browser(&Look::desk(), "ada").await;
    ada.open(&at.scene.server.url(&format!("networks/local/{bridge}"))).await;
    ada.appears("[data-panel=\"facts\"]").await;
    ada.vanishes("[data-panel=\"access\"]").await;
    ada.expect_no_complaint().await;
}

#[tokio::test]
async fn lists_say_whose_things_are() {
    let mut at = Stack::of_mia().await;
    let of_managers = at.scene.engine.running("other").await;
    let containers = at.scene.server.url("containers");
    let owner = |name: &str| format!("[data-container=\"{name}\"] .owner");
    let ada = at.browser(&Look::desk(), "ada").await;
    ada.open(&containers).await;
    ada.reads(&owner(&at.web), "mia").await;
    ada.reads(&owner(&of_managers), "—").await;
    // Shared while she looks, it is said at once.
    let wish = json!({ "owner": "mia", "sharing": "teams", "teams": [at.team] });
    at.mia
        .send(Method::PUT, &format!("hosts/local/sharing/stack/{}", at.stack), Some(wish))
        .await
        .expect(204);
    ada.appears(&format!("{}[title*=\"Harbour\"]", owner(&at.web))).await;
    ada.picture("containers-owners").await;
    // All of it fits: the address that is on each container's own page gives way.
    ada.resize(1280, 800).await;
    ada.holds(
        "(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)(document.querySelector('.tblwrap'))",
    )
    .await;
    ada.picture("containers-owners.1280").await;
    // Whose things are is found by the filter.
    ada.open(&format!("{containers}?group=flat&q=mia")).await;
    ada.appears(&format!("[data-container=\"{}\"]", at.web)).await;
    ada.vanishes(&format!("[data-container=\"{of_managers}\"]")).await;
    // By owner, and without that column.
    ada.open(&format!("{containers}?group=flat&sort=owner&q={}", at.stack)).await;
    ada.appears("th[aria-sort=\"ascending\"]").await;
    ada.open(&format!("{containers}?hide=owner")).await;
    ada.appears(&format!("[data-container=\"{}\"]", at.web)).await;
    ada.vanishes("td:not(.is-hidden) > .owner").await;
    let thing = |page: &str| at.scene.server.url(page);
    ada.open(&thing("volumes")).await;
    ada.reads(&format!("[data-thing=\"{}\"] .owner", at.volume), "mia").await;
    ada.picture("volumes-owners").await;
    let other = at.scene.engine.name("of-nobody");
    at.scene.engine.docker().ok(["volume", "create", "--label", &at.scene.engine.label(), &other]).await;
    ada.appears(&format!("[data-thing=\"{other}\"]")).await;
    ada.press("/").await;
    ada.press("MIA").await;
    ada.vanishes(&format!("[data-thing=\"{other}\"]")).await;
    ada.appears(&format!("[data-thing=\"{}\"]", at.volume)).await;
    // An image is whose its name is, as far as one sees that.
    let image = at.scene.engine.name("hers");
    at.hers.ok(["tag", IMAGE, &format!("{image}:1")]).await;
    let id = at.scene.engine.docker().ok(["image", "inspect", "--format", "{{.Id}}", IMAGE]).await;
    let row = format!("[data-thing=\"{}\"] .owner", id.trim());
    ada.open(&thing("images?q=mia")).await;
    ada.reads(&row, "mia").await;
    ada.picture("images-owners").await;
    // With whom it is shared reads the same, and of what is not theirs nothing at all.
    let his = at.browser(&Look::phone().language("zh-CN"), "bob").await;
    his.open(&containers).await;
    his.reads(&format!("[data-container=\"{}\"] .ct__owner", at.web), "mia").await;
    his.vanishes(&format!("[data-container=\"{of_managers}\"]")).await;
    his.picture("containers-owners.phone.zh-CN").await;
    ada.expect_no_complaint().await;
    his.expect_no_complaint().await;
}

#[tokio::test]
async fn the_list_of_stacks_shares_each() {
    let at = Stack::of_mia().await;
    let ada = at.browser(&Look::desk(), "ada").await;
    ada.open(&at.scene.server.url("stacks")).await;
    ada.reads(&format!("[data-stack=\"{}\"] .owner", at.stack), "mia").await;
    ada.click(&format!("[data-stack=\"{}\"] [data-action=\"share-stack\"]", at.stack)).await;
    ada.reads("[role=\"dialog\"] .access__said", &at.network).await;
    ada.click("[data-sharing=\"public\"]").await;
    ada.click("[data-action=\"confirm\"]").await;
    ada.vanishes("[role=\"dialog\"]").await;
    at.his.ok(["inspect", &at.web]).await;
    ada.picture("stacks-share").await;
    // What the engine alone knows of is given from its own page too.
    ada.open(&at.scene.server.url(&format!("stacks/local/{}", at.stack))).await;
    ada.click("[data-action=\"share\"]").await;
    ada.reads("[role=\"dialog\"] .access__said", &at.volume).await;
    ada.expect_no_complaint().await;
}

#[tokio::test]
async fn the_dialogs_of_sharing_shut_nobody_out_in_any_look() {
    let at = Stack::of_mia().await;
    let mut wrong = Vec::new();
    for (look, called) in [
        (Look::desk(), "desk"),
        (Look::phone(), "phone"),
        (Look::phone().dark().language("zh-CN"), "phone.dark.zh-CN"),
    ] {
        let browser = at.browser(&look, "mia").await;
        browser.open(&at.scene.server.url(&format!("containers/local/{}", at.web))).await;
        browser.click("[data-action=\"give-access\"]").await;
        browser.click("[data-sharing=\"teams\"]").await;
        browser.appears("[data-team=\"Harbour\"]").await;
        browser.look_over(&format!("share-one.{called}"), &mut wrong).await;
        browser.press(ESCAPE).await;
        browser.click("[data-action=\"share-stack\"]").await;
        browser.appears("[role=\"dialog\"] .access__said").await;
        browser.look_over(&format!("share-stack.{called}"), &mut wrong).await;
        browser.open(&at.scene.server.url(&format!("volumes/local/{}", at.volume))).await;
        browser.appears("[data-panel=\"access\"] [data-fact=\"owner\"]").await;
        browser.look_over(&format!("volume-access.{called}"), &mut wrong).await;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn what_is_deployed_is_shared_as_it_is_made() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let mut mia = scene.person(&mut ada, "mia", "developer").await;
    let mut bob = scene.person(&mut ada, "bob", "developer").await;
    let mut teams = Vec::new();
    for (team, members) in [("Harbour", &["mia", "bob"][..]), ("Yard", &["bob"])] {
        teams.push(ada.team(team, members).await);
    }
    let with = |sharing: &str, teams: &[&String]| json!({ "sharing": sharing, "teams": teams });
    let mut shop = Deployed::of(&scene, &mia).await;
    let plan = up(Some(source(&file(&scene.engine.label(), "one"))));

    // With a team that is none of hers nothing is begun, nor with one that is none.
    let digest = shop.plan(&mut mia, &plan).await["digest"].clone();
    let apply = |share: serde_json::Value| json!({ "plan": plan, "digest": digest, "share": share });
    let none = "none".to_owned();
    for team in [&teams[1], &none] {
        let wish = apply(with("teams", &[team]));
        mia.send(Method::POST, &shop.path("/apply"), Some(wish)).await.expect(403);
    }
    mia.get(&shop.path("/releases")).await.expect(404);
    let wish = apply(with("teams", &[&teams[0]]));
    let started = mia.send(Method::POST, &shop.path("/apply"), Some(wish)).await.expect(202).json();
    let job = shop.ended(&mut mia, &text(&started["id"])).await;
    assert_eq!(job["state"], "done", "{job}");
    let whole = format!("hosts/local/sharing/stack/{}", shop.name);
    let parts = bob.get(&whole).await.expect(200).json();
    let parts = parts.as_array().expect("parts");
    // The stack itself, two services, their network and their volume.
    assert_eq!(parts.len(), 5, "{parts:?}");
    for part in parts {
        assert_eq!(
            (&part["access"]["teams"][0]["id"], &part["access"]["owner"]),
            (&json!(teams[0]), &json!("mia"))
        );
    }
    let audit =
        sql(&scene.server, "SELECT target, detail FROM audit WHERE operation = 'access-give' ORDER BY id");
    let told = format!("stack {}|teams Harbour; ", shop.name);
    assert!(audit.contains(&told) && audit.contains("container db") && audit.contains("volume "), "{audit}");
    shop.done(&mut mia, down(true)).await;

    // A container alone, of hers.
    let mut live = Live::on_jobs(&mia).await;
    let name = scene.engine.name("alone");
    let label = scene.engine.label();
    let (key, value) = label.split_once('=').expect("a label");
    let body = json!({ "Image": IMAGE, "Cmd": ["sleep", "3600"], "Labels": { key: value } });
    let new = |share: serde_json::Value| json!({ "name": name, "start": true, "body": body, "share": share });
    let refused = new(with("teams", &[&teams[1]]));
    mia.send(Method::POST, "hosts/local/containers", Some(refused)).await.expect(403);
    scene.engine.docker().refused(["inspect", &name]).await;
    let started = new(with("public", &[]));
    let started = mia.send(Method::POST, "hosts/local/containers", Some(started)).await.expect(202).json();
    let job = live.job_ended(&mut mia, &text(&started["id"])).await;
    assert_eq!(job["state"], "done", "{job}");
    let access = bob.get(&format!("hosts/local/containers/{name}/access")).await.expect(200).json();
    assert_eq!((&access["sharing"], &access["owner"]), (&json!("public"), &json!("mia")));

    // What a manager makes stays the managers', and is seen by whom they name.
    let mut yard = Deployed::of(&scene, &ada).await;
    yard.name = scene.engine.name("yard");
    bob.get(&yard.path("")).await.expect(404);
    let digest = yard.plan(&mut ada, &plan).await["digest"].clone();
    let wish = json!({ "plan": plan, "digest": digest, "share": with("teams", &[&teams[1]]) });
    let started = ada.send(Method::POST, &yard.path("/apply"), Some(wish)).await.expect(202).json();
    let job = yard.ended(&mut ada, &text(&started["id"])).await;
    assert_eq!(job["state"], "done", "{job}");
    let whole = format!("hosts/local/sharing/stack/{}", yard.name);
    let parts = bob.get(&whole).await.expect(200).json();
    assert_eq!(parts.as_array().map(Vec::len), Some(5), "{parts}");
    assert_eq!(parts[0]["access"]["owner"], serde_json::Value::Null, "{parts}");
    mia.get(&whole).await.expect(404);
    yard.done(&mut ada, down(true)).await;
}
