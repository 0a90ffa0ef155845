//! The recogniser's table (TSV) in, words with places out.
//!
//! One line a thing, twelve columns: level, page, block, paragraph, line, word, left, top, width, height, confidence, text. Level 5
//! is a word; places are pixels from the top left corner. A line that is otherwise is passed over.
//!
//! Of a strip only the order of its words is taken from the recogniser: where they stand is known better from the strip itself.

use crate::{
    inspect::{document::Word, raster::ReadingFrame},
    units::PtBox,
};

/// Most words taken from one page: a page of small print has two thousand.
const MOST: usize = 20_000;

/// One word as the table has it, in pixels.
struct Row<'t> {
    page: usize,
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    confidence: f64,
    text: &'t str,
}

/// The words of a page that lay in `frame` as a whole.
pub(super) fn of_page(tsv: &[u8], frame: &ReadingFrame) -> Vec<Word> {
    let text = String::from_utf8_lossy(tsv);
    rows(&text)
        .map(|row| Word {
            text: row.text.to_owned(),
            box_pt: frame.upright_box(row.x, row.y, row.x + row.width, row.y + row.height),
            confidence: row.confidence,
        })
        .collect()
}

/// The words of strips, one list for each size: the pages of the table are the strips in order, once for each size.
pub(super) fn of_strips(tsv: &[u8], pieces: &[PtBox], sizes: usize) -> Vec<Vec<Word>> {
    let text = String::from_utf8_lossy(tsv);
    let mut strips: Vec<Vec<Row<'_>>> = Vec::new();
    strips.resize_with(pieces.len() * sizes, Vec::new);
    for row in rows(&text) {
        if let Some(strip) = row.page.checked_sub(1).and_then(|n| strips.get_mut(n)) {
            strip.push(row);
        }
    }
    strips
        .chunks(pieces.len().max(1))
        .map(|of_size| {
            of_size
                .iter()
                .zip(pieces)
                .flat_map(|(rows, piece)| along(rows, *piece))
                .collect()
        })
        .collect()
}

/// Words set along a piece: ideographs take one unit, Latin characters half of one, and so does a space between Latin words.
fn along(rows: &[Row<'_>], piece: PtBox) -> Vec<Word> {
    let units = |text: &str| -> f64 {
        let of = |c: char| if c.is_ascii() { 0.5 } else { 1.0 };
        text.chars().map(of).sum()
    };
    let gap_before = |i: usize| -> f64 {
        let (Some(row), Some(before)) = (rows.get(i), i.checked_sub(1).and_then(|n| rows.get(n)))
        else {
            return 0.0;
        };
        let latin = before.text.ends_with(|c: char| c.is_ascii_graphic())
            && row.text.starts_with(|c: char| c.is_ascii_graphic());
        let apart = row.x - (before.x + before.width) > row.height.max(before.height) * 0.15;
        if latin && apart { 0.5 } else { 0.0 }
    };
    let total: f64 = rows
        .iter()
        .enumerate()
        .map(|(i, row)| gap_before(i) + units(row.text))
        .sum();
    let unit = piece.width().value() / total.max(0.5);
    let mut at = piece.x0.value();
    let mut words = Vec::with_capacity(rows.len());
    for (i, row) in rows.iter().enumerate() {
        let x0 = at + gap_before(i) * unit;
        at = x0 + units(row.text) * unit;
        words.push(Word {
            text: row.text.to_owned(),
            box_pt: PtBox::new(x0, piece.y0.value(), at, piece.y1.value()),
            confidence: row.confidence,
        });
    }
    words
}

fn rows(text: &str) -> impl Iterator<Item = Row<'_>> {
    text.lines().filter_map(row).take(MOST)
}

fn row(line: &str) -> Option<Row<'_>> {
    let columns: Vec<&str> = line.splitn(12, '\t').collect();
    let [
        level,
        page,
        _,
        _,
        _,
        _,
        left,
        top,
        width,
        height,
        confidence,
        text,
    ] = columns.as_slice()
    else {
        return None;
    };
    let number = |text: &str| {
        text.parse::<f64>()
            .ok()
            .filter(|n| n.is_finite() && n.abs() < 1e6)
    };
    let text = text.trim();
    if *level != "5" || text.is_empty() || text.chars().count() > 200 {
        return None;
    }
    Some(Row {
        page: page.parse().ok()?,
        x: number(left)?,
        y: number(top)?,
        width: number(width)?,
        height: number(height)?,
        confidence: number(confidence)?,
        text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::PageIndex;

    #[test]
    fn words_come_with_their_place_and_nonsense_is_passed_over() {
        let frame = ReadingFrame {
            page: PageIndex::new(0),
            width_pt: 595.0,
            height_pt: 842.0,
            orientation_deg: 0,
            skew_deg: 0.0,
            dpi: 144.0,
        };
        let tsv = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n\
            4\t1\t1\t1\t1\t0\t120\t200\t90\t24\t-1\t\n\
            5\t1\t1\t1\t1\t1\t120\t200\t48\t24\t96.5\t姓名\n\
            5\t1\t1\t1\t1\t2\tx\t200\t48\t24\t96.5\t坏\n\
            5\t1\t1\t1\t1\t3\t0\t0\t1\t1\t95\t \n\
            5\t1\n";
        let words = of_page(tsv.as_bytes(), &frame);
        assert_eq!(words.len(), 1);
        assert_eq!(words[0].text, "姓名");
        assert!((words[0].box_pt.x0.value() - 60.0).abs() < 1e-9);
        assert!((words[0].box_pt.y1.value() - 742.0).abs() < 1e-9);
        assert!(of_page(&[0xff, 0x09, 0x0a], &frame).is_empty());
    }

    #[test]
    fn words_of_strips_stand_where_their_strip_stands() {
        let pieces = [
            PtBox::new(60.0, 700.0, 84.0, 712.0),
            PtBox::new(100.0, 700.0, 160.0, 712.0),
        ];
        // Two strips, once in each of two sizes; the page beyond them is nonsense.
        let tsv = "5\t1\t1\t1\t1\t1\t8\t8\t40\t40\t96\t姓\n\
            5\t1\t1\t1\t1\t2\t70\t0\t5\t50\t95\t名\n\
            5\t2\t1\t1\t1\t1\t8\t8\t50\t40\t91\tLi\n\
            5\t2\t1\t1\t1\t2\t90\t8\t60\t40\t92\tMing\n\
            5\t3\t1\t1\t1\t1\t8\t8\t40\t40\t30\t姓多\n\
            5\t9\t1\t1\t1\t1\t8\t8\t40\t40\t96\t外\n";
        let read = of_strips(tsv.as_bytes(), &pieces, 2);
        let said = |n: usize| -> Vec<(&str, f64, f64)> {
            let word = |w: &Word| (w.box_pt.x0.value(), w.box_pt.x1.value());
            read[n]
                .iter()
                .map(|w| (w.text.as_str(), word(w).0, word(w).1))
                .collect()
        };
        assert_eq!(read.len(), 2);
        assert_eq!(said(0)[..2], [("姓", 60.0, 72.0), ("名", 72.0, 84.0)]);
        // Seven units of half a character: two, a space, four.
        let unit = 60.0 / 7.0;
        let (li, ming) = (said(0)[2], said(0)[3]);
        assert!((li.2 - (100.0 + 2.0 * unit)).abs() < 1e-9);
        assert!((ming.1 - (100.0 + 3.0 * unit)).abs() < 1e-9 && (ming.2 - 160.0).abs() < 1e-9);
        assert_eq!(said(1), [("姓多", 60.0, 84.0)]);
        assert!(of_strips(tsv.as_bytes(), &[], 2).iter().all(Vec::is_empty));
    }
}
