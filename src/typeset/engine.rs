//! The typesetter: one template and its data become one PDF.

use std::{collections::BTreeSet, sync::Arc};

use serde::Serialize;
use serde_json::Value;
use typst::{Library, utils::LazyHash};

use super::{
    coverage,
    error::{Fault, TypesetError},
    pdf_form::{PdfForm, Typeset},
    run::{Run, library, none_missing},
    templates::{TemplateSource, Templates},
};
use crate::{digest::Digest, lang::Lang};

/// Results of earlier runs are kept this many runs: enough that pages which are alike stay quick, and memory stays bounded.
const KEEP_RUNS: usize = 3;

/// Makes PDFs from templates. Cheap to clone; fonts and templates are read once.
#[derive(Clone)]
pub struct Typesetter(Arc<Shared>);

/// What all runs share.
pub(super) struct Shared {
    pub(super) templates: Templates,
    pub(super) chinese: LazyHash<Library>,
    pub(super) english: LazyHash<Library>,
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
        // A fault of syntax is met again when the template is tried.
        let mut told = BTreeSet::new();
        faults.retain(|fault| told.insert(fault.to_string()));
        if faults.is_empty() {
            return Ok(());
        }
        Err(TypesetError::Template { faults })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use serde_json::json;

    use crate::typeset::{Attachment, Relationship};

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
    fn each_fault_of_an_office_s_template_is_told_once() {
        let broken = with_files(&[("contents.typ", "第一行\n#let = 3\n")]);
        let [only] = <[String; 1]>::try_from(faults(broken)).unwrap();
        assert!(only.starts_with("contents.typ:2: "), "{only}");
        assert!(!only.contains("this run"), "{only}");
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
