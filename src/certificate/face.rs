//! Revision 1: the page with its QR code and `claims.json` attached, PDF/A-3a and PDF/UA-1.

use std::fmt::Write as _;

use serde::Serialize;

use super::{
    claims::Claims, code::FaceCode, commitment::commitment, error::IssueError, office::Issuer,
};
use crate::{
    digest::Digest,
    typeset::{Attachment, PdfForm, Relationship, Typesetter},
};

/// Name of the template, and of the file an office may put in its place.
pub(super) const TEMPLATE: &str = "certificate";
/// Name of the attached claims.
pub(super) const CLAIMS_FILE: &str = "claims.json";
/// Largest photo.
pub(super) const PHOTO_BYTES: usize = 200 * 1024;

/// What `certificate.typ` reads.
#[derive(Serialize)]
struct Face<'a> {
    claims: serde_json::Map<String, serde_json::Value>,
    code: String,
    url: &'a str,
    verify_at: &'a str,
    qr_svg: String,
    seal_svg: Option<&'a str>,
    photo: Option<&'a [u8]>,
    commitment: String,
    issued_on: String,
}

/// Makes revision 1.
pub(super) fn revision_1(
    typesetter: &Typesetter,
    issuer: &Issuer,
    claims: &Claims,
    code: &FaceCode,
    photo: Option<&[u8]>,
) -> Result<Vec<u8>, IssueError> {
    let base = &issuer.office().base_url;
    let url = format!("{base}/v/{}", code.as_str());
    let at: jiff::Timestamp = claims.value("issued_at").parse().unwrap_or_default();
    let issued_on = at.to_zoned(crate::clock::shanghai()).date();
    // The salt opens the commitment; it belongs into the attachment and not to the template.
    let shown = claims.iter().filter(|(key, _)| *key != "salt");
    let face = Face {
        claims: shown.map(|(k, v)| (k.to_owned(), v.into())).collect(),
        code: code.grouped(),
        url: &url,
        verify_at: base
            .split_once("://")
            .map_or(base.as_str(), |(_, host)| host),
        qr_svg: qr_svg(&url)?,
        seal_svg: issuer.seal_svg(),
        photo,
        commitment: commitment(claims).to_hex(),
        issued_on: issued_on.to_string(),
    };
    let attachment = Attachment {
        file_name: CLAIMS_FILE.to_owned(),
        media_type: "application/json".to_owned(),
        description: "证书所载事项（签名所依据的原文）".to_owned(),
        relationship: Relationship::Source,
        bytes: claims.text().into_bytes(),
    };
    let title = format!("专业技术资格证书 {}", claims.value("number"));
    let form = PdfForm::archival(title, issued_on, vec![attachment]);
    Ok(typesetter.typeset(TEMPLATE, &face, &form)?.pdf)
}

/// Whether `bytes` begin like a JPEG or PNG and are not too many.
pub(super) fn photo_fits(bytes: &[u8]) -> bool {
    bytes.len() <= PHOTO_BYTES
        && (bytes.starts_with(&[0xff, 0xd8, 0xff]) || bytes.starts_with(b"\x89PNG\r\n\x1a\n"))
}

/// SHA-256 of what the photo claim commits to.
pub(super) fn photo_sha256(bytes: &[u8]) -> Digest {
    Digest::of(bytes)
}

/// One path of squares, black on nothing; a quiet zone of four modules around.
fn qr_svg(url: &str) -> Result<String, IssueError> {
    let qr = qrcode::QrCode::with_error_correction_level(url, qrcode::EcLevel::M)
        .map_err(|_| IssueError::Revision("the address is too long for a QR code".to_owned()))?;
    let width = qr.width();
    let mut path = String::new();
    for (y, row) in qr.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run.first() == Some(&qrcode::Color::Dark) {
                let _ = write!(path, "M{},{}h{n}v1h-{n}z", x + 4, y + 4, n = run.len());
            }
            x += run.len();
        }
    }
    let size = width + 8;
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" shape-rendering=\"crispEdges\"><path d=\"{path}\"/></svg>"
    ))
}
