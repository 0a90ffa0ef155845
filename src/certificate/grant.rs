//! What goes into issuing and what comes out of it.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::{
    claims::{Level, Method},
    code::FaceCode,
    number::Number,
};
use crate::{digest::Digest, store::SecretHash};

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
