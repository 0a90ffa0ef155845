//! A new pack from an old one: the same text under a new id, at version 1, ready for an editor.

use std::sync::Arc;

use super::{Pack, Packs, shape::Form};

/// Why no copy was made.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum CopyError {
    /// There is no pack of that id whose text is known.
    #[error("there is no notice `{id}`, known: {}", known.join(", "))]
    NoSuchNotice {
        /// The id asked for.
        id: String,
        /// Ids there are.
        known: Vec<String>,
    },
    /// The new id has not the form of one.
    #[error("`{id}` is no id, wants small letters, digits and hyphens")]
    NotAnId {
        /// The id asked for.
        id: String,
    },
    /// A pack of the new id is there already.
    #[error("there is a notice `{id}` already")]
    Taken {
        /// The id asked for.
        id: String,
    },
}

/// The text of a new pack made from the pack `from`. Everything but `id` and `version` stays as it is; the first
/// line says where it came from.
pub fn copy(packs: &Packs, from: &str, new: &str) -> Result<String, CopyError> {
    if !Form::Id.holds(new) {
        return Err(CopyError::NotAnId { id: new.to_owned() });
    }
    if packs.get(new).is_some() {
        return Err(CopyError::Taken { id: new.to_owned() });
    }
    let text = packs.get(from).map(|pack| Arc::clone(&pack.text));
    let text = text.ok_or_else(|| CopyError::NoSuchNotice {
        id: from.to_owned(),
        known: packs.ids().into_iter().map(str::to_owned).collect(),
    })?;
    let mut out = format!(
        "# Begun from `{from}`: change dates, numbers and clauses to those of the new notice.\n"
    );
    let mut in_head = true;
    for line in text.lines() {
        in_head = in_head && !line.starts_with('[');
        if in_head && line.starts_with("id = ") {
            out.push_str(&format!("id = \"{new}\""));
        } else if in_head && line.starts_with("version = ") {
            out.push_str("version = 1");
        } else {
            out.push_str(line);
        }
        out.push('\n');
    }
    Ok(out)
}

/// What differs between two packs, in words of both languages: one entry a key, in the order of the language.
pub fn diff(old: &Pack, new: &Pack) -> Vec<crate::lang::Bilingual> {
    let mut out = Vec::new();
    let value = |pack: &Pack| serde_json::to_value(pack).unwrap_or_default();
    differ("", &value(old), &value(new), &mut out);
    out
}

fn differ(
    path: &str,
    old: &serde_json::Value,
    new: &serde_json::Value,
    out: &mut Vec<crate::lang::Bilingual>,
) {
    use serde_json::Value::{Array, Null, Object};
    if old == new || path == "sha256" {
        return;
    }
    match (old, new) {
        (Object(a), Object(b)) => {
            let keys: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            for key in keys {
                let place = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                differ(
                    &place,
                    a.get(key).unwrap_or(&Null),
                    b.get(key).unwrap_or(&Null),
                    out,
                );
            }
        }
        (Array(a), Array(b)) if a.iter().chain(b).all(serde_json::Value::is_object) => {
            let names = |list: &[serde_json::Value]| -> Vec<String> {
                let named = list.iter().enumerate();
                named.map(|(index, one)| name_of(one, index)).collect()
            };
            let (old_names, new_names) = (names(a), names(b));
            for (index, name) in old_names.iter().enumerate() {
                let before = a.get(index).unwrap_or(&Null);
                let after = new_names.iter().position(|other| other == name);
                let after = after.and_then(|at| b.get(at)).unwrap_or(&Null);
                differ(&format!("{path}[{name}]"), before, after, out);
            }
            for (index, name) in new_names.iter().enumerate() {
                if !old_names.contains(name) {
                    let after = b.get(index).unwrap_or(&Null);
                    differ(&format!("{path}[{name}]"), &Null, after, out);
                }
            }
        }
        (Null, new) => out.push(crate::lang::Bilingual::new(
            format!("新增 {path}：{}", short(new)),
            format!("{path} is new: {}", short(new)),
        )),
        (old, Null) => out.push(crate::lang::Bilingual::new(
            format!("删去 {path}：{}", short(old)),
            format!("{path} is gone: {}", short(old)),
        )),
        (old, new) => out.push(crate::lang::Bilingual::new(
            format!("{path} 由 {} 改为 {}", short(old), short(new)),
            format!("{path} was {}, is {}", short(old), short(new)),
        )),
    }
}

/// What an entry of a list is known by; entries that have no name are told apart by their place.
fn name_of(entry: &serde_json::Value, index: usize) -> String {
    let text = |key: &str| {
        entry.get(key).map(|value| match value.as_str() {
            Some(text) => text.to_owned(),
            None => value.to_string(),
        })
    };
    let name = ["id", "number", "name", "grade", "of", "who", "what"]
        .iter()
        .find_map(|key| text(key));
    let code = text("code").map(|code| {
        let slots = entry.get("slots").and_then(|slots| slots.as_array());
        let slots = slots.into_iter().flatten().filter_map(|slot| slot.as_str());
        let slots: Vec<&str> = slots.collect();
        if slots.is_empty() {
            code
        } else {
            format!("{code} {}", slots.join(","))
        }
    });
    name.or(code).unwrap_or_else(|| (index + 1).to_string())
}

fn short(value: &serde_json::Value) -> String {
    let text = match value.as_str() {
        Some(text) => text.to_owned(),
        None => value.to_string(),
    };
    let cut: String = text.chars().take(80).collect();
    if cut.len() < text.len() {
        format!("`{cut}…`")
    } else {
        format!("`{cut}`")
    }
}
