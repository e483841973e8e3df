//! Our cookies among others: ports are no part of a cookie's place, so whoever else serves on this host's name may set some
//! that look like ours, and a browser sends all that fit.

use crate::house::House;

use super::Context;

/// So many cookies of one name are looked at. A browser sends those of one name that were set for each part of the path and
/// of the host's name, and a neighbour on the same name may set more: so far more than any honest site has. Each is looked
/// at by its signature before the database is asked.
const COOKIES_MAX: usize = 128;

/// A cookie of ours besides the session's: it carries somebody over one step of a way in, and is sent for that part of the
/// path only, where its name leaves us the choice.
#[derive(Clone, Copy, Debug)]
pub struct Slip {
    /// What it is for, in its name.
    pub word: &'static str,
    /// The part of the path, below the base.
    pub path: &'static str,
    /// It ends after so many seconds.
    pub life_s: u32,
    /// Whether it comes along when another site leads here.
    pub from_elsewhere: bool,
}

/// The values of the cookies of a name in these `Cookie` headers, in the browser's order.
pub fn named<'a>(lines: impl IntoIterator<Item = &'a str>, name: &str) -> Vec<String> {
    let values = pairs(lines).filter(|(called, _)| *called == name).map(|(_, value)| value.to_owned());
    values.take(COOKIES_MAX).collect()
}

/// Which there are of the cookies that [`Context::one_slip`] sets beside one another, and their values. `name` is what
/// [`Context::slip_name`] says.
pub fn each_of<'a>(lines: impl IntoIterator<Item = &'a str>, name: &str) -> Vec<(String, String)> {
    let of = pairs(lines).filter_map(|(called, value)| {
        let which = called.strip_prefix(name)?.strip_prefix('_')?;
        Some((which.to_owned(), value.to_owned()))
    });
    of.take(COOKIES_MAX).collect()
}

fn pairs<'a>(lines: impl IntoIterator<Item = &'a str>) -> impl Iterator<Item = (&'a str, &'a str)> {
    lines.into_iter().flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='))
}

/// What a cookie is called. By TLS, browsers take a name that begins with `__Host-` only from this very host, by TLS, for
/// its whole path. Below a base path a cookie is for that part alone, and `__Secure-` promises no more than TLS. By TLS no
/// other name is read: plain HTTP can set any that has no such beginning.
pub(super) fn prefixed(name: &str, https: bool, base: &str) -> String {
    let prefix = match (https, base) {
        (true, "") => "__Host-",
        (true, _) => "__Secure-",
        (false, _) => "",
    };
    format!("{prefix}{name}")
}

impl Context {
    /// The `Set-Cookie` value of a session; an empty token with no life ends it.
    pub fn cookie(&self, house: &House, token: &str, max_age_s: u32) -> String {
        let name = prefixed(house.accounts.cookie_name(), self.https, &self.base);
        self.set(&name, token, &format!("{}/", self.base), max_age_s, "Strict")
    }

    /// What such a cookie is called here.
    pub fn slip_name(&self, house: &House, slip: &Slip) -> String {
        prefixed(&format!("{}_{}", house.accounts.cookie_name(), slip.word), self.https, &self.base)
    }

    /// Its `Set-Cookie` value; none ends it.
    pub fn slip(&self, house: &House, slip: &Slip, value: Option<&str>) -> String {
        self.set_slip(&self.slip_name(house, slip), slip, value)
    }

    /// The same of one of several that stand beside one another, each under a name of its own: what sets one at the same
    /// time as another does not overwrite it.
    pub fn one_slip(&self, house: &House, slip: &Slip, which: &str, value: Option<&str>) -> String {
        self.set_slip(&format!("{}_{which}", self.slip_name(house, slip)), slip, value)
    }

    fn set_slip(&self, name: &str, slip: &Slip, value: Option<&str>) -> String {
        // A name that begins with `__Host-` is for the whole path, or browsers do not take it.
        let whole = name.starts_with("__Host-");
        let path = if whole { "/".to_owned() } else { format!("{}{}", self.base, slip.path) };
        let life_s = if value.is_some() { slip.life_s } else { 0 };
        let same_site = if slip.from_elsewhere { "Lax" } else { "Strict" };
        self.set(name, value.unwrap_or_default(), &path, life_s, same_site)
    }

    fn set(&self, name: &str, value: &str, path: &str, life_s: u32, same_site: &str) -> String {
        let secure = if self.https { "; Secure" } else { "" };
        format!("{name}={value}; Path={path}; Max-Age={life_s}; HttpOnly; SameSite={same_site}{secure}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_told_by_their_whole_names() {
        let lines = ["a_oidc_x=1; a_oidc=2; b=3", "a_oidc_y=4; a_oidcz=5;  a_oidc_x=6"];
        assert_eq!(named(lines, "a_oidc"), ["2"]);
        assert_eq!(named(lines, "a_oidc_x"), ["1", "6"]);
        let each = each_of(lines, "a_oidc");
        let each: Vec<(&str, &str)> = each.iter().map(|(which, value)| (&**which, &**value)).collect();
        assert_eq!(each, [("x", "1"), ("y", "4"), ("x", "6")]);
    }
}
