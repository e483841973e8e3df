//! Waiting for what a page shows, in the page itself.

use fantoccini::{
    Locator,
    elements::Element,
    error::{CmdError, ErrorStatus},
};
use serde_json::{Value, json};

use super::Browser;
use crate::PATIENCE;

/// Looks at each change of the page: whether something that matches has this text.
const MATCH: &str = r"
    const [css, text, there, patience, done] = arguments;
    const fits = (element) => element.textContent.includes(text);
    const holds = () => [...document.querySelectorAll(css)].some(fits) === there;
    const end = (held) => { observer.disconnect(); clearTimeout(timer); done(held); };
    const observer = new MutationObserver(() => { if (holds()) end(true); });
    const timer = setTimeout(() => end(false), patience);
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    if (holds()) end(true);";

impl Browser {
    /// Waits until something on the page matches.
    pub async fn appears(&self, css: &str) -> Element {
        loop {
            // It may be drawn anew between the two.
            self.wait(css, "", true).await;
            match self.client.find(Locator::Css(css)).await {
                Err(why) if why.is_no_such_element() => {}
                found => return found.unwrap_or_else(|why| panic!("{css}: {why}")),
            }
        }
    }

    /// The same for what takes its time whatever one does, such as a health check that is first asked after half a minute:
    /// so many times as long is waited.
    pub async fn appears_late(&self, css: &str, times: u32) {
        for _ in 1..times {
            if self.asked(MATCH, vec![json!(css), json!(""), json!(true), patience()]).await {
                return;
            }
        }
        self.wait(css, "", true).await;
    }

    /// Waits until nothing on the page matches.
    pub async fn vanishes(&self, css: &str) {
        self.wait(css, "", false).await;
    }

    /// Waits until something that matches has this text, seen or not.
    pub async fn reads(&self, css: &str, text: &str) {
        self.wait(css, text, true).await;
    }

    /// Waits until an expression of the page holds: for what changes no element. It is looked at with every frame.
    pub async fn holds(&self, expression: &str) {
        let look = format!(
            "const [patience, done] = arguments;
            const until = performance.now() + patience;
            const look = () => {{
                if ({expression}) done(true);
                else if (performance.now() > until) done(false);
                else requestAnimationFrame(look);
            }};
            look();"
        );
        if !self.asked(&look, vec![patience()]).await {
            panic!(
                "does not hold: {expression}; the browser complains:\n{}",
                self.complaints().await.join("\n")
            );
        }
    }

    async fn wait(&self, css: &str, text: &str, there: bool) {
        if !self.asked(MATCH, vec![json!(css), json!(text), json!(there), patience()]).await {
            let missed = if there { "did not appear" } else { "did not vanish" };
            panic!("{css} {text} {missed}; the browser complains:\n{}", self.complaints().await.join("\n"));
        }
    }

    /// A page that is left meanwhile is asked again.
    async fn asked(&self, script: &str, arguments: Vec<Value>) -> bool {
        for _ in 0..5 {
            match self.client.execute_async(script, arguments.clone()).await {
                Ok(held) => return held == json!(true),
                Err(why) if was_left(&why) => {}
                Err(why) => panic!("{script}: {why}"),
            }
        }
        panic!("the page was left again and again while it was asked: {script}");
    }
}

/// Whether a page went while it was asked something: chromedriver says so in several ways, as the page goes sooner or
/// later, and once in a while not at all until its own time is over, which is later than any script's.
fn was_left(why: &CmdError) -> bool {
    let CmdError::Standard(why) = why else { return false };
    let said = [
        "unloaded",
        "navigation",
        "execution context",
        "detached",
        "context was destroyed",
        "script timeout",
    ];
    why.error == ErrorStatus::JavascriptError || said.iter().any(|said| why.message.contains(said))
}

fn patience() -> Value {
    json!(u64::try_from(PATIENCE.as_millis()).expect("patience is short"))
}
