//! Rows of what reviewers saw online, one a file; gone with the file.

use jiff::{Timestamp, civil::Date};

use super::{Id, Store, StoreError, dossiers::touch, to_ms};

/// A result as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnlineRow {
    /// `valid`, `expired`, `closed` or `not_found`.
    pub state: String,
    /// The day it was looked up.
    pub checked_on: Date,
    /// The last day of the online verification, if the page said so.
    pub valid_until: Option<Date>,
    /// Who recorded it.
    pub recorded_by: String,
}

impl Store {
    /// Keeps a result; an earlier one of the same file is replaced. `None` takes it away. What was bound before is taken back.
    pub async fn put_online_result(
        &self,
        dossier: &Id,
        upload: &Id,
        row: Option<&OnlineRow>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let (_, unused) = touch(&mut tx, dossier, None, now).await?;
        sqlx::query("DELETE FROM online_results WHERE upload = $1")
            .bind(upload.as_str())
            .execute(&mut *tx)
            .await?;
        if let Some(row) = row {
            sqlx::query(
                "INSERT INTO online_results (upload, state, checked_on, valid_until, recorded_by, recorded_at_ms)
                 SELECT id, $2, $3, $4, $5, $6 FROM uploads WHERE id = $1",
            )
            .bind(upload.as_str())
            .bind(&row.state)
            .bind(row.checked_on.to_string())
            .bind(row.valid_until.map(|day| day.to_string()))
            .bind(&row.recorded_by)
            .bind(to_ms(now))
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await?;
        self.delete_unused(unused).await
    }

    /// The result of a file, if one was recorded.
    pub async fn online_result(&self, upload: &Id) -> Result<Option<OnlineRow>, StoreError> {
        type Columns = (String, String, Option<String>, String);
        let row: Option<Columns> = sqlx::query_as(
            "SELECT state, checked_on, valid_until, recorded_by FROM online_results WHERE upload = $1",
        )
        .bind(upload.as_str())
        .fetch_optional(self.pool())
        .await?;
        let unreadable = |place| StoreError::Unreadable { place };
        row.map(|(state, checked_on, valid_until, recorded_by)| {
            Ok(OnlineRow {
                state,
                checked_on: checked_on
                    .parse()
                    .map_err(|_| unreadable("online_results.checked_on"))?,
                valid_until: valid_until
                    .map(|day| day.parse())
                    .transpose()
                    .map_err(|_| unreadable("online_results.valid_until"))?,
                recorded_by,
            })
        })
        .transpose()
    }
}
