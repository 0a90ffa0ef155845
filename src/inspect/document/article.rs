//! Which parts of a published article a file holds: the journal's cover, its contents page, the article, the database's page.

use super::{lines::Line, reading::Reading};
use crate::units::PageNumber;

/// The parts, as they stand in the field `parts`, joined by a space.
pub(super) const PARTS: [&str; 4] = ["cover", "contents", "article", "index"];

pub(super) fn read(reading: &mut Reading, lines: &[Line]) {
    let mut found: Vec<(&str, PageNumber)> = Vec::new();
    for page in lines.chunk_by(|a, b| a.page == b.page) {
        let Some(number) = page.first().map(|line| line.page) else {
            continue;
        };
        for part in PARTS {
            if is(part, page) && !found.iter().any(|(had, _)| *had == part) {
                found.push((part, number));
            }
        }
    }
    let Some((_, page)) = found.first().copied() else {
        return;
    };
    let names: Vec<&str> = found.iter().map(|(part, _)| *part).collect();
    let place = lines.iter().find(|line| line.page == page);
    if let Some(line) = place {
        let trusted = lines.iter().flat_map(|l| &l.glyphs).all(|g| g.trusted);
        reading.put("parts", names.join(" "), page, line.whole(), trusted);
    }
}

/// Whether a page is that part.
pub(super) fn is(part: &str, page: &[Line]) -> bool {
    let characters: usize = page.iter().map(|line| line.glyphs.len()).sum();
    let has = |word: &str| {
        page.iter()
            .any(|line| line.text.to_ascii_uppercase().contains(word))
    };
    let count = |words: &[&str]| words.iter().filter(|word| has(word)).count();
    match part {
        "cover" => {
            let number = count(&[
                "ISSN",
                "CN32",
                "CN11",
                "国内统一",
                "国际标准",
                "刊号",
                "邮发代号",
            ]);
            let issue = page.iter().any(|line| {
                line.text
                    .split_once('第')
                    .is_some_and(|(_, rest)| rest.chars().take(5).any(|c| c == '期'))
            });
            let made = count(&["主办", "主管", "编辑部", "出版"]);
            characters < 400
                && !has("目次")
                && !has("目录")
                && usize::from(number > 0) + usize::from(issue) + usize::from(made > 0) >= 2
        }
        "contents" => {
            let headed = page.iter().any(|line| {
                matches!(
                    line.text.as_str(),
                    "目录" | "目次" | "CONTENTS" | "目录CONTENTS" | "目次CONTENTS"
                )
            });
            let leaders = page
                .iter()
                .filter(|line| {
                    line.text
                        .ends_with(|c: char| c.is_ascii_digit() || c == ')')
                        && line.glyphs.len() > 8
                })
                .count();
            headed && leaders >= 2
        }
        "article" => {
            count(&[
                "摘要",
                "关键词",
                "参考文献",
                "中图分类号",
                "ABSTRACT",
                "DOI",
            ]) >= 2
        }
        _ => {
            count(&["检索", "收录", "知网", "万方", "维普", "数据库", "被引"]) >= 2
                && characters < 1500
        }
    }
}
