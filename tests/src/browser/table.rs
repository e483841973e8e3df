//! The table of containers, as tests look at it.

use super::Browser;

/// Finds the row of a container.
pub fn row(name: &str) -> String {
    format!("tr[data-container=\"{name}\"]")
}

impl Browser {
    /// Waits until the table has these rows, from above.
    pub async fn lists(&self, names: &[&str]) {
        let shown =
            "[...document.querySelectorAll('tr[data-container]')].map((row) => row.dataset.container)";
        self.holds(&format!("{shown}.join() === '{}'", names.join(","))).await;
    }
}
