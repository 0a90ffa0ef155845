//! What is wrong with a file a person wrote: each thing with file, line, key and what is allowed there.

use std::fmt;

use serde::Serialize;

use crate::lang::{Bilingual, Lang};

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The file, as the person named it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// The key, for example `slot[3].presence`; entries of lists are counted from 1.
    pub key: String,
    /// What was seen and what is wanted: one sentence, no full stop.
    pub message: Bilingual,
    /// The values or keys that are allowed there, if they can be listed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<String>,
}

impl Problem {
    /// The problem as one line in `lang`.
    pub fn in_lang(&self, lang: Lang) -> String {
        let colon = match lang {
            Lang::Zh => "：",
            Lang::En => ": ",
        };
        let key = if self.key.is_empty() {
            String::new()
        } else {
            format!("{}{colon}", self.key)
        };
        format!(
            "{}:{}: {key}{}",
            self.file,
            self.line,
            self.message.in_lang(lang)
        )
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_lang(Lang::En))
    }
}

/// Everything that is wrong with rule packs, all at once; never empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct PackErrors(pub Vec<Problem>);

impl fmt::Display for PackErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for PackErrors {}
