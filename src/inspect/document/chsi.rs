//! Reads 学信网 reports and their kin: all layout generations and the English versions.
//!
//! Takes the lines a reader sees and gives fields, and what is odd: a value withheld (`＊`), a name that is
//! an image (a browser print), a code that cannot be one, a number that contradicts its own report, a link
//! that leads elsewhere. Whether the report is genuine is not asked here: no file can answer that.

use super::{
    DocumentKind as K, addresses, certificate_number, classify,
    labels::{CODE, DATES, LABELS, WRAPPING},
    lines::{Glyph, Joint, Line},
    reading::{Reading, Source},
    rows::{self, Row},
    verification_code::{self, Shape},
};
use crate::{inspect::facts::PageFacts, units::PtBox};

/// Reads the report whose title stands at `title` (or that has none) from the seen lines of all pages.
pub(super) fn read(
    reading: &mut Reading,
    lines: &[Line],
    title: Option<usize>,
    pages: &[PageFacts],
) {
    let kind = reading.facts.kind;
    let titles: Vec<usize> = classify::titles(lines)
        .into_iter()
        .filter(|found| classify::is_report(found.kind))
        .map(|found| found.line)
        .collect();
    let next = titles.iter().copied().find(|line| Some(*line) > title);
    if let (Some(_), Some(next)) = (title, next)
        && let Some(line) = lines.get(next)
    {
        reading.odd("two_reports", None, Some((line.page, line.whole())));
    }
    // The line of the date may stand over the title in some prints, so its page is read from the top,
    // unless another report ends there.
    let from = title.map_or(0, |at| {
        let page = lines.get(at).map(|line| line.page);
        let other_above = titles
            .iter()
            .any(|t| *t < at && lines.get(*t).map(|l| l.page) == page);
        if other_above {
            at
        } else {
            lines
                .iter()
                .position(|line| Some(line.page) == page)
                .unwrap_or(0)
        }
    });
    let part = lines
        .get(from..next.unwrap_or(lines.len()))
        .unwrap_or_default();
    let rows = rows_by_page(part);
    for row in &rows {
        record(reading, row, pages);
    }
    code(reading, part);
    numbers(reading);
    if has_online_verification(kind) {
        addresses::printed(reading, part);
        missing(reading, &rows, title.is_some());
        if reading.source == Source::File {
            let here = part.first().map(|line| line.page);
            let page = pages.iter().find(|page| Some(page.page) == here);
            reading.facts.photo = page.map(has_photo);
        }
    }
}

/// Whether a page has a picture of the size and shape of an identity photograph (79.5 × 106 pt; DOMAIN §1.2).
fn has_photo(page: &PageFacts) -> bool {
    page.images.iter().any(|image| {
        let (w, h) = (image.box_pt.width().value(), image.box_pt.height().value());
        (50.0..130.0).contains(&w) && (0.62..0.88).contains(&(w / h))
    })
}

/// Rows of every page, in order.
pub(super) fn rows_by_page(lines: &[Line]) -> Vec<Row> {
    lines
        .chunk_by(|a, b| a.page == b.page)
        .flat_map(|page| rows::rows(page, LABELS, &WRAPPING))
        .collect()
}

/// Whether a kind carries 在线验证码 and 更新日期.
pub(super) fn has_online_verification(kind: K) -> bool {
    matches!(
        kind,
        K::ChsiEducationRecord
            | K::ChsiEducationRecordEn
            | K::ChsiStudentRecord
            | K::ChsiStudentRecordEn
            | K::ChsiDegreeReport
            | K::ChsiDegreeReportEn
    )
}

fn record(reading: &mut Reading, row: &Row, pages: &[PageFacts]) {
    if row.field.is_empty() || row.field == CODE {
        return;
    }
    let Some(value) = &row.value else {
        if let Some(image) = image_beside(row, pages) {
            let what = if row.field == "name" {
                "name_is_an_image"
            } else {
                "value_is_an_image"
            };
            reading.odd(what, Some(row.field), Some((row.page, image)));
        }
        return;
    };
    let here = Some((row.page, value.box_pt));
    if value
        .text
        .chars()
        .all(|c| matches!(c, '*' | '＊' | '×' | '-' | '—' | '/'))
    {
        reading.odd("unknown_by_issuer", Some(row.field), here);
        return;
    }
    if value.mixed && reading.source == Source::File {
        reading.odd("mixed_fonts", Some(row.field), here);
    }
    match row.field {
        field if DATES.contains(&field) => reading.put_date(field, value, row.page),
        field @ ("certificate_number" | "degree_number") => {
            let number = certificate_number::normalised(&value.text);
            reading.put(field, number, row.page, value.box_pt, value.trusted);
        }
        field => reading.put_value(field, value, row.page),
    }
}

/// A small image right of a label on its height: where a browser print has the name.
fn image_beside(row: &Row, pages: &[PageFacts]) -> Option<PtBox> {
    let page = pages.iter().find(|page| page.page == row.page)?;
    let label = row.label_box;
    let middle = f64::midpoint(label.y0.value(), label.y1.value());
    page.images.iter().map(|image| image.box_pt).find(|image| {
        let beside = image.x0 >= label.x1 && image.x0.value() - label.x1.value() < 260.0;
        let same_height = image.y0.value() <= middle && middle <= image.y1.value();
        beside && same_height && image.height().value() < 40.0
    })
}

/// The verification code: after its label, or in the lines under it.
fn code(reading: &mut Reading, lines: &[Line]) {
    let mut labelled = false;
    for (i, line) in lines.iter().enumerate() {
        let Some(end) = code_label(line) else {
            continue;
        };
        labelled = true;
        let beside = candidate(line, end);
        let beneath = lines
            .iter()
            .skip(i + 1)
            .take(3)
            .filter(|below| below.page == line.page && line.y0 - below.y1 < 40.0)
            .find_map(|below| {
                below
                    .cells()
                    .into_iter()
                    .find_map(|(from, _)| candidate(below, from).map(|c| (c, below)))
            });
        let found = beside.map(|c| (c, line)).or(beneath);
        if let Some(((from, to), line)) = found {
            accept_code(reading, line, from, to);
            return;
        }
    }
    // A label of which too much was misread: a well-formed code of 16 signs is nothing else.
    for line in lines.iter().filter(|line| line.recognised) {
        for from in 0..line.glyphs.len() {
            let fresh = from
                .checked_sub(1)
                .and_then(|i| line.glyphs.get(i))
                .is_none_or(|g| !g.ch.is_ascii_alphanumeric());
            let found = candidate(line, from).filter(|(start, end)| {
                let text = verification_code::normalised(&line.spaced(*start, *end));
                *start == from
                    && text.len() == 16
                    && verification_code::shape(&text) == Shape::WellFormed
            });
            if let Some((from, to)) = found.filter(|_| fresh) {
                accept_code(reading, line, from, to);
                return;
            }
        }
    }
    // A code in larger type may sink a little under its label's line: take a lone token that is well formed.
    if labelled {
        for line in lines {
            for (from, to) in line.cells() {
                let text = verification_code::normalised(&line.spaced(from, to));
                if verification_code::shape(&text) == Shape::WellFormed && text.len() == 16 {
                    accept_code(reading, line, from, to);
                    return;
                }
            }
        }
    }
}

/// Where the label of the code ends, when it is one: at the line's head, or set apart.
fn code_label(line: &Line) -> Option<usize> {
    let lower = line.text.to_ascii_lowercase();
    [
        "在线验证码",
        "二维验证码",
        "验证编码",
        "onlineverificationcode",
        "verificationcode",
    ]
    .iter()
    .find_map(|label| {
        let start = match lower.find(label) {
            Some(byte) => lower.get(..byte)?.chars().count(),
            None => misread(line, label)?,
        };
        let apart = start == 0
            || line.recognised
            || line
                .glyphs
                .get(start)
                .is_some_and(|g| g.joint > Joint::Touch);
        apart.then_some(start + label.chars().count())
    })
}

/// Where a label stands on a recognised line with one of its characters misread.
fn misread(line: &Line, label: &str) -> Option<usize> {
    let label: Vec<char> = label.chars().collect();
    if !line.recognised || label.first().is_none_or(char::is_ascii) {
        return None;
    }
    let slips = |at: &[Glyph]| at.iter().zip(&label).filter(|(g, c)| g.ch != **c).count();
    line.glyphs
        .windows(label.len())
        .position(|window| slips(window) == 1)
}

/// Marks that recognition makes of a frame or a wide space.
fn is_speck(c: char) -> bool {
    matches!(c, '。' | '.' | ',' | ';' | '、' | '-' | '一' | '\'' | '"')
}

/// A token of at least 8 Latin letters and digits that starts at `from` (colons and spaces skipped).
fn candidate(line: &Line, from: usize) -> Option<(usize, usize)> {
    let start = (from..line.glyphs.len()).find(|i| {
        line.glyphs
            .get(*i)
            .is_some_and(|g| !(matches!(g.ch, ':' | '|') || line.recognised && is_speck(g.ch)))
    })?;
    let mut end = start;
    while line
        .glyphs
        .get(end)
        .is_some_and(|g| g.ch.is_ascii_alphanumeric() || matches!(g.ch, '-' | '_'))
    {
        end += 1;
    }
    let text: String = line.spaced(start, end);
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (end - start >= 8 && end - start <= 24 && digits >= 2).then_some((start, end))
}

fn accept_code(reading: &mut Reading, line: &Line, from: usize, to: usize) {
    let code = verification_code::normalised(&line.spaced(from, to));
    let box_pt = line.boxed(from, to);
    let glyphs = line.glyphs.get(from..to).unwrap_or_default();
    let mut trusted = glyphs.iter().all(|g| g.trusted);
    match verification_code::shape(&code) {
        Shape::WellFormed => {}
        Shape::LookAlike => {
            trusted = false;
            reading.odd(
                "verification_code_suspect",
                Some("verification_code_masked"),
                Some((line.page, box_pt)),
            );
        }
        Shape::IllFormed => {
            reading.odd(
                "verification_code_ill_formed",
                Some("verification_code_masked"),
                Some((line.page, box_pt)),
            );
        }
    }
    if reading.source != Source::File && verification_code::has_look_alikes(&code) {
        trusted = false;
    }
    let masked = verification_code::masked(&code);
    reading.put(
        "verification_code_masked",
        masked,
        line.page,
        box_pt,
        trusted,
    );
    reading.put_private(CODE, code);
}

/// Certificate numbers against the year and level of their own report.
fn numbers(reading: &mut Reading) {
    let year = |reading: &Reading, field: &str| {
        reading
            .field(field)
            .and_then(|date| date.get(..4))
            .map(str::to_owned)
    };
    let place = |reading: &Reading, field: &str| {
        reading
            .facts
            .evidence
            .get(field)
            .map(|e| (e.page, e.box_pt))
    };
    let faults = |reading: &Reading| {
        let education = reading.field("certificate_number").map(|number| {
            let year = year(reading, "graduated_on");
            (
                "certificate_number",
                certificate_number::education(number, year.as_deref(), reading.field("level")),
            )
        });
        let degree = reading.field("degree_number").map(|number| {
            let year = year(reading, "degree_granted_on");
            (
                "degree_number",
                certificate_number::degree(number, year.as_deref(), reading.field("degree")),
            )
        });
        [education, degree]
    };
    // Old certification reports carry numbers of every age and kind; only the registered ones follow the scheme.
    if has_online_verification(reading.facts.kind) {
        for (field, faults) in faults(reading).into_iter().flatten() {
            for fault in faults {
                let at = place(reading, field);
                reading.odd(fault.name(), Some(field), at);
            }
        }
    }
}

/// Labels every such report has: one that lacks some is half a report.
fn missing(reading: &mut Reading, rows: &[Row], has_title: bool) {
    let wanted: &[&str] = match reading.facts.kind {
        K::ChsiEducationRecord | K::ChsiEducationRecordEn => &[
            "name",
            "sex",
            "born_on",
            "graduated_on",
            "school",
            "level",
            "conclusion",
            "certificate_number",
            "issued_on",
        ],
        K::ChsiStudentRecord | K::ChsiStudentRecordEn => &[
            "name",
            "sex",
            "born_on",
            "school",
            "level",
            "entered_on",
            "student_status",
            "issued_on",
        ],
        _ => &[
            "name",
            "sex",
            "born_on",
            "school",
            "degree",
            "degree_granted_on",
            "degree_number",
            "issued_on",
        ],
    };
    if !has_title {
        reading.odd("half_report", Some("title"), None);
    }
    for field in wanted {
        if !rows.iter().any(|row| row.field == *field) {
            reading.odd("half_report", Some(field), None);
        }
    }
    if !reading
        .facts
        .fields
        .contains_key("verification_code_masked")
    {
        reading.odd("half_report", Some("verification_code_masked"), None);
    }
}

/// Text nobody sees that says something else than what everybody sees.
pub(super) fn contradictions(reading: &mut Reading, hidden: &[Line]) {
    for row in rows_by_page(hidden) {
        let Some(value) = row.value.as_ref().filter(|_| !row.field.is_empty()) else {
            continue;
        };
        let seen = match row.field {
            CODE => reading.facts.private.get(CODE).cloned(),
            field => reading.field(field).map(str::to_owned),
        };
        let said = match row.field {
            CODE => Some(verification_code::normalised(&value.text)),
            "certificate_number" | "degree_number" => {
                Some(certificate_number::normalised(&value.text))
            }
            field if DATES.contains(&field) => {
                super::dates::whole(&value.text).map(super::dates::Read::iso)
            }
            _ => Some(value.text.clone()),
        };
        if let (Some(seen), Some(said)) = (seen, said)
            && seen != said
        {
            reading.odd(
                "hidden_text_contradicts",
                Some(shown(row.field)),
                Some((row.page, value.box_pt)),
            );
        }
    }
}

fn shown(field: &str) -> &str {
    if field == CODE {
        "verification_code_masked"
    } else {
        field
    }
}
