//! How a person looks at a page: language, theme, size.

use std::path::Path;

use fantoccini::wd::Capabilities;
use serde_json::json;

use super::command::Vendor;

/// What the person has set in their browser.
pub struct Look {
    language: &'static str,
    dark: bool,
    phone: bool,
    zone: Option<&'static str>,
}

impl Look {
    /// A desk, English, light.
    pub fn desk() -> Self {
        Self { language: "en-US", dark: false, phone: false, zone: None }
    }

    /// A phone of 390 px.
    pub fn phone() -> Self {
        Self { phone: true, ..Self::desk() }
    }

    /// In the dark.
    #[must_use]
    pub fn dark(self) -> Self {
        Self { dark: true, ..self }
    }

    /// With this as the browser's language.
    #[must_use]
    pub fn language(self, language: &'static str) -> Self {
        Self { language, ..self }
    }

    /// On a clock of this zone.
    #[must_use]
    pub fn zone(self, zone: &'static str) -> Self {
        Self { zone: Some(zone), ..self }
    }

    /// What the browser is started with. Certificates are not checked: those of the proxies are made by the tests.
    pub(super) fn capabilities(&self, profile: &Path) -> Capabilities {
        let mut arguments: Vec<String> = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--ignore-certificate-errors",
            "--window-size=1440,900",
        ]
        .map(str::to_owned)
        .to_vec();
        arguments.push(format!("--user-data-dir={}", profile.display()));
        let mut capabilities = Capabilities::new();
        capabilities.insert("goog:chromeOptions".to_owned(), json!({ "args": arguments }));
        capabilities.insert("goog:loggingPrefs".to_owned(), json!({ "browser": "ALL" }));
        capabilities
    }

    /// What is set once it runs.
    pub(super) fn commands(&self) -> Vec<Vendor> {
        let theme = if self.dark { "dark" } else { "light" };
        let features = json!([{ "name": "prefers-color-scheme", "value": theme }]);
        let agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
        let mut commands = vec![
            Vendor::Chrome {
                name: "Emulation.setEmulatedMedia",
                parameters: json!({ "features": features }),
            },
            Vendor::Chrome {
                name: "Emulation.setUserAgentOverride",
                parameters: json!({ "userAgent": agent, "acceptLanguage": self.language }),
            },
        ];
        if let Some(zone) = self.zone {
            let parameters = json!({ "timezoneId": zone });
            commands.push(Vendor::Chrome { name: "Emulation.setTimezoneOverride", parameters });
        }
        if self.phone {
            // A window never gets narrower than 500 px, the page in it does.
            let screen = json!({ "width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": true });
            commands.push(Vendor::Chrome { name: "Emulation.setDeviceMetricsOverride", parameters: screen });
        }
        commands
    }
}
