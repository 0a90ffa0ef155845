//! The typesetter: one template and its data become one PDF.

use std::{
    fmt::{self, Write as _},
    sync::Arc,
};

use jiff::civil::Date;
use serde::Serialize;
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
    error::{Fault, TypesetError},
    fonts::Fonts,
    templates::{TemplateSource, Templates, id_of},
};
use crate::{
    digest::{Digest, Hasher},
    lang::Lang,
};

/// Results of earlier runs are kept this many runs: enough that pages which are alike stay quick, and memory stays bounded.
const KEEP_RUNS: usize = 10;
/// Shanghai, which is where the dates of papers are meant.
const MINUTES_AHEAD: i32 = 8 * 60;

/// Makes PDFs from templates. Cheap to clone; fonts and templates are read once.
#[derive(Clone)]
pub struct Typesetter(Arc<Shared>);

struct Shared {
    templates: Templates,
    chinese: LazyHash<Library>,
    english: LazyHash<Library>,
}

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
    fn name(self) -> &'static str {
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
    fn attachments(&self) -> &[Attachment] {
        match &self.standard {
            Standard::Plain => &[],
            Standard::PdfA3aUa1 { attachments } => attachments,
        }
    }
}

impl Typesetter {
    /// Reads the templates. Those of a folder are all tried once with their sample data, so that a fault shows at the
    /// start with file and line and not when the first applicant binds.
    pub fn new(source: &TemplateSource) -> Result<Typesetter, TypesetError> {
        let shared = Shared {
            templates: Templates::read(source)?,
            chinese: LazyHash::new(library(Lang::Zh)),
            english: LazyHash::new(library(Lang::En)),
        };
        let typesetter = Typesetter(Arc::new(shared));
        if let TemplateSource::Folder(_) = source {
            typesetter.try_all()?;
        }
        Ok(typesetter)
    }

    /// Names of the templates that bring sample data, sorted.
    pub fn templates(&self) -> Vec<String> {
        let samples = self.0.templates.samples();
        samples.map(|(name, _)| name.to_owned()).collect()
    }

    /// SHA-256 of the source of `template` (without `.typ`), as it is in force here.
    pub fn template_sha256(&self, template: &str) -> Option<Digest> {
        let source = self.0.templates.source(&format!("{template}.typ"))?;
        Some(Digest::of(source.text().as_bytes()))
    }

    /// Makes the PDF of `template` (without `.typ`) from `data`.
    pub fn typeset<D: Serialize>(
        &self,
        template: &str,
        data: &D,
        form: &PdfForm,
    ) -> Result<Typeset, TypesetError> {
        let data = serde_json::to_value(data).map_err(TypesetError::Data)?;
        self.typeset_value(template, &data, form)
    }

    /// Makes the PDF of `template` with its own sample data.
    pub fn typeset_sample(&self, template: &str, form: &PdfForm) -> Result<Typeset, TypesetError> {
        let none = || TypesetError::NoTemplate {
            name: template.to_owned(),
        };
        let mut samples = self.0.templates.samples();
        let (_, bytes) = samples
            .find(|(name, _)| *name == template)
            .ok_or_else(none)?;
        let data = serde_json::from_slice(&bytes).map_err(TypesetError::Data)?;
        self.typeset_value(template, &data, form)
    }

    fn typeset_value(
        &self,
        template: &str,
        data: &Value,
        form: &PdfForm,
    ) -> Result<Typeset, TypesetError> {
        let file = format!("{template}.typ");
        if self.0.templates.source(&file).is_none() {
            return Err(TypesetError::NoTemplate {
                name: template.to_owned(),
            });
        }
        let mut missing = coverage::missing_in(data);
        missing.extend(coverage::missing_characters(&form.title));
        none_missing(missing)?;
        let run = Run::new(&self.0, &file, data, form)?;
        let result = run.pdf(form);
        typst::comemo::evict(KEEP_RUNS);
        result
    }

    /// Compiles every template that has sample data, and reads every other source for faults of its syntax.
    fn try_all(&self) -> Result<(), TypesetError> {
        let mut faults = Vec::new();
        for (file, source) in self.0.templates.sources() {
            for error in source.root().errors_and_warnings().0 {
                faults.push(Fault {
                    file: file.to_owned(),
                    line: self
                        .0
                        .templates
                        .place(error.span)
                        .map_or(0, |(_, line)| line),
                    message: error.message.to_string(),
                });
            }
        }
        for template in self.templates() {
            let form = PdfForm::plain(template.as_str(), None);
            match self.typeset_sample(&template, &form) {
                Ok(_) => {}
                Err(TypesetError::Template { faults: more }) => faults.extend(more),
                Err(other) => faults.push(Fault {
                    file: format!("{template}.typ"),
                    line: 0,
                    message: other.to_string(),
                }),
            }
        }
        faults.dedup();
        if faults.is_empty() {
            return Ok(());
        }
        Err(TypesetError::Template { faults })
    }
}

/// The standard library, with our defaults for what a template does not say.
fn library(language: Lang) -> Library {
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

fn none_missing(mut characters: Vec<char>) -> Result<(), TypesetError> {
    if characters.is_empty() {
        return Ok(());
    }
    characters.sort_unstable();
    characters.dedup();
    Err(TypesetError::NoGlyph { characters })
}

/// The world of one run: the shared templates, and the files made for this run.
struct Run<'a> {
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
    fn new(
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

    fn pdf(&self, form: &PdfForm) -> Result<Typeset, TypesetError> {
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
        for point in &error.trace {
            if let Some((file, line)) = self.shared.templates.place(point.span) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use serde_json::json;

    /// A typesetter with these files beside the built-in ones.
    fn with_files(files: &[(&str, &str)]) -> Result<Typesetter, TypesetError> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            crate::digest::write_atomically(&folder.path().join(name), text.as_bytes()).unwrap();
        }
        Typesetter::new(&TemplateSource::Folder(folder.path().to_owned()))
    }

    const LETTER: &str = "#import \"style.typ\": *\n#show: 公文.with()\n#let data = json(\"data.json\")\n#标题[证　明]\n兹证明#data.name。\n";

    fn letter() -> Typesetter {
        with_files(&[("letter.typ", LETTER)]).unwrap()
    }

    fn faults(result: Result<impl Sized, TypesetError>) -> Vec<String> {
        match result {
            Err(TypesetError::Template { faults }) => faults.iter().map(Fault::to_string).collect(),
            Err(other) => vec![other.to_string()],
            Ok(_) => vec![],
        }
    }

    #[test]
    fn data_become_a_page_whose_text_reads_back() {
        let form = PdfForm::plain("证明", Some(date(2024, 8, 20)));
        let made = letter().typeset("letter", &json!({"name": "张䶮"}), &form);
        let made = made.unwrap();
        assert_eq!(made.pages, 1);
        let text = pdf_extract::extract_text_from_mem(&made.pdf).unwrap();
        let text: String = text.split_whitespace().collect();
        assert!(text.contains("兹证明张䶮"), "{text}");
    }

    #[test]
    fn the_same_data_give_the_same_bytes() {
        let make = || {
            let form = PdfForm::plain("证明", Some(date(2024, 8, 20)));
            let made = letter().typeset("letter", &json!({"name": "李四"}), &form);
            made.unwrap().pdf
        };
        assert!(make() == make());
    }

    #[test]
    fn an_archival_pdf_carries_its_attachments_and_no_extra_page() {
        let attachment = Attachment {
            file_name: "数据.json".into(),
            media_type: "application/json".into(),
            description: "what \"is\" shown \\".into(),
            relationship: Relationship::Data,
            bytes: b"{\"name\":\"attached here\"}".to_vec(),
        };
        let form = PdfForm::archival("证明", date(2024, 8, 20), vec![attachment]);
        let made = letter().typeset("letter", &json!({"name": "王五"}), &form);
        let made = made.unwrap();
        assert_eq!(made.pages, 1);
        let pdf = lopdf::Document::load_mem(&made.pdf).unwrap();
        let catalog = pdf.catalog().unwrap();
        assert!(catalog.has(b"AF"));
        assert!(catalog.has(b"StructTreeRoot"));
        assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), b"zh-CN");
    }

    #[test]
    fn a_character_no_font_has_is_an_error_that_names_it() {
        let form = PdfForm::plain("证明", None);
        let made = letter().typeset("letter", &json!({"name": "王\u{31351}"}), &form);
        let error = made.unwrap_err();
        assert!(
            matches!(&error, TypesetError::NoGlyph { characters } if *characters == ['\u{31351}'])
        );
        assert!(error.to_string().contains("U+31351"));
        // one that stands in the template itself is found on the page
        let made = with_files(&[("x.typ", "a \u{31351} b")]).unwrap();
        let made = made.typeset("x", &json!({}), &form);
        assert!(
            matches!(made, Err(TypesetError::NoGlyph { characters }) if characters == ['\u{31351}'])
        );
    }

    #[test]
    fn a_template_that_does_not_compile_is_refused_at_the_start_with_file_and_line() {
        let broken = with_files(&[
            ("one.typ", "第一行\n第二行 #let = 3\n"),
            ("two.typ", "#let data = json(\"data.json\")\n\n#data.nome\n"),
            ("two.sample.json", "{\"name\": \"张三\"}"),
        ]);
        let faults = faults(broken);
        assert!(
            faults.iter().any(|f| f.starts_with("one.typ:2: ")),
            "{faults:?}"
        );
        assert!(
            faults
                .iter()
                .any(|f| f.starts_with("two.typ:3: ") && f.contains("nome")),
            "{faults:?}"
        );
    }

    #[test]
    fn templates_reach_no_package_and_no_other_file() {
        let typesetter = with_files(&[
            ("package.typ", "#import \"@preview/cetz:0.2.0\": *"),
            ("file.typ", "\n#read(\"/etc/passwd\")"),
            ("up.typ", "#read(\"../Cargo.toml\")"),
        ]);
        let typesetter = typesetter.unwrap();
        let form = PdfForm::plain("x", None);
        for (template, said) in [
            ("package", "no packages"),
            ("file", "not found"),
            ("up", ""),
        ] {
            let faults = faults(typesetter.typeset(template, &json!({}), &form));
            assert!(
                faults.iter().any(|f| f.contains(said)),
                "{template}: {faults:?}"
            );
            assert!(!faults.is_empty());
        }
        let unknown = typesetter.typeset("nothing", &json!({}), &form);
        assert!(matches!(unknown, Err(TypesetError::NoTemplate { .. })));
    }

    #[test]
    fn every_built_in_template_prints_its_sample() {
        let typesetter = Typesetter::new(&TemplateSource::BuiltIn).unwrap();
        for template in typesetter.templates() {
            let form = PdfForm::plain(template.as_str(), Some(date(2024, 8, 20)));
            let made = typesetter.typeset_sample(&template, &form);
            assert_eq!(faults(made), Vec::<String>::new(), "{template}");
        }
    }
}
