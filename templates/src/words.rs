//! Texts in the languages that Longshore speaks.

use longshore_api::words::Locale;
use serde::{Deserialize, Serialize};

/// Something in English and, where its author wrote it, in Chinese.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Both<T> {
    /// English; the only one of a foreign template, whatever language that is in.
    pub en: T,
    /// Simplified Chinese.
    #[serde(rename = "zh-CN", default, skip_serializing_if = "Option::is_none")]
    pub zh: Option<T>,
}

/// A text in both languages.
pub type Words = Both<String>;

impl<T> Both<T> {
    /// What is the same everywhere, or there in one language only.
    pub fn one(en: T) -> Self {
        Self { en, zh: None }
    }

    /// In a language, or in the one that there is.
    pub fn of(&self, locale: Locale) -> &T {
        match locale {
            Locale::En => &self.en,
            Locale::ZhCn => self.zh.as_ref().unwrap_or(&self.en),
        }
    }

    /// All that there are.
    pub fn all(&self) -> impl Iterator<Item = &T> {
        std::iter::once(&self.en).chain(&self.zh)
    }
}

impl Words {
    /// A text in both languages.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { en: en.into(), zh: Some(zh.into()) }
    }

    /// Whether nothing is said in any language.
    pub fn is_empty(&self) -> bool {
        self.all().all(String::is_empty)
    }
}
