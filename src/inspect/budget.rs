//! What may still be spent on one file, and which limits were met while spending it.

use super::facts::LimitMet;
use crate::{limits::Limits, units::PageNumber};

/// Counts what an inspection spends against [`Limits`].
#[derive(Debug)]
pub(crate) struct Budget<'l> {
    /// The limits in force.
    pub(crate) limits: &'l Limits,
    decoded: u64,
    operators: u64,
    noted: u64,
    objects: u64,
    measured: u64,
    met: Vec<LimitMet>,
}

impl<'l> Budget<'l> {
    /// Nothing spent yet.
    pub(crate) fn new(limits: &'l Limits) -> Self {
        Budget {
            limits,
            decoded: 0,
            operators: 0,
            noted: 0,
            objects: 0,
            measured: 0,
            met: Vec::new(),
        }
    }
    /// Notes that a limit was met; the same limit on the same page is noted once.
    pub(crate) fn meet(&mut self, limit: &str, allowed: u64, page: Option<PageNumber>) {
        let met = LimitMet {
            limit: limit.to_owned(),
            allowed,
            page,
        };
        // A file of two thousand bad pages needs no two thousand lines.
        if self.met.len() < 64 && !self.met.contains(&met) {
            self.met.push(met);
        }
    }
    /// How many bytes the next stream may give.
    pub(crate) fn decodable(&self) -> u64 {
        let left = self
            .limits
            .decoded_total_bytes
            .value()
            .saturating_sub(self.decoded);
        self.limits.decoded_content_bytes.value().min(left)
    }
    /// Takes note of decoded bytes.
    pub(crate) fn decoded(&mut self, bytes: usize) {
        self.decoded = self.decoded.saturating_add(bytes as u64);
    }
    /// Notes that a stream gave more than it may.
    pub(crate) fn meet_decoded(&mut self, page: Option<PageNumber>) {
        let limits = self.limits;
        if self.decodable() < limits.decoded_content_bytes.value() {
            self.meet(
                "decoded_total_bytes",
                limits.decoded_total_bytes.value(),
                page,
            );
        } else {
            self.meet(
                "decoded_content_bytes",
                limits.decoded_content_bytes.value(),
                page,
            );
        }
    }
    /// Spends one object; false when there is none left.
    pub(crate) fn object(&mut self) -> bool {
        self.objects += 1;
        if self.objects > self.limits.objects {
            self.meet("objects", self.limits.objects, None);
            return false;
        }
        true
    }
    /// Spends one operator of the whole file; false when there is none left.
    pub(crate) fn operator(&mut self, page: PageNumber) -> bool {
        self.operators += 1;
        if self.operators > self.limits.total_operators {
            self.meet("total_operators", self.limits.total_operators, Some(page));
            return false;
        }
        true
    }
    /// Spends one noted item; false when there is none left.
    pub(crate) fn note(&mut self, page: PageNumber) -> bool {
        self.noted += 1;
        if self.noted > self.limits.noted_items {
            self.meet("noted_items", self.limits.noted_items, Some(page));
            return false;
        }
        true
    }
    /// Spends the pixels of a page on measuring it; false when it is too large or nothing is left.
    ///
    /// Counted in pixels and not in time, so that the same file always gives the same answer.
    pub(crate) fn measure(&mut self, pixels: u64, file_bytes: u64) -> bool {
        let limits = self.limits;
        let allowed = limits
            .measured_pixels
            .saturating_add(limits.measured_pixels_per_byte.saturating_mul(file_bytes))
            .min(limits.measured_pixels_at_most);
        let after = self.measured.saturating_add(pixels);
        if pixels > limits.measured_page_pixels || after > allowed {
            return false;
        }
        self.measured = after;
        true
    }
    /// Whether a limit of the whole file was met: no more pages are looked at closely.
    pub(crate) fn exhausted(&self) -> bool {
        self.met.iter().any(|met| met.page.is_none())
    }
    /// Whether a limit was met on this page.
    pub(crate) fn met_on(&self, page: PageNumber) -> bool {
        self.met.iter().any(|met| met.page == Some(page))
    }
    /// The limits that were met.
    pub(crate) fn into_met(self) -> Vec<LimitMet> {
        self.met
    }
}
