//! What is gathered while a paper is read: fields with their evidence, and oddities.

use super::{Certainty, DocumentFacts, Evidence, Oddity, dates, rows::Value};
use crate::units::{PageNumber, PtBox};

/// Where the text comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Text of the file that a reader sees.
    File,
    /// Text of the file that lies unseen under a picture: somebody else's recognition, or anything at all.
    UnderPicture,
    /// Recognised by us from the picture; runs of low confidence are not `trusted`.
    Recognised,
}

/// Facts in the making.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) facts: DocumentFacts,
    pub(super) source: Source,
}

impl Reading {
    pub(super) fn new(source: Source) -> Reading {
        Reading {
            facts: DocumentFacts::default(),
            source,
        }
    }
    /// How sure a value is whose characters are `trusted` or not.
    pub(super) fn certainty(&self, trusted: bool) -> Certainty {
        match (self.source, trusted) {
            (Source::File, true) => Certainty::Certain,
            (Source::Recognised, true) => Certainty::Recognised,
            _ => Certainty::Suspect,
        }
    }
    /// Records a value, unless the field already has one.
    pub(super) fn put(
        &mut self,
        field: &str,
        text: String,
        page: PageNumber,
        box_pt: PtBox,
        trusted: bool,
    ) {
        if text.is_empty() || self.facts.fields.contains_key(field) {
            return;
        }
        let certainty = self.certainty(trusted);
        self.facts.fields.insert(field.to_owned(), text);
        self.facts.evidence.insert(
            field.to_owned(),
            Evidence {
                page,
                box_pt,
                certainty,
            },
        );
    }
    /// Records a value as it stands.
    pub(super) fn put_value(&mut self, field: &str, value: &Value, page: PageNumber) {
        self.put(field, value.text.clone(), page, value.box_pt, value.trusted);
    }
    /// Records a date, or that it could not be read.
    pub(super) fn put_date(&mut self, field: &str, value: &Value, page: PageNumber) {
        match dates::whole(&value.text) {
            Some(read) => self.put(field, read.iso(), page, value.box_pt, value.trusted),
            None => self.odd("date_unreadable", Some(field), Some((page, value.box_pt))),
        }
    }
    /// Records a value that opens doors: kept for the checks, never shown.
    pub(super) fn put_private(&mut self, field: &str, text: String) {
        self.facts.private.entry(field.to_owned()).or_insert(text);
    }
    /// Records something odd.
    pub(super) fn odd(
        &mut self,
        what: &str,
        field: Option<&str>,
        place: Option<(PageNumber, PtBox)>,
    ) {
        self.facts.oddities.push(Oddity {
            what: what.to_owned(),
            field: field.map(str::to_owned),
            page: place.map(|(page, _)| page),
            box_pt: place.map(|(_, box_pt)| box_pt),
        });
    }
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        self.facts.fields.get(name).map(String::as_str)
    }
}
