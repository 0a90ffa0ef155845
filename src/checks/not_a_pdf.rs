#![doc = include_str!("not_a_pdf.md")]

use super::{Check, Findings, Rule, Subject};
use crate::{
    finding::{Code, Finding, Outcome, Severity},
    inspect::facts::FileKind,
};

static RULE: Rule = Rule {
    code: Code::new("FM101"),
    name: "not-a-pdf",
    severity: Severity::Error,
    required: true,
    for_every_upload: true,
    doc: include_str!("not_a_pdf.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let kind = subject.inspection.file_kind;
    if kind == FileKind::Pdf {
        return out.outcome();
    }
    if kind == FileKind::Unknown && !subject.inspection.limits_met.is_empty() {
        return Outcome::could_not_tell(
            "检查在读出文件类型之前已中止",
            "the inspection was stopped before the kind of file was known",
        );
    }
    let (zh, en) = words(kind);
    let (hint_zh, hint_en) = advice(kind);
    out.add(
        Finding::new(
            format!("该文件是{zh}，不是 PDF"),
            format!("the file is {en}, not a PDF"),
        )
        .with_hint(hint_zh, hint_en)
        .measured("file_kind", serde_json::json!(kind))
        .expected("file_kind", "pdf"),
    );
    out.outcome()
}

/// What people call each kind.
pub(super) fn words(kind: FileKind) -> (&'static str, &'static str) {
    match kind {
        FileKind::Pdf => ("PDF", "a PDF"),
        FileKind::Empty => ("空文件（0 字节）", "empty (0 bytes)"),
        FileKind::Ofd => ("OFD 版式文件", "an OFD document"),
        FileKind::Jpeg => ("JPEG 图片", "a JPEG picture"),
        FileKind::Png => ("PNG 图片", "a PNG picture"),
        FileKind::Tiff => ("TIFF 图片", "a TIFF picture"),
        FileKind::Gif => ("GIF 图片", "a GIF picture"),
        FileKind::Bmp => ("BMP 图片", "a BMP picture"),
        FileKind::Webp => ("WebP 图片", "a WebP picture"),
        FileKind::Heic => ("HEIC 图片（手机照片）", "a HEIC picture (phone photo)"),
        FileKind::Word => ("Word 文档", "a Word document"),
        FileKind::Excel => ("Excel 表格", "an Excel sheet"),
        FileKind::PowerPoint => ("PowerPoint 演示文稿", "a PowerPoint presentation"),
        FileKind::LegacyOffice => (
            "旧版 Office 文档（doc、xls 或 ppt）",
            "an old Office document (doc, xls or ppt)",
        ),
        FileKind::Rtf => ("RTF 文档", "an RTF document"),
        FileKind::Html => ("网页（HTML）", "a web page (HTML)"),
        FileKind::Xml => ("XML 文件", "an XML file"),
        FileKind::PostScript => ("PostScript 文件", "a PostScript file"),
        FileKind::Zip => ("ZIP 压缩包", "a ZIP archive"),
        FileKind::Rar => ("RAR 压缩包", "a RAR archive"),
        FileKind::SevenZip => ("7z 压缩包", "a 7z archive"),
        FileKind::Gzip => ("GZIP 压缩包", "a GZIP archive"),
        FileKind::Executable => ("可执行程序", "a program"),
        FileKind::PlainText => ("纯文本", "plain text"),
        FileKind::Unknown => ("无法识别的数据", "data of no known kind"),
    }
}

fn advice(kind: FileKind) -> (&'static str, &'static str) {
    match kind {
        FileKind::Jpeg
        | FileKind::Png
        | FileKind::Tiff
        | FileKind::Gif
        | FileKind::Bmp
        | FileKind::Webp
        | FileKind::Heic => (
            "请将图片按 A4 打印为 PDF 后上传，只改扩展名无效",
            "print the picture to PDF on A4 and upload that; changing the file name is not enough",
        ),
        FileKind::Ofd => (
            "请在 OFD 阅读器中另存或打印为 PDF 后上传",
            "save or print it as PDF in an OFD reader and upload that",
        ),
        FileKind::Word
        | FileKind::Excel
        | FileKind::PowerPoint
        | FileKind::LegacyOffice
        | FileKind::Rtf
        | FileKind::Html
        | FileKind::Xml
        | FileKind::PostScript
        | FileKind::PlainText => (
            "请在原程序中打开，另存或打印为 PDF 后上传",
            "open it in its own program, save or print it as PDF and upload that",
        ),
        FileKind::Zip | FileKind::Rar | FileKind::SevenZip | FileKind::Gzip => (
            "请先解压，再逐个上传其中的 PDF",
            "unpack it and upload the PDFs inside one by one",
        ),
        FileKind::Empty => (
            "请重新导出文件后上传，上传前确认能打开",
            "export the file again, and check that it opens before uploading",
        ),
        FileKind::Pdf | FileKind::Executable | FileKind::Unknown => {
            ("请上传 PDF 文件", "upload a PDF file")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::papers::tests::{Case, document};
    use crate::inspect::document::DocumentKind;

    #[test]
    fn every_kind_has_words() {
        let case = Case::of(document(DocumentKind::Unknown, &[]));
        assert_eq!(case.run(run).0, Outcome::Passed);
        assert_eq!(words(FileKind::Ofd).1, "an OFD document");
    }
}
