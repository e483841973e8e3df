//! Where a file of a repository can be read on the web, so that nothing has to be cloned for it.

/// The address of a file on the default branch; none for a place of which it is not known how it shows files.
pub fn raw(repository: &str, path: &str) -> Option<String> {
    let at = repository.strip_prefix("https://")?.trim_end_matches('/');
    let at = at.strip_suffix(".git").unwrap_or(at);
    let (host, project) = at.split_once('/')?;
    let plain = |text: &str| {
        text.chars().all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c))
            && text.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
    };
    if !plain(project) || !plain(path) {
        return None;
    }
    let parts = project.split('/').count();
    Some(match host.strip_prefix("www.").unwrap_or(host) {
        "github.com" if parts == 2 => format!("https://raw.githubusercontent.com/{project}/HEAD/{path}"),
        "gitlab.com" if parts >= 2 => format!("https://gitlab.com/{project}/-/raw/HEAD/{path}"),
        "gitee.com" if parts == 2 => format!("https://gitee.com/{project}/raw/HEAD/{path}"),
        "codeberg.org" if parts == 2 => format!("https://codeberg.org/{project}/raw/HEAD/{path}"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_known_places_have_an_address() {
        let github = "https://raw.githubusercontent.com/portainer/templates/HEAD/stacks/a/docker-stack.yml";
        for repository in
            ["https://github.com/portainer/templates", "https://github.com/portainer/templates.git/"]
        {
            assert_eq!(raw(repository, "stacks/a/docker-stack.yml").as_deref(), Some(github));
        }
        assert_eq!(
            raw("https://gitlab.com/a/b/c", "x.yml").as_deref(),
            Some("https://gitlab.com/a/b/c/-/raw/HEAD/x.yml")
        );
        for (repository, path) in [
            ("https://git.example.com/a/b", "x.yml"),
            ("http://github.com/a/b", "x.yml"),
            ("https://github.com/a", "x.yml"),
            ("https://github.com/a/b/c", "x.yml"),
            ("https://github.com/a/b?c", "x.yml"),
            ("https://github.com/a/b", "../x.yml"),
            ("https://github.com@evil.example/a/b", "x.yml"),
        ] {
            assert_eq!(raw(repository, path), None, "{repository} {path}");
        }
    }
}
