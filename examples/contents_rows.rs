//! Typesets a contents page of many rows again and again and prints the first and the median time: `contents_rows [ROWS [TEMPLATES]]`;
//! TEMPLATES is a folder with templates to try.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a program of ours for the terminal: a fault shall stop it"
)]

use std::{error::Error, time::Instant};

use juanzong::typeset::{PdfForm, TemplateSource, Typesetter};
use serde_json::json;

fn main() -> Result<(), Box<dyn Error>> {
    let rows: usize = match std::env::args().nth(1) {
        Some(text) => text.parse()?,
        None => 200,
    };
    let source = match std::env::args_os().nth(2) {
        Some(folder) => TemplateSource::Folder(folder.into()),
        None => TemplateSource::BuiltIn,
    };
    let typesetter = Typesetter::new(&source)?;
    let mut times = Vec::new();
    let mut pages = 0;
    for round in 0..21 {
        // Every round has titles of its own, as every dossier has.
        let list: Vec<_> = (0..rows)
            .map(|i| {
                // Items of two papers each.
                let level = usize::from(i % 3 != 0);
                let number = if level == 0 {
                    (i / 3 + 1).to_string()
                } else {
                    String::new()
                };
                json!({
                    "number": number, "copies": "1", "note": "", "level": level, "link": i,
                    "title": format!("第{round}次排印之第{i}项材料复印件及其经济效益证明"),
                    "pages": format!("{}—{}", 3 * i + 1, 3 * i + 3),
                })
            })
            .collect();
        let data = json!({
            "title": "第一分册目录", "volume": "第一分册", "document_number": null,
            "applicant": {"name": "陈样例", "unit": "连云港样例石化工程有限公司"}, "rows": list,
        });
        let started = Instant::now();
        pages = typesetter
            .typeset("contents", &data, &PdfForm::plain("第一分册目录", None))?
            .pages;
        times.push(started.elapsed());
    }
    let first = times.remove(0);
    times.sort();
    println!(
        "{rows} rows on {pages} pages: first {first:?}, then {:?} (median of {})",
        times[times.len() / 2],
        times.len()
    );
    Ok(())
}
