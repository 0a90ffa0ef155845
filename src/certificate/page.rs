//! From an order that has a number to a page that was typeset and looked at, with its leaf; nothing of it is in the log yet.

use data_encoding::BASE64;
use jiff::Timestamp;

use super::{
    claims::{Claims, ClaimsError, instant},
    code::FaceCode,
    commitment::{commitment, face_code},
    error::IssueError,
    face,
    grant::{Grant, Order},
    issue::{Finished, SelfCheck},
    leaf::IssueLeaf,
    number::Number,
    office::Issuer,
    search::identity_mac,
};
use crate::{
    digest::Digest,
    store::{NewCertificate, PendingCertificate},
    typeset::{TypesetError, Typesetter},
};

/// Everything `issue` would refuse because of the grant itself, without a number, a row or a leaf: for a dry run.
pub fn rehearse(
    issuer: &Issuer,
    typesetter: &Typesetter,
    grant: &Grant,
    at: Timestamp,
) -> Result<(), IssueError> {
    let template = &issuer.office().number;
    let number = template
        .number(grant.obtained_on.year(), grant.level, grant.method, 0)
        .ok_or(IssueError::SerialsUsedUp)?;
    let salt = Digest::of(b"a rehearsal");
    let claims = claims(issuer, typesetter, grant, &number, None, salt, at)?;
    let code = code_of(&claims)?;
    face::revision_1(typesetter, issuer, &claims, &code, None).map(drop)
}

/// An order that has a number.
pub(super) struct Numbered {
    pub(super) order: Order,
    pub(super) salt: Digest,
    pub(super) number: Number,
    pub(super) scope: String,
    pub(super) serial: u64,
    /// Leaf of the certificate whose place it takes.
    pub(super) of: Option<u64>,
}

/// A page that was typeset and looked at; no leaf yet.
pub(super) struct Page {
    pub(super) numbered: Numbered,
    pub(super) code: FaceCode,
    pub(super) leaf: IssueLeaf,
    pub(super) pending: PendingCertificate,
}

/// Typesets one page and looks at it.
pub(super) fn page(
    issuer: &Issuer,
    typesetter: &Typesetter,
    numbered: Numbered,
    at: Timestamp,
    check: SelfCheck,
) -> Result<Page, IssueError> {
    let photo = numbered.order.photo.as_deref();
    if photo.is_some_and(|bytes| !face::photo_fits(bytes)) {
        return Err(IssueError::Photo {
            limit_kib: face::PHOTO_BYTES / 1024,
        });
    }
    let grant = &numbered.order.grant;
    let (number, salt) = (&numbered.number, numbered.salt);
    let claims = claims(issuer, typesetter, grant, number, photo, salt, at)?;
    let (c, code) = (commitment(&claims), code_of(&claims)?);
    let revision_1 = face::revision_1(typesetter, issuer, &claims, &code, photo)?;
    check(issuer, Finished::Revision1(&revision_1), at).map_err(IssueError::SelfCheck)?;
    let keys = issuer.keys();
    let leaf = IssueLeaf {
        c,
        b: Digest::of(&revision_1),
        bl: revision_1.len() as u64,
        k: keys.signer_sha256(),
        at: instant(at),
        of: numbered.of,
    };
    let identity = grant.id_number.as_deref();
    let new = NewCertificate {
        number: number.to_string(),
        leaf_index: 0,
        code_mac: keys.mac("code", code.as_str()),
        file_sha256: Digest::from_bytes([0; 32]),
        file_bytes: 0,
        revision_1_sha256: leaf.b,
        commitment: c,
        claims: claims.text(),
        identity_mac: identity.map(|number| identity_mac(keys, number)),
        witnesses: 0,
        holder: numbered.order.holder,
        issued_at: at,
    };
    let revision_1 = BASE64.encode(&revision_1);
    Ok(Page {
        numbered,
        code,
        leaf,
        pending: PendingCertificate { new, revision_1 },
    })
}

fn claims(
    issuer: &Issuer,
    typesetter: &Typesetter,
    grant: &Grant,
    number: &Number,
    photo: Option<&[u8]>,
    salt: Digest,
    at: Timestamp,
) -> Result<Claims, IssueError> {
    let template = typesetter
        .template_sha256(face::TEMPLATE)
        .ok_or(TypesetError::NoTemplate {
            name: face::TEMPLATE.to_owned(),
        })?;
    let mut values = vec![
        ("issuer", issuer.office().name.clone()),
        ("number", number.to_string()),
        ("name", grant.name.clone()),
        ("obtained_on", grant.obtained_on.to_string()),
        ("issued_at", instant(at)),
        ("series", grant.series.clone()),
        ("specialty", grant.specialty.clone()),
        ("title", grant.title.clone()),
        ("level", grant.level.name().to_owned()),
        ("method", grant.method.name().to_owned()),
        ("committee", grant.committee.clone()),
        ("template_sha256", template.to_hex()),
        ("salt", salt.to_hex()),
    ];
    let optional = [
        ("sex", grant.sex.clone()),
        ("born", grant.born.clone()),
        ("unit", grant.unit.clone()),
        ("doc_no", grant.doc_no.clone()),
        (
            "supersedes",
            grant.supersedes.as_ref().map(ToString::to_string),
        ),
        ("dossier_sha256", grant.dossier_sha256.map(Digest::to_hex)),
        ("pack_sha256", grant.pack_sha256.map(Digest::to_hex)),
        (
            "photo_sha256",
            photo.map(|bytes| face::photo_sha256(bytes).to_hex()),
        ),
    ];
    values.extend(
        optional
            .into_iter()
            .filter_map(|(key, value)| Some((key, value?))),
    );
    Ok(Claims::new(values)?)
}

fn code_of(claims: &Claims) -> Result<FaceCode, IssueError> {
    face_code(claims).ok_or(IssueError::Claims(ClaimsError::Values(Vec::new())))
}
