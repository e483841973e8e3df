//! What is built anew is read back as what it was, whatever it was.

use super::*;
use proptest::prelude::*;

/// A name that may stand in a path, with slashes or without.
fn name(slashes: bool) -> impl Strategy<Value = String> {
    let segment = "\\PC{1,20}".prop_map(|text| text.replace('/', "|"));
    let segment =
        segment.prop_filter("dots are no name", |text| text != "." && text != ".." && !text.is_empty());
    let segment = segment.prop_filter("no control characters", |text| !text.chars().any(char::is_control));
    prop::collection::vec(segment, 1..=if slashes { 4 } else { 1 }).prop_map(|parts| parts.join("/"))
}

fn any_row() -> impl Strategy<Value = &'static Operation> {
    (0..OPERATIONS.len()).prop_map(|index| &OPERATIONS[index])
}

proptest! {
    #[test]
    fn a_path_built_anew_is_the_same_operation_on_the_same_name(
        (row, name) in any_row().prop_flat_map(|row| (Just(row), name(row.path.contains(":.*}")))),
        minor in 24u16..99,
    ) {
        let version = ApiVersion::new(1, minor);
        let path = found(row.method.as_str(), &sample(row.path)).path(version, Some(&name)).unwrap();
        let matched = found(row.method.as_str(), &path);
        prop_assert_eq!(matched.operation, row);
        prop_assert_eq!(matched.version, Some(version));
        prop_assert!(matched.params.is_empty() || matched.params == [name]);
        prop_assert_eq!(matched.path(version, None).unwrap(), path);
    }

    /// Nothing panics, and what passes goes on in harmless bytes and means the same.
    #[test]
    fn any_path_is_refused_or_rebuilt(path in "/?(v1\\.41/)?(containers|images|exec|plugins)?(/|%2[fF]|%2e|\\.|a|:|%|\\PC){0,12}(/json)?") {
        if let Ok(matched) = resolve("GET", &path) {
            let version = ApiVersion::new(1, 41);
            let rebuilt = matched.path(version, None).unwrap();
            prop_assert!(rebuilt.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-._~:@%".contains(&b)));
            prop_assert!(!rebuilt.contains("//") && !rebuilt.contains("/../") && !rebuilt.contains("/./"));
            let again = found("GET", &rebuilt);
            prop_assert_eq!((again.operation, again.params), (matched.operation, matched.params));
        }
    }

    #[test]
    fn a_query_built_anew_says_the_same(
        row in any_row(),
        values in prop::collection::vec("[^\0]{0,20}", 40),
    ) {
        let mut query = Query::default();
        for ((key, _), value) in row.query.iter().zip(values) {
            query.set(key, value);
        }
        let text = query.to_string();
        prop_assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%=&".contains(&b)));
        prop_assert_eq!(rebuild_query(row, Some(&text)).unwrap(), query);
    }

    #[test]
    fn any_query_is_refused_or_rebuilt(row in any_row(), raw in "(all|t|since|&|=|%|%3d|%26|;|\\+|\\PC){0,12}") {
        if let Ok(query) = rebuild_query(row, Some(&raw)) {
            prop_assert_eq!(rebuild_query(row, Some(&query.to_string())).unwrap(), query);
        }
    }
}
