use super::*;

fn values(text: &str, format: Format) -> (Vec<(String, String)>, Vec<String>) {
    let around =
        BTreeMap::from([("OUTER".to_owned(), "out".to_owned()), ("BOTH".to_owned(), "outer".to_owned())]);
    let mut findings = Findings::default();
    let values = read("x.env", text, format, &around, &mut findings, &mut Room::default());
    let said = findings.into_sorted().iter().map(ToString::to_string).collect();
    (values.into_iter().collect(), said)
}

/// The examples of the specification, and what its sentences say.
#[test]
fn lines_are_read_as_the_specification_says() {
    for (line, value) in [
        ("VAR=VAL", "VAL"),
        ("VAR=\"VAL\"", "VAL"),
        ("VAR='VAL'", "VAL"),
        ("VAR=VAL # comment", "VAL"),
        ("VAR=VAL# not a comment", "VAL# not a comment"),
        ("VAR=\"VAL # not a comment\"", "VAL # not a comment"),
        ("VAR=\"VAL\" # comment", "VAL"),
        ("VAR='$OUTER'", "$OUTER"),
        ("VAR='${OUTER}'", "${OUTER}"),
        (r"VAR='Let\'s go!'", "Let's go!"),
        (r#"VAR="{\"hello\": \"json\"}""#, r#"{"hello": "json"}"#),
        (r#"VAR="some\tvalue""#, "some\tvalue"),
        (r"VAR='some\tvalue'", r"some\tvalue"),
        (r"VAR=some\tvalue", r"some\tvalue"),
        ("VAR=", ""),
        ("VAR=$OUTER", "out"),
        ("VAR=\"${OUTER}!\"", "out!"),
        ("VAR=${NONE:-d}", "d"),
        ("VAR=\"a\\$OUTER\"", "a$OUTER"),
        ("VAR=a$$b", "a$b"),
        ("export VAR=VAL", "VAL"),
        ("  VAR = VAL", "VAL"),
        ("VAR: VAL", "VAL"),
        ("VAR=a b c  ", "a b c"),
        ("VAR=a=b", "a=b"),
        ("VAR=VAL\r", "VAL"),
        ("VAR=\"two\nlines\"", "two\nlines"),
        ("VAR=#nothing", ""),
        ("\u{feff}VAR=VAL", "VAL"),
        ("# comment\n\nVAR=VAL\n", "VAL"),
    ] {
        let (values, said) = values(line, Format::Compose);
        assert_eq!((values, said.len()), (vec![("VAR".to_owned(), value.to_owned())], 0), "{line:?}");
    }
}

#[test]
fn a_name_alone_is_that_of_around() {
    assert_eq!(values("OUTER\nNONE\n", Format::Compose).0, [("OUTER".to_owned(), "out".to_owned())]);
}

#[test]
fn earlier_lines_count_and_around_goes_before_them() {
    let (values, _) = values("A=1\nB=${A}2\nBOTH=inner\nC=$BOTH\n", Format::Compose);
    assert_eq!((values[1].1.as_str(), values[3].1.as_str()), ("12", "outer"));
}

#[test]
fn what_is_wrong_is_said_with_its_line_and_the_rest_is_read() {
    let (values, said) = values("A=1\nnot a name=2\nB=${\nC=$NONE\nD='x\nE=3\n", Format::Compose);
    let names: Vec<_> = values.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["A", "B", "C", "E"]);
    assert_eq!(
        said,
        [
            "x.env:2:1: `not a name=2` is no name of a variable. A line has the form `NAME=value`.",
            "x.env:3:1: `${` is no reference to a variable. Write `${NAME}`, or `$$` for a dollar sign.",
            "x.env:4:1: The variable `NONE` is not set and reads as empty. Set it, or write `${NONE:-default}`.",
            "x.env:5:1: The quote in the value of `D` does not end. Close it.",
        ]
    );
}

#[test]
fn raw_lines_stay_as_they_are() {
    let (values, said) = values("# c\nA=\"x\" # y\nB=$OUTER\nOUTER\n", Format::Raw);
    let values: Vec<_> = values.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(
        (values, said.len()),
        (vec!["A=\"x\" # y".to_owned(), "B=$OUTER".into(), "OUTER=out".into()], 0)
    );
}

proptest::proptest! {
    #[test]
    fn nothing_that_is_written_breaks_the_reader(text in "(?s).{0,60}") {
        values(&text, Format::Compose);
        values(&text, Format::Raw);
    }
}
