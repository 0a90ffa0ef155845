//! The HTTP face against a real server on 127.0.0.1:0.

mod certificates;
mod contract;
mod corrections;
mod dossiers;
mod eligibility;
mod foreign;
mod jobs;
mod metrics;
mod mistakes;
mod office_batches;
mod office_pages;
mod pack_versions;
mod pages;
mod privacy;
mod rates;
mod stored_files;
mod traces;
mod validations;
mod verify_pages;

use crate::support::raw_pdf::RawPdf;

/// One A4 page with a line of text.
pub fn small_pdf(words: &str) -> Vec<u8> {
    let content = format!("BT /F1 12 Tf 72 700 Td ({words}) Tj ET");
    RawPdf::one_page(
        &content,
        "/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>",
    )
}

pub const NOTICE: &str = "lianyungang-gongxin-kaohe-2024";
