//! The state of a table as it stands in the address, and what tables of each shelf show.

use longshore_api::{
    web::shelf::{Only, Shelf, ShelfColumn, ShelfQuery},
    words::Words,
};

use crate::places::{Page, query_string};

/// What the table is asked to show.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct View {
    pub(super) text: String,
    pub(super) host: Option<String>,
    pub(super) only: Only,
    pub(super) sort: ShelfColumn,
    pub(super) descending: bool,
}

const ONLY: [(Only, &str); 4] =
    [(Only::All, ""), (Only::Used, "used"), (Only::Unused, "unused"), (Only::Dangling, "dangling")];

const SORTS: [(ShelfColumn, &str); 5] = [
    (ShelfColumn::Name, "name"),
    (ShelfColumn::Size, "size"),
    (ShelfColumn::Created, "created"),
    (ShelfColumn::Users, "users"),
    (ShelfColumn::Driver, "driver"),
];

fn code<T: Copy + PartialEq>(table: &[(T, &'static str)], value: T) -> &'static str {
    table.iter().find(|(other, _)| *other == value).map_or("", |(_, code)| code)
}

fn of_code<T: Copy + Default>(table: &[(T, &str)], code: &str) -> T {
    table.iter().find(|(_, other)| *other == code).map_or_else(T::default, |(value, _)| *value)
}

impl View {
    /// What an address asks for; what it does not name, or names wrongly, is as in a plain address.
    pub(super) fn read(query: impl Fn(&str) -> Option<String>) -> Self {
        let one = |name: &str| query(name).unwrap_or_default();
        let sort = one("sort");
        let (descending, sort) = sort.strip_prefix('-').map_or((false, sort.as_str()), |rest| (true, rest));
        Self {
            text: one("q").chars().take(200).collect(),
            host: query("host").filter(|host| !host.is_empty()),
            only: of_code(&ONLY, &one("only")),
            sort: of_code(&SORTS, sort),
            descending,
        }
    }

    /// The query of the address that asks for it.
    pub(super) fn write(&self) -> String {
        let sort = match (self.sort, self.descending) {
            (ShelfColumn::Name, false) => String::new(),
            (column, descending) => format!("{}{}", if descending { "-" } else { "" }, code(&SORTS, column)),
        };
        let pairs = [
            ("host", self.host.as_deref().unwrap_or_default()),
            ("q", &self.text),
            ("only", code(&ONLY, self.only)),
            ("sort", &sort),
        ];
        query_string(pairs.into_iter().filter(|(_, value)| !value.is_empty()))
    }

    /// What the server is asked.
    pub(super) fn question(&self, shelf: Shelf, offset: u32, limit: u32) -> ShelfQuery {
        ShelfQuery {
            shelf,
            text: self.text.trim().to_owned(),
            host: self.host.clone(),
            only: self.only,
            sort: self.sort,
            descending: self.descending,
            offset,
            limit,
        }
    }

    /// Whether it shows less than there is.
    pub(super) fn is_narrowed(&self) -> bool {
        !self.text.trim().is_empty() || self.only != Only::All
    }
}

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Name,
    Driver,
    Subnet,
    Users,
    Host,
    Owner,
    Size,
    Created,
}

impl Column {
    /// Those of a shelf, in their order.
    pub(super) fn of(shelf: Shelf) -> &'static [Self] {
        match shelf {
            Shelf::Images => &[Self::Name, Self::Users, Self::Host, Self::Owner, Self::Size, Self::Created],
            Shelf::Networks => {
                &[Self::Name, Self::Driver, Self::Subnet, Self::Users, Self::Host, Self::Owner, Self::Created]
            }
            Shelf::Volumes => {
                &[Self::Name, Self::Driver, Self::Users, Self::Host, Self::Owner, Self::Size, Self::Created]
            }
        }
    }

    /// What it is called.
    pub(super) fn word(self, words: &Words) -> &'static str {
        match self {
            Self::Name => words.col_name(),
            Self::Driver => words.driver(),
            Self::Subnet => words.subnet(),
            Self::Users => words.used_by(),
            Self::Host => words.host(),
            Self::Owner => words.owner(),
            Self::Size => words.size(),
            Self::Created => words.col_created(),
        }
    }

    /// What pressing it sorts by.
    pub(super) fn sort(self) -> Option<ShelfColumn> {
        match self {
            Self::Name => Some(ShelfColumn::Name),
            Self::Driver => Some(ShelfColumn::Driver),
            Self::Users => Some(ShelfColumn::Users),
            Self::Size => Some(ShelfColumn::Size),
            Self::Created => Some(ShelfColumn::Created),
            Self::Subnet | Self::Host | Self::Owner => None,
        }
    }

    /// Its width; the name takes what is left.
    pub(super) fn width(self) -> &'static str {
        match self {
            Self::Name => "auto",
            Self::Driver => "104px",
            Self::Subnet => "168px",
            Self::Users => "240px",
            Self::Host => "132px",
            Self::Owner => "96px",
            Self::Size => "96px",
            Self::Created => "96px",
        }
    }

    /// Figures stand right, and the highest is what one looks for.
    pub(super) fn is_figure(self) -> bool {
        matches!(self, Self::Size | Self::Created)
    }
}

/// The page of a shelf.
pub(super) fn page_of(shelf: Shelf) -> Page {
    match shelf {
        Shelf::Images => Page::Images,
        Shelf::Networks => Page::Networks,
        Shelf::Volumes => Page::Volumes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_survives_its_address() {
        let view = View {
            text: "web 1".to_owned(),
            host: Some("quay".to_owned()),
            only: Only::Unused,
            sort: ShelfColumn::Size,
            descending: true,
        };
        let query = view.write();
        assert_eq!(query, "?host=quay&q=web%201&only=unused&sort=-size");
        let read = View::read(|name| match name {
            "host" => Some("quay".to_owned()),
            "q" => Some("web 1".to_owned()),
            "only" => Some("unused".to_owned()),
            "sort" => Some("-size".to_owned()),
            _ => None,
        });
        assert_eq!(read, view);
        assert_eq!(View::read(|_| Some("nonsense".to_owned())).only, Only::All);
        assert_eq!(View::default().write(), "");
    }
}
