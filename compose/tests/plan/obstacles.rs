//! What stands in the way is said, all of it at once, with the way out.

use longshore_compose::plan::{Pull, Up, Wish};
use serde_json::json;

use crate::{host::Host, project, up};

fn said(host: &Host, text: &str, wish: &Wish) -> Vec<String> {
    let all = host.plan(&project(text), wish).expect_err("something stands in the way");
    all.iter().map(ToString::to_string).collect()
}

#[test]
fn names_that_others_have_are_not_taken() {
    let text = "services: {web: {image: w}, db: {image: d}}";
    let mut host = Host::for_project(&project(text));
    let container = |id: &str, name: &str, project: &str| json!({"Id": id, "Name": name, "Config": {"Labels": {"com.docker.compose.project": project}}, "State": {"Status": "running"}});
    host.there.containers = vec![container("1", "/shop-web-1", "other"), container("2", "/shop-db-1", "")];
    assert_eq!(
        said(&host, text, &up()),
        [
            "the name `shop-db-1` that `db` needs is taken by a container; remove or rename it",
            "the name `shop-web-1` that `web` needs is taken by a container of the project `other`; remove or rename it",
        ]
    );
}

#[test]
fn networks_and_volumes_have_to_be_the_project_s_or_external_and_there() {
    let text = "
services: {web: {image: w, networks: [a, b, c, d], volumes: ['kept:/v']}}
networks: {a: , b: {external: true}, c: , d: }
volumes: {kept: {external: true}}
";
    let mut host = Host::for_project(&project(text));
    let network = |name: &str, id: &str, of: &str, key: &str| {
        let labels = json!({"com.docker.compose.project": of, "com.docker.compose.network": key});
        json!({"Name": name, "Id": id, "Labels": labels})
    };
    let ours = |id: &str| network("shop_d", id, "shop", "d");
    host.there.networks = vec![
        json!({"Name": "shop_a", "Id": "1"}),
        network("shop_c", "2", "other", "c"),
        ours("3"),
        ours("4"),
    ];
    assert_eq!(
        said(&host, text, &up()),
        [
            "the external network `b` is not there; make it, or remove `external` from `b`",
            "the network `shop_a` was made by somebody else, not for `a` of this one; write `external: true` if it is meant, or another `name`",
            "the network `shop_c` was made for the project `other`, not for `c` of this one; write `external: true` if it is meant, or another `name`",
            "2 networks are named `shop_d`; remove or rename those that `d` is not",
            "the external volume `kept` is not there; make it, or remove `external` from `kept`",
        ]
    );
}

#[test]
fn a_network_that_strangers_are_on_is_not_made_anew() {
    let text = "services: {web: {image: w}}\nnetworks: {default: {internal: true}}";
    let mut host = Host::for_project(&project(text));
    host.does(&project(&text.replace("true", "false")), &up());
    host.there.networks[0]["Containers"] = json!({"0": {"Name": "stranger"}});
    assert_eq!(
        said(&host, text, &up()),
        [
            "the network `shop_default` has to be made anew, and `stranger`, which is not of this project, is on it; take it off first"
        ]
    );
}

#[test]
fn images_that_must_not_be_pulled_have_to_be_there() {
    let text =
        "services: {a: {image: x, pull_policy: never}, b: {image: y}, c: {image: z, pull_policy: build}}";
    assert_eq!(
        said(&Host::default(), text, &Wish::Up(Up { pull: Pull::Never, ..Up::default() })),
        [
            "the image `x` of `a` is not there and is not to be pulled; pull it first, or change `pull_policy`",
            "the image `y` of `b` is not there and is not to be pulled; pull it first, or change `pull_policy`",
            "the image `z` of `c` is not there and is not to be pulled; pull it first, or change `pull_policy`",
        ]
    );
    let host = Host::for_project(&project(text));
    assert_eq!(said(&host, text, &up()), ["the image of `c` is to be built, and the service has no `build`"]);
    let wish = Up { services: vec!["b".to_owned()], build: true, ..Up::default() };
    let refused = said(&host, text, &Wish::Up(wish));
    assert_eq!(refused, ["the image of `b` is to be built, and the service has no `build`"]);
}

#[test]
fn several_containers_share_neither_a_name_nor_a_port() {
    let text = "services: {a: {image: x, container_name: mine, ports: ['80:80', '90-91:90']}}";
    let host = Host::for_project(&project(text));
    let scale = |service: &str, n| Wish::Up(Up { scale: [(service.to_owned(), n)].into(), ..Up::default() });
    assert_eq!(
        said(&host, text, &scale("a", 2)),
        [
            "2 containers of `a` cannot all be named `mine`; remove `container_name`",
            "2 containers of `a` cannot all have port 80 of the host; publish a range, or no port",
        ]
    );
    assert!(said(&host, text, &scale("a", u64::MAX))[0].ends_with("are too many; there can be 1000"));
    assert_eq!(said(&host, text, &scale("b", 2)), ["there is no service `b`"]);
}

#[test]
fn nothing_is_shared_with_a_service_that_is_to_have_no_containers() {
    let text = "services: {a: {image: x, network_mode: 'service:b'}, b: {image: y, scale: 0}}";
    let host = Host::for_project(&project(text));
    assert_eq!(said(&host, text, &up()), ["`a` needs a container of `b`, and there is to be none"]);
}

#[test]
fn a_circle_is_an_obstacle_and_no_endless_plan() {
    let mut circle = project("services: {a: {image: x}, b: {image: y, depends_on: [a]}}");
    let on = circle.services["b"].depends_on["a"].clone();
    circle.services.get_mut("a").expect("a").depends_on.insert("b".to_owned(), on);
    let refused = Host::for_project(&circle).plan(&circle, &up()).expect_err("a circle");
    assert_eq!(refused[0].to_string(), "these services wait for one another in a circle: a -> b -> a");
}

#[test]
fn a_project_has_so_many_containers_in_all() {
    let host = Host::for_project(&project("services: {web: {image: w}}"));
    let services = |count: usize, scale: u64| {
        let each: Vec<String> = (0..count).map(|n| format!("s{n}: {{image: w, scale: {scale}}}")).collect();
        format!("services: {{{}}}", each.join(", "))
    };
    for (count, scale, n) in [(50, 1000, 50_000), (1001, 1, 1001), (1001, 0, 1001)] {
        let text = services(count, scale);
        let is = format!("{n} containers are too many; there can be 1000");
        assert_eq!(said(&host, &text, &up()), [is]);
    }
    assert!(host.plan(&project(&services(2, 500)), &up()).is_ok());
    let stop = Wish::Stop { services: vec![] };
    assert!(host.plan(&project(&services(50, 1000)), &stop).is_ok(), "what is there can be stopped");
}
