//! A command written as one text, as the words that a shell would make of it.

/// The words of a command; nothing, if a quote does not end. Variables and wildcards mean nothing here.
pub fn split(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut begun = false;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            ' ' | '\t' | '\n' | '\r' => {
                if begun {
                    words.push(std::mem::take(&mut word));
                }
                begun = false;
                continue;
            }
            '\'' => loop {
                match chars.next()? {
                    '\'' => break,
                    c => word.push(c),
                }
            },
            '"' => loop {
                match chars.next()? {
                    '"' => break,
                    '\\' => match chars.next()? {
                        c @ ('"' | '\\' | '$' | '`') => word.push(c),
                        '\n' => {}
                        c => word.extend(['\\', c]),
                    },
                    c => word.push(c),
                }
            },
            '\\' => match chars.next() {
                Some('\n') => continue,
                Some(c) => word.push(c),
                None => word.push('\\'),
            },
            c => word.push(c),
        }
        begun = true;
    }
    if begun {
        words.push(word);
    }
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn commands_become_words() {
        for (text, words) in [
            ("npm run dev", vec!["npm", "run", "dev"]),
            ("sh -c 'echo \"a b\"; exit'", vec!["sh", "-c", "echo \"a b\"; exit"]),
            (r#"echo "a \"b\" $$X""#, vec!["echo", "a \"b\" $$X"]),
            (r"a\ b ''", vec!["a b", ""]),
            ("  ", vec![]),
        ] {
            assert_eq!(split(text).expect(text), words, "{text}");
        }
        assert_eq!(split("echo 'a"), None);
    }
}
