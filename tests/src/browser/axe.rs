//! Whether everybody can use a page: the rules of axe-core, run in the page.

use serde_json::json;

use super::Browser;
use crate::{soon, told};

/// Runs every rule; what nobody needs to mend at once is left out.
const RUN: &str = r"
    const [done] = arguments;
    axe.run(document, { resultTypes: ['violations'], preload: false }).then(
        (found) => done(found.violations
            .filter((rule) => ['serious', 'critical'].includes(rule.impact))
            .flatMap((rule) => rule.nodes.map((node) =>
                `${rule.impact} ${rule.id}: ${node.target.join(' ')} (${(node.any[0] ?? node.all[0] ?? node.none[0])?.message})`))),
        (why) => done([`axe did not run: ${why}`]));";

/// Nothing moves any more: colours on their way are no colours.
const STILL: &str = "document.getAnimations().every((one) => one.playState !== 'running' \
                     || one.effect.getComputedTiming().iterations === Infinity)";

impl Browser {
    /// Looks at what is open: a picture of this name, its width, the browser's word, and axe's. What is wrong is added to
    /// `wrong`.
    pub async fn look_over(&self, name: &str, wrong: &mut Vec<String>) {
        self.holds(STILL).await;
        self.picture(name).await;
        if !self.fits().await {
            wrong.push(format!("{name} scrolls sideways"));
        }
        wrong.extend(self.complaints().await.into_iter().map(|said| format!("{name}: {said}")));
        wrong.extend(self.barriers().await.into_iter().map(|said| format!("{name}: {said}")));
        // The rules draw styles of their own, which the page's policy refuses.
        self.complaints().await;
    }

    /// What shuts somebody out of the page as it is, one line each: rule, place, reason.
    pub async fn barriers(&self) -> Vec<String> {
        if self.script("return typeof axe").await != json!("object") {
            let axe = std::fs::read_to_string(told("LONGSHORE_TEST_AXE")).expect("axe-core is installed");
            self.script(&axe).await;
        }
        let found = soon("axe's findings", self.client.execute_async(RUN, Vec::new())).await;
        let found = found.unwrap_or_else(|why| panic!("axe: {why}"));
        let lines = found.as_array().expect("a list");
        lines.iter().map(|line| line.as_str().map_or_else(|| line.to_string(), str::to_owned)).collect()
    }
}
