//! Which characters can be printed at all.

use std::collections::BTreeSet;

use serde_json::Value;

use super::fonts::Fonts;

/// The characters of `text` that no font of ours has, sorted, each once; empty when all can be printed.
///
/// Line breaks, tabs and characters that are never drawn (joiners, direction marks) do not count.
pub fn missing_characters(text: &str) -> Vec<char> {
    let mut missing = BTreeSet::new();
    look_at(text, &mut missing);
    missing.into_iter().collect()
}

/// Characters that every name and paper may use, and how many of them can be printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repertoire {
    /// 通用规范汉字表, GB 18030-2022 级别 2, names of the population register.
    pub name: &'static str,
    /// How many there are.
    pub characters: usize,
    /// Those that no font of ours has.
    pub missing: Vec<char>,
}

/// Every list of characters that the fonts are built for, looked through.
pub fn repertoires() -> Vec<Repertoire> {
    let lists = [
        (
            "通用规范汉字表",
            include_str!("../../fonts/general-standard-8105.txt"),
        ),
        (
            "GB 18030-2022 级别 2",
            include_str!("../../fonts/gb18030-2022-level2.txt"),
        ),
        (
            "人口信息人名用字",
            include_str!("../../fonts/register-names.txt"),
        ),
    ];
    let looked_through = lists.into_iter().map(|(name, list)| {
        let all = listed(list);
        Repertoire {
            name,
            characters: all.chars().count(),
            missing: missing_characters(&all),
        }
    });
    looked_through.collect()
}

/// The characters of a list of `fonts/`: lines `4E00` or `4E00..9FA5`.
fn listed(list: &str) -> String {
    let point = |hex: &str| u32::from_str_radix(hex, 16).ok();
    let ranges = list.lines().filter_map(|line| {
        let (start, end) = line.split_once("..").unwrap_or((line, line));
        Some(point(start)?..=point(end)?)
    });
    ranges.flatten().filter_map(char::from_u32).collect()
}

/// The same for every string of `data`.
pub(super) fn missing_in(data: &Value) -> Vec<char> {
    let mut missing = BTreeSet::new();
    let mut waiting = vec![data];
    while let Some(value) = waiting.pop() {
        match value {
            Value::String(text) => look_at(text, &mut missing),
            Value::Array(values) => waiting.extend(values),
            Value::Object(entries) => waiting.extend(entries.values()),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    missing.into_iter().collect()
}

fn look_at(text: &str, missing: &mut BTreeSet<char>) {
    let fonts = Fonts::shared();
    for c in text.chars().filter(|c| !c.is_ascii()) {
        if !is_never_drawn(c) && !fonts.cover(c) {
            missing.insert(c);
        }
    }
    // Of ASCII only control characters have no picture; the three that lay out text are fine.
    let controls = |c: &char| c.is_ascii_control() && !matches!(c, '\n' | '\r' | '\t');
    missing.extend(text.chars().filter(controls));
}

/// Default ignorable: a reader sees nothing whether a font has it or not.
pub(super) fn is_never_drawn(c: char) -> bool {
    typst::text::is_default_ignorable(c)
        || matches!(c, '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_of_every_list_has_a_glyph() {
        let lists = repertoires();
        for list in &lists {
            assert_eq!(list.missing, Vec::<char>::new(), "{}", list.name);
        }
        let [general, level_2, names] = lists.as_slice() else {
            panic!("{lists:?}")
        };
        assert_eq!(general.characters, 8105);
        // 20902 + 6582 + 66 + 196 hanzi at the least, and the symbols of GBK
        assert!(level_2.characters > 27_746);
        assert!(names.characters > 0);
    }

    #[test]
    fn a_list_is_read_line_by_line() {
        assert_eq!(listed("4E00\n4E8C..4E8D\n"), "一二亍");
    }

    #[test]
    fn what_is_missing_is_named_once_and_in_order() {
        assert_eq!(
            missing_characters("王\u{31351}\u{e000}二\u{e000}\u{1}"),
            ['\u{1}', '\u{e000}', '\u{31351}']
        );
        assert_eq!(
            missing_characters("阿依努尔·买买提 䶮\u{200d}\n"),
            Vec::<char>::new()
        );
    }

    #[test]
    fn strings_inside_data_are_looked_at() {
        let data = serde_json::json!({"rows": [{"name": "张\u{e123}"}], "n": 3});
        assert_eq!(missing_in(&data), ['\u{e123}']);
    }
}
