//! Paths as texts: nothing here asks a disk. Links are the business of whoever reads a file.

/// A path without `.`, `..` and doubled slashes. `..` at the root stays there.
pub fn clean(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if absolute => {}
            part => parts.push(part),
        }
    }
    match (absolute, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

/// A path as it reads from a folder; the stack's own is empty.
pub fn join(folder: &str, path: &str) -> String {
    if path.starts_with('/') || folder.is_empty() { clean(path) } else { clean(&format!("{folder}/{path}")) }
}

/// The folder in which a file stands.
pub fn folder(path: &str) -> &str {
    match path.rsplit_once('/') {
        Some(("", _)) => "/",
        Some((folder, _)) => folder,
        None => ".",
    }
}

/// The last part of a path.
pub fn last(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

/// A path as it reads from a folder above it; nothing, if the folder is not above it. The folder itself is empty.
pub fn below<'a>(folder: &str, path: &'a str) -> Option<&'a str> {
    let rest = path.strip_prefix(folder.trim_end_matches('/'))?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

/// Whether it is a path of Windows: `C:\data`, `C:/data`, `\\server\share`.
pub fn is_windows(path: &str) -> bool {
    let bytes = path.as_bytes();
    path.starts_with("\\\\")
        || (bytes.len() > 2
            && bytes[0].is_ascii_alphabetic()
            && bytes[1] == b':'
            && matches!(bytes[2], b'\\' | b'/'))
}

/// Whether a build's context is somewhere else than in a folder: a repository, an archive, an image, another service.
pub fn is_elsewhere(context: &str) -> bool {
    const PREFIXES: &[&str] = &["git@", "github.com/", "service:", "target:"];
    context.contains("://") || PREFIXES.iter().any(|prefix| context.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_cleaned_and_joined() {
        for (folder, path, joined) in [
            ("/srv/blog", "./data", "/srv/blog/data"),
            ("/srv/blog", "../shared//x/./y", "/srv/shared/x/y"),
            ("/srv/blog", "../../../..", "/"),
            ("/srv/blog", "/etc/../var", "/var"),
            ("", "./compose.yaml", "compose.yaml"),
            (".", "a/../..", ".."),
            (".", ".", "."),
        ] {
            assert_eq!(join(folder, path), joined, "{folder} {path}");
        }
    }

    #[test]
    fn a_folder_is_above_what_is_in_it_and_nothing_else() {
        assert_eq!(below("/srv/blog", "/srv/blog/a/b"), Some("a/b"));
        assert_eq!(below("/srv/blog", "/srv/blog"), Some(""));
        assert_eq!(below("/srv/blog", "/srv/blogger"), None);
        assert_eq!(below("/", "/etc"), Some("etc"));
    }

    #[test]
    fn windows_is_told_from_short_names() {
        assert!(is_windows(r"C:\data") && is_windows("c:/data") && is_windows(r"\\nas\share"));
        assert!(!is_windows("c:ro") && !is_windows("/c:/x") && !is_windows("data"));
    }
}
