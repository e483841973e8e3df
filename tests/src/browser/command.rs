//! What chromedriver can do beyond the standard.

use fantoccini::wd::WebDriverCompatibleCommand;
use http::Method;
use serde_json::{Value, json};
use url::{ParseError, Url};

/// A command of chromedriver's own.
#[derive(Debug)]
pub(super) enum Vendor {
    /// The browser's console since the last time.
    Log,
    /// A command of the browser's own protocol.
    Chrome {
        /// Such as `Emulation.setEmulatedMedia`.
        name: &'static str,
        /// Its parameters.
        parameters: Value,
    },
}

impl WebDriverCompatibleCommand for Vendor {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        let path = match self {
            Self::Log => "se/log",
            Self::Chrome { .. } => "goog/cdp/execute",
        };
        base.join(&format!("session/{}/{path}", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        let body = match self {
            Self::Log => json!({ "type": "browser" }),
            Self::Chrome { name, parameters } => json!({ "cmd": name, "params": parameters }),
        };
        (Method::POST, Some(body.to_string()))
    }
}
