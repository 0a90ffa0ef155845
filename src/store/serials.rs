//! What has been counted: the running serials of certificate numbers, for whoever looks for gaps in them.

use super::{Store, StoreError};

impl Store {
    /// Each scope of serials with the next one it would give.
    pub async fn serial_counters(&self) -> Result<Vec<(String, u64)>, StoreError> {
        let rows: Vec<(String, i64)> =
            sqlx::query_as("SELECT scope, next_serial FROM certificate_serials ORDER BY scope")
                .fetch_all(self.pool())
                .await?;
        Ok(unsigned(rows))
    }
    /// Serials that are reserved, given back or left behind: those the next certificate may still get.
    pub async fn reserved_serials(&self) -> Result<Vec<(String, u64)>, StoreError> {
        let rows: Vec<(String, i64)> = sqlx::query_as(
            "SELECT scope, serial FROM certificate_reservations ORDER BY scope, serial",
        )
        .fetch_all(self.pool())
        .await?;
        Ok(unsigned(rows))
    }
}

fn unsigned(rows: Vec<(String, i64)>) -> Vec<(String, u64)> {
    let one = |(scope, serial): (String, i64)| (scope, serial.cast_unsigned());
    rows.into_iter().map(one).collect()
}
