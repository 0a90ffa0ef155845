//! Years of continuing education a proof speaks for, and whether the course was passed.

use super::{lines::Line, numbered, reading::Reading};

/// Reads `year`, `year_2` … and `conclusion`.
pub(super) fn read(reading: &mut Reading, lines: &[Line]) {
    let mut years: Vec<(String, &Line)> = Vec::new();
    for line in lines {
        for year in years_in(&line.text) {
            if !years.iter().any(|(known, _)| *known == year) {
                years.push((year, line));
            }
        }
        if line.text.contains("不合格") {
            reading.put(
                "conclusion",
                "不合格".to_owned(),
                line.page,
                line.whole(),
                true,
            );
        }
    }
    years.sort_by(|a, b| a.0.cmp(&b.0));
    for (n, (year, line)) in years.into_iter().enumerate() {
        let trusted = line.glyphs.iter().all(|g| g.trusted);
        reading.put(
            &numbered("year", n as u32 + 1),
            year,
            line.page,
            line.whole(),
            trusted,
        );
    }
    if let Some(line) = lines.iter().find(|line| line.text.contains("合格")) {
        reading.put(
            "conclusion",
            "合格".to_owned(),
            line.page,
            line.whole(),
            true,
        );
    }
}

/// Years of training in a line: 2021年度, 2021年公需科目, 2021-2023年度; not the year of a day.
fn years_in(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let year_at = |at: usize| -> Option<i32> {
        let word: String = chars.get(at..at + 4)?.iter().collect();
        let fresh = at == 0 || chars.get(at - 1).is_none_or(|c| !c.is_ascii_digit());
        let free = chars.get(at + 4).is_none_or(|c| !c.is_ascii_digit());
        word.parse()
            .ok()
            .filter(|year| fresh && free && (1990..=2100).contains(year))
    };
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let Some(year) = year_at(at) else {
            at += 1;
            continue;
        };
        let rest: String = chars.iter().skip(at + 4).collect();
        let unit = rest.strip_prefix('年').unwrap_or(&rest);
        let dash = unit.starts_with(['-', '—', '–', '~', '至']);
        let other = dash
            .then(|| chars.len() - unit.chars().count() + 1)
            .and_then(&year_at);
        if let Some(last) = other.filter(|last| *last >= year && *last - year < 30) {
            found.extend((year..=last).map(|y| y.to_string()));
            at = chars.len() - unit.chars().count() + 5;
            continue;
        }
        let day = unit.chars().next().is_some_and(|c| c.is_ascii_digit()) && rest.starts_with('年');
        let dotted = rest.starts_with(['-', '.', '/'])
            && rest.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
        let number = chars
            .iter()
            .take(at)
            .collect::<String>()
            .ends_with(['(', '〔', '[', '号']);
        let said = rest.starts_with('年') || rest.is_empty() || text.contains("合格");
        if !day && !dotted && !number && said {
            found.push(year.to_string());
        }
        at += 4;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_of_training_but_not_of_days() {
        assert_eq!(years_in("2021年度公需科目"), ["2021"]);
        assert_eq!(years_in("2021-2023年度"), ["2021", "2022", "2023"]);
        assert_eq!(years_in("2021年至2023年"), ["2021", "2022", "2023"]);
        assert_eq!(years_in("2024年5月6日"), Vec::<String>::new());
        assert_eq!(years_in("2024-05-06"), Vec::<String>::new());
        assert_eq!(years_in("2022合格"), ["2022"]);
    }
}
