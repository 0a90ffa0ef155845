//! Whether an award went to a group, and what the paper says of one person's own part in it.

use super::{lines::Line, reading::Reading};

/// Words of a certificate that a group was given.
const GROUP: &[&str] = &[
    "先进集体",
    "优秀集体",
    "优秀团队",
    "创新团队",
    "团队:",
    "集体:",
    "项目组",
    "课题组",
    "攻关组",
    "QC小组",
    "完成单位",
    "获奖单位",
    "主要完成人",
    "获奖者:",
    "等同志",
    "等人",
    "团体",
];

/// Words that say which part was one's own.
const ROLE: &[&str] = &[
    "第一完成人",
    "第二完成人",
    "第三完成人",
    "第四完成人",
    "第五完成人",
    "排名第",
    "名次第",
    "位次",
    "排序第",
    "本人承担",
    "本人负责",
    "个人承担",
    "承担的工作",
    "主要贡献",
    "个人贡献",
    "所起作用",
    "作用证明",
    "担任项目负责人",
    "担任技术负责人",
];

pub(super) fn read(reading: &mut Reading, lines: &[Line]) {
    if let Some((line, _)) = first(lines, GROUP) {
        let trusted = line.glyphs.iter().all(|g| g.trusted);
        reading.put(
            "group_award",
            "yes".to_owned(),
            line.page,
            line.whole(),
            trusted,
        );
    }
    let numbered = lines.iter().find(|line| {
        // 第 2 完成人
        line.text
            .split_once("完成人")
            .is_some_and(|(before, _)| before.ends_with(|c: char| c.is_ascii_digit()))
    });
    let role = first(lines, ROLE).map(|(line, _)| line).or(numbered);
    if let Some(line) = role {
        let trusted = line.glyphs.iter().all(|g| g.trusted);
        let text: String = line.text.chars().take(40).collect();
        reading.put("own_role", text, line.page, line.whole(), trusted);
    }
}

/// The first line that holds one of the words.
fn first<'a>(lines: &'a [Line], words: &[&'static str]) -> Option<(&'a Line, &'static str)> {
    lines.iter().find_map(|line| {
        let word = words.iter().find(|word| line.text.contains(**word))?;
        Some((line, *word))
    })
}
