//! What a person does with mouse and keyboard.

use fantoccini::{elements::Element, error::CmdError};

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
        let click = async |found: Element| found.click().await;
        self.with(css, click).await.unwrap_or_else(|why| panic!("{css} cannot be clicked: {why}"));
    }

    /// Types into the field of this name in the place of what is there.
    pub async fn retype(&self, name: &str, text: &str) {
        self.appears(&format!("[name=\"{name}\"]")).await;
        let clear = format!(
            "const it = document.querySelector('[name=\"{name}\"]'); it.value = '';
             it.dispatchEvent(new Event('input', {{ bubbles: true }}));"
        );
        self.script(&clear).await;
        self.fill(name, text).await;
    }

    /// Types into the form field of this name, as soon as it is there.
    pub async fn fill(&self, name: &str, text: &str) {
        let css = format!("input[name=\"{name}\"], textarea[name=\"{name}\"]");
        let typed = async |field: Element| field.send_keys(text).await;
        self.with(&css, typed).await.unwrap_or_else(|why| panic!("{name} takes no text: {why}"));
    }

    /// Does something with what matches. A page may draw it anew after it was found and before anything was done with
    /// it: a person does not notice that, and looks at what is there then.
    async fn with(
        &self,
        css: &str,
        deed: impl AsyncFn(Element) -> Result<(), CmdError>,
    ) -> Result<(), CmdError> {
        let mut again = 10;
        loop {
            match deed(self.appears(css).await).await {
                Err(gone) if gone.is_stale_element_reference() && again > 0 => again -= 1,
                done => return done,
            }
        }
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
