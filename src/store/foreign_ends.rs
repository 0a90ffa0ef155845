//! Tokens that another platform issued and that are not taken here any more.

use jiff::Timestamp;

use super::{Id, Store, StoreError, from_ms, to_ms};

impl Store {
    /// From now on takes no token of this holder that was issued until now.
    pub async fn end_foreign(&self, id: &Id, now: Timestamp) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO foreign_ends (id, ended_at_ms) VALUES ($1, $2)
             ON CONFLICT (id) DO UPDATE SET ended_at_ms = $2",
        )
        .bind(id.as_str())
        .bind(to_ms(now))
        .execute(self.pool())
        .await?;
        Ok(())
    }

    /// Until when issued tokens of this holder are not taken.
    pub async fn foreign_end(&self, id: &Id) -> Result<Option<Timestamp>, StoreError> {
        let row: Option<(i64,)> =
            sqlx::query_as("SELECT ended_at_ms FROM foreign_ends WHERE id = $1")
                .bind(id.as_str())
                .fetch_optional(self.pool())
                .await?;
        Ok(row.map(|(ended,)| from_ms(ended)))
    }
}
