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

    /// The code points of a list of `fonts/`: lines `4E00` or `4E00..9FA5`.
    fn listed(list: &str) -> String {
        let point = |hex: &str| u32::from_str_radix(hex, 16).unwrap();
        list.lines()
            .flat_map(|line| {
                let (start, end) = line.split_once("..").unwrap_or((line, line));
                point(start)..=point(end)
            })
            .filter_map(char::from_u32)
            .collect()
    }

    #[test]
    fn every_character_of_the_general_standard_list_has_a_glyph() {
        let all = listed(include_str!("../../fonts/general-standard-8105.txt"));
        assert_eq!(all.chars().count(), 8105);
        assert_eq!(missing_characters(&all), Vec::<char>::new());
    }

    #[test]
    fn every_character_of_gb18030_level_2_has_a_glyph() {
        let all = listed(include_str!("../../fonts/gb18030-2022-level2.txt"));
        // 20902 + 6582 + 66 + 196 hanzi at the least, and the symbols of GBK
        assert!(all.chars().count() > 27_746);
        assert_eq!(missing_characters(&all), Vec::<char>::new());
    }

    #[test]
    fn characters_of_the_population_register_have_a_glyph() {
        let all = listed(include_str!("../../fonts/register-names.txt"));
        assert_eq!(missing_characters(&all), Vec::<char>::new());
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
