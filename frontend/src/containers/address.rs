//! The state of the table as it stands in the address: shared by sending the link, kept by the back button.

use longshore_api::web::container::{Column, ContainerQuery, Grouping, State};

use crate::places::query_string;

/// What the table is asked to show.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct View {
    /// Words that must be found.
    pub(super) text: String,
    /// Only this host.
    pub(super) host: Option<String>,
    /// Only these states; empty means all.
    pub(super) states: Vec<State>,
    /// How it is grouped.
    pub(super) group: Grouping,
    /// What it is sorted by.
    pub(super) sort: Column,
    /// From high to low.
    pub(super) descending: bool,
    /// Groups folded away.
    pub(super) folded: Vec<String>,
    /// Columns hidden, by their codes.
    pub(super) hidden: Vec<Column>,
}

/// The columns of the table in their order; name is never hidden.
pub(super) const COLUMNS: [Column; 9] = [
    Column::Name,
    Column::State,
    Column::Image,
    Column::Owner,
    Column::Cpu,
    Column::Memory,
    Column::Ports,
    Column::Ip,
    Column::Created,
];

/// The word of a column in the address.
pub(super) fn column_code(column: Column) -> &'static str {
    match column {
        Column::Name => "name",
        Column::State => "state",
        Column::Image => "image",
        Column::Cpu => "cpu",
        Column::Memory => "memory",
        Column::Ports => "ports",
        Column::Ip => "ip",
        Column::Owner => "owner",
        Column::Created => "created",
    }
}

fn column_of(code: &str) -> Option<Column> {
    COLUMNS.into_iter().find(|column| column_code(*column) == code)
}

impl View {
    /// What an address asks for; what it does not name, or names wrongly, is as in a plain address.
    pub(super) fn read(query: impl Fn(&str) -> Option<String>) -> Self {
        let one = |name: &str| query(name).unwrap_or_default();
        let list = |name: &str| {
            let text = one(name);
            text.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>()
        };
        let sort = one("sort");
        let (descending, sort) = sort.strip_prefix('-').map_or((false, sort.as_str()), |rest| (true, rest));
        Self {
            text: one("q").chars().take(200).collect(),
            host: query("host").filter(|host| !host.is_empty()),
            states: list("state").iter().filter_map(|code| state_of(code)).collect(),
            group: match one("group").as_str() {
                "host" => Grouping::Host,
                "flat" => Grouping::Flat,
                _ => Grouping::Stack,
            },
            sort: column_of(sort).unwrap_or_default(),
            descending,
            folded: list("fold"),
            hidden: list("hide")
                .iter()
                .filter_map(|code| column_of(code))
                .filter(|c| *c != Column::Name)
                .collect(),
        }
    }

    /// The query of the address that asks for it.
    pub(super) fn write(&self) -> String {
        let join = |codes: Vec<&str>| codes.join(",");
        let states = join(self.states.iter().map(|state| state.code()).collect());
        let folded = join(self.folded.iter().map(String::as_str).collect());
        let hidden = join(self.hidden.iter().map(|column| column_code(*column)).collect());
        let sort = match (self.sort, self.descending) {
            (Column::Name, false) => String::new(),
            (column, descending) => format!("{}{}", if descending { "-" } else { "" }, column_code(column)),
        };
        let group = match self.group {
            Grouping::Stack => "",
            Grouping::Host => "host",
            Grouping::Flat => "flat",
        };
        let pairs = [
            ("host", self.host.as_deref().unwrap_or_default()),
            ("q", self.text.as_str()),
            ("state", states.as_str()),
            ("group", group),
            ("sort", sort.as_str()),
            ("fold", folded.as_str()),
            ("hide", hidden.as_str()),
        ];
        query_string(pairs.into_iter().filter(|(_, value)| !value.is_empty()))
    }

    /// The question to the server for a window of it.
    pub(super) fn question(&self, offset: u32, limit: u32) -> ContainerQuery {
        ContainerQuery {
            text: self.text.trim().to_owned(),
            host: self.host.clone(),
            states: self.states.clone(),
            group: self.group,
            sort: self.sort,
            descending: self.descending,
            folded: self.folded.clone(),
            offset,
            limit,
            best_first: false,
        }
    }

    /// Whether the list is narrowed by more than the host.
    pub(super) fn is_narrowed(&self) -> bool {
        !self.text.trim().is_empty() || !self.states.is_empty()
    }
}

fn state_of(code: &str) -> Option<State> {
    State::ALL.into_iter().find(|state| state.code() == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values of a query that has nothing to decode.
    fn values(query: &str) -> impl Fn(&str) -> Option<String> {
        let query = query.trim_start_matches('?').to_owned();
        move |name| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
        }
    }

    #[test]
    fn an_address_brings_back_what_wrote_it() {
        let view = View {
            text: "web".to_owned(),
            host: Some("quay".to_owned()),
            states: vec![State::Failed, State::Unhealthy],
            group: Grouping::Flat,
            sort: Column::Cpu,
            descending: true,
            folded: vec!["quay/shop".to_owned(), "quay/".to_owned()],
            hidden: vec![Column::Ip],
        };
        assert_eq!(View::read(values(&view.write())), view);
    }

    #[test]
    fn a_plain_view_has_a_plain_address() {
        assert_eq!(View::default().write(), "");
        assert_eq!(View::read(values("?sort=colour&state=merry&hide=name")), View::default());
    }
}
