//! Rows of reports about uploads; a report's text is the `finding` room's JSON.

use jiff::civil::Date;

use super::{Id, Store, StoreError};

/// A report to be kept; replaces an earlier one about the same upload.
#[derive(Clone, Debug)]
pub struct NewReport {
    /// The upload it is about.
    pub upload: Id,
    /// The day it was judged at.
    pub judged_on: Date,
    /// What judged it: program version and pack digest; another value means it must be judged again.
    pub judged_by: String,
    /// `accepted`, `refused` or `undecided`.
    pub verdict: String,
    /// The report, JSON.
    pub report: String,
    /// Where ink stands at the edges of the pages, JSON; `None` keeps what is known of the same upload.
    pub margins: Option<String>,
}

/// A report that is kept.
#[derive(Clone, Debug)]
pub struct ReportRow {
    /// The upload it is about.
    pub upload: Id,
    /// The day it was judged at.
    pub judged_on: Date,
    /// What judged it.
    pub judged_by: String,
    /// The report, JSON.
    pub report: String,
    /// Where ink stands at the edges of the pages, JSON, if anybody has looked.
    pub margins: Option<String>,
}

impl Store {
    /// Keeps a report. When its upload is gone in the meantime, nothing is kept.
    pub async fn put_report(&self, new: &NewReport) -> Result<(), StoreError> {
        write_report(self.pool(), new).await
    }

    /// Keeps where ink stands at the edges of an upload's pages, beside its report.
    pub async fn keep_margins(&self, upload: &Id, margins: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE reports SET margins = $2 WHERE upload = $1")
            .bind(upload.as_str())
            .bind(margins)
            .execute(self.pool())
            .await?;
        Ok(())
    }

    /// All reports of a dossier, by upload.
    pub async fn reports(&self, dossier: &Id) -> Result<Vec<ReportRow>, StoreError> {
        let rows: Vec<(String, String, String, String, Option<String>)> = sqlx::query_as(
            "SELECT reports.upload, reports.judged_on, reports.judged_by, reports.report, reports.margins
             FROM reports JOIN uploads ON uploads.id = reports.upload
             WHERE uploads.dossier = $1 ORDER BY reports.upload",
        )
        .bind(dossier.as_str())
        .fetch_all(self.pool())
        .await?;
        let unreadable = |place| StoreError::Unreadable { place };
        rows.into_iter()
            .map(|(upload, judged_on, judged_by, report, margins)| {
                Ok(ReportRow {
                    upload: upload.parse().map_err(|_| unreadable("reports.upload"))?,
                    judged_on: judged_on
                        .parse()
                        .map_err(|_| unreadable("reports.judged_on"))?,
                    judged_by,
                    report,
                    margins,
                })
            })
            .collect()
    }
}

/// Writes a report, in a transaction or alone.
pub(super) async fn write_report<'e>(
    executor: impl sqlx::Executor<'e, Database = super::Db>,
    new: &NewReport,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO reports (upload, judged_on, judged_by, verdict, report, margins)
         SELECT id, $2, $3, $4, $5, $6 FROM uploads WHERE id = $1
         ON CONFLICT (upload) DO UPDATE SET judged_on = excluded.judged_on,
            judged_by = excluded.judged_by, verdict = excluded.verdict, report = excluded.report,
            margins = COALESCE(excluded.margins, reports.margins)",
    )
    .bind(new.upload.as_str())
    .bind(new.judged_on.to_string())
    .bind(&new.judged_by)
    .bind(&new.verdict)
    .bind(&new.report)
    .bind(&new.margins)
    .execute(executor)
    .await?;
    Ok(())
}
