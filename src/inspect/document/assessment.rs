//! Year and grade of annual assessments; one file may hold several, one or more pages each.

use super::{lines::Line, numbered, reading::Reading};

/// Grades, the longer ones first: 不合格 holds 合格.
const GRADES: [&str; 8] = [
    "基本合格",
    "基本称职",
    "不合格",
    "不称职",
    "不定等次",
    "优秀",
    "合格",
    "称职",
];
const LABELS: [&str; 7] = [
    "考核等次",
    "考核等级",
    "考核结果",
    "考核结论",
    "确定为",
    "评定为",
    "等次",
];

/// Reads `year`, `grade`, and for more of them `year_2`, `grade_2` …
pub(super) fn read(reading: &mut Reading, lines: &[Line]) {
    let mut n = 0;
    for page in lines.chunk_by(|a, b| a.page == b.page) {
        let year = page
            .iter()
            .find_map(|line| year_of(&line.text).map(|year| (line, year)));
        if let Some((line, year)) = year {
            let known = reading.facts.fields.get(&numbered("year", n.max(1)));
            if n == 0 || known.is_none_or(|known| *known != year) {
                n += 1;
                let trusted = line.glyphs.iter().all(|g| g.trusted);
                reading.put(&numbered("year", n), year, line.page, line.whole(), trusted);
            }
        }
        if let Some((line, grade)) = page
            .iter()
            .enumerate()
            .find_map(|(i, line)| grade_at(page, i, line))
        {
            let trusted = line.glyphs.iter().all(|g| g.trusted);
            reading.put(
                &numbered("grade", n.max(1)),
                grade,
                line.page,
                line.whole(),
                trusted,
            );
        }
    }
}

/// The year of 2023年度, （2023年度）, 考核年度：2023.
pub(super) fn year_of(text: &str) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    for (i, window) in chars.windows(4).enumerate() {
        let year: String = window.iter().collect();
        let plausible = (year.starts_with("19") || year.starts_with("20"))
            && year.chars().all(|c| c.is_ascii_digit());
        let fresh = i == 0 || chars.get(i - 1).is_none_or(|c| !c.is_ascii_digit());
        let after: String = chars.iter().skip(i + 4).take(3).collect();
        let before: String = chars.iter().take(i).collect();
        let by_word =
            after.starts_with("年度") || after.starts_with(")年度") || after.starts_with("学年");
        let by_label = before.ends_with("年度:") || before.ends_with("考核年度");
        if plausible && fresh && (by_word || by_label) {
            return Some(year);
        }
    }
    None
}

fn grade_at<'a>(page: &'a [Line], i: usize, line: &'a Line) -> Option<(&'a Line, String)> {
    let label = LABELS.iter().find(|label| line.text.contains(**label))?;
    let (_, after) = line.text.split_once(label)?;
    if let Some(grade) = chosen(after) {
        return Some((line, grade));
    }
    // The value may stand a line lower in its cell.
    let next = page
        .get(i + 1)
        .filter(|next| line.y0 - next.y1 < line.size * 3.0)?;
    chosen(&next.text).map(|grade| (next, grade))
}

/// The grade a text names: the ticked one of several boxes, else the only one.
fn chosen(text: &str) -> Option<String> {
    let boxes = text.contains(['□', '☐', '☑', '√', '■', '✓', '✔', '☒']);
    let first = |text: &str| {
        GRADES
            .iter()
            .filter_map(|grade| text.find(grade).map(|at| (at, *grade)))
            .min_by(|a, b| a.0.cmp(&b.0).then(b.1.len().cmp(&a.1.len())))
            .map(|(at, grade)| (at, grade.to_owned()))
    };
    if boxes {
        let at = text.find(['☑', '√', '■', '✓', '✔', '☒'])?;
        let behind = text.get(at..)?;
        return first(behind)
            .filter(|(at, _)| *at <= 6)
            .map(|(_, grade)| grade)
            .or_else(|| {
                // 合格√: the tick may stand behind its word.
                let before = text.get(..at)?;
                GRADES
                    .iter()
                    .find(|grade| before.ends_with(**grade))
                    .map(|grade| (*grade).to_owned())
            });
    }
    let (_, grade) = first(text)?;
    // A row that lists all grades without a tick chooses none.
    let listed = ["优秀", "合格", "不合格"]
        .iter()
        .filter(|g| text.contains(**g))
        .count();
    (listed < 3).then_some(grade)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grades_with_and_without_boxes() {
        assert_eq!(chosen(":合格").as_deref(), Some("合格"));
        assert_eq!(chosen("基本合格").as_deref(), Some("基本合格"));
        assert_eq!(chosen("不合格").as_deref(), Some("不合格"));
        assert_eq!(
            chosen("□优秀☑合格□基本合格□不合格").as_deref(),
            Some("合格")
        );
        assert_eq!(
            chosen("□优秀□合格☑基本合格□不合格").as_deref(),
            Some("基本合格")
        );
        assert_eq!(chosen("优秀、合格、基本合格、不合格"), None);
        assert_eq!(chosen("□优秀□合格□基本合格□不合格"), None);
    }

    #[test]
    fn years() {
        assert_eq!(
            year_of("专业技术人员2023年度考核表").as_deref(),
            Some("2023")
        );
        assert_eq!(year_of("(2022年度)").as_deref(), Some("2022"));
        assert_eq!(year_of("考核年度:2021").as_deref(), Some("2021"));
        assert_eq!(year_of("2023年1月5日"), None);
    }
}
