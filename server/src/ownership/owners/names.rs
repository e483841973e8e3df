//! What people are called, where somebody looks for things by whose they are.

use std::{collections::HashSet, sync::PoisonError};

use super::{Owned, Owners};

/// The accounts that words name: those in whose names each of them is.
#[derive(Debug, Default)]
pub struct Named(Vec<HashSet<String>>);

impl Named {
    /// Whether any of the words is in any name.
    pub fn has_any(&self) -> bool {
        self.0.iter().any(|accounts| !accounts.is_empty())
    }

    /// Whether the word of this number is in the name of who owns it.
    pub fn has(&self, nth: usize, owned: Option<&Owned>) -> bool {
        let account = owned.and_then(|owned| owned.account.as_ref());
        account.is_some_and(|account| self.0.get(nth).is_some_and(|accounts| accounts.contains(account)))
    }
}

impl Owners {
    /// Who is named by each of these words, which are in lower case.
    pub fn named(&self, words: &[String]) -> Named {
        if words.is_empty() {
            return Named::default();
        }
        let called = self.called.read().unwrap_or_else(PoisonError::into_inner);
        let with = |word: &String| {
            let named = called.iter().filter(|(_, name)| name.to_lowercase().contains(word.as_str()));
            named.map(|(id, _)| id.clone()).collect()
        };
        Named(words.iter().map(with).collect())
    }
}
