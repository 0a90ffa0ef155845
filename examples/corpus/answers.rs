//! What one file came to, beside its label.

use std::time::Duration;

use juanzong::finding::Severity;
use serde_json::{Value, json};

/// What one file came to.
pub(super) struct Answer {
    pub(super) label: Value,
    pub(super) got: Option<Value>,
    pub(super) wall: Duration,
}

impl Answer {
    pub(super) fn name(&self) -> &str {
        self.label["file"].as_str().unwrap_or_default()
    }
    pub(super) fn class(&self) -> &str {
        self.label["class"].as_str().unwrap_or_default()
    }
    pub(super) fn codes(&self, severity: Severity) -> Vec<&str> {
        let wanted = json!(severity);
        self.got
            .iter()
            .flat_map(|got| got["findings"].as_array().into_iter().flatten())
            .filter(|f| f["severity"] == wanted)
            .filter_map(|f| f["code"].as_str())
            .collect()
    }
    /// Refused by the format family (`FM`, `LM`); active content is counted apart.
    pub(super) fn refused(&self) -> bool {
        self.got.is_none()
            || self
                .codes(Severity::Error)
                .iter()
                .any(|code| code.starts_with("FM") || code.starts_with("LM"))
    }
    pub(super) fn warned(&self) -> bool {
        ["FM105", "FM106", "FM107"]
            .iter()
            .any(|code| self.codes(Severity::Warning).contains(code))
    }
    pub(super) fn has(&self, kinds: &[&str]) -> bool {
        self.got
            .iter()
            .flat_map(|got| got["active"].as_array().into_iter().flatten())
            .filter_map(Value::as_str)
            .any(|kind| kinds.contains(&kind))
    }
    pub(super) fn active_labels(&self) -> Vec<&str> {
        let strict = self.label["active_strict"].as_bool().unwrap_or(false);
        let all: Vec<&str> = self.label["active"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        // `active_strict` speaks of the file: an OpenAction beside other kinds may be a mere destination.
        let alone = all.len() == 1;
        all.into_iter()
            .filter(|kind| *kind != "OpenAction" || (strict && alone))
            .collect()
    }
}

/// Our kinds for a label; an OpenAction that only sets a view is none of them.
pub(super) fn kinds_of(label: &str) -> &'static [&'static str] {
    match label {
        "JavaScript" => &["java_script"],
        "Launch" => &["launch"],
        "EmbeddedFiles" => &["embedded_file"],
        "RichMedia" => &["rich_media"],
        "XFA" => &["xfa"],
        "OpenAction" => &[
            "automatic_action",
            "java_script",
            "launch",
            "go_to_remote",
            "go_to_embedded",
        ],
        _ => &[],
    }
}
