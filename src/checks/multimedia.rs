#![doc = include_str!("multimedia.md")]

use super::{
    Check, Findings, Rule, Subject,
    active_content::{self, Words},
};
use crate::{
    finding::{Code, Outcome, Severity},
    inspect::facts::ActiveKind,
};

static RULE: Rule = Rule {
    code: Code::new("AC106"),
    name: "multimedia",
    severity: Severity::Error,
    required: true,
    for_every_upload: true,
    doc: include_str!("multimedia.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

const WORDS: Words = Words {
    what: (
        "多媒体内容（视频、声音、三维或 Flash）",
        "multimedia (video, sound, 3D or Flash)",
    ),
    hint: (
        "请用“打印为 PDF”重新生成文件",
        "print the document to PDF again",
    ),
};

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    active_content::look(
        subject,
        out,
        &[
            ActiveKind::RichMedia,
            ActiveKind::Movie,
            ActiveKind::Sound,
            ActiveKind::Rendition,
            ActiveKind::ThreeD,
        ],
        &WORDS,
    )
}
