//! `juanzong fonts`: which characters can be printed.

use super::{Exit, Format, Trouble, output};
use crate::typeset;

/// Which characters can be printed with the built-in fonts
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Names or other texts to look through; without any, every character of 通用规范汉字表, of GB 18030-2022 level 2 and
    /// of names in the population register
    #[arg(long, required = true, num_args = 0.., value_name = "NAME")]
    check: Vec<String>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(arguments: &Arguments) -> Result<Exit, Trouble> {
    if arguments.check.is_empty() {
        return lists(arguments.format);
    }
    let mut exit = Exit::Good;
    for text in &arguments.check {
        let missing = named(&typeset::missing_characters(text));
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

/// Looks through every list that the fonts are built for.
fn lists(format: Format) -> Result<Exit, Trouble> {
    let mut exit = Exit::Good;
    for list in typeset::repertoires() {
        let missing = named(&list.missing);
        let (all, printable) = (list.characters, list.characters - missing.len());
        if !missing.is_empty() {
            exit = Exit::Refused;
        }
        match format {
            Format::Json => output::print_json(&serde_json::json!({
                "list": list.name, "characters": all, "printable": printable, "missing": missing,
            }))?,
            Format::Text if missing.is_empty() => {
                output::print(&format!("✓ {}  {printable}/{all}", list.name))?;
            }
            Format::Text => {
                let missing = missing.join("、");
                output::print(&format!("✗ {}  {printable}/{all}  {missing}", list.name))?;
            }
        }
    }
    Ok(exit)
}

/// Characters as people look them up.
fn named(missing: &[char]) -> Vec<String> {
    let point = |c: &char| format!("{c} (U+{:04X})", u32::from(*c));
    missing.iter().map(point).collect()
}
