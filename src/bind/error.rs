//! What can go wrong while binding: always ours to tell, with the paper and the page.

use serde::{Deserialize, Serialize};

use crate::{lang::Bilingual, typeset::TypesetError, units::PageNumber};

/// A source that could not be bound, as the worker tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("input {input}{}: {why}", page.map(|p| format!(", page {p}")).unwrap_or_default())]
pub struct SourceFault {
    /// Index of the input file.
    pub input: usize,
    /// Its page, when it was on one.
    pub page: Option<PageNumber>,
    /// What was wrong.
    pub why: Fault,
}

/// What was wrong with a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "fault")]
pub enum Fault {
    /// It does not open as a PDF.
    #[error("it does not open as a PDF")]
    DoesNotOpen,
    /// It has no page that can be found.
    #[error("it has no page")]
    NoPages,
    /// It is encrypted; binding would have to decrypt it.
    #[error("it is encrypted")]
    Encrypted,
    /// Its page tree names more pages than there are: readers do not agree on them, and one may be lost.
    #[error("its page tree names {said} pages, there are {found}")]
    PagesMissing {
        /// Pages the tree names.
        said: u32,
        /// Pages found.
        found: u32,
    },
    /// It has another number of pages than was planned.
    #[error("it has {found} pages, planned were {planned}")]
    PageCount {
        /// Pages the plan counts on.
        planned: u32,
        /// Pages found.
        found: u32,
    },
    /// It has more objects than `limits.rs` allows.
    #[error("it has more than {allowed} objects")]
    TooManyObjects {
        /// The limit.
        allowed: u64,
    },
    /// The page has no visible area.
    #[error("the page has no visible area")]
    NoArea,
    /// A character of the page number is not in the font given for it.
    #[error("the font for page numbers has no `{0}`")]
    NoGlyph(char),
    /// A form field that has to be drawn says something that none of our fonts has.
    #[error("a form field has `{0}`, which none of our fonts has")]
    FieldCharacter(char),
}

impl Fault {
    /// The fault in words for people.
    pub fn message(&self) -> Bilingual {
        match self {
            Fault::DoesNotOpen => Bilingual::new("不能作为 PDF 打开", "it does not open as a PDF"),
            Fault::NoPages => Bilingual::new("没有可用的页面", "it has no page that can be found"),
            Fault::Encrypted => Bilingual::new(
                "已加密，请去除密码和权限限制后重新上传",
                "it is encrypted, remove the password and restrictions and upload it again",
            ),
            Fault::PagesMissing { said, found } => Bilingual::new(
                format!(
                    "文件应有 {said} 页，只找到 {found} 页，请打开后用“打印为 PDF”另存一份，核对后再上传"
                ),
                format!(
                    "the file should have {said} pages, only {found} could be found: print it to PDF, look through it and upload that"
                ),
            ),
            Fault::PageCount { planned, found } => Bilingual::new(
                format!("现有 {found} 页，检查时为 {planned} 页"),
                format!("it has {found} pages now and had {planned} when it was checked"),
            ),
            Fault::TooManyObjects { allowed } => Bilingual::new(
                format!("对象超过 {allowed} 个"),
                format!("it has more than {allowed} objects"),
            ),
            Fault::NoArea => Bilingual::new("该页没有可见区域", "the page has no visible area"),
            Fault::NoGlyph(c) => Bilingual::new(
                format!("页码字体缺少 `{c}`"),
                format!("the font for page numbers has no `{c}`"),
            ),
            Fault::FieldCharacter(c) => Bilingual::new(
                format!("表单栏中的 `{c}` 没有可用的字体，请打开后用“打印为 PDF”另存一份再上传"),
                format!(
                    "a form field has `{c}`, which none of our fonts has: print the file to PDF and upload that"
                ),
            ),
        }
    }
}

/// Writing a volume inside the worker failed.
#[derive(Debug, thiserror::Error)]
pub enum VolumeError {
    /// One of the sources.
    #[error(transparent)]
    Source(#[from] SourceFault),
    /// Reading an input.
    #[error("input {input} could not be read")]
    Read {
        /// Index of the input file.
        input: usize,
        /// The cause.
        #[source]
        cause: std::io::Error,
    },
    /// Writing the output.
    #[error("the volume could not be written")]
    Write(#[from] std::io::Error),
}

/// Binding a dossier failed; nothing was left behind.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// A paper could not be bound.
    #[error("`{file_name}` in slot `{slot}`{}: {why}", page.map(|p| format!(", page {p}")).unwrap_or_default())]
    Source {
        /// Slot of the paper.
        slot: String,
        /// Name of the file as the applicant gave it.
        file_name: String,
        /// Its page, when it was on one.
        page: Option<PageNumber>,
        /// What was wrong.
        why: Fault,
    },
    /// A paper is no longer the file that was checked.
    #[error("`{file_name}` in slot `{slot}` is not the file that was checked")]
    Changed {
        /// Slot of the paper.
        slot: String,
        /// Name of the file as the applicant gave it.
        file_name: String,
    },
    /// A paper that was bound before is gone or was changed, so that what was printed cannot stay as it is.
    #[error("`{title}` in slot `{slot}` was bound before and is no longer there as it was")]
    Gone {
        /// Slot of the paper.
        slot: String,
        /// Its title.
        title: String,
    },
    /// There is no earlier binding that papers could be added to.
    #[error("nothing was bound before that papers could be added to")]
    NotBoundBefore,
    /// The contents page, a cover or a list could not be typeset.
    #[error("`{template}` could not be typeset: {cause}")]
    Typeset {
        /// Name of the template.
        template: String,
        /// The cause: a character no font has, or a fault in a template.
        cause: TypesetError,
    },
    /// The worker that wrote the volume failed.
    #[error("the volume `{volume}` could not be written by the worker: {cause}")]
    Worker {
        /// Title of the volume.
        volume: String,
        /// The cause.
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Reading a paper or writing the result.
    #[error("`{path}` could not be read or written")]
    Io {
        /// The file or folder.
        path: std::path::PathBuf,
        /// The cause.
        #[source]
        cause: std::io::Error,
    },
}
