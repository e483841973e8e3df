//! Rules that every row keeps.

use super::*;
use std::{collections::HashSet, fmt::Write};

/// The table as one page, for people who review a change of it.
#[test]
fn the_table_reads_as_one_page() {
    let mut page = String::new();
    for row in OPERATIONS {
        let permissions: Vec<_> = row.permissions().map(Permission::code).collect();
        let target = format!("{:?}", row.target);
        let mut line =
            format!("{:6} {:33} {:12} {target:16} {}", row.method, row.path, permissions.join("+"), row.id);
        let mut note = |unusual: bool, text: String| {
            if unusual {
                line.push_str(&format!(" {text}"));
            }
        };
        note(row.audit, "audit".to_owned());
        note(row.body != Body::None, format!("body:{:?}", row.body));
        note(row.stream != Stream::None, format!("stream:{:?}", row.stream));
        note(row.answer != Answer::AsIs, format!("answer:{:?}", row.answer));
        note(row.since > ApiVersion::OLDEST, format!("since:{}", row.since));
        let keys: Vec<_> =
            row.query.iter().map(|(key, list)| format!("{key}{}", if list { "[]" } else { "" })).collect();
        note(!keys.is_empty(), format!("query:{}", keys.join(",")));
        writeln!(page, "{line}").unwrap();
    }
    page.push_str("\nrefused to everybody:\n");
    for row in REFUSED {
        writeln!(
            page,
            "{:6} {:46} {}",
            row.method.map_or("any", Method::as_str),
            row.path,
            row.reason.code()
        )
        .unwrap();
    }
    insta::assert_snapshot!("table", page);
}

#[test]
fn every_row_is_found_by_a_path_of_its_shape_with_and_without_version() {
    for row in OPERATIONS {
        let path = sample(row.path);
        let matched = found(row.method.as_str(), &path);
        assert_eq!((matched.operation.id, matched.version), (row.id, None));
        let matched = found(row.method.as_str(), &format!("/v1.41{path}"));
        assert_eq!((matched.operation.id, matched.version), (row.id, Some(ApiVersion::new(1, 41))));
        assert_eq!(operation(row.id), Some(row));
    }
}

#[test]
fn every_refused_row_is_refused_by_its_name() {
    for row in REFUSED {
        let methods = row.method.map_or(vec!["GET", "HEAD", "POST", "PUT", "DELETE"], |m| vec![m.as_str()]);
        for (method, prefix) in methods.into_iter().flat_map(|method| [(method, ""), (method, "/v1.41")]) {
            let error = refused(method, &format!("{prefix}{}", sample(row.path)));
            assert_eq!(error, RouteError::Refused { reason: row.reason });
        }
    }
}

/// So the order of the rows means nothing.
#[test]
fn no_path_is_two_operations() {
    let rows = OPERATIONS.iter().map(|row| (Some(row.method), row.path));
    let rows: Vec<_> = rows.chain(REFUSED.iter().map(|row| (row.method, row.path))).collect();
    for (index, one) in rows.iter().enumerate() {
        for other in &rows[index + 1..] {
            let one_method = one.0.is_none() || other.0.is_none() || one.0 == other.0;
            assert!(!(one_method && overlap(one.1, other.1)), "{one:?} and {other:?}");
        }
    }
    assert!(
        overlap("/a/{id}", "/a/b") && overlap("/a/{name:.*}/c", "/a/b/{id}") && overlap("/{x:.*}", "/a/b")
    );
    assert!(!overlap("/a/{name:.*}/c", "/a/c") && !overlap("/a/{name:.*}/c", "/a/{name:.*}/d"));
}

/// Whether some path has the shape of both.
fn overlap(one: &str, other: &str) -> bool {
    let parts = |pattern| segments(pattern).map(Segment::of).collect::<Vec<_>>();
    let (mut one, mut other) = (parts(one), parts(other));
    let open = |parts: &[Segment<'_>]| parts.contains(&Segment::Many);
    let lengths = match (open(&one), open(&other)) {
        (false, false) => one.len() == other.len(),
        (true, false) => one.len() <= other.len(),
        (false, true) => one.len() >= other.len(),
        (true, true) => true,
    };
    let front = meet(&one, &other);
    one.reverse();
    other.reverse();
    lengths && front && meet(&one, &other)
}

/// Whether the two agree up to the first name of many segments.
fn meet(one: &[Segment<'_>], other: &[Segment<'_>]) -> bool {
    one.iter()
        .zip(other)
        .take_while(|(a, b)| **a != Segment::Many && **b != Segment::Many)
        .all(|(a, b)| !matches!((a, b), (Segment::Literal(a), Segment::Literal(b)) if a != b))
}

#[test]
fn ids_are_unique_and_stable_names() {
    let mut seen = HashSet::new();
    for row in OPERATIONS {
        assert!(seen.insert(row.id), "{} twice", row.id);
        assert!(row.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", row.id);
    }
}

/// Some engines ignore the case of parameters.
#[test]
fn query_keys_differ_by_more_than_case() {
    for row in OPERATIONS {
        let mut seen = HashSet::new();
        for (key, _) in row.query.iter() {
            assert!(seen.insert(key.to_ascii_lowercase()), "{} has {key} twice", row.id);
            assert!(
                key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'),
                "{}: {key}",
                row.id
            );
        }
    }
}

/// The reads among the calls that are no `GET`; the list only shrinks.
#[test]
fn changes_are_audited_and_reads_are_not() {
    const READS: [&str; 3] = ["container-wait", "container-resize", "exec-resize"];
    for row in OPERATIONS {
        assert_eq!(row.audit, !(row.method.reads() || READS.contains(&row.id)), "{}", row.id);
    }
}

#[test]
fn a_head_of_its_own_is_checked_as_its_get() {
    for head in OPERATIONS.iter().filter(|row| row.method == Method::Head) {
        let get = found("GET", &sample(head.path)).operation;
        assert_eq!((head.permission, head.also), (get.permission, get.also), "{}", head.id);
        assert_eq!((head.target, head.query), (get.target, get.query), "{}", head.id);
    }
    let matched = found("HEAD", "/v1.41/containers/json");
    assert_eq!((matched.operation.id, matched.method), ("container-list", Method::Head));
}

#[test]
fn a_row_has_a_target_exactly_if_something_names_one() {
    for row in OPERATIONS {
        let params = segments(row.path).filter(|s| !matches!(Segment::of(s), Segment::Literal(_))).count();
        let by_query = match row.target {
            Target::ContainerInQuery => row.query.find("container").is_some(),
            Target::ImagesInQuery => row.query.find("names").is_some(),
            _ => false,
        };
        assert!(params <= 1, "{}", row.id);
        assert_eq!(row.target != Target::None, params == 1 || by_query, "{}", row.id);
    }
}

#[test]
fn only_names_from_registries_may_hold_slashes() {
    let kinds: HashSet<_> = OPERATIONS
        .iter()
        .filter(|row| segments(row.path).any(|segment| Segment::of(segment) == Segment::Many))
        .map(|row| row.kind)
        .collect();
    assert_eq!(kinds, HashSet::from([Kind::Image, Kind::Distribution, Kind::Plugin]));
}

/// A look at the objects is for every role; what changes one is for none that only looks.
#[test]
fn viewers_change_nothing() {
    for row in OPERATIONS.iter().filter(|row| row.permissions().all(|p| Role::Viewer.allows(p))) {
        assert!(!row.audit && row.body == Body::None && row.stream != Stream::Hijack, "{}", row.id);
    }
    for row in OPERATIONS.iter().filter(|row| row.kind == Kind::Session) {
        assert!(!row.permissions().all(|p| Role::Developer.allows(p)), "{}", row.id);
    }
}
