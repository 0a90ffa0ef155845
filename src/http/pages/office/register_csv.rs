//! `GET /office/register.csv`: the whole register as a table, written as it is read.
//!
//! UTF-8 with a byte order mark, which spreadsheets need to read Chinese; a cell a spreadsheet would take for a formula gets a `'`.

use actix_web::{
    HttpResponse,
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    web::{Bytes, Data},
};
use futures_util::stream;

use super::certificates::status;
use crate::{
    certificate::Claims,
    http::{Services, access::Caller, problem::Answer},
    store::{CertificateRow, CertificateStatus, Store, StoreError},
};

/// Rows read at once.
const ROWS: u32 = 500;

const CLAIMS: [&str; 14] = [
    "number",
    "name",
    "sex",
    "born",
    "unit",
    "series",
    "specialty",
    "title",
    "level",
    "method",
    "committee",
    "doc_no",
    "obtained_on",
    "issued_at",
];
const OTHERS: [&str; 7] = [
    "status",
    "status_at",
    "revocation_reason",
    "revocation_effect",
    "superseded_by",
    "leaf_index",
    "file_sha256",
];

/// The register.
pub(super) async fn register(services: Data<Services>, caller: Caller) -> Answer {
    let subject = "register".to_owned();
    caller
        .record(&services, "register.downloaded", subject)
        .await?;
    let name = format!("register-{}.csv", services.clock.today());
    let header = begin(CLAIMS.into_iter().chain(OTHERS));
    let store = services.store.clone();
    let rows = stream::try_unfold((store, Some(0), header), |(store, from, head)| async move {
        let Some(from) = from else {
            return Ok::<_, StoreError>(None);
        };
        let (next, lines) = chunk(&store, from).await?;
        let bytes = [head, lines].concat();
        Ok(Some((Bytes::from(bytes), (store, next, Vec::new()))))
    });
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ))
        .streaming(rows))
}

/// Lines of certificates from a leaf on, and the leaf to go on from.
async fn chunk(store: &Store, from: u64) -> Result<(Option<u64>, Vec<u8>), StoreError> {
    let rows = store.certificates_from(from, ROWS).await?;
    let full = rows.len() == ROWS as usize;
    let last = rows.last().map(|row| row.issued.leaf_index);
    let lines = rows.iter().flat_map(|row| line(cells(row).into_iter()));
    Ok((last.filter(|_| full).map(|leaf| leaf + 1), lines.collect()))
}

fn cells(row: &CertificateRow) -> Vec<String> {
    let claims = Claims::read(row.issued.claims.as_bytes()).ok();
    let value = |key: &str| {
        let claims = claims.as_ref();
        claims
            .and_then(|claims| claims.get(key))
            .unwrap_or_default()
            .to_owned()
    };
    let mut cells: Vec<String> = CLAIMS.iter().map(|key| value(key)).collect();
    // The number counts even where the claims cannot be read.
    if let Some(number) = cells.first_mut() {
        number.clone_from(&row.issued.number);
    }
    let (reason, effect, by) = match &row.status {
        CertificateStatus::Valid => (String::new(), String::new(), String::new()),
        CertificateStatus::Superseded { by } => (String::new(), String::new(), by.clone()),
        CertificateStatus::Revoked { reason, effect } => {
            (reason.clone(), effect.clone(), String::new())
        }
    };
    cells.extend([
        status(&row.status).to_owned(),
        row.status_at.to_string(),
        reason,
        effect,
        by,
        row.issued.leaf_index.to_string(),
        row.issued.file_sha256.to_hex(),
    ]);
    cells
}

/// A table with this heading and no rows yet, as spreadsheets read it.
pub(super) fn begin<'n>(names: impl IntoIterator<Item = &'n str>) -> Vec<u8> {
    let mut table = vec![0xef, 0xbb, 0xbf];
    table.extend(line(names.into_iter().map(str::to_owned)));
    table
}

/// One line of a table.
pub(super) fn line(cells: impl Iterator<Item = String>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    // Writing into memory does not fail.
    let _ = writer.write_record(cells.map(no_formula));
    writer.into_inner().unwrap_or_default()
}

fn no_formula(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        return format!("'{cell}");
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula_and_never_breaks_its_line() {
        let cells = ["=1+1", "@x", "甲,\"乙\"\n丙", "普通"].map(str::to_owned);
        let text = String::from_utf8(line(cells.into_iter())).unwrap();
        assert_eq!(text, "'=1+1,'@x,\"甲,\"\"乙\"\"\n丙\",普通\r\n");
    }
}
