//! Lists of certificates to issue, with what became of each row, so that a list goes on where it was cut off.

use jiff::{SignedDuration, Timestamp};

use super::{Id, SecretHash, Store, StoreError, from_ms, to_ms};

/// How long a list that nobody issues keeps what it would grant.
const LEFT: SignedDuration = SignedDuration::from_hours(24);

/// A word of a column that is one of a few.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident $word:literal)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$variant_doc])* $variant),* }

        impl $name {
            const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),* }
            }
            fn read(word: &str) -> Option<$name> {
                match word { $($word => Some($name::$variant),)* _ => None }
            }
        }
    };
}

words! {
    /// Where a list stands.
    BatchState {
        /// Its rows are being checked; nothing is issued.
        Checking "checking"
        /// All rows are checked.
        Checked "checked"
        /// Its good rows are being issued.
        Issuing "issuing"
        /// Everything that could be was issued.
        Done "done"
    }
}

words! {
    /// What became of a row.
    BatchOutcome {
        /// Nothing yet.
        Waiting "waiting"
        /// It can be issued.
        Good "good"
        /// It cannot be issued.
        Refused "refused"
        /// It was issued.
        Issued "issued"
        /// It has its number, and its file waits for witnesses of the log.
        Witness "witness"
    }
}

/// A list.
#[derive(Clone, Debug)]
pub struct BatchRecord {
    /// Its id.
    pub id: Id,
    /// Who brought it: `token:<id>`.
    pub owner: String,
    /// Name of its file, as shown.
    pub file_name: String,
    /// Where it stands.
    pub state: BatchState,
    /// When it was brought.
    pub created_at: Timestamp,
    /// When something last happened to it.
    pub moved_at: Timestamp,
}

/// A row of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchLine {
    /// Its number in the file, from 1.
    pub row: u32,
    /// What became of it.
    pub outcome: BatchOutcome,
    /// What shall be granted, JSON; nothing once it is not needed any more.
    pub content: Option<String>,
    /// Number of its certificate.
    pub number: Option<String>,
    /// What is wrong with it, JSON.
    pub problems: Option<String>,
}

type Columns = (String, String, String, String, i64, i64);

impl Store {
    /// Writes down a list. What older lists would have granted and nobody issued is forgotten.
    pub async fn add_batch(
        &self,
        batch: &BatchRecord,
        lines: &[BatchLine],
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let left = batch.created_at.checked_sub(LEFT).unwrap_or(Timestamp::MIN);
        sqlx::query(
            "UPDATE office_batch_rows SET content = NULL WHERE batch IN
             (SELECT id FROM office_batches WHERE moved_at_ms < $1)",
        )
        .bind(to_ms(left))
        .execute(&mut *tx)
        .await?;
        sqlx::query(
            "INSERT INTO office_batches (id, owner, file_name, state, created_at_ms, moved_at_ms)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(batch.id.as_str())
        .bind(&batch.owner)
        .bind(&batch.file_name)
        .bind(batch.state.as_str())
        .bind(to_ms(batch.created_at))
        .bind(to_ms(batch.moved_at))
        .execute(&mut *tx)
        .await?;
        for line in lines {
            sqlx::query(
                "INSERT INTO office_batch_rows (batch, row_number, outcome, content, number, problems)
                 VALUES ($1, $2, $3, $4, $5, $6)",
            )
            .bind(batch.id.as_str())
            .bind(i64::from(line.row))
            .bind(line.outcome.as_str())
            .bind(line.content.as_deref())
            .bind(line.number.as_deref())
            .bind(line.problems.as_deref())
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// A list by its id.
    pub async fn batch(&self, id: &Id) -> Result<Option<BatchRecord>, StoreError> {
        let row: Option<Columns> = sqlx::query_as(
            "SELECT id, owner, file_name, state, created_at_ms, moved_at_ms FROM office_batches WHERE id = $1",
        )
        .bind(id.as_str())
        .fetch_optional(self.pool())
        .await?;
        row.map(record).transpose()
    }

    /// The newest lists.
    pub async fn batches(&self, most: u32) -> Result<Vec<BatchRecord>, StoreError> {
        let rows: Vec<Columns> = sqlx::query_as(
            "SELECT id, owner, file_name, state, created_at_ms, moved_at_ms FROM office_batches
             ORDER BY created_at_ms DESC, id LIMIT $1",
        )
        .bind(i64::from(most))
        .fetch_all(self.pool())
        .await?;
        rows.into_iter().map(record).collect()
    }

    /// Moves a list on from where the caller saw it; `false` when it has moved since: somebody else was first.
    pub async fn move_batch(
        &self,
        seen: &BatchRecord,
        to: BatchState,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let moved = sqlx::query(
            "UPDATE office_batches SET state = $4, moved_at_ms = $5 WHERE id = $1 AND state = $2 AND moved_at_ms = $3",
        )
        .bind(seen.id.as_str())
        .bind(seen.state.as_str())
        .bind(to_ms(seen.moved_at))
        .bind(to.as_str())
        .bind(to_ms(now))
        .execute(self.pool())
        .await?;
        Ok(moved.rows_affected() == 1)
    }

    /// What became of a row, and that the list still moves.
    pub async fn set_batch_line(
        &self,
        id: &Id,
        line: &BatchLine,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "UPDATE office_batch_rows SET outcome = $3, content = $4, number = $5, problems = $6
             WHERE batch = $1 AND row_number = $2",
        )
        .bind(id.as_str())
        .bind(i64::from(line.row))
        .bind(line.outcome.as_str())
        .bind(line.content.as_deref())
        .bind(line.number.as_deref())
        .bind(line.problems.as_deref())
        .execute(&mut *tx)
        .await?;
        sqlx::query("UPDATE office_batches SET moved_at_ms = $2 WHERE id = $1")
            .bind(id.as_str())
            .bind(to_ms(now))
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// The rows of a list, in their order.
    pub async fn batch_lines(&self, id: &Id) -> Result<Vec<BatchLine>, StoreError> {
        type Row = (i64, String, Option<String>, Option<String>, Option<String>);
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT row_number, outcome, content, number, problems FROM office_batch_rows
             WHERE batch = $1 ORDER BY row_number",
        )
        .bind(id.as_str())
        .fetch_all(self.pool())
        .await?;
        let unreadable = StoreError::Unreadable {
            place: "office_batch_rows.outcome",
        };
        let line = |(row, outcome, content, number, problems): Row| {
            Some(BatchLine {
                row: row as u32,
                outcome: BatchOutcome::read(&outcome)?,
                content,
                number,
                problems,
            })
        };
        let lines: Option<Vec<_>> = rows.into_iter().map(line).collect();
        lines.ok_or(unreadable)
    }

    /// Number of the certificate whose holder has this secret, and whether it is finished.
    pub async fn certificate_of_holder(
        &self,
        holder: SecretHash,
    ) -> Result<Option<(String, bool)>, StoreError> {
        let row: Option<(String, i64)> = sqlx::query_as(
            "SELECT number, 1 FROM certificates WHERE holder_sha256 = $1
             UNION ALL SELECT number, 0 FROM certificate_pending WHERE holder_sha256 = $1",
        )
        .bind(holder.to_hex())
        .fetch_optional(self.pool())
        .await?;
        Ok(row.map(|(number, finished)| (number, finished == 1)))
    }
}

fn record(columns: Columns) -> Result<BatchRecord, StoreError> {
    let (id, owner, file_name, state, created, moved) = columns;
    let unreadable = |place| StoreError::Unreadable { place };
    Ok(BatchRecord {
        id: id.parse().map_err(|_| unreadable("office_batches.id"))?,
        owner,
        file_name,
        state: BatchState::read(&state).ok_or_else(|| unreadable("office_batches.state"))?,
        created_at: from_ms(created),
        moved_at: from_ms(moved),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreConfig;

    #[tokio::test]
    async fn a_list_is_moved_on_by_one_only_and_forgets_what_was_left() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&StoreConfig::in_folder(folder.path()))
            .await
            .unwrap();
        let at = |hours: i64| Timestamp::from_second(hours * 3600).unwrap();
        let list = |hours| BatchRecord {
            id: Id::random(),
            owner: "token:x".into(),
            file_name: "名单.csv".into(),
            state: BatchState::Checking,
            created_at: at(hours),
            moved_at: at(hours),
        };
        let mut line = BatchLine {
            row: 2,
            outcome: BatchOutcome::Waiting,
            content: Some("{}".into()),
            number: None,
            problems: None,
        };
        let first = list(0);
        store.add_batch(&first, &[line.clone()]).await.unwrap();
        assert!(
            store
                .move_batch(&first, BatchState::Checked, at(1))
                .await
                .unwrap()
        );
        assert!(
            !store
                .move_batch(&first, BatchState::Checked, at(1))
                .await
                .unwrap()
        );
        line.outcome = BatchOutcome::Good;
        store.set_batch_line(&first.id, &line, at(2)).await.unwrap();
        assert_eq!(store.batch_lines(&first.id).await.unwrap(), [line.clone()]);
        let seen = store.batch(&first.id).await.unwrap().unwrap();
        assert_eq!((seen.state, seen.moved_at), (BatchState::Checked, at(2)));
        store.add_batch(&list(25), &[]).await.unwrap();
        assert!(
            store.batch_lines(&first.id).await.unwrap()[0]
                .content
                .is_some()
        );
        store.add_batch(&list(27), &[]).await.unwrap();
        assert!(
            store.batch_lines(&first.id).await.unwrap()[0]
                .content
                .is_none()
        );
        assert_eq!(store.batches(2).await.unwrap().len(), 2);
    }
}
