//! Which containers' logs: `of=HOST/NAME,HOST/NAME` in the address.

/// Containers of which logs are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// The slug of its host.
    pub(super) host: String,
    /// Its name.
    pub(super) name: String,
}

/// So many logs at most are shown in one.
pub(super) const MERGED_MAX: usize = 8;

/// Those that an address names, each once.
pub(super) fn read(of: &str) -> Vec<Named> {
    let mut all = Vec::new();
    for one in of.split(',') {
        let Some((host, name)) = one.split_once('/') else { continue };
        let named = Named { host: host.to_owned(), name: name.to_owned() };
        if !host.is_empty() && !name.is_empty() && !all.contains(&named) && all.len() < MERGED_MAX {
            all.push(named);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_each_container_once() {
        let named = |host: &str, name: &str| Named { host: host.to_owned(), name: name.to_owned() };
        assert_eq!(read("local/web,depot/db,local/web"), [named("local", "web"), named("depot", "db")]);
        assert_eq!(read(",x,/y,z/,"), []);
        let many: Vec<String> = (0..20).map(|n| format!("local/web-{n}")).collect();
        assert_eq!(read(&many.join(",")).len(), MERGED_MAX);
    }
}
