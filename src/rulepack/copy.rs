//! A new pack from an old one: the same text under a new id, at version 1, ready for an editor.

use std::sync::Arc;

use super::{Packs, shape::Form};

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
