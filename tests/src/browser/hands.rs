//! What a person does with mouse and keyboard.

use super::Browser;

/// Held down together with the next key.
pub const CONTROL: char = '\u{e009}';
/// The Enter key.
pub const ENTER: &str = "\u{e007}";
/// The Esc key.
pub const ESCAPE: &str = "\u{e00c}";

impl Browser {
    /// Opens the palette and types into it.
    pub async fn seek(&self, text: &str) {
        self.press(&format!("{CONTROL}k")).await;
        self.fill("palette", text).await;
    }

    /// Clicks what matches, as soon as it is there.
    pub async fn click(&self, css: &str) {
        self.appears(css).await.click().await.unwrap_or_else(|why| panic!("{css} cannot be clicked: {why}"));
    }

    /// Types into the form field of this name, as soon as it is there.
    pub async fn fill(&self, name: &str, text: &str) {
        let field = self.appears(&format!("input[name=\"{name}\"], textarea[name=\"{name}\"]")).await;
        field.send_keys(text).await.unwrap_or_else(|why| panic!("{name} takes no text: {why}"));
    }

    /// Presses keys, wherever the focus is.
    pub async fn press(&self, keys: &str) {
        let focus = self.client.active_element().await.expect("something has the focus");
        focus.send_keys(keys).await.unwrap_or_else(|why| panic!("{keys:?} cannot be pressed: {why}"));
    }

    /// Makes the first account by the set-up link and waits for the live pages.
    pub async fn set_up(&self, link: &str) {
        self.open(link).await;
        self.fill("name", crate::person::ADA).await;
        self.fill("display_name", "Ada L.").await;
        self.fill("password", crate::person::PASSWORD).await;
        self.click("button[type=submit]").await;
        self.appears("[data-live=\"live\"]").await;
    }

    /// Signs the first account in on the page that is open, and waits for the live pages.
    pub async fn sign_in(&self, password: &str) {
        self.fill("name", crate::person::ADA).await;
        self.fill("password", password).await;
        self.click("button[type=submit]").await;
        self.appears("[data-live=\"live\"]").await;
    }
}
