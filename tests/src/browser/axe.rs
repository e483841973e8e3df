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

impl Browser {
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
