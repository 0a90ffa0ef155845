//! A table of what shall be issued, read row by row: every problem of every row is said, nothing is issued.
//!
//! A heading in Chinese or the key of a grant names each column, in any order.

use std::{collections::BTreeMap, str::FromStr as _};

use jiff::civil::Date;
use serde::Serialize;

use super::{
    claims::{Level, Method},
    grant::Grant,
    number::Number,
    table::{Cell, Table},
};
use crate::lang::Bilingual;

/// A table of what shall be issued.
#[derive(Debug)]
pub struct Batch {
    /// Its rows, blank ones left out.
    pub rows: Vec<BatchRow>,
}

/// One row.
#[derive(Debug)]
pub struct BatchRow {
    /// Its number in the file, from 1; the heading counts.
    pub row: u32,
    /// What is granted, or everything that is wrong with the row.
    pub grant: Result<Grant, Vec<RowProblem>>,
}

/// One thing that is wrong with a row. Names the column, never what stands there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RowProblem {
    /// Its column, by the key of the grant; none when it is about the whole row.
    pub column: Option<String>,
    /// What is wrong.
    pub message: Bilingual,
}

/// The heading cannot stand: everything that is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the heading of the table cannot stand: {}", words(.0))]
pub struct HeadingError(pub Vec<RowProblem>);

fn words(problems: &[RowProblem]) -> String {
    let texts: Vec<&str> = problems.iter().map(|p| p.message.en.as_str()).collect();
    texts.join("; ")
}

/// Key of a grant, its headings, whether the column must be there.
const COLUMNS: &[(&str, &[&str], bool)] = &[
    ("name", &["姓名"], true),
    ("sex", &["性别"], false),
    ("born", &["出生年月", "出生日期"], false),
    ("unit", &["工作单位", "单位"], false),
    ("id_number", &["身份证号", "身份证号码", "证件号码"], false),
    ("series", &["系列", "职称系列"], true),
    ("specialty", &["专业", "专业名称"], true),
    ("title", &["资格名称", "职称名称"], true),
    ("level", &["级别", "资格级别"], true),
    ("method", &["取得方式"], true),
    ("committee", &["评审委员会", "评委会名称", "认定机构"], true),
    ("doc_no", &["公布文号", "文号"], false),
    (
        "obtained_on",
        &["取得时间", "取得日期", "取得资格时间"],
        true,
    ),
    ("supersedes", &["替代证书", "原证书编号"], false),
];

/// The headings a table may have, as a heading row to begin with.
pub fn heading() -> Vec<&'static str> {
    let first = |names: &'static [&'static str]| names.first().copied().unwrap_or_default();
    COLUMNS.iter().map(|(_, names, _)| first(names)).collect()
}

pub(super) fn problem(column: &str, zh: &str, en: &str) -> RowProblem {
    RowProblem {
        column: Some(column.to_owned()),
        message: Bilingual::new(zh, en),
    }
}

pub(super) fn of_the_row(zh: &str, en: &str) -> RowProblem {
    RowProblem {
        column: None,
        message: Bilingual::new(zh, en),
    }
}

impl Batch {
    /// Reads the rows of a table.
    pub fn of(table: &Table) -> Result<Batch, HeadingError> {
        let filled = |row: &[Cell]| row.iter().any(|cell| *cell != Cell::Empty);
        let mut rows = table.rows.iter().enumerate().filter(|(_, row)| filled(row));
        let columns = match rows.next() {
            Some((_, heading)) => columns(heading)?,
            None => BTreeMap::new(),
        };
        let mut seen: BTreeMap<Vec<String>, u32> = BTreeMap::new();
        let rows = rows.map(|(at, cells)| {
            let row = at as u32 + 1;
            let mut grant = grant(&columns, cells);
            if let Ok(good) = &grant {
                let same = vec![
                    good.name.clone(),
                    good.id_number.clone().unwrap_or_default(),
                    good.unit.clone().unwrap_or_default(),
                    good.title.clone(),
                    good.specialty.clone(),
                    good.obtained_on.to_string(),
                ];
                if let Some(first) = seen.insert(same, row) {
                    grant = Err(vec![of_the_row(
                        &format!("与第 {first} 行重复"),
                        &format!("says the same as row {first}"),
                    )]);
                }
            }
            BatchRow { row, grant }
        });
        Ok(Batch {
            rows: rows.collect(),
        })
    }
}

/// Which cell holds which key.
fn columns(heading: &[Cell]) -> Result<BTreeMap<&'static str, usize>, HeadingError> {
    let mut columns = BTreeMap::new();
    let mut problems = Vec::new();
    for (at, cell) in heading.iter().enumerate() {
        let Cell::Text(name) = cell else { continue };
        let name: String = name.chars().filter(|c| !c.is_whitespace()).collect();
        let known = COLUMNS
            .iter()
            .find(|(key, names, _)| *key == name || names.contains(&&*name));
        match known {
            Some((key, ..)) => {
                if columns.insert(*key, at).is_some() {
                    problems.push(problem(
                        key,
                        "列重复",
                        &format!("`{name}` stands there twice"),
                    ));
                }
            }
            None => problems.push(of_the_row(
                &format!("第 {} 列的标题未知", at + 1),
                &format!("column {} has a heading that is not known", at + 1),
            )),
        }
    }
    for (key, names, required) in COLUMNS {
        if *required && !columns.contains_key(key) {
            let name = names.first().copied().unwrap_or_default();
            let (zh, en) = (
                format!("缺少“{name}”列"),
                format!("there is no column `{name}`"),
            );
            problems.push(problem(key, &zh, &en));
        }
    }
    if problems.is_empty() {
        Ok(columns)
    } else {
        Err(HeadingError(problems))
    }
}

/// The cells of one row, and what is wrong with them.
struct Row<'a> {
    columns: &'a BTreeMap<&'static str, usize>,
    cells: &'a [Cell],
    problems: Vec<RowProblem>,
}

impl Row<'_> {
    fn cell(&self, key: &str) -> &Cell {
        let at = self.columns.get(key);
        at.and_then(|at| self.cells.get(*at))
            .unwrap_or(&Cell::Empty)
    }
    fn maybe(&mut self, key: &str) -> Option<String> {
        match self.cell(key) {
            Cell::Empty => None,
            Cell::Text(text) | Cell::Day(text) => Some(text.clone()),
            // Up to fifteen digits are exact; an identity number has eighteen.
            Cell::Number(number) if number.abs() < 1e15 && number.fract() == 0.0 => {
                Some(format!("{number:.0}"))
            }
            Cell::Number(_) => {
                self.problems.push(problem(
                    key,
                    "是数字格式，后几位已丢失：请将该列设为文本",
                    "is stored as a number and has lost digits: format the column as text",
                ));
                None
            }
        }
    }
    fn wanted(&mut self, key: &str) -> String {
        let before = self.problems.len();
        self.maybe(key).unwrap_or_else(|| {
            if self.problems.len() == before {
                self.problems.push(problem(key, "缺失", "is missing"));
            }
            String::new()
        })
    }
    /// One of a list of words.
    fn one_of<T: Copy>(&mut self, key: &str, all: &[T], name: fn(T) -> &'static str) -> Option<T> {
        let text = self.wanted(key);
        let found = all.iter().copied().find(|one| name(*one) == text);
        if found.is_none() && !text.is_empty() {
            let names: Vec<&str> = all.iter().map(|one| name(*one)).collect();
            let names = names.join(" ");
            let (zh, en) = (format!("应为：{names}"), format!("wants one of {names}"));
            self.problems.push(problem(key, &zh, &en));
        }
        found
    }
    fn day(&mut self, key: &str) -> Option<Date> {
        let text = self.wanted(key);
        let found = day(&text);
        if found.is_none() && !text.is_empty() {
            let en = "wants a day like 2024-08-01";
            self.problems
                .push(problem(key, "应为日期，如 2024-08-01", en));
        }
        found
    }
}

fn grant(
    columns: &BTreeMap<&'static str, usize>,
    cells: &[Cell],
) -> Result<Grant, Vec<RowProblem>> {
    let mut row = Row {
        columns,
        cells,
        problems: Vec::new(),
    };
    let level = row.one_of("level", &Level::ALL, Level::name);
    let method = row.one_of("method", &Method::ALL, Method::name);
    let obtained_on = row.day("obtained_on");
    let born = row.maybe("born").map(|text| match day(&text) {
        Some(day) => day.strftime("%Y-%m").to_string(),
        None => day_of_month(&text).unwrap_or(text),
    });
    let supersedes = row.maybe("supersedes").and_then(|text| {
        let number = Number::from_str(&text);
        if let Err(wrong) = &number {
            row.problems
                .push(problem("supersedes", "不是证书编号", &wrong.to_string()));
        }
        number.ok()
    });
    let mut text = |key: &str| row.wanted(key);
    let (name, series, specialty) = (text("name"), text("series"), text("specialty"));
    let (title, committee) = (text("title"), text("committee"));
    let (sex, unit, id_number, doc_no) = (
        row.maybe("sex"),
        row.maybe("unit"),
        row.maybe("id_number"),
        row.maybe("doc_no"),
    );
    match (level, method, obtained_on) {
        (Some(level), Some(method), Some(obtained_on)) if row.problems.is_empty() => Ok(Grant {
            name,
            sex,
            born,
            unit,
            id_number,
            series,
            specialty,
            title,
            level,
            method,
            committee,
            doc_no,
            obtained_on,
            supersedes,
            dossier_sha256: None,
            pack_sha256: None,
        }),
        _ => Err(row.problems),
    }
}

/// A day as offices write it: 2024-08-01, 2024/8/1, 2024.8.1, 2024年8月1日, 20240801.
fn day(text: &str) -> Option<Date> {
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return Date::strptime("%Y%m%d", text).ok();
    }
    let parts = numbers(text)?;
    let [year, month, day] = parts.as_slice() else {
        return None;
    };
    Date::new(
        i16::try_from(*year).ok().filter(|year| *year > 1900)?,
        i8::try_from(*month).ok()?,
        i8::try_from(*day).ok()?,
    )
    .ok()
}

/// A month as offices write it, as `1990-01`.
fn day_of_month(text: &str) -> Option<String> {
    let parts = numbers(text)?;
    let [year, month] = parts.as_slice() else {
        return None;
    };
    ((1900..2100).contains(year) && (1..=12).contains(month))
        .then(|| format!("{year:04}-{month:02}"))
}

fn numbers(text: &str) -> Option<Vec<u16>> {
    let text = text.trim_end_matches(['日', '月']);
    text.split(['-', '/', '.', '年', '月'])
        .map(|part| part.trim().parse().ok())
        .collect()
}
