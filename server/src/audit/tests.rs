//! The chain as a whole: what is written verifies, and what is done to the table by hand is found.

use longshore_api::web::audit::AuditDamage as Damage;
use sqlx::{Connection as _, SqliteConnection};

use super::*;
use crate::store::Store;

struct Room {
    data: tempfile::TempDir,
    store: Store,
    ledger: Ledger,
}

impl Room {
    /// A log with so many rows.
    async fn with(rows: i64) -> Self {
        let data = tempfile::tempdir().unwrap();
        let store = Store::open(data.path()).await.unwrap();
        let ledger = Ledger::open(store.clone(), data.path()).await.unwrap();
        let room = Self { data, store, ledger };
        for n in 1..=rows {
            assert_eq!(room.write(&format!("deed {n}")).await, n);
        }
        room
    }

    async fn write(&self, detail: &str) -> i64 {
        self.ledger.write(&Draft::of_the_house("test", detail)).await.unwrap()
    }

    /// As someone with the file and without the key.
    async fn by_hand(&self, text: &'static str) {
        let mut file =
            SqliteConnection::connect(&format!("sqlite://{}/longshore.db", self.data.path().display()))
                .await
                .unwrap();
        sqlx::raw_sql(
            "DROP TRIGGER IF EXISTS audit_entry_stays; DROP TRIGGER IF EXISTS audit_entry_goes_sealed;
             DROP TRIGGER IF EXISTS audit_segment_stays; DROP TRIGGER IF EXISTS audit_segment_is_kept;",
        )
        .execute(&mut file)
        .await
        .unwrap();
        sqlx::raw_sql(text).execute(&mut file).await.unwrap();
        file.close().await.unwrap();
    }

    async fn check(&self) -> Report {
        let beside = std::fs::read_to_string(self.data.path().join(HEAD_FILE)).unwrap().parse().unwrap();
        check(self.data.path(), &self.store, &[beside]).await.unwrap()
    }

    async fn damage(&self) -> Vec<Damage> {
        self.check().await.faults
    }
}

#[tokio::test]
async fn what_is_written_verifies_and_the_triggers_refuse_what_is_no_addition() {
    let room = Room::with(5).await;
    let report = room.check().await;
    assert_eq!((report.entries, report.faults.as_slice(), report.head.seq), (5, &[][..], 5));
    for text in ["UPDATE audit_entry SET detail = 'x' WHERE seq = 2", "DELETE FROM audit_entry WHERE seq = 2"]
    {
        let mut tx = room.store.begin().await.unwrap();
        let refused = sqlx::query(text).execute(&mut *tx).await.unwrap_err();
        assert!(refused.to_string().contains("append-only"), "{refused}");
    }
}

#[tokio::test]
async fn a_changed_row_is_found_whatever_was_changed() {
    for text in [
        "UPDATE audit_entry SET detail = 'deed 9' WHERE seq = 3",
        "UPDATE audit_entry SET account_name = 'mara' WHERE seq = 3",
        "UPDATE audit_entry SET at = at + 1 WHERE seq = 3",
        "UPDATE audit_entry SET host = '' WHERE seq = 3",
        "UPDATE audit_entry SET key = 'ci' WHERE seq = 3",
        "UPDATE audit_entry SET mac = x'00' WHERE seq = 3",
        "UPDATE audit_entry SET target = x'ff' WHERE seq = 3",
    ] {
        let room = Room::with(5).await;
        room.by_hand(text).await;
        let damage = room.damage().await;
        assert_eq!(damage.first(), Some(&Damage::Changed { at: 3 }), "{text}: {damage:?}");
    }
}

#[tokio::test]
async fn a_missing_row_a_missing_beginning_and_a_cut_end_are_found() {
    let room = Room::with(9).await;
    room.by_hand("DELETE FROM audit_entry WHERE seq IN (1, 4, 5)").await;
    let gaps = [Damage::Missing { from: 1, to: 1 }, Damage::Missing { from: 4, to: 5 }];
    assert_eq!(room.damage().await, gaps);
    room.by_hand("DELETE FROM audit_entry WHERE seq > 7").await;
    assert_eq!(room.damage().await[2], Damage::Cut { last: 7, head: 9 });
    // What is written after that does not close the gap, by this server or by the next.
    assert_eq!(room.write("after the cut").await, 10);
    assert_eq!(room.damage().await[2], Damage::Missing { from: 8, to: 9 });
    room.by_hand("DELETE FROM audit_entry").await;
    assert_eq!(room.damage().await, [Damage::Cut { last: 0, head: 10 }]);
    let next = Ledger::open(room.store.clone(), room.data.path()).await.unwrap();
    assert_eq!(next.write(&Draft::of_the_house("test", "next")).await.unwrap(), 11);
    assert_eq!(room.damage().await, [Damage::Missing { from: 1, to: 10 }]);
}

#[tokio::test]
async fn rows_that_changed_places_are_told_from_rows_that_were_changed() {
    for (one, other) in [(3, 4), (3, 7)] {
        let room = Room::with(9).await;
        room.by_hand(match other {
            4 => {
                "UPDATE audit_entry SET seq = -1 WHERE seq = 3; UPDATE audit_entry SET seq = 3 WHERE seq = 4;
                  UPDATE audit_entry SET seq = 4 WHERE seq = -1"
            }
            _ => {
                "UPDATE audit_entry SET seq = -1 WHERE seq = 3; UPDATE audit_entry SET seq = 3 WHERE seq = 7;
                  UPDATE audit_entry SET seq = 7 WHERE seq = -1"
            }
        })
        .await;
        let moved = [Damage::Moved { at: one, from: other }, Damage::Moved { at: other, from: one }];
        assert_eq!(room.damage().await, moved);
    }
}

#[tokio::test]
async fn a_row_that_was_put_in_is_found() {
    let room = Room::with(3).await;
    room.by_hand(
        "INSERT INTO audit_entry SELECT 4, at, kind, intent, request_id, account_id, account_name, door, address,
         operation, host, target, detail, outcome, status, times, mac, key FROM audit_entry WHERE seq = 3",
    )
    .await;
    assert_eq!(room.damage().await, [Damage::Changed { at: 4 }]);
}

#[tokio::test]
async fn what_is_sealed_goes_and_the_rest_still_verifies() {
    let room = Room::with(6).await;
    let head: Head = std::fs::read_to_string(room.data.path().join(HEAD_FILE)).unwrap().parse().unwrap();
    assert_eq!(room.ledger.seal(i64::MAX).await.unwrap(), 6);
    room.write("after it").await;
    let report = room.check().await;
    assert_eq!((report.entries, report.sealed, report.faults.as_slice()), (2, 6, &[][..]));
    // The head of the sealed rows holds, another one of them does not, and one within cannot be compared.
    let with = async |heads: &[Head]| check(room.data.path(), &room.store, heads).await.unwrap();
    assert_eq!(with(std::slice::from_ref(&head)).await.faults, []);
    assert_eq!(with(&[Head { mac: vec![1; 32], ..head.clone() }]).await.faults, [Damage::Head { at: 6 }]);
    assert_eq!(with(&[Head { seq: 4, ..head }]).await.beyond, Some(4));
    assert_eq!(room.ledger.seal(i64::MAX).await.unwrap(), 2);
    room.write("and again").await;
    assert_eq!(room.damage().await, []);
    room.by_hand("UPDATE audit_segment SET entries = 5 WHERE from_seq = 1").await;
    assert_eq!(room.damage().await[0], Damage::Segment { from: 1, to: 6 });
    room.by_hand("UPDATE audit_segment SET entries = 6 WHERE from_seq = 1; DELETE FROM audit_segment WHERE from_seq > 1").await;
    assert_eq!(room.damage().await[0], Damage::Missing { from: 7, to: 8 });
}

#[tokio::test]
async fn sealing_does_not_make_sound_what_was_tampered_with() {
    let room = Room::with(6).await;
    room.by_hand(
        "UPDATE audit_entry SET detail = 'nothing' WHERE seq = 2; DELETE FROM audit_entry WHERE seq = 4",
    )
    .await;
    room.ledger.seal(i64::MAX).await.unwrap();
    assert_eq!(room.damage().await, [Damage::Sealed { from: 1, to: 6, faults: 2 }]);
}

#[tokio::test]
async fn only_what_is_old_enough_is_sealed() {
    let room = Room::with(3).await;
    assert_eq!(room.ledger.seal(crate::store::now() - 3_600_000).await.unwrap(), 0);
    assert_eq!(room.check().await.entries, 3);
}

#[tokio::test]
async fn what_was_written_before_there_was_a_chain_becomes_its_beginning() {
    let data = tempfile::tempdir().unwrap();
    let store = Store::open(data.path()).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    sqlx::query(
        "INSERT INTO audit_unchained VALUES ('a', 5, 'r', NULL, 'ada', 'session', '::1', 'sign-in', NULL, 'account',
         'done', 200, 5), ('b', 6, 'r', 'id', 'ada', 'session', '::1', 'container-stop', 'quay', 'container web',
         'intended', NULL, NULL)",
    )
    .execute(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let ledger = Ledger::open(store.clone(), data.path()).await.unwrap();
    let room = Room { data, store, ledger };
    let rows: Vec<(String, String)> = sqlx::query_as("SELECT operation, outcome FROM audit ORDER BY id")
        .fetch_all(room.store.read())
        .await
        .unwrap();
    let rows: Vec<(&str, &str)> = rows.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(rows, [("audit-carried-over", "done"), ("sign-in", "done"), ("container-stop", "unknown")]);
    let report = room.check().await;
    assert_eq!((report.entries, report.faults.as_slice()), (3, &[][..]));
    // Once, and never into a chain that has begun.
    Ledger::open(room.store.clone(), room.data.path()).await.unwrap();
    assert_eq!(room.check().await.entries, 3);
}

#[tokio::test]
async fn a_flood_of_refusals_is_two_rows() {
    let room = Room::with(0).await;
    for _ in 0..500 {
        room.ledger.refused(Draft::of_stranger("eve", "10.0.0.1".to_owned(), "sign-in", "r").refused(403));
    }
    room.ledger.finish().await;
    let rows: Vec<(String, i64)> = sqlx::query_as("SELECT outcome, times FROM audit ORDER BY id")
        .fetch_all(room.store.read())
        .await
        .unwrap();
    assert_eq!(rows, [("refused".to_owned(), 1), ("refused".to_owned(), 499)]);
    assert_eq!(room.damage().await, []);
}

#[tokio::test]
async fn a_transaction_that_is_undone_leaves_no_gap() {
    let room = Room::with(1).await;
    let mut tx = room.store.begin().await.unwrap();
    let noted = room.ledger.append(&mut tx, &Draft::of_the_house("test", "undone")).await.unwrap();
    assert_eq!(noted.seq(), 2);
    drop((tx, noted));
    assert_eq!(room.write("done").await, 2);
    assert_eq!(room.damage().await, []);
}

#[tokio::test]
async fn a_row_with_the_last_number_there_is_stops_us_and_is_named() {
    let room = Room::with(3).await;
    room.by_hand(
        "INSERT INTO audit_entry (seq, at, kind, intent, request_id, account_id, account_name, door, address,
         operation, host, target, detail, outcome, status, times, mac)
         SELECT 9223372036854775807, at, kind, intent, request_id, account_id, account_name, door, address,
         operation, host, target, detail, outcome, status, times, mac FROM audit_entry WHERE seq = 3",
    )
    .await;
    let refused = room.ledger.write(&Draft::of_the_house("test", "one more")).await.unwrap_err();
    assert!(refused.to_string().contains("audit verify"), "{refused}");
    let next = Ledger::open(room.store.clone(), room.data.path()).await.map(drop).unwrap_err();
    assert!(next.to_string().contains("audit verify"), "{next}");
    let damage = room.damage().await;
    assert!(damage.contains(&Damage::Changed { at: i64::MAX }), "{damage:?}");
}
