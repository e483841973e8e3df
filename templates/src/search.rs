//! Finding templates: by words in either language, and by category.

use crate::{category, notes, template::Template, web::TemplateRow, words::Words};

/// A text as it is compared: without case, without the width of letters, without accents.
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        // Full-width letters and signs, as some keyboards write them.
        let c = match c {
            '\u{3000}' => ' ',
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            c => c,
        };
        for c in c.to_lowercase() {
            match c {
                'à'..='å' | 'ā' | 'ă' | 'ą' => out.push('a'),
                'ç' | 'ć' | 'č' => out.push('c'),
                'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => out.push('e'),
                'ì'..='ï' | 'ī' | 'į' => out.push('i'),
                'ñ' | 'ń' | 'ň' => out.push('n'),
                'ò'..='ö' | 'ø' | 'ō' | 'ő' => out.push('o'),
                'ù'..='ü' | 'ū' | 'ů' | 'ű' => out.push('u'),
                'ý' | 'ÿ' => out.push('y'),
                'ß' => out.push_str("ss"),
                'š' | 'ś' => out.push('s'),
                'ž' | 'ź' | 'ż' => out.push('z'),
                'ł' => out.push('l'),
                // The marks that some systems write apart from their letter.
                '\u{300}'..='\u{36f}' => {}
                c => out.push(c),
            }
        }
    }
    out
}

/// The texts of a template as they are compared, made once.
#[derive(Clone, Debug)]
pub struct Indexed {
    title: String,
    near: String,
    far: String,
    categories: Vec<String>,
}

impl Indexed {
    /// Those of a template.
    pub fn new(template: &Template) -> Self {
        let join = |words: &Words| words.all().cloned().collect::<Vec<_>>().join("\n");
        let categories = template.categories.iter().flat_map(Words::all).map(|word| folded(word)).collect();
        let near = format!(
            "{}\n{}\n{}",
            template.id,
            template.name,
            template.categories.iter().map(join).collect::<Vec<_>>().join("\n")
        );
        let notes = template.notes.all().map(|blocks| notes::text(blocks)).collect::<Vec<_>>().join("\n");
        let far = format!("{}\n{notes}\n{}", join(&template.description), template.maintainer);
        Self { title: folded(&join(&template.title)), near: folded(&near), far: folded(&far), categories }
    }

    /// Those of a row of a list, which has no more.
    pub fn of_row(row: &TemplateRow) -> Self {
        let join = |words: &Words| words.all().cloned().collect::<Vec<_>>().join("\n");
        let categories: Vec<_> =
            row.categories.iter().flat_map(Words::all).map(|word| folded(word)).collect();
        Self {
            title: folded(&join(&row.title)),
            near: format!("{}\n{}", folded(&row.id), categories.join("\n")),
            far: folded(&join(&row.description)),
            categories,
        }
    }

    /// How well it fits what is looked for; nothing, if a word of that is nowhere.
    fn rank(&self, words: &[String]) -> Option<u32> {
        words.iter().map(|word| self.rank_of(word)).sum()
    }

    fn rank_of(&self, word: &str) -> Option<u32> {
        if self.title.lines().any(|title| title == word) {
            return Some(0);
        }
        if self.title.lines().any(|title| title.starts_with(word)) {
            return Some(1);
        }
        if self.title.contains(word) {
            return Some(2);
        }
        if self.near.contains(word) {
            return Some(4);
        }
        self.far.contains(word).then_some(8)
    }
}

/// The places of those that fit, the best first and otherwise in their order. A category is named in either language.
pub fn find(all: &[Indexed], looked_for: &str, category: Option<&str>) -> Vec<usize> {
    let words: Vec<_> = folded(looked_for).split_whitespace().map(str::to_owned).collect();
    let category = category.map(folded);
    let mut found: Vec<_> = all
        .iter()
        .enumerate()
        .filter(|(_, indexed)| category.as_ref().is_none_or(|category| indexed.categories.contains(category)))
        .filter_map(|(n, indexed)| Some((indexed.rank(&words)?, n)))
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(_, n)| n).collect()
}

/// The categories of these templates with how many each has: ours first in their order, then the others, the largest first.
pub fn categories<'a>(all: impl IntoIterator<Item = &'a [Words]>) -> Vec<(Words, usize)> {
    let mut found: Vec<(Words, usize)> = Vec::new();
    for words in all.into_iter().flatten() {
        let known = found.iter_mut().find(|(known, _)| folded(&known.en) == folded(&words.en));
        match known {
            Some((_, count)) => *count += 1,
            None => found.push((words.clone(), 1)),
        }
    }
    let ours =
        |words: &Words| category::ALL.iter().position(|(_, en, _)| *en == words.en).unwrap_or(usize::MAX);
    found.sort_by(|(left, n), (right, m)| {
        (ours(left), m, folded(&left.en)).cmp(&(ours(right), n, folded(&right.en)))
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtin;

    #[test]
    fn templates_are_found_in_both_languages() {
        let all = builtin::all();
        let index: Vec<_> = all.iter().map(Indexed::new).collect();
        let found = |text: &str, category: Option<&str>| -> Vec<&str> {
            find(&index, text, category).into_iter().map(|n| all[n].id.as_str()).collect()
        };
        assert_eq!(found("redis", None)[0], "redis");
        assert_eq!(found("ＲＥＤＩＳ", None)[0], "redis");
        assert!(found("数据库", None).contains(&"mysql"));
        assert!(found("data BASE", None).contains(&"mysql"));
        assert_eq!(found("nonsense that is nowhere", None), [""; 0]);
        assert_eq!(found("", None).len(), all.len());
        let queues = found("", Some("消息队列"));
        assert!(
            queues.contains(&"kafka") && queues == found("", Some("queue")) && !queues.contains(&"redis")
        );
        assert_eq!(folded("Étude Ⅰ Straße"), "etude ⅰ strasse");
    }

    #[test]
    fn categories_are_counted() {
        let categories = categories(builtin::all().iter().map(|template| template.categories.as_slice()));
        assert_eq!(categories.len(), category::ALL.len(), "{categories:?}");
        assert!(categories.iter().all(|(words, count)| words.zh.is_some() && *count > 0));
    }
}
