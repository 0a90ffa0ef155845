//! One run: the world a template sees, and what comes out of it.

use std::fmt::Write as _;

use jiff::civil::Date;
use serde_json::Value;
use typst::{
    Library, LibraryExt, World,
    diag::{FileError, FileResult, SourceDiagnostic, Warned},
    foundations::{Bytes, Datetime, Duration, Smart},
    layout::{Frame, FrameItem},
    syntax::{FileId, Source},
    text::{Font, FontBook, FontFamily, FontList, Locale, TextElem},
    utils::LazyHash,
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use super::{
    coverage,
    engine::Shared,
    error::{Fault, TypesetError},
    fonts::Fonts,
    pdf_form::{Attachment, PdfForm, Standard, Typeset},
    templates::id_of,
};
use crate::{digest::Hasher, lang::Lang};

/// Shanghai, which is where the dates of papers are meant.
const MINUTES_AHEAD: i32 = 8 * 60;

/// The standard library, with our defaults for what a template does not say.
pub(super) fn library(language: Lang) -> Library {
    let mut library = Library::default();
    let locale = locale(language);
    library.styles.set(TextElem::lang, locale.lang);
    library.styles.set(TextElem::region, locale.region);
    let families = ["Juanzong Song", "Juanzong Rare"].map(FontFamily::new);
    library
        .styles
        .set(TextElem::font, FontList(families.to_vec()));
    library
}

fn locale(language: Lang) -> Locale {
    match language {
        Lang::Zh => Locale::new(typst::text::Lang::CHINESE, "CN".parse().ok()),
        Lang::En => Locale::new(typst::text::Lang::ENGLISH, None),
    }
}

pub(super) fn none_missing(mut characters: Vec<char>) -> Result<(), TypesetError> {
    if characters.is_empty() {
        return Ok(());
    }
    characters.sort_unstable();
    characters.dedup();
    Err(TypesetError::NoGlyph { characters })
}

/// The world of one run: the shared templates, and the files made for this run.
pub(super) struct Run<'a> {
    shared: &'a Shared,
    library: &'a LazyHash<Library>,
    fonts: &'static Fonts,
    main: Source,
    data: Bytes,
    attachments: Vec<Bytes>,
    today: Option<Datetime>,
    ident: String,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        shared: &'a Shared,
        file: &str,
        data: &Value,
        form: &PdfForm,
    ) -> Result<Run<'a>, TypesetError> {
        let main = id_of("main of this run.typ").ok_or_else(|| TypesetError::NoTemplate {
            name: file.to_owned(),
        })?;
        let json = serde_json::to_vec(data).map_err(TypesetError::Data)?;
        let mut ident = Hasher::default();
        for part in [file.as_bytes(), form.title.as_bytes(), &json] {
            ident.update(part);
        }
        Ok(Run {
            shared,
            library: match form.language {
                Lang::Zh => &shared.chinese,
                Lang::En => &shared.english,
            },
            fonts: Fonts::shared(),
            main: Source::new(main, main_source(file, form.attachments())),
            data: Bytes::new(json),
            attachments: form
                .attachments()
                .iter()
                .map(|attachment| Bytes::new(attachment.bytes.clone()))
                .collect(),
            today: form.date.and_then(datetime),
            ident: ident.finish().to_hex(),
        })
    }

    pub(super) fn pdf(&self, form: &PdfForm) -> Result<Typeset, TypesetError> {
        let Warned { output, warnings } = typst::compile::<PagedDocument>(self);
        for warning in &warnings {
            tracing::debug!(fault = %self.fault(warning), "a template gives a warning");
        }
        let mut document = output.map_err(|errors| self.template_error(&errors))?;
        let mut missing = Vec::new();
        for page in document.pages() {
            undrawn(&page.frame, &mut missing);
        }
        none_missing(missing)?;
        let info = document.info_mut();
        info.title = Some(form.title.as_str().into());
        info.locale = Smart::Custom(locale(form.language));
        info.date = Smart::Auto;
        let options = self.options(form)?;
        let pdf = typst_pdf::pdf(&document, &options);
        Ok(Typeset {
            pdf: pdf.map_err(|errors| self.template_error(&errors))?,
            pages: document.pages().len() as u32,
        })
    }

    fn options(&self, form: &PdfForm) -> Result<PdfOptions, TypesetError> {
        let standards: &[PdfStandard] = match form.standard {
            Standard::Plain => &[PdfStandard::V_1_7],
            Standard::PdfA1b => &[PdfStandard::A_1b],
            Standard::PdfA3aUa1 { .. } => &[PdfStandard::A_3a, PdfStandard::Ua_1],
        };
        let standards = PdfStandards::new(standards).map_err(|error| TypesetError::Template {
            faults: vec![Fault {
                file: String::new(),
                line: 0,
                message: error.message().to_string(),
            }],
        })?;
        Ok(PdfOptions {
            ident: Smart::Custom(self.ident.clone()),
            creator: Smart::Custom(Some("juanzong".to_owned())),
            timestamp: self
                .today
                .and_then(|at| Timestamp::new_local(at, MINUTES_AHEAD)),
            page_ranges: None,
            standards,
            tagged: matches!(form.standard, Standard::PdfA3aUa1 { .. }),
            pretty: false,
        })
    }

    fn template_error(&self, errors: &[SourceDiagnostic]) -> TypesetError {
        TypesetError::Template {
            faults: errors.iter().map(|error| self.fault(error)).collect(),
        }
    }

    /// A fault where the template stands; one raised inside `style.typ` is told with the line that called it.
    fn fault(&self, error: &SourceDiagnostic) -> Fault {
        let mut message = error.message.to_string();
        for hint in &error.hints {
            let _ = write!(message, "; {}", hint.v);
        }
        // The page around a template is ours and has no lines that anybody could look up.
        for point in &error.trace {
            let place = self.shared.templates.place(point.span);
            if let Some((file, line)) = place.filter(|(_, line)| *line > 0) {
                let _ = write!(message, "; from {file}:{line}");
            }
        }
        let (file, line) = self.shared.templates.place(error.span).unwrap_or_default();
        Fault {
            file,
            line,
            message,
        }
    }
}

/// The template, then what is attached: after it, so that the template's first rule sets up the first page.
fn main_source(file: &str, attachments: &[Attachment]) -> String {
    let mut text = format!("#include {}\n", quoted(file));
    for (index, attachment) in attachments.iter().enumerate() {
        let _ = writeln!(
            text,
            "#pdf.attach({}, read(\"/attachment-{index}\", encoding: none), relationship: {}, mime-type: {}, description: {})",
            quoted(&attachment.file_name),
            quoted(attachment.relationship.name()),
            quoted(&attachment.media_type),
            quoted(&attachment.description),
        );
    }
    text
}

/// A string literal of the template language.
fn quoted(text: &str) -> String {
    let mut literal = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => literal.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(literal, "\\u{{{:x}}}", u32::from(c));
            }
            c => literal.push(c),
        }
    }
    literal.push('"');
    literal
}

/// Noon, so that no zone makes another day of it.
fn datetime(date: Date) -> Option<Datetime> {
    let year = i32::from(date.year());
    let month = u8::try_from(date.month()).ok()?;
    Datetime::from_ymd_hms(year, month, u8::try_from(date.day()).ok()?, 12, 0, 0)
}

/// Characters that came out as `.notdef`.
fn undrawn(frame: &Frame, missing: &mut Vec<char>) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => undrawn(&group.frame, missing),
            FrameItem::Text(text) => {
                for glyph in text.glyphs.iter().filter(|glyph| glyph.id == 0) {
                    let drawn = text.text.get(glyph.range()).unwrap_or_default();
                    missing.extend(drawn.chars().filter(|c| !coverage::is_never_drawn(*c)));
                }
            }
            FrameItem::Shape(..)
            | FrameItem::Image(..)
            | FrameItem::Link(..)
            | FrameItem::Tag(_) => {}
        }
    }
}

impl World for Run<'_> {
    fn library(&self) -> &LazyHash<Library> {
        self.library
    }
    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }
    fn main(&self) -> FileId {
        self.main.id()
    }
    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() {
            return Ok(self.main.clone());
        }
        let name = own_file(id)?;
        let source = self.shared.templates.source(name);
        source.cloned().ok_or_else(|| not_found(name))
    }
    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let name = own_file(id)?;
        if name == "data.json" {
            return Ok(self.data.clone());
        }
        if let Some(index) = name.strip_prefix("attachment-") {
            let attachment = index
                .parse()
                .ok()
                .and_then(|i: usize| self.attachments.get(i));
            return attachment.cloned().ok_or_else(|| not_found(name));
        }
        self.shared
            .templates
            .bytes(name)
            .ok_or_else(|| not_found(name))
    }
    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.faces.get(index).cloned()
    }
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        self.today
    }
}

/// The name of a file of the templates folder; packages do not exist here.
fn own_file(id: FileId) -> FileResult<&'static str> {
    let path = id.get();
    match path.root() {
        typst::syntax::VirtualRoot::Project => Ok(path.vpath().get_without_slash()),
        typst::syntax::VirtualRoot::Package(_) => {
            Err(FileError::Other(Some("templates use no packages".into())))
        }
    }
}

fn not_found(name: &str) -> FileError {
    FileError::NotFound(name.into())
}
