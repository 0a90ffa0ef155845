//! Typesets a template with its sample data, for looking at it. `typeset_sample NAME OUT.pdf`

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

use juanzong::typeset::{PdfForm, TemplateSource, Typesetter};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let usage = "typeset_sample NAME OUT.pdf";
    let (name, out) = (
        arguments.next().ok_or(usage)?,
        arguments.next().ok_or(usage)?,
    );
    let typesetter = Typesetter::new(&TemplateSource::Folder("templates/print".into()))?;
    let typeset = typesetter.typeset_sample(&name, &PdfForm::plain(name.as_str(), None))?;
    juanzong::digest::write_atomically(out.as_ref(), &typeset.pdf)?;
    Ok(())
}
