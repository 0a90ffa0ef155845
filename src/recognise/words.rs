//! The recogniser's table (TSV) in, words with places out.
//!
//! One line a thing, twelve columns: level, page, block, paragraph, line, word, left, top, width, height, confidence, text. Level 5
//! is a word; places are pixels from the top left corner. A line that is otherwise is passed over.

use crate::inspect::{document::Word, raster::ReadingFrame};

/// Most words taken from one page: a page of small print has two thousand.
const MOST: usize = 20_000;

/// The words of a page that lay in `frame`.
pub(super) fn words(tsv: &[u8], frame: &ReadingFrame) -> Vec<Word> {
    String::from_utf8_lossy(tsv)
        .lines()
        .filter_map(|line| word(line, frame))
        .take(MOST)
        .collect()
}

fn word(line: &str, frame: &ReadingFrame) -> Option<Word> {
    let columns: Vec<&str> = line.splitn(12, '\t').collect();
    let [
        level,
        _,
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
    let (x, y) = (number(left)?, number(top)?);
    let (w, h) = (number(width)?, number(height)?);
    Some(Word {
        text: text.to_owned(),
        box_pt: frame.upright_box(x, y, x + w, y + h),
        confidence: number(confidence)?,
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
        let words = words(tsv.as_bytes(), &frame);
        assert_eq!(words.len(), 1);
        assert_eq!(words[0].text, "姓名");
        assert!((words[0].box_pt.x0.value() - 60.0).abs() < 1e-9);
        assert!((words[0].box_pt.y1.value() - 742.0).abs() < 1e-9);
        assert!(super::words(&[0xff, 0x09, 0x0a], &frame).is_empty());
    }
}
