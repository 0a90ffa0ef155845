#![doc = include_str!("repaired.md")]

use super::{Check, Findings, Rule, Subject, opened};
use crate::finding::{Code, Finding, Outcome, Severity};

static RULE: Rule = Rule {
    code: Code::new("FM105"),
    name: "repaired",
    severity: Severity::Warning,
    required: false,
    for_every_upload: true,
    doc: include_str!("repaired.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

/// What each repair is called in Chinese; its English stands in the facts.
fn words(what: &str) -> &'static str {
    match what {
        "header_damaged" => "文件头缺失或损坏",
        "eof_missing" => "缺少文件结束标记",
        "startxref_missing" => "缺少交叉引用位置",
        "xref_rebuilt" => "交叉引用无法读取，已通过搜索对象重建",
        "xref_whitespace" => "交叉引用位置不准",
        "xref_entry_length" => "交叉引用表格式不规范",
        "xref_stream_short" => "交叉引用流不完整",
        "xref_loop" => "交叉引用循环",
        "trailer_damaged" | "size_missing" | "prev_damaged" => "文件尾字典损坏",
        "size_wrong" => "对象总数与实际不符",
        "object_at_zero" | "object_misplaced" => "对象不在所记录的位置",
        "deleted_in_place" => "标为已删除的对象仍在原处",
        "object_damaged" => "对象语法有误",
        "key_twice" => "字典中有重复的键",
        "endobj_missing" => "对象缺少结束标记",
        "stream_line_end" | "stream_length_missing" | "stream_length_wrong" => {
            "数据流长度或分隔有误"
        }
        "linearization_stale" => "线性化（快速网页查看）信息与文件不符",
        "content_damaged" => "页面内容部分损坏",
        "page_is_stream" => "页面对象类型不正确",
        _ => "文件结构有误",
    }
}

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let pdf = match opened::pdf(subject) {
        Ok(pdf) => pdf,
        Err(outcome) => return outcome,
    };
    let repairs = &pdf.repairs;
    if repairs.is_empty() {
        return out.outcome();
    }
    let mut zh: Vec<&str> = Vec::new();
    for repair in repairs {
        let word = words(&repair.what);
        if !zh.contains(&word) {
            zh.push(word);
        }
    }
    let en: Vec<&str> = repairs
        .iter()
        .map(|repair| repair.detail.as_str())
        .collect();
    let names: Vec<&str> = repairs.iter().map(|repair| repair.what.as_str()).collect();
    out.add(
        Finding::new(
            format!("该 PDF 结构有误，已修复后读取：{}", zh.join("；")),
            format!("the PDF had to be mended to be read: {}", en.join("; ")),
        )
        .with_hint(
            "可以使用；如方便请重新导出一份，以免其他阅读器显示不同",
            "export it again if you can: another reader may show it differently",
        )
        .measured("repairs", serde_json::json!(names)),
    );
    out.outcome()
}
