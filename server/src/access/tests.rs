//! The policy and its door: what is refused, and what is written down.

use longshore_api::{
    ops::{OPERATIONS, Operation, Role, operation},
    web::account::Roles,
};

use super::*;
use crate::{seal::Seal, store::Store};

async fn access() -> (tempfile::TempDir, Store, Access) {
    let data = tempfile::tempdir().unwrap();
    let store = Store::open(data.path()).await.unwrap();
    let ledger = Arc::new(Ledger::open(store.clone(), data.path()).await.unwrap());
    let accounts = Arc::new(
        Accounts::open(store.clone(), Arc::clone(&ledger), &[7; 32], Seal::new(&[7; 32])).await.unwrap(),
    );
    (data, store, Access::new(ledger, accounts, Arc::default(), Arc::default()))
}

fn row(id: &str) -> &'static Operation {
    operation(id).unwrap()
}

fn on_quay() -> Target {
    Target::Host("quay".to_owned())
}

async fn outcomes(store: &Store) -> Vec<(String, String, String, Option<i64>)> {
    sqlx::query_as("SELECT operation, target, outcome, status FROM audit ORDER BY id")
        .fetch_all(store.read())
        .await
        .unwrap()
}

#[tokio::test]
async fn whoever_has_no_grant_can_do_no_operation_and_learns_of_no_host() {
    let (_data, _, access) = access().await;
    let nobody = Principal::of_test(Roles::default());
    for operation in OPERATIONS {
        let fault = access.require(&nobody, Demand::Operation(operation), on_quay(), "r").unwrap_err();
        assert_eq!(fault.status(), StatusCode::NOT_FOUND, "{}", operation.id);
    }
    let fault = access.require(&nobody, Demand::Administer, Target::Longshore, "r").unwrap_err();
    assert_eq!(fault.status(), StatusCode::FORBIDDEN);
    assert!(access.require(&nobody, Demand::Own, on_quay(), "r").is_err());
    let own = access.require(&nobody, Demand::Own, Target::Account, "r").unwrap();
    assert_eq!(access.sight(&own).of("quay"), HostSight::Nothing);
    assert!(access.read(&own).await.is_err(), "one's own account is no way to an engine");
}

#[tokio::test]
async fn a_permit_is_for_one_operation_on_one_host() {
    let (_data, _, access) = access().await;
    let mara = Principal::of_test(Roles::all());
    let pass = access.require(&mara, Demand::Operation(row("container-inspect")), on_quay(), "r").unwrap();
    let permit = access.read(&pass).await.unwrap();
    let (get, post) = (http::Method::GET, http::Method::POST);
    assert!(permit.covers("quay", &get, "/v1.41/containers/web/json"));
    assert!(!permit.covers("other", &get, "/v1.41/containers/web/json"));
    assert!(!permit.covers("quay", &get, "/v1.41/containers/web/logs"));
    assert!(!permit.covers("quay", &post, "/v1.41/containers/web/stop"));
    assert!(!permit.covers("quay", &get, "/debug/vars"));
}

#[tokio::test]
async fn no_change_is_called_as_a_read() {
    let (_data, _, access) = access().await;
    let mara = Principal::of_test(Roles::all());
    for operation in OPERATIONS {
        let pass = access.require(&mara, Demand::Operation(operation), on_quay(), "r").unwrap();
        assert_eq!(access.read(&pass).await.is_ok(), !operation.audit, "{}", operation.id);
    }
}

#[tokio::test]
async fn a_change_has_its_row_before_it_happens_and_its_outcome_after() {
    let (_data, store, access) = access().await;
    let mara = Principal::of_test(Roles::all());
    let target = Target::Object { host: "quay".to_owned(), id: None, name: "container Web".to_owned() };
    let pass = access.require(&mara, Demand::Operation(row("container-stop")), target, "r").unwrap();
    let before = store.clone();
    let stopped = access
        .operate(&pass, async |_| {
            let intended = outcomes(&before).await;
            assert_eq!(intended.len(), 1);
            assert_eq!((intended[0].2.as_str(), intended[0].3), ("intended", None));
            Err::<(), _>(Fault::not_found(say::container_unknown("quay", "Web")))
        })
        .await;
    assert!(stopped.is_err());
    let expected = ("container-stop".to_owned(), "container Web".to_owned(), "failed".to_owned(), Some(404));
    assert_eq!(outcomes(&store).await, [expected]);
}

#[tokio::test]
async fn a_database_that_takes_no_row_means_no_change() {
    let (_data, store, access) = access().await;
    let mara = Principal::of_test(Roles::all());
    let pass = access.require(&mara, Demand::Operation(row("container-stop")), on_quay(), "r").unwrap();
    store.refuse_writes().await;
    let mut called = false;
    let result = access
        .operate(&pass, |_| {
            called = true;
            async { Ok(()) }
        })
        .await;
    let refused = result.unwrap_err();
    assert_eq!(refused.status(), StatusCode::INSUFFICIENT_STORAGE);
    assert_eq!(refused.sentence().code, "store-unwritable");
    assert!(!called, "the engine was called all the same");
    store.check().await.expect("questions go on");
    store.can_write().await.expect_err("and it is known");
}

#[tokio::test]
async fn a_change_during_which_the_server_ended_is_unknown() {
    let (_data, store, access) = access().await;
    let mara = Principal::of_test(Roles::all());
    let pass = access.require(&mara, Demand::Own, Target::Account, "r").unwrap();
    let ended = tokio::time::timeout(
        std::time::Duration::from_millis(50),
        access.change(&pass, "key-create", async |_| std::future::pending::<Result<(), Fault>>().await),
    );
    assert!(ended.await.is_err());
    assert_eq!(access.ledger.begin().await.unwrap(), 1);
    assert_eq!(outcomes(&store).await[0].2, "unknown");
}

#[tokio::test]
async fn a_right_that_went_while_the_body_was_on_its_way_changes_nothing() {
    let (_data, store, access) = access().await;
    let bell = tokio::sync::watch::Sender::new(0);
    // Someone whose session is not in the database any more.
    let gone = Principal::of_test_with(Roles::all(), bell.subscribe());
    let pass = access.require(&gone, Demand::Operation(row("container-stop")), on_quay(), "r").unwrap();
    bell.send_replace(1);
    let fault = access.operate(&pass, async |_| Ok(())).await.unwrap_err();
    assert_eq!(fault.status(), StatusCode::UNAUTHORIZED);
    assert!(outcomes(&store).await.is_empty());
    // So is who begins a job, for what is still to be found.
    let somewhere = Target::SomeObject { host: "quay".to_owned() };
    let pass = access.require(&gone, Demand::Operation(row("container-stop")), somewhere, "r").unwrap();
    bell.send_replace(2);
    let fault = access.change(&pass, "job-start", async |_| Ok(())).await.unwrap_err();
    assert_eq!(fault.status(), StatusCode::UNAUTHORIZED);
}

/// What is said is judged by the role on the very host that it is said to.
#[tokio::test]
async fn who_manages_one_host_is_below_the_line_on_another() {
    let (_data, _, access) = access().await;
    access.own().lives_on("ours");
    let mut roles = Roles::default();
    for (host, role) in [("quay", Role::Manager), ("dock", Role::Developer), ("ours", Role::Manager)] {
        roles.add(Some(host.to_owned()), role);
    }
    let principal = Principal::of_test(roles);
    let pass = |host: &str| {
        let target = Target::Share { host: host.to_owned(), name: "container".to_owned() };
        access.require(&principal, Demand::Operation(row("container-create")), target, "r").unwrap()
    };
    let body = serde_json::json!({ "Image": "a", "HostConfig": { "Binds": ["/etc:/e"] } });
    assert_eq!(pass("quay").judge(body.clone()).unwrap().body(), &body);
    for host in ["dock", "ours"] {
        let fault = pass(host).judge(body.clone()).unwrap_err();
        assert_eq!(fault.status(), StatusCode::FORBIDDEN);
        assert!(fault.to_string().contains("HostConfig.Binds[0]"), "{fault}");
    }
    let spelled = serde_json::json!({ "hostconfig": {} });
    assert_eq!(pass("quay").judge(spelled).unwrap_err().status(), StatusCode::BAD_REQUEST);
}

/// Whoever reads our data folder signs in as anybody.
#[tokio::test]
async fn what_longshore_itself_is_made_of_is_for_administrators() {
    const ID: &str = "7e64653bec0e456490a0f110bbe77de648ed7ce82dace0c63fd33ca966a1408f";
    let (_data, store, access) = access().await;
    let own = Own::in_container("ours", ID).with_volume("ours", ID, "ls_data");
    let access = Access { own: Arc::new(own), ..access };
    let who = |role: Role| {
        let mut roles = Roles::default();
        roles.add(Some("ours".to_owned()), role);
        Principal::of_test(roles)
    };
    let ask = |role: Role, operation: &str, id: &str| {
        let target = Target::Object {
            host: "ours".to_owned(),
            id: Some(id.to_owned()),
            name: format!("container {id}"),
        };
        access.require(&who(role), Demand::Operation(row(operation)), target, "r").map(drop)
    };
    for look in ["container-inspect", "container-logs", "container-stats", "volume-inspect"] {
        let id = if look.starts_with("volume") { "ls_data" } else { ID };
        ask(Role::Manager, look, id).unwrap();
    }
    let beyond = OPERATIONS.iter().filter(|operation| {
        !operation.only_looks() && kind_of(operation) == Some(longshore_api::ops::Kind::Container)
    });
    for operation in beyond {
        let fault = ask(Role::Manager, operation.id, ID).unwrap_err();
        assert_eq!(fault.status(), StatusCode::FORBIDDEN, "{}", operation.id);
        assert_eq!(fault.sentence().code, "permission-missing", "{}", operation.id);
        ask(Role::Manager, operation.id, &ID.replace('7', "8")).unwrap();
        let administers = ask(Role::Administrator, operation.id, ID);
        assert_eq!(administers.is_err(), would_end_us(operation), "{}", operation.id);
    }
    ask(Role::Manager, "volume-remove", "ls_data").unwrap_err();
    let fault = ask(Role::Administrator, "volume-remove", "ls_data").unwrap_err();
    assert_eq!((fault.status(), &*fault.sentence().code), (StatusCode::CONFLICT, "own-container"));
    ask(Role::Manager, "volume-remove", "other").unwrap();
    access.ledger.end().await;
    let refused = outcomes(&store).await;
    assert!(refused.iter().any(|row| row.0 == "exec-create" && row.2 == "refused"), "{refused:?}");
}
