//! The names of projects.

/// Whether a project can be called so: lower-case letters, digits, `-` and `_`, a letter or a digit first.
pub fn is_project_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
}

/// A stack's name has at most so many bytes: containers and networks are named after it.
const STACK_NAME_MAX: usize = 63;

/// Whether a stack that we keep can be called so.
pub fn is_stack_name(name: &str) -> bool {
    is_project_name(name) && name.len() <= STACK_NAME_MAX
}

/// The name that a folder's name makes: in lower case, without what a name cannot have.
pub fn project_name_of(folder: &str) -> String {
    let lower = folder.to_lowercase();
    let kept =
        lower.chars().filter(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_'));
    kept.collect::<String>().trim_start_matches(['-', '_']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_give_names() {
        for (folder, name) in
            [("blog", "blog"), ("My App.2", "myapp2"), ("_x-y", "x-y"), ("Größe", "gre"), ("...", "")]
        {
            assert_eq!(project_name_of(folder), name);
        }
        assert!(
            is_project_name("a-b_c1")
                && !is_project_name("-a")
                && !is_project_name("A")
                && !is_project_name("")
        );
    }
}
