//! A table from somebody's office program (CSV in UTF-8 or GB 18030, or .xlsx) as rows of cells. Says nothing of what they mean.
//!
//! Spreadsheets are packed files from outside: a service reads them in a worker ([`Table::read_in`]).

use std::{
    fs::File,
    io::{Cursor, Write as _},
    time::Duration,
};

use calamine::{Data, Reader as _, Xlsx};
use serde::{Deserialize, Serialize};

use crate::{
    limits::Limits,
    sandbox::{self, AnswerBody, Files, Pool, SandboxError},
};

/// Task name of reading a table: nothing and the file in, a table or [`TableError`] out.
pub const TABLE: &str = "table";
/// Most bytes of a table file.
pub const TABLE_BYTES: u64 = 8 * 1024 * 1024;
/// Most rows, the heading included.
const TABLE_ROWS: usize = 10_001;
/// Most columns.
const COLUMNS: usize = 64;
const DEADLINE: Duration = Duration::from_secs(30);

/// One cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Cell {
    /// Nothing, or blanks.
    Empty,
    /// Text, trimmed.
    Text(String),
    /// A number; numbers beyond 15 digits have lost some.
    Number(f64),
    /// A day, `2024-08-01`.
    Day(String),
}

/// Rows of cells. The first row is the heading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// All rows, blank ones too, so that row numbers are those of the file.
    pub rows: Vec<Vec<Cell>>,
}

/// Why a file is no table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum TableError {
    /// Too many bytes, rows or columns.
    #[error("a table has at most {} rows, {COLUMNS} columns and {} MiB", TABLE_ROWS - 1, TABLE_BYTES / 1024 / 1024)]
    TooLarge,
    /// Neither a workbook nor text.
    #[error("the file is neither an .xlsx workbook nor a CSV text in UTF-8 or GB 18030: {0}")]
    Unreadable(String),
    /// No row.
    #[error("the table has no row below its heading")]
    Empty,
}

impl Table {
    /// Reads a file; what it is shows in its first bytes.
    pub fn read(bytes: &[u8]) -> Result<Table, TableError> {
        if bytes.len() as u64 > TABLE_BYTES {
            return Err(TableError::TooLarge);
        }
        let rows = if bytes.starts_with(b"PK\x03\x04") {
            workbook(bytes)?
        } else {
            text(bytes)?
        };
        let filled = |row: &Vec<Cell>| row.iter().any(|cell| *cell != Cell::Empty);
        if rows.len() > TABLE_ROWS || rows.iter().any(|row| row.len() > COLUMNS) {
            return Err(TableError::TooLarge);
        }
        if rows.iter().filter(|row| filled(row)).count() < 2 {
            return Err(TableError::Empty);
        }
        Ok(Table { rows })
    }
    /// Reads a file in a worker.
    pub fn read_in(pool: &Pool, file: &File) -> Result<Result<Table, TableError>, SandboxError> {
        let length = file.metadata().map_err(SandboxError::Broken)?.len();
        if length > TABLE_BYTES {
            return Ok(Err(TableError::TooLarge));
        }
        match pool.call(TABLE, &(), &[file], DEADLINE) {
            Ok(done) => Ok(done.answer),
            Err(error) if error.is_a_finding() => {
                Ok(Err(TableError::Unreadable(error.to_string())))
            }
            Err(error) => Err(error),
        }
    }
    /// [`Table::read_in`] for bytes in memory.
    pub fn read_bytes_in(
        pool: &Pool,
        bytes: &[u8],
    ) -> Result<Result<Table, TableError>, SandboxError> {
        let mut file = tempfile::tempfile().map_err(SandboxError::Broken)?;
        file.write_all(bytes).map_err(SandboxError::Broken)?;
        Table::read_in(pool, &file)
    }
}

/// The worker's side of [`TABLE`].
pub fn table_task(_: &[u8], files: &Files<'_>, _: &Limits) -> sandbox::Answer {
    let bytes = files.read(0).map_err(|error| error.to_string())?;
    let read = serde_json::to_vec(&Table::read(&bytes)).map_err(|error| error.to_string())?;
    Ok(AnswerBody::Json(read))
}

/// The first sheet.
fn workbook(bytes: &[u8]) -> Result<Vec<Vec<Cell>>, TableError> {
    let unreadable = |error: calamine::XlsxError| TableError::Unreadable(error.to_string());
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let sheet = workbook.worksheet_range_at(0).ok_or(TableError::Empty)?;
    let sheet = sheet.map_err(unreadable)?;
    let Some((height, width)) = sheet.end() else {
        return Err(TableError::Empty);
    };
    if height as usize >= TABLE_ROWS || width as usize >= COLUMNS {
        return Err(TableError::TooLarge);
    }
    let row = |y| (0..=width).map(move |x| (y, x));
    Ok((0..=height)
        .map(|y| {
            row(y)
                .map(|at| sheet.get_value(at).map_or(Cell::Empty, cell))
                .collect()
        })
        .collect())
}

fn cell(data: &Data) -> Cell {
    match data {
        Data::Empty | Data::Error(_) => Cell::Empty,
        Data::String(text) => text_cell(text),
        Data::Int(number) => Cell::Number(*number as f64),
        Data::Float(number) => Cell::Number(*number),
        Data::DateTime(day) => {
            let (year, month, day, ..) = day.to_ymd_hms_milli();
            Cell::Day(format!("{year:04}-{month:02}-{day:02}"))
        }
        other => text_cell(&other.to_string()),
    }
}

fn text(bytes: &[u8]) -> Result<Vec<Vec<Cell>>, TableError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        // What spreadsheet programs in Chinese write when asked for CSV.
        Err(_) => encoding_rs::GB18030
            .decode_without_bom_handling_and_without_replacement(bytes)
            .ok_or_else(|| TableError::Unreadable("it is no text".to_owned()))?
            .into_owned(),
    };
    if text.contains('\0') {
        return Err(TableError::Unreadable("it is no text".to_owned()));
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| TableError::Unreadable(error.to_string()))?;
        // The reader passes blank lines over; row numbers shall be those of the file.
        let start = record.position().map_or(0, csv::Position::byte);
        let rest = text
            .as_bytes()
            .iter()
            .skip(usize::try_from(start).unwrap_or(usize::MAX));
        let blank = rest.take_while(|b| matches!(b, b'\r' | b'\n'));
        let blank = blank.filter(|b| **b == b'\n').count();
        if rows.len() + blank > TABLE_ROWS {
            return Err(TableError::TooLarge);
        }
        rows.resize_with(rows.len() + blank, Vec::new);
        rows.push(record.iter().map(text_cell).collect());
    }
    Ok(rows)
}

fn text_cell(text: &str) -> Cell {
    match text.trim() {
        "" => Cell::Empty,
        text => Cell::Text(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(table: &Table) -> Vec<Vec<String>> {
        let word = |cell: &Cell| match cell {
            Cell::Text(text) | Cell::Day(text) => text.clone(),
            Cell::Number(number) => number.to_string(),
            Cell::Empty => String::new(),
        };
        let rows = table.rows.iter();
        rows.map(|row| row.iter().map(word).collect()).collect()
    }

    #[test]
    fn text_in_both_encodings_is_one_table() {
        let text = "姓名,级别\n张示例,中级\n\n李示例, 副高级 \n";
        let plain = Table::read(text.as_bytes()).unwrap();
        let (chinese, ..) = encoding_rs::GB18030.encode(text);
        assert_eq!(Table::read(&chinese).unwrap(), plain);
        let marked = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
        assert_eq!(Table::read(&marked).unwrap(), plain);
        // The blank line keeps its number.
        assert_eq!(words(&plain)[3], ["李示例", "副高级"]);
    }

    #[test]
    fn a_workbook_keeps_days_and_numbers_apart_from_text() {
        let mut workbook = rust_xlsxwriter::Workbook::new();
        let sheet = workbook.add_worksheet();
        sheet.write(0, 0, "姓名").unwrap();
        sheet.write(1, 0, "张示例").unwrap();
        sheet.write(1, 1, 123_456_789_012_345_678.0).unwrap();
        let day = rust_xlsxwriter::ExcelDateTime::from_ymd(2024, 8, 1).unwrap();
        let format = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
        sheet.write_with_format(1, 2, &day, &format).unwrap();
        let table = Table::read(&workbook.save_to_buffer().unwrap()).unwrap();
        assert!(matches!(table.rows[1][1], Cell::Number(_)));
        assert_eq!(table.rows[1][2], Cell::Day("2024-08-01".to_owned()));
    }

    #[test]
    fn what_is_no_table_is_said() {
        assert_eq!(Table::read(b"\xe5\xa7\x93\n"), Err(TableError::Empty));
        assert_eq!(Table::read(b""), Err(TableError::Empty));
        for bytes in [
            b"PK\x03\x04 no workbook".as_slice(),
            b"\0\x01\x02,\n\0,\n",
            b"\xff\xff,\n,\n",
        ] {
            assert!(
                matches!(Table::read(bytes), Err(TableError::Unreadable(_))),
                "{bytes:?}"
            );
        }
        let many = "a,b\n".repeat(TABLE_ROWS + 1);
        assert_eq!(Table::read(many.as_bytes()), Err(TableError::TooLarge));
        let wide = format!("{}\n{}\n", "a,".repeat(80), "b,".repeat(80));
        assert_eq!(Table::read(wide.as_bytes()), Err(TableError::TooLarge));
    }
}
