//! What differs between two releases, or between one and what runs: from what is kept and from memory, no engine is asked.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use longshore_api::web::{
    compare::{
        CompareReleases, ComparedFile, ComparedImage, ComparedLine, ComparedReleases, Hunk, LINES_MAX,
    },
    create::with_tag,
    stack::{PlanField, ReleaseHead, ReleaseImage, StackSource, Variable},
};
use similar::{ChangeTag, TextDiff};

use super::logic;
use crate::{
    access::{Change, Pass},
    fault::Fault,
    house::House,
};

/// So many lines around a change are told with it.
const AROUND: usize = 3;
/// After so long the rest of the files differ as a whole: what is compared is anybody's text.
const PATIENCE: Duration = Duration::from_secs(2);

/// Holds one release against another, or against what runs.
///
/// # Errors
/// There is no such release, or it is not theirs to read.
pub(super) async fn compare(
    house: &House,
    pass: &Pass,
    name: &str,
    asked: CompareReleases,
    _: Change,
) -> Result<ComparedReleases, Fault> {
    let kept = logic::kept(house, pass, name)?;
    let is = match asked.to {
        Some(number) => number,
        None => house.stacks.applied(&kept).await?.unwrap_or(asked.from),
    };
    let (was_head, was) = release(house, pass, name, asked.from).await?;
    let (is_head, is) = release(house, pass, name, is).await?;
    let images = match asked.to {
        Some(_) => images(&was_head.images, is_head.images),
        None => {
            let runs = logic::running_images(house, pass, name)?;
            let known = |(service, (image, digests)): (String, (String, Vec<String>))| {
                // An image has as many digests as registries: if one is the same, so is the image.
                let same = |of: &&ReleaseImage| of.service == service && digests.contains(&of.digest);
                let digest = was_head.images.iter().find(same).map(|of| of.digest.clone());
                let digest = digest.or_else(|| digests.first().cloned()).unwrap_or_default();
                ReleaseImage { service, image: with_tag(&image), digest, local: false }
            };
            images(&was_head.images, runs.into_iter().map(known).collect())
        }
    };
    let (variables, options) = (variables(&was, &is), options(&was, &is));
    let account = pass.principal().account_id();
    let files = house.desk.ask(account, move || files(&was.files, &is.files)).await?;
    Ok(ComparedReleases { files, variables, options, images })
}

async fn release(
    house: &House,
    pass: &Pass,
    name: &str,
    number: u64,
) -> Result<(ReleaseHead, StackSource), Fault> {
    let (head, source) = logic::whole_release(house, pass, name, number).await?;
    Ok((head, source.whole().clone()))
}

fn images(was: &[ReleaseImage], is: Vec<ReleaseImage>) -> Vec<ComparedImage> {
    let mut all: BTreeMap<String, (Option<ReleaseImage>, Option<ReleaseImage>)> = BTreeMap::new();
    for image in was {
        all.entry(image.service.clone()).or_default().0 = Some(image.clone());
    }
    for image in is {
        let service = image.service.clone();
        all.entry(service).or_default().1 = Some(image);
    }
    let differs = all.into_iter().filter(|(_, (was, is))| {
        let key = |image: &Option<ReleaseImage>| image.as_ref().map(|it| it.digest.clone());
        key(was) != key(is)
    });
    // Of what runs it is not known whether a registry has it; that is no difference.
    let told = |image: Option<ReleaseImage>| image.map(|it| ReleaseImage { local: false, ..it });
    differs.map(|(service, (was, is))| ComparedImage { service, was: told(was), is: told(is) }).collect()
}

fn variables(was: &StackSource, is: &StackSource) -> Vec<PlanField> {
    let by_name = |source: &StackSource| -> BTreeMap<String, Variable> {
        source.variables.iter().map(|it| (it.name.clone(), it.clone())).collect()
    };
    let (was, mut is) = (by_name(was), by_name(is));
    let mut fields = Vec::new();
    for (name, was) in was {
        let now = is.remove(&name);
        if now.as_ref() == Some(&was) {
            continue;
        }
        // One that became secret may still have the value that it had.
        let hidden = was.secret || now.as_ref().is_some_and(|now| now.secret);
        let shown = |value: Option<String>| value.filter(|_| !hidden);
        fields.push(PlanField {
            path: name,
            was: shown(was.value),
            will: shown(now.and_then(|it| it.value)),
            hidden,
        });
    }
    fields.extend(is.into_values().map(|it| PlanField {
        path: it.name,
        was: None,
        will: it.value.filter(|_| !it.secret),
        hidden: it.secret,
    }));
    fields.sort_by(|a, b| a.path.cmp(&b.path));
    fields
}

fn options(was: &StackSource, is: &StackSource) -> Vec<PlanField> {
    let of = |path: &str, was: &[String], is: &[String]| {
        let said = |all: &[String]| Some(all.join(", ")).filter(|all| !all.is_empty());
        (was != is).then(|| PlanField {
            path: path.to_owned(),
            was: said(was),
            will: said(is),
            hidden: false,
        })
    };
    [of("files", &was.main, &is.main), of("profiles", &was.profiles, &is.profiles)]
        .into_iter()
        .flatten()
        .collect()
}

fn files(was: &BTreeMap<String, String>, is: &BTreeMap<String, String>) -> Vec<ComparedFile> {
    let mut names: Vec<&String> = was.keys().chain(is.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let differ = names.into_iter().filter(|name| was.get(*name) != is.get(*name));
    let until = Instant::now() + PATIENCE;
    differ
        .map(|name| file(name, was.get(name).map(String::as_str), is.get(name).map(String::as_str), until))
        .collect()
}

fn file(name: &str, was: Option<&str>, is: Option<&str>, until: Instant) -> ComparedFile {
    let (before, after) = (was.unwrap_or_default(), is.unwrap_or_default());
    let diff = TextDiff::configure().deadline(until).diff_lines(before, after);
    let count = |tag| diff.iter_all_changes().filter(|change| change.tag() == tag).count();
    let mut compared = ComparedFile {
        name: name.to_owned(),
        was: was.is_some(),
        is: is.is_some(),
        added: count(ChangeTag::Insert),
        removed: count(ChangeTag::Delete),
        hunks: Vec::new(),
        untold: 0,
    };
    let number = |at: Option<usize>| at.and_then(|at| u32::try_from(at + 1).ok());
    let mut told = 0;
    for group in diff.grouped_ops(AROUND) {
        let mut lines = Vec::new();
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            if told == LINES_MAX {
                compared.untold += 1;
                continue;
            }
            told += 1;
            let text = change.value().trim_end_matches(['\n', '\r']).to_owned();
            lines.push(ComparedLine {
                was: number(change.old_index()),
                is: number(change.new_index()),
                text,
            });
        }
        if !lines.is_empty() {
            compared.hunks.push(Hunk { lines });
        }
    }
    compared
}

#[cfg(test)]
mod tests {
    use super::*;

    fn until() -> Instant {
        Instant::now() + PATIENCE
    }

    fn said(file: &ComparedFile) -> Vec<String> {
        let lines = file.hunks.iter().flat_map(|hunk| &hunk.lines);
        let sign = |line: &ComparedLine| match (line.was, line.is) {
            (Some(_), None) => "-",
            (None, Some(_)) => "+",
            _ => " ",
        };
        lines.map(|line| format!("{}{}", sign(line), line.text)).collect()
    }

    #[test]
    fn a_file_that_differs_is_told_line_by_line_with_a_few_around() {
        let text = |ninth: &str| {
            (1..=20).map(|n| if n == 9 { format!("{ninth}\n") } else { format!("{n}\n") }).collect::<String>()
        };
        let one = file("compose.yaml", Some(&text("one")), Some(&text("two")), until());
        assert_eq!(said(&one), [" 6", " 7", " 8", "-one", "+two", " 10", " 11", " 12"]);
        assert_eq!((one.added, one.removed, one.untold), (1, 1, 0));
        assert_eq!(one.hunks[0].lines[3], ComparedLine { was: Some(9), is: None, text: "one".to_owned() });
        let new = file(".env", None, Some("A=1"), until());
        assert_eq!((said(&new), new.was, new.is), (vec!["+A=1".to_owned()], false, true));
        let same = BTreeMap::from([("a".to_owned(), "x".to_owned())]);
        assert_eq!(files(&same, &same), []);
    }

    #[test]
    fn of_a_long_file_so_much_is_told_and_how_much_is_not() {
        let long: String = (0..LINES_MAX + 50).map(|n| format!("{n}\n")).collect();
        let all = file("long", None, Some(&long), until());
        assert_eq!((all.added, all.untold, said(&all).len()), (LINES_MAX + 50, 50, LINES_MAX));
    }

    #[test]
    fn of_a_secret_only_that_it_differs_is_told() {
        let of = |value: &str, secret| StackSource {
            variables: vec![Variable { name: "TOKEN".to_owned(), value: Some(value.to_owned()), secret }],
            ..StackSource::default()
        };
        let hidden = PlanField { path: "TOKEN".to_owned(), was: None, will: None, hidden: true };
        for (was, is) in [
            (of("a", true), of("b", true)),
            (of("a", true), of("a", false)),
            (of("a", false), of("a", true)),
            (of("a", true), StackSource::default()),
            (StackSource::default(), of("a", true)),
        ] {
            assert_eq!(variables(&was, &is), std::slice::from_ref(&hidden));
        }
        assert_eq!(variables(&of("a", true), &of("a", true)), []);
        let open = PlanField {
            path: "TOKEN".to_owned(),
            was: Some("a".to_owned()),
            will: Some("b".to_owned()),
            hidden: false,
        };
        assert_eq!(variables(&of("a", false), &of("b", false)), [open]);
    }
}
