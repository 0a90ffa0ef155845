//! Why a file or a proof is not what we would have made: a word for programs, a sentence for people.

use serde::{Deserialize, Serialize};

use crate::lang::Bilingual;

/// One thing that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Wrong {
    /// For programs, for example `signature_encoding`.
    pub code: String,
    /// For people.
    pub message: Bilingual,
}

impl Wrong {
    /// A reason.
    pub fn new(code: &str, zh: &str, en: &str) -> Wrong {
        Wrong {
            code: code.to_owned(),
            message: Bilingual::new(zh, en),
        }
    }
}

/// The file is no PDF of the shape we write.
pub(super) fn shape(en: &str) -> Wrong {
    Wrong::new("structure", "文件结构与签发时不同", en)
}

/// The second revision adds something else than the proof and the signature.
pub(super) fn revision(en: &str) -> Wrong {
    Wrong::new("revision", "签名修订中有不应有的内容", en)
}

/// The signature is not the one we would have written.
pub(super) fn signature(code: &str, en: &str) -> Wrong {
    Wrong::new(code, "数字签名不成立", en)
}
