//! What can go wrong between a template and its PDF.

use std::{fmt, path::PathBuf};

/// Why a PDF could not be made.
#[derive(Debug, thiserror::Error)]
pub enum TypesetError {
    /// No template of that name.
    #[error("there is no template `{name}`")]
    NoTemplate {
        /// As asked for.
        name: String,
    },
    /// Some characters cannot be printed; nothing was.
    #[error("no font has {}", list(characters))]
    NoGlyph {
        /// Which, sorted, each once.
        characters: Vec<char>,
    },
    /// A template does not compile with its data.
    #[error("{}", lines(faults))]
    Template {
        /// All faults found.
        faults: Vec<Fault>,
    },
    /// A folder of templates could not be read.
    #[error("the template `{}` could not be read", path.display())]
    Folder {
        /// The folder or file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// The data could not be written as JSON.
    #[error("the data of the template are not JSON")]
    Data(#[source] serde_json::Error),
}

/// One fault of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file, as named in the templates folder; empty when the fault belongs to no file.
    pub file: String,
    /// Its line, from 1; 0 when unknown.
    pub line: usize,
    /// What is wrong, in the typesetter's words.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.file.as_str(), self.line) {
            ("", _) => f.write_str(&self.message),
            (file, 0) => write!(f, "{file}: {}", self.message),
            (file, line) => write!(f, "{file}:{line}: {}", self.message),
        }
    }
}

fn lines(faults: &[Fault]) -> String {
    let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
    faults.join("\n")
}

/// `䶮` (U+4DAE), …
fn list(characters: &[char]) -> String {
    let named: Vec<String> = characters
        .iter()
        .map(|c| format!("`{c}` (U+{:04X})", u32::from(*c)))
        .collect();
    named.join(", ")
}
