#![doc = include_str!("changed_after_signing.md")]

use super::{Check, Findings, Rule, Subject, opened};
use crate::finding::{Code, Finding, Outcome, Severity};

static RULE: Rule = Rule {
    code: Code::new("FM114"),
    name: "changed-after-signing",
    severity: Severity::Warning,
    required: false,
    for_every_upload: true,
    doc: include_str!("changed_after_signing.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let pdf = match opened::pdf(subject) {
        Ok(pdf) => pdf,
        Err(outcome) => return outcome,
    };
    let signatures = &pdf.signatures;
    if signatures.is_empty() {
        return Outcome::not_applicable("文件没有电子签名", "the file is not signed");
    }
    if signatures
        .iter()
        .any(|signature| signature.covers_whole_file)
    {
        return out.outcome();
    }
    let behind = signatures
        .iter()
        .map(|signature| signature.bytes_behind)
        .min()
        .unwrap_or(0);
    let gaps = signatures
        .iter()
        .filter(|signature| !signature.leaves_out_only_itself)
        .count();
    let (zh, en) = if behind > 0 {
        (
            format!("签名之后又追加了 {behind} 字节的内容"),
            format!("{behind} bytes were added after signing"),
        )
    } else {
        (
            "签名范围遗漏了文件的其他部分".to_owned(),
            "the signed range leaves out other parts of the file".to_owned(),
        )
    };
    out.add(
        Finding::new(
            format!("没有电子签名覆盖整个文件：{zh}"),
            format!("no signature covers the whole file: {en}"),
        )
        .with_hint(
            "请从原系统重新下载签名文件并原样上传",
            "download the signed file again from its source and upload it unchanged",
        )
        .measured("bytes_behind", behind)
        .measured("ranges_with_gaps", gaps)
        .expected("bytes_behind", 0),
    );
    out.outcome()
}
