//! `juanzong fonts`: which characters can be printed.

use super::{Exit, Format, Trouble, output};
use crate::typeset;

/// Which characters can be printed with the built-in fonts
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Names or other texts to look through
    #[arg(long, required = true, num_args = 1.., value_name = "NAME")]
    check: Vec<String>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(arguments: &Arguments) -> Result<Exit, Trouble> {
    let mut exit = Exit::Good;
    for text in &arguments.check {
        let missing: Vec<String> = typeset::missing_characters(text)
            .into_iter()
            .map(|c| format!("{c} (U+{:04X})", u32::from(c)))
            .collect();
        if !missing.is_empty() {
            exit = Exit::Refused;
        }
        match arguments.format {
            Format::Json => output::print_json(&serde_json::json!({
                "text": text, "printable": missing.is_empty(), "missing": missing,
            }))?,
            Format::Text if missing.is_empty() => output::print(&format!("✓ {text}"))?,
            Format::Text => output::print(&format!("✗ {text}  {}", missing.join("、")))?,
        }
    }
    Ok(exit)
}
