//! What kind of PDF to make: its standard, title, date, language and attached files; and a finished one.

use std::fmt;

use jiff::civil::Date;

use crate::lang::Lang;

/// What kind of PDF to make.
#[derive(Clone, Debug)]
pub struct PdfForm {
    /// Which standard it meets.
    pub standard: Standard,
    /// Title of the document, shown in the reader's window.
    pub title: String,
    /// Date of the document; without one none is written, so that bytes never depend on the clock.
    pub date: Option<Date>,
    /// Language of its words.
    pub language: Lang,
}

/// The standard a PDF meets.
#[derive(Clone, Debug, Default)]
pub enum Standard {
    /// PDF 1.7 for paper and screen, without structure.
    #[default]
    Plain,
    /// PDF/A-1b, without attachments: nobody gets one, but there are judges that know only this.
    PdfA1b,
    /// PDF/A-3a and PDF/UA-1: archival, accessible, with files attached.
    PdfA3aUa1 {
        /// The files.
        attachments: Vec<Attachment>,
    },
}

/// A file inside a PDF.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// Its name.
    pub file_name: String,
    /// Its media type, for example `application/json`.
    pub media_type: String,
    /// What it is, for people.
    pub description: String,
    /// What it is to the document.
    pub relationship: Relationship,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What an attached file is to the document (ISO 32000-2, 7.11.3, `AFRelationship`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relationship {
    /// The document was made from it.
    Source,
    /// The data shown in the document.
    Data,
    /// The same content in another form.
    Alternative,
    /// More.
    Supplement,
}

impl Relationship {
    pub(super) fn name(self) -> &'static str {
        match self {
            Relationship::Source => "source",
            Relationship::Data => "data",
            Relationship::Alternative => "alternative",
            Relationship::Supplement => "supplement",
        }
    }
}

/// A finished PDF.
#[derive(Clone)]
pub struct Typeset {
    /// Its bytes.
    pub pdf: Vec<u8>,
    /// How many pages it has.
    pub pages: u32,
}

impl fmt::Debug for Typeset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PDF of {} pages, {} bytes", self.pages, self.pdf.len())
    }
}

impl PdfForm {
    /// A plain Chinese PDF.
    pub fn plain(title: impl Into<String>, date: Option<Date>) -> PdfForm {
        PdfForm {
            standard: Standard::Plain,
            title: title.into(),
            date,
            language: Lang::Zh,
        }
    }
    /// A Chinese PDF/A-3a + PDF/UA-1 with files attached.
    pub fn archival(title: impl Into<String>, date: Date, attachments: Vec<Attachment>) -> PdfForm {
        PdfForm {
            standard: Standard::PdfA3aUa1 { attachments },
            ..PdfForm::plain(title, Some(date))
        }
    }
    pub(super) fn attachments(&self) -> &[Attachment] {
        match &self.standard {
            Standard::Plain | Standard::PdfA1b => &[],
            Standard::PdfA3aUa1 { attachments } => attachments,
        }
    }
}
