//! `juanzong certificate issue-batch`: one table in, one certificate and one line of result a row.

use std::{fs::File, path::Path, sync::Arc};

use serde_json::json;

use super::{Exit, Format, Scene, Trouble, output};
use crate::{
    certificate::{self, Batch, Issuer, RowOutcome, RowResult, Table},
    lang::Lang,
    store::{Secret, Store},
    verify,
};

/// What the subcommand works on.
pub(super) struct Work<'a> {
    pub(super) scene: &'a Scene,
    pub(super) issuer: &'a Arc<Issuer>,
    pub(super) store: &'a Store,
    pub(super) table: &'a Path,
    /// Where the PDFs go; none for a dry run.
    pub(super) out: Option<&'a Path>,
    pub(super) format: Format,
    pub(super) now: jiff::Timestamp,
}

impl Work<'_> {
    pub(super) async fn run(&self) -> Result<Exit, Trouble> {
        let batch = self.read()?;
        let typesetter = self.scene.typesetter()?;
        let results = match self.out {
            None => {
                certificate::rehearse_batch(self.issuer, self.store, &typesetter, &batch, self.now)
                    .await
            }
            Some(folder) => {
                std::fs::create_dir_all(folder).map_err(Trouble::new)?;
                // The office has the files: nobody needs a holder's secret.
                let holder = |_| Secret::random().hash();
                let check = verify::self_check;
                let (issuer, store) = (self.issuer, self.store);
                certificate::issue_batch(issuer, store, &typesetter, batch, holder, self.now, check)
                    .await
            }
        };
        for result in &results {
            self.tell(result)?;
        }
        let refused = |r: &&RowResult| matches!(r.outcome, RowOutcome::Refused(_));
        let refused = results.iter().filter(refused).count();
        let good = results.len() - refused;
        output::say(&match (self.scene.lang, self.out) {
            (Lang::Zh, None) => format!("试运行：{good} 行可签发，{refused} 行不可"),
            (Lang::Zh, Some(_)) => format!("已签发 {good} 份，{refused} 行未签发"),
            (Lang::En, None) => {
                format!("dry run: {good} rows could be issued, {refused} could not")
            }
            (Lang::En, Some(_)) => format!("{good} issued, {refused} refused"),
        });
        Ok(if refused == 0 {
            Exit::Good
        } else {
            Exit::Refused
        })
    }

    /// Reads the table in a worker.
    fn read(&self) -> Result<Batch, Trouble> {
        let named = |words: String| Trouble::because(format!("{}: {words}", self.table.display()));
        let file = File::open(self.table).map_err(|error| named(error.to_string()))?;
        let table = Table::read_in(&Scene::pool()?, &file).map_err(Trouble::new)?;
        let table = table.map_err(|error| named(error.to_string()))?;
        Batch::of(&table).map_err(|error| {
            let lang = self.scene.lang;
            let texts: Vec<&str> = error.0.iter().map(|p| p.message.in_lang(lang)).collect();
            named(texts.join("; "))
        })
    }

    fn tell(&self, result: &RowResult) -> Result<(), Trouble> {
        let row = result.row;
        match &result.outcome {
            RowOutcome::Good => match self.format {
                Format::Json => output::print_json(&json!({ "row": row, "problems": [] })),
                Format::Text => output::print(&format!("✓ {row}")),
            },
            RowOutcome::Refused(problems) => match self.format {
                Format::Json => output::print_json(&json!({ "row": row, "problems": problems })),
                Format::Text => {
                    let words = problems.iter().map(|p| {
                        let words = p.message.in_lang(self.scene.lang);
                        match &p.column {
                            Some(column) => format!("`{column}` {words}"),
                            None => words.to_owned(),
                        }
                    });
                    let words: Vec<String> = words.collect();
                    output::print(&format!("✗ {row}  {}", words.join("; ")))
                }
            },
            RowOutcome::Waits(number) => match self.format {
                Format::Json => output::print_json(
                    &json!({ "row": row, "problems": [], "number": number, "waits": true }),
                ),
                Format::Text => output::print(&format!("… {row}  {number}")),
            },
            RowOutcome::Issued(issued) => {
                let file = format!("{}.pdf", issued.number);
                let path = self
                    .out
                    .map(|folder| folder.join(&file))
                    .unwrap_or_default();
                crate::digest::write_atomically(&path, &issued.pdf).map_err(Trouble::new)?;
                match self.format {
                    Format::Json => output::print_json(&json!({
                        "row": row, "problems": [], "number": issued.number, "code": issued.code.grouped(),
                        "sha256": issued.file_sha256, "leaf_index": issued.leaf_index, "file": path,
                    })),
                    Format::Text => output::print(&format!(
                        "✓ {row}  {}  {}  {}",
                        issued.number,
                        issued.code.grouped(),
                        path.display()
                    )),
                }
            }
        }
    }
}
