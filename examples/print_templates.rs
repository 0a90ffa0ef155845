//! Prints every template with its sample data, to look at: `cargo run --release --example print_templates OUT [TEMPLATES]`.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::exit,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program of ours for the terminal: a fault shall stop it"
)]

use std::{error::Error, path::PathBuf};

use juanzong::typeset::{PdfForm, TemplateSource, Typesetter};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let out = arguments.next().ok_or("name a folder to print into")?;
    let source = arguments
        .next()
        .map_or(TemplateSource::BuiltIn, TemplateSource::Folder);
    let typesetter = Typesetter::new(&source)?;
    std::fs::create_dir_all(&out)?;
    for template in typesetter.templates() {
        let form = PdfForm::plain(template.as_str(), None);
        let made = typesetter.typeset_sample(&template, &form)?;
        let path = out.join(format!("{template}.pdf"));
        juanzong::digest::write_atomically(&path, &made.pdf)?;
        eprintln!("{}: {made:?}", path.display());
    }
    Ok(())
}
