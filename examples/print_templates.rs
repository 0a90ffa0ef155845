//! Prints every template with its sample data, to look at: `cargo run --release --example print_templates OUT [TEMPLATES]`.

#![allow(clippy::print_stderr, reason = "a program for people at a terminal")]

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
