//! Issues a certificate: number, page, leaf, proof, signature, row, in one database transaction.
//!
//! The transaction holds the log's write lock from the serial to the commit, so numbers and leaf indexes have no gap and no double,
//! whatever crashes. Nothing is handed out before the commit, and nothing is committed before the finished file has passed
//! verification by other code than that which made it.

use std::sync::Arc;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::{
    claims::{Claims, ClaimsError, Level, Method, instant},
    code::FaceCode,
    commitment::{commitment, face_code},
    error::IssueError,
    face,
    leaf::{IssueLeaf, Leaf},
    log::grow,
    number::Number,
    office::Issuer,
    revision,
    tree::Peaks,
};
use crate::{
    digest::Digest,
    store::{
        CertificateKey, CertificateRow, CertificateStatus, LogTransaction, NewCertificate,
        SecretHash, Store, StoreError,
    },
    typeset::{TypesetError, Typesetter},
};

/// What an office grants: the content of a certificate before it has a number. `Debug` shows nothing of the person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// 姓名
    pub name: String,
    /// 性别：男 or 女
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<String>,
    /// 出生年月，`1990-01`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub born: Option<String>,
    /// 工作单位
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// 身份证件号码; kept only as an HMAC, never printed, never in the file
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_number: Option<String>,
    /// 系列
    pub series: String,
    /// 专业
    pub specialty: String,
    /// 资格名称
    pub title: String,
    /// 级别
    pub level: Level,
    /// 取得方式
    pub method: Method,
    /// 评审委员会或认定机构
    pub committee: String,
    /// 公布文号
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc_no: Option<String>,
    /// 取得时间
    pub obtained_on: Date,
    /// Number of the certificate that this one takes the place of
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<Number>,
    /// Root of the dossier it rests on
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dossier_sha256: Option<Digest>,
    /// Rule pack it was judged by
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pack_sha256: Option<Digest>,
}

impl std::fmt::Debug for Grant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Grant(…)")
    }
}

/// A grant with what else one certificate needs.
#[derive(Clone, Debug)]
pub struct Order {
    /// What is granted.
    pub grant: Grant,
    /// A JPEG or PNG of the holder.
    pub photo: Option<Vec<u8>>,
    /// What is kept of the secret that lets the holder fetch the file.
    pub holder: SecretHash,
}

/// A certificate that was issued.
#[derive(Clone)]
pub struct Issued {
    /// Its number.
    pub number: Number,
    /// Its face code. Opens the verification page: give it to the holder only.
    pub code: FaceCode,
    /// SHA-256 of the file.
    pub file_sha256: Digest,
    /// The file.
    pub pdf: Vec<u8>,
    /// Its leaf in the log.
    pub leaf_index: u64,
    /// Commitment to its claims.
    pub commitment: Digest,
    /// When.
    pub issued_at: Timestamp,
}

impl std::fmt::Debug for Issued {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Issued(leaf {})", self.leaf_index)
    }
}

/// Looks at a finished file with other code than that which made it: `verify::self_check`. The text says what is wrong.
pub type SelfCheck = fn(&Issuer, &[u8], Timestamp) -> Result<(), String>;

/// Issues one certificate at `at`.
pub async fn issue(
    issuer: &Arc<Issuer>,
    store: &Store,
    typesetter: &Typesetter,
    order: Order,
    at: Timestamp,
    check: SelfCheck,
) -> Result<Issued, IssueError> {
    let salt = Digest::from_bytes(rand::random());
    issue_with_salt(issuer, store, typesetter, order, at, check, salt).await
}

/// [`issue`] with a given salt: the same claims, salt, instant and log give the same bytes. The salt must be used once only.
pub async fn issue_with_salt(
    issuer: &Arc<Issuer>,
    store: &Store,
    typesetter: &Typesetter,
    order: Order,
    at: Timestamp,
    check: SelfCheck,
    salt: Digest,
) -> Result<Issued, IssueError> {
    let _held = store.hold_blobs().await?;
    let mut log = store.begin_log().await?;
    let grant = order.grant.clone();
    let template = &issuer.office().number;
    let year = grant.obtained_on.year();
    let serial = log.next_serial(&template.serial_scope(year)).await?;
    let number = template
        .number(year, grant.level, grant.method, serial)
        .ok_or(IssueError::SerialsUsedUp)?;
    let old = match &grant.supersedes {
        Some(old) => Some(superseded(&mut log, old).await?),
        None => None,
    };
    let peaks = match log.head().await? {
        Some(head) => Peaks::from_text(&head.peaks).ok_or(StoreError::Unreadable {
            place: "log_head.peaks",
        })?,
        None => Peaks::default(),
    };
    let making = Making {
        issuer: Arc::clone(issuer),
        typesetter: typesetter.clone(),
        order,
        number: number.clone(),
        salt,
        at,
        of: old.as_ref().map(|row| row.issued.leaf_index),
        peaks,
    };
    let blobs = store.blobs().clone();
    let made = tokio::task::spawn_blocking(move || -> Result<Made, IssueError> {
        let made = making.make()?;
        check(&making.issuer, &made.file, at).map_err(IssueError::SelfCheck)?;
        blobs.put(&made.file)?;
        Ok(made)
    });
    let made = made
        .await
        .map_err(|_| IssueError::Revision("the work was cut short".to_owned()))??;
    log.append(&made.grown.leaf).await?;
    log.insert(&made.row).await?;
    if let Some(old) = old {
        let by = number.to_string();
        log.set_status(
            &old.issued.number,
            &CertificateStatus::Superseded { by },
            at,
        )
        .await?;
    }
    log.commit().await?;
    Ok(Issued {
        number,
        code: made.code,
        file_sha256: made.row.file_sha256,
        pdf: made.file,
        leaf_index: made.grown.leaf.index,
        commitment: made.row.commitment,
        issued_at: at,
    })
}

/// Everything [`issue`] would refuse because of the grant itself, without a number, a row or a leaf: for a dry run.
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

/// The row of a certificate.
pub async fn show(store: &Store, number: &Number) -> Result<CertificateRow, IssueError> {
    let key = CertificateKey::Number(number.as_str());
    store
        .certificate(key)
        .await?
        .ok_or(IssueError::NoSuchCertificate)
}

/// What the making of one certificate needs; no database from here on.
struct Making {
    issuer: Arc<Issuer>,
    typesetter: Typesetter,
    order: Order,
    number: Number,
    salt: Digest,
    at: Timestamp,
    of: Option<u64>,
    peaks: Peaks,
}

struct Made {
    code: FaceCode,
    file: Vec<u8>,
    grown: super::log::Grown,
    row: NewCertificate,
}

impl Making {
    fn make(&self) -> Result<Made, IssueError> {
        let photo = self.order.photo.as_deref();
        if photo.is_some_and(|bytes| !face::photo_fits(bytes)) {
            return Err(IssueError::Photo {
                limit_kib: face::PHOTO_BYTES / 1024,
            });
        }
        let grant = &self.order.grant;
        let claims = claims(
            &self.issuer,
            &self.typesetter,
            grant,
            &self.number,
            photo,
            self.salt,
            self.at,
        )?;
        let (c, code) = (commitment(&claims), code_of(&claims)?);
        let revision_1 = face::revision_1(&self.typesetter, &self.issuer, &claims, &code, photo)?;
        let revision_1_sha256 = Digest::of(&revision_1);
        let keys = self.issuer.keys();
        let leaf = Leaf::Issue(IssueLeaf {
            c,
            b: revision_1_sha256,
            bl: revision_1.len() as u64,
            k: keys.signer_sha256(),
            at: instant(self.at),
            of: self.of,
        });
        let grown = grow(self.peaks.clone(), &leaf, &self.issuer);
        let office = &self.issuer.office().name;
        let file = revision::revision_2(revision_1, &grown.proof, keys, office, self.at)?;
        let identity = grant.id_number.as_deref();
        let row = NewCertificate {
            number: self.number.to_string(),
            leaf_index: grown.leaf.index,
            code_mac: keys.mac("code", code.as_str()),
            file_sha256: Digest::of(&file),
            file_bytes: file.len() as u64,
            revision_1_sha256,
            commitment: c,
            claims: claims.text(),
            identity_mac: identity.map(|number| keys.mac("identity", number)),
            holder: self.order.holder,
            issued_at: self.at,
        };
        Ok(Made {
            code,
            file,
            grown,
            row,
        })
    }
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

async fn superseded(log: &mut LogTransaction, old: &Number) -> Result<CertificateRow, IssueError> {
    let row = log
        .certificate(old.as_str())
        .await?
        .ok_or(IssueError::NoSuchCertificate)?;
    match row.status {
        CertificateStatus::Valid => Ok(row),
        CertificateStatus::Superseded { .. } => Err(IssueError::Status("superseded already")),
        CertificateStatus::Revoked { .. } => Err(IssueError::Status(
            "revoked: a revoked certificate cannot be superseded",
        )),
    }
}
