//! The two sides of an identity card.

use super::{dates, general::ID, identity_number, lines::Line, reading::Reading};

/// Reads both sides; a side that is not there is an oddity.
pub(super) fn read(reading: &mut Reading, lines: &[Line]) {
    // On the card labels and values touch: 姓名林知远, 性别女民族汉.
    for line in lines {
        let trusted = line.glyphs.iter().all(|g| g.trusted);
        let mut put = |field: &str, text: String| {
            reading.put(field, text, line.page, line.whole(), trusted);
        };
        if let Some(name) = line.text.strip_prefix("姓名") {
            put("name", name.trim_start_matches(':').to_owned());
        }
        if let Some((_, after)) = line.text.split_once("性别")
            && let Some(sex) = after.chars().find(|c| matches!(c, '男' | '女'))
        {
            put("sex", sex.to_string());
        }
        if let Some((_, after)) = line.text.split_once("民族") {
            let ethnic: String = after.trim_start_matches(':').chars().take(5).collect();
            put("ethnic", ethnic);
        }
        if line.text.starts_with("出生")
            && let Some((read, _)) = dates::first(&line.text)
        {
            put("born_on", read.iso());
        }
        if let Some((_, until)) = line
            .text
            .strip_prefix("有效期限")
            .and_then(|text| text.rsplit_once(['-', '至', '—']))
        {
            let until =
                dates::first(until).map_or_else(|| until.to_owned(), |(read, _)| read.iso());
            put("expires_on", until);
        }
        if let Some((_, after)) = line.text.split_once("公民身份号码") {
            let number = identity_number::normalised(after);
            if number.len() >= 15 {
                put("id_number_masked", identity_number::masked(&number));
                reading.put_private(ID, number);
            }
        }
    }
    let says = |words: &[&str]| {
        words
            .iter()
            .any(|word| lines.iter().any(|line| line.text.contains(word)))
    };
    if !says(&["公民身份号码"]) {
        reading.odd("one_side", Some("front"), None);
    }
    if !says(&["签发机关", "有效期限"]) {
        reading.odd("one_side", Some("back"), None);
    }
}
