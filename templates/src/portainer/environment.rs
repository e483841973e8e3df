//! The variables of an entry.

use super::{
    fields::{Fields, Sayings},
    json::Json,
};
use crate::{
    problem::Problem,
    variable::{Choice, Kind, LONGEST, Shape, Variable},
    words::Words,
};

/// All that a variable may say. Some files say a `type`, which no version ever had.
const KNOWN: &[&str] = &["name", "label", "description", "default", "preset", "select"];

/// Words in the names of what is kept sealed: the format has no way to say so.
const SEALED: &[&str] =
    &["PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "APIKEY", "API_KEY", "PRIVATE_KEY"];

/// The variables, each with its name in the environment. A container's variable is called otherwise where its own name could
/// not be written in a file.
pub(super) fn read(list: Vec<Json>, container: bool, sayings: &mut Sayings) -> Vec<(String, Variable)> {
    let mut variables: Vec<(String, Variable)> = Vec::new();
    for (n, item) in list.into_iter().enumerate() {
        let path = format!("env.{n}");
        let Some(mut fields) = Fields::of(item, &path, sayings) else { continue };
        let name = fields.text(&["name"], sayings).unwrap_or_default().trim().to_owned();
        if name.is_empty() || name.contains(|c: char| c == '=' || c.is_whitespace() || c.is_control()) {
            match name.is_empty() {
                true => sayings.say(Problem::Missing { field: "name" }, &path),
                false => sayings.say(Problem::BadVariable { name }, &path),
            }
            continue;
        }
        if variables.iter().any(|(known, _)| *known == name) {
            sayings.say(Problem::FieldTwice { field: name.clone() }, "env");
            variables.retain(|(known, _)| *known != name);
        }
        let label = fields.text(&["label"], sayings).filter(|label| !label.is_empty());
        let help = fields.text(&["description"], sayings).unwrap_or_default();
        let mut default = fields.text(&["default"], sayings);
        let mut asked = !fields.flag(&["preset"], sayings);
        // Version 1: what is `set` is not asked.
        if let Some(set) = fields.text(&["set"], sayings).filter(|set| !set.is_empty()) {
            (default, asked) = (Some(set), false);
        }
        let select = fields.list("select", sayings);
        fields.take(&["type"]);
        fields.end(KNOWN, sayings);
        let kind = if select.is_empty() {
            Kind::Text { min: 0, max: LONGEST, shape: Shape::Any }
        } else {
            let of = choices(select, &path, &mut default, sayings);
            // A default that cannot be chosen is none.
            default = default.filter(|default| of.iter().any(|choice| choice.value == *default));
            Kind::Choice { of }
        };
        let upper = name.to_ascii_uppercase();
        let written = match container && !Shape::Identifier.fits(&name) {
            true => {
                let word: String =
                    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
                format!("VAR_{}_{word}", n + 1)
            }
            false => name.clone(),
        };
        let variable = Variable {
            name: written,
            label: Words::one(label.unwrap_or_else(|| name.clone())),
            help: Words::one(help),
            required: false,
            default,
            asked,
            sealed: SEALED.iter().any(|word| upper.contains(word)) && matches!(kind, Kind::Text { .. }),
            kind,
        };
        variables.push((name, variable));
    }
    variables
}

fn choices(list: Vec<Json>, path: &str, default: &mut Option<String>, sayings: &mut Sayings) -> Vec<Choice> {
    let mut choices = Vec::new();
    for (n, item) in list.into_iter().enumerate() {
        let Some(mut fields) = Fields::of(item, &format!("{path}.select.{n}"), sayings) else { continue };
        let value = fields.text(&["value"], sayings).unwrap_or_default();
        let text = fields.text(&["text"], sayings).filter(|text| !text.is_empty());
        if fields.flag(&["default"], sayings) {
            *default = Some(value.clone());
        }
        fields.end(&["text", "value", "default"], sayings);
        choices.push(Choice { label: Words::one(text.unwrap_or_else(|| value.clone())), value });
    }
    choices
}
