//! The opinion of the employer (鉴定意见) in an application form.

use super::{lines::Line, reading::Reading};

/// Words that open the cell.
const LABELS: [&str; 5] = [
    "鉴定意见",
    "单位鉴定",
    "考察意见",
    "单位审核意见",
    "单位意见",
];
/// Words that close it.
const ENDS: [&str; 12] = [
    "公章",
    "盖章",
    "签章",
    "签字",
    "签名",
    "负责人",
    "经办人",
    "审核人",
    "审核意见",
    "评审意见",
    "主管部门",
    "职称部门",
];

/// Reads the opinion beside or under its label, to the line where it is signed.
pub(super) fn read(reading: &mut Reading, lines: &[Line]) {
    for label in LABELS {
        let Some((at, line, end)) = lines.iter().enumerate().find_map(|(i, line)| {
            let byte = line.text.find(label)?;
            let end = line.text.get(..byte)?.chars().count() + label.chars().count();
            Some((i, line, end))
        }) else {
            continue;
        };
        // A label cell of several lines stands left of the text; what is left of the text's edge is label.
        let edge = line
            .glyphs
            .get(end)
            .map_or(line.boxed(0, end).x1.value(), |g| g.x0);
        let mut text = String::new();
        let mut place = None;
        let mut trusted = true;
        for (i, other) in lines.iter().enumerate().skip(at.saturating_sub(3)).take(20) {
            if other.page != line.page || (i < at && other.y0 - line.y1 > line.size * 4.0) {
                continue;
            }
            let from = if i == at {
                end
            } else {
                other
                    .glyphs
                    .iter()
                    .position(|g| g.x0 >= edge - 6.0)
                    .unwrap_or(other.glyphs.len())
            };
            let beneath = i > at && from == other.glyphs.len();
            let from = if beneath && edge > 400.0 { 0 } else { from };
            let piece = other.spaced(from, other.glyphs.len());
            let piece = piece.trim_start_matches([':', ')']);
            if i > at && (ENDS.iter().any(|word| piece.contains(word)) || is_blank_date(piece)) {
                break;
            }
            // Lines above the label belong to it only when the label stands in the middle of its cell.
            if i < at || piece.is_empty() {
                continue;
            }
            text.push_str(piece);
            let part = other.boxed(from, other.glyphs.len());
            place = Some(place.map_or(part, |old: crate::units::PtBox| old.union(part)));
            trusted &= other.glyphs.iter().skip(from).all(|g| g.trusted);
        }
        if let Some(box_pt) = place.filter(|_| !text.is_empty()) {
            reading.put("opinion", text, line.page, box_pt, trusted);
            return;
        }
    }
}

fn is_blank_date(text: &str) -> bool {
    text.ends_with("年月日") || super::dates::whole(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::document::{
        Source,
        lines::{lines_of, tests::page_of},
    };

    fn opinion(runs: &[(f64, f64, f64, &str)]) -> Option<String> {
        let mut reading = Reading::new(Source::File);
        read(&mut reading, &lines_of(&page_of(1, runs), |_| true));
        reading.field("opinion").map(str::to_owned)
    }

    #[test]
    fn beside_and_under_the_label() {
        assert_eq!(
            opinion(&[
                (60.0, 700.0, 12.0, "鉴定意见"),
                (150.0, 700.0, 12.0, "同意申报")
            ])
            .as_deref(),
            Some("同意申报")
        );
        assert_eq!(
            opinion(&[
                (60.0, 700.0, 12.0, "单位鉴定意见"),
                (150.0, 700.0, 12.0, "该同志工作认真，"),
                (150.0, 684.0, 12.0, "完成设计三项。"),
                (150.0, 660.0, 12.0, "负责人签字："),
                (400.0, 640.0, 12.0, "年 月 日"),
            ])
            .as_deref(),
            Some("该同志工作认真,完成设计三项。")
        );
    }
}
