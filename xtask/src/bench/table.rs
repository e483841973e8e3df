//! What came out, beside what was promised.

use std::fmt;

/// What a figure must not pass.
#[derive(Clone, Copy)]
pub(super) enum Budget {
    AtMost(f64),
    AtLeast(f64),
}

/// One line of the table.
pub(super) struct Row {
    /// What was measured, with what it is compared to.
    pub(super) what: String,
    pub(super) budget: Budget,
    /// The figure that the budget is about.
    pub(super) figure: f64,
    pub(super) unit: &'static str,
    /// The two measured values behind it, or how it was come by.
    pub(super) from: String,
}

impl Row {
    fn holds(&self) -> bool {
        match self.budget {
            Budget::AtMost(most) => self.figure <= most,
            Budget::AtLeast(least) => self.figure >= least,
        }
    }
}

/// All of them.
#[derive(Default)]
pub(super) struct Table(Vec<Row>);

impl Table {
    pub(super) fn add(&mut self, row: Row) {
        eprintln!("   {}: {:.2} {} ({})", row.what, row.figure, row.unit, row.from);
        self.0.push(row);
    }

    /// Whether every budget holds.
    pub(super) fn holds(&self) -> bool {
        self.0.iter().all(Row::holds)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = ["what", "budget", "figure", "of budget", "", "from"].map(str::to_owned);
        let rows: Vec<[String; 6]> = std::iter::once(head).chain(self.0.iter().map(cells)).collect();
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        for row in &rows {
            let [what, budget, figure, share, verdict, from] = row;
            let (w, b, g, s) = (width(0), width(1), width(2), width(3));
            writeln!(f, "{what:<w$}  {budget:>b$}  {figure:>g$}  {share:>s$}  {verdict:<4}  {from}")?;
        }
        Ok(())
    }
}

fn cells(row: &Row) -> [String; 6] {
    let (sign, budget) = match row.budget {
        Budget::AtMost(budget) => ("<=", budget),
        Budget::AtLeast(budget) => (">=", budget),
    };
    [
        row.what.clone(),
        format!("{sign} {budget} {}", row.unit),
        format!("{:.2} {}", row.figure, row.unit),
        format!("{:.2}", row.figure / budget),
        if row.holds() { "pass" } else { "FAIL" }.to_owned(),
        row.from.clone(),
    ]
}

/// The value of which a share of `p` (0 to 1) is below.
pub(super) fn percentile(values: &mut [f64], p: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1);
    values.get(((last as f64) * p).round() as usize).copied().unwrap_or(f64::NAN)
}

/// The one in the middle.
pub(super) fn median(values: &mut [f64]) -> f64 {
    percentile(values, 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_and_the_worst() {
        let mut values = [5.0, 1.0, 3.0, 2.0, 4.0];
        assert_eq!(median(&mut values), 3.0);
        assert_eq!(percentile(&mut values, 0.99), 5.0);
    }

    #[test]
    fn a_budget_that_is_passed_fails_the_table() {
        let row = |budget| Row { what: "x".into(), budget, figure: 2.0, unit: "ms", from: String::new() };
        let mut table = Table::default();
        table.add(row(Budget::AtMost(2.0)));
        table.add(row(Budget::AtLeast(1.0)));
        assert!(table.holds());
        table.add(row(Budget::AtMost(1.9)));
        assert!(!table.holds() && table.to_string().contains("FAIL"));
    }
}
