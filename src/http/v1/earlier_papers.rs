//! What the same applicant filed in earlier years, in dossiers that are still kept: hashes only.

use jiff::civil::{Date, date};

use crate::{
    clock,
    digest::Digest,
    dossier::{Applicant, Dossier, EarlierPaper},
    finding::Report,
    http::{Services, problem::Problem},
    inspect::document::identity_number::normalised,
    store::DossierRow,
};

/// Who an applicant is, as a digest: the identity number, else name and birth date; `None` when neither is known.
pub(in crate::http) fn key(applicant: &Applicant) -> Option<Digest> {
    let who = match (&applicant.id_number, applicant.born) {
        (Some(number), _) if !number.trim().is_empty() => normalised(number),
        (_, Some(born)) => {
            let name = crate::checks::person_name::folded(&applicant.name);
            format!("{name} {born}")
        }
        _ => return None,
    };
    Some(Digest::of(format!("juanzong applicant\n{who}").as_bytes()))
}

/// The papers of dossiers begun before the year of `on`.
pub(in crate::http) async fn of(
    services: &Services,
    row: &DossierRow,
    statement: &Dossier,
    on: Date,
) -> Result<Vec<EarlierPaper>, Problem> {
    let Some(key) = key(&statement.applicant) else {
        return Ok(Vec::new());
    };
    let year = clock::start_of(date(on.year(), 1, 1));
    let rows = services.store.earlier_papers(&row.id, key, year).await?;
    let papers = rows.into_iter().filter_map(|row| {
        // A report of an older program that cannot be read says nothing.
        let report: Report = serde_json::from_str(&row.report).ok()?;
        let pages = report.facts.page_facts.into_iter();
        Some(EarlierPaper {
            year: clock::day_of(row.begun_at).year(),
            slot: row.slot,
            file_name: row.file_name,
            sha256: row.sha256,
            pages: pages
                .filter_map(|page| Some((page.page, page.page_hash?)))
                .collect(),
        })
    });
    Ok(papers.collect())
}
