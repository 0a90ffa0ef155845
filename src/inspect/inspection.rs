//! One file from bytes to facts: signs, structure, opening, objects, pages.

use std::sync::Arc;

use hayro_syntax::{
    DecryptionError, LoadPdfError, Pdf,
    object::{Dict, FromBytes as _, Name, Stream, String as PdfString},
};

use super::{
    active_content::{self, Collector},
    attachments::Attachments,
    budget::Budget,
    content::{Content, Reader},
    document, encryption,
    facts::{
        Encryption, FileKind, Inspection, Opening, PageFacts, PageKind, PdfFacts, Repair, TextRun,
        Visibility,
    },
    file_kind::{self, Signs},
    forms, geometry,
    geometry::Geometry,
    hidden_text,
    layers::Layers,
    measuring::{self, Begun, ToMeasure, Work},
    object_walk,
    open::open_known,
    page_hash, qr, signatures,
    structure::{self, Structure},
    text_string, visibility,
};
use crate::{
    limits::Limits,
    units::{PageIndex, PageNumber, Pt},
};

/// Says what there is in a file. Never fails: what could not be seen is said in the answer.
pub fn inspect(bytes: Vec<u8>, limits: &Limits) -> Inspection {
    begin(bytes, limits, false).inspection
}

/// The same, but with `others` to share the work, measuring pages is left to all of them where there is much of it.
pub fn begin(bytes: Vec<u8>, limits: &Limits, others: bool) -> Begun {
    let mut budget = Budget::new(limits);
    let size_bytes = bytes.len() as u64;
    let signs = file_kind::look(&bytes);
    let mut inspection = Inspection {
        size_bytes,
        file_kind: signs.kind,
        opening: Opening::NotAPdf,
        pdf: None,
        pages: Vec::new(),
        document: None,
        limits_met: Vec::new(),
    };
    if signs.kind != FileKind::Pdf {
        return Begun::wholly(inspection);
    }
    if size_bytes > limits.file_bytes.value() {
        budget.meet("file_bytes", limits.file_bytes.value(), None);
        inspection.opening = unreadable("the file is larger than the limit");
        inspection.limits_met = budget.into_met();
        return Begun::wholly(inspection);
    }
    let bytes = Arc::new(bytes);
    let structure = structure::look(&bytes, signs.header_offset, &mut budget);
    let mut facts = structure_facts(&signs, &structure);
    if structure.too_large_to_open {
        inspection.opening =
            unreadable("an object stream or cross-reference stream unpacks to more than the limit");
        inspection.pdf = Some(facts);
        inspection.limits_met = budget.into_met();
        return Begun::wholly(inspection);
    }
    let mut left = Vec::new();
    match open_known(&bytes, || structure.offsets.clone()) {
        Ok(pdf) => {
            facts.encryption = encryption::of(&bytes, &structure, true);
            let locked = facts
                .encryption
                .as_ref()
                .is_some_and(|encryption| !encryption.opens_without_password);
            if locked {
                inspection.opening = Opening::NeedsPassword;
            } else if pdf.pages().is_empty() {
                inspection.opening = unreadable("no page could be found");
            } else if structure.lines_end_in_nul {
                inspection.opening = unreadable(
                    "its lines end in NUL bytes, which no common reader takes for a line end",
                );
            } else if structure.names_another_root(&pdf) {
                inspection.opening = unreadable(
                    "the trailer names an object that is no catalog, so common readers show nothing",
                );
            } else if !counts_its_pages(&pdf) {
                inspection.opening = unreadable(
                    "the page tree does not say how many pages it has, so common readers show none",
                );
            } else {
                inspection.opening = Opening::Opened;
                left = read_document(
                    &pdf,
                    &bytes,
                    &structure,
                    &mut facts,
                    &mut inspection,
                    &mut budget,
                    others,
                );
            }
        }
        Err(LoadPdfError::Decryption(error)) => {
            let known = encryption::of(&bytes, &structure, false);
            facts.encryption = Some(known.unwrap_or(Encryption {
                method: "unknown".to_owned(),
                opens_without_password: false,
                forbids: Vec::new(),
            }));
            inspection.opening = match error {
                DecryptionError::PasswordProtected
                | DecryptionError::UnsupportedAlgorithm
                | DecryptionError::MissingIDEntry
                | DecryptionError::InvalidEncryption => Opening::NeedsPassword,
            };
        }
        Err(LoadPdfError::Invalid) => {
            facts.encryption = encryption::of(&bytes, &structure, false);
            inspection.opening = if facts.encryption.is_some() {
                Opening::NeedsPassword
            } else {
                unreadable("no page tree could be found, not even by searching")
            };
        }
    }
    inspection.pdf = Some(facts);
    inspection.limits_met = budget.into_met();
    Begun { inspection, left }
}

/// Number of pages the page tree says it has.
pub(crate) fn pages_said(pdf: &Pdf) -> Option<u32> {
    let tree = active_content::catalog_of(pdf)?.get::<Dict<'_>>("Pages")?;
    tree.get::<i32>("Count")
        .and_then(|count| u32::try_from(count).ok())
}

/// Whether the root of the page tree has a `Count` of at least 1.
fn counts_its_pages(pdf: &Pdf) -> bool {
    let Some(catalog) = active_content::catalog_of(pdf) else {
        // Found by searching for pages: there is no tree that could be wrong.
        return true;
    };
    catalog
        .get::<Dict<'_>>("Pages")
        .is_none_or(|tree| tree.get::<i32>("Count").is_some_and(|count| count > 0))
}

fn unreadable(why: &str) -> Opening {
    Opening::Unreadable {
        why: why.to_owned(),
    }
}

fn structure_facts(signs: &Signs, structure: &Structure) -> PdfFacts {
    PdfFacts {
        version: structure.header_version.clone().unwrap_or_default(),
        header_offset: signs.header_offset.unwrap_or(0) as u64,
        also_looks_like: signs.also.clone(),
        trailing_bytes: structure.trailing_bytes,
        linearized: structure.linearized,
        incremental_updates: structure.incremental_updates,
        repairs: structure.repairs.clone(),
        ..PdfFacts::default()
    }
}

/// Reads the document; gives back the pages whose measuring is left.
fn read_document(
    pdf: &Pdf,
    bytes: &[u8],
    structure: &Structure,
    facts: &mut PdfFacts,
    inspection: &mut Inspection,
    budget: &mut Budget<'_>,
    others: bool,
) -> Vec<ToMeasure> {
    let catalog = active_content::catalog_of(pdf).unwrap_or_default();
    let layers = Layers::of(&catalog);
    facts.optional_content_groups = layers.count;
    facts.layers_print_differently = layers.print_differently;
    whole_document(&catalog, facts);
    information(pdf, structure, facts);

    facts.pages_said = pages_said(pdf);
    let pages = pdf.pages();
    let limit = budget.limits.pages as usize;
    if pages.len() > limit {
        budget.meet("pages", limit as u64, PageNumber::new(limit as u32 + 1));
    }
    let geometries: Vec<Geometry> = pages.iter().take(limit).map(geometry::of).collect();

    let mut collector = Collector::default();
    let mut attachments = Attachments::default();
    object_walk::walk(pdf, budget, &mut |found| {
        let page = found
            .place
            .page
            .and_then(|page| geometries.get(page.index().value() as usize));
        collector.see(found, page);
        attachments.see(found);
        if let Some(signature) = signatures::of(found.dict, bytes)
            && facts.signatures.len() < 100
        {
            facts.signatures.push(signature);
        }
    });
    facts.links = collector.links();
    facts.active_content = collector.finish();
    facts.annotations = attachments.annotations;
    facts.embedded_files = attachments.files;

    let mut reader = Reader::new(layers);
    let mut contents = Vec::new();
    for (i, (page, geometry)) in pages.iter().zip(&geometries).enumerate() {
        let number = PageIndex::new(i as u32).number();
        if let Some(id) = page.raw().obj_id()
            && pdf.xref().get::<Stream<'_>>(id).is_some()
        {
            let detail = format!("page {number} is a stream where a dictionary should be");
            add_repair(facts, "page_is_stream", detail);
        }
        let content = reader.read(page, number, geometry, budget);
        if content.damaged {
            let detail =
                format!("the content of page {number} is damaged and was read as far as it goes");
            add_repair(facts, "content_damaged", detail);
        }
        if content.hidden_by_layer {
            facts.pages_with_hidden_layers.push(number);
        }
        contents.push(content);
    }
    let mut to_measure = Vec::new();
    for (i, (content, geometry)) in contents.into_iter().zip(&geometries).enumerate() {
        let number = PageIndex::new(i as u32).number();
        let work = Work::of(&content, geometry);
        let mut page = page_facts(number, geometry, content, &reader);
        page.page_hash = page_hash::of_text(&page);
        to_measure.extend(ToMeasure::new(&page, &work, bytes, budget));
        inspection.pages.push(page);
    }
    facts.fonts = reader.fonts.into_facts();
    facts.hidden_contradictions = hidden_text::contradictions(&inspection.pages);
    let mut document = document::read(&inspection.pages);
    // Where codes are looked for, it has to be known how pages lie.
    let shared = others && !document.kind.is_online_report();
    if !(shared && measuring::is_worth_sharing(&to_measure)) {
        measuring::measure(pdf, &to_measure, &mut inspection.pages, budget.limits);
        to_measure.clear();
    }
    if document.kind.is_online_report() && !document.recognised {
        let mut addresses = std::mem::take(&mut facts.links);
        addresses.extend(qr::codes(pdf, &inspection.pages, budget.limits));
        document::hold_against(&mut document, &addresses);
    }
    inspection.document = Some(document);
    to_measure
}

fn add_repair(facts: &mut PdfFacts, what: &str, detail: String) {
    if facts.repairs.iter().all(|repair| repair.what != what) {
        facts.repairs.push(Repair {
            what: what.to_owned(),
            detail,
        });
    }
}

fn whole_document(catalog: &Dict<'_>, facts: &mut PdfFacts) {
    if let Some(version) = catalog.get::<Name<'_>>("Version") {
        let version = version.as_str();
        // The later of both counts (7.2.2).
        if version.len() == 3 && version > facts.version.as_str() {
            version.clone_into(&mut facts.version);
        }
    }
    facts.form = forms::of(catalog);
    facts.has_outline = catalog
        .get::<Dict<'_>>("Outlines")
        .is_some_and(|outline| outline.contains_key("First"));
    facts.tagged = catalog.contains_key("StructTreeRoot");
}

/// The document information (14.3.3), dates as written.
fn information(pdf: &Pdf, structure: &Structure, facts: &mut PdfFacts) {
    let metadata = pdf.metadata();
    facts.producer = metadata.producer.as_deref().map(text_string::decode);
    facts.creator = metadata.creator.as_deref().map(text_string::decode);
    let info = structure
        .trailer
        .as_deref()
        .and_then(Dict::from_bytes)
        .and_then(|trailer| trailer.get_ref("Info"))
        .and_then(|id| pdf.xref().get::<Dict<'_>>(id.into()));
    let date = |key: &str| {
        let text = info.as_ref()?.get::<PdfString<'_>>(key)?;
        Some(text_string::decode(&text))
    };
    facts.created = date("CreationDate");
    facts.modified = date("ModDate");
}

fn page_facts(
    number: PageNumber,
    geometry: &Geometry,
    content: Content,
    reader: &Reader<'_>,
) -> PageFacts {
    let (width_mm, height_mm) = geometry.size_mm();
    let text: Vec<TextRun> = content
        .runs
        .iter()
        .map(|run| TextRun {
            text: run.text.clone(),
            box_pt: geometry::pt_box(run.rect),
            size_pt: Pt::new(run.size).rounded(),
            font: Some(run.look.font as u32),
            visibility: visibility::of(run, &content.covers),
            trusted: run.unknown == 0 && run.doubted == 0 && reader.fonts.trusted(run.look.font),
        })
        .collect();
    let visible_text = text.iter().any(|run| run.visibility == Visibility::Visible);
    let covered: f64 = content.images.iter().map(|image| image.coverage).sum();
    let kind = if covered >= 0.6 && !visible_text {
        PageKind::Scan
    } else if covered >= 0.3 {
        PageKind::Mixed
    } else if visible_text || content.drawn {
        PageKind::Text
    } else if covered > 0.0 {
        PageKind::Mixed
    } else {
        PageKind::Blank
    };
    PageFacts {
        page: number,
        width_mm: width_mm.rounded(),
        height_mm: height_mm.rounded(),
        media_box: geometry::user_box(geometry.media_box),
        crop_box: geometry::user_box(geometry.crop_box),
        paper: geometry::paper(width_mm, height_mm),
        landscape: geometry.width > geometry.height,
        rotate: geometry.rotate,
        user_unit: geometry.user_unit,
        kind,
        images: content.images,
        text,
        legibility: None,
        printed_annotations: content.printed_annotations,
        content_outside: content.outside,
        page_hash: None,
    }
}
