//! The code of every error a caller can meet: stable names that programs may act on.
//!
//! Rooms know codes; `http::status` and the command line decide what they mean there, each with one exhaustive
//! `match`. What is wrong with a *file* is never an error but a finding in a report.

use serde::{Deserialize, Serialize};

use crate::lang::Bilingual;

macro_rules! error_codes {
    ($($variant:ident $code:literal $zh:literal $en:literal)*) => {
        /// What went wrong, as a stable name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum ErrorCode {
            $(
                #[doc = $en]
                #[serde(rename = $code)]
                $variant,
            )*
        }

        impl ErrorCode {
            /// All codes, in the order of this table.
            pub const ALL: &[ErrorCode] = &[$(ErrorCode::$variant),*];
            /// Its name on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(ErrorCode::$variant => $code),* }
            }
            /// What it means, whatever the case.
            pub fn title(self) -> Bilingual {
                match self { $(ErrorCode::$variant => Bilingual::new($zh, $en)),* }
            }
        }
    };
}

error_codes! {
    NotFound "not_found" "没有这个地址或这项内容" "nothing is here"
    MethodNotAllowed "method_not_allowed" "此地址不接受这种请求方法" "this address does not take this method"
    CredentialsMissing "credentials_missing" "需要访问凭证" "a credential is needed"
    CredentialsUnknown "credentials_unknown" "访问凭证无效或已过期" "the credential is unknown, expired or revoked"
    ScopeMissing "scope_missing" "此凭证没有所需的权限" "the credential lacks the scope"
    ParameterUnreadable "parameter_unreadable" "地址中的参数无法读取" "a parameter of the address cannot be read"
    HeaderUnreadable "header_unreadable" "请求头无法读取" "a header field cannot be read"
    BodyUnreadable "body_unreadable" "请求内容无法读取" "the body cannot be read"
    MediaTypeUnsupported "media_type_unsupported" "不接受这种内容类型" "this media type is not taken here"
    RequestRefused "request_refused" "请求无法处理" "the request cannot be handled"
    RequestTimeout "request_timeout" "等待内容超时" "the body did not arrive in time"
    UploadTooLarge "upload_too_large" "上传的文件过大" "the upload is too large"
    UploadTruncated "upload_truncated" "上传中断，内容不完整" "the upload ended before it was complete"
    DigestMismatch "digest_mismatch" "收到的内容与所附摘要不符" "the bytes received do not match the digest sent with them"
    NoticeUnknown "notice_unknown" "没有这个通知的规则包" "there is no rule pack with this id"
    PackUnknown "pack_unknown" "没有这一版本的规则包" "there is no such version of the rule pack"
    PackGone "pack_gone" "卷宗所依规则包的版本已不在" "the version of the rule pack that the dossier keeps is gone"
    SlotUnknown "slot_unknown" "该通知没有这一材料项" "the notice has no such slot"
    SlotTakesNoFiles "slot_takes_no_files" "该材料项不需要上传" "nothing is uploaded to this slot"
    TooManyFiles "too_many_files" "文件数量超过上限" "there are too many files"
    DossierIncomplete "dossier_incomplete" "卷宗尚不完整，不能装订" "the dossier is not complete and cannot be bound"
    NotBound "not_bound" "卷宗尚未装订，或装订后又有改动" "the dossier is not bound, or was changed since"
    NothingToMend "nothing_to_mend" "没有需要补正的内容" "nothing must be mended"
    Changed "changed" "内容已被他人改动" "it was changed in between"
    RangeNotSatisfiable "range_not_satisfiable" "所请求的字节范围不存在" "the file has no such byte range"
    PageNotDrawable "page_not_drawable" "此页无法显示" "the page cannot be drawn"
    CharacterNotPrintable "character_not_printable" "有字库中没有的字" "a character is in none of the fonts"
    CertificateRefused "certificate_refused" "证书内容不符合要求" "the certificate's claims cannot be accepted"
    CertificateUnknown "certificate_unknown" "没有此编号的证书" "there is no certificate with this number"
    CertificateNotValid "certificate_not_valid" "该证书已不是有效状态" "the certificate is no longer in force"
    IdempotencyKeyUnreadable "idempotency_key_unreadable" "Idempotency-Key 应为 16 至 128 个可见字符" "an Idempotency-Key has 16 to 128 visible ASCII signs"
    IdempotencyKeyReused "idempotency_key_reused" "此 Idempotency-Key 已用于另一请求" "the Idempotency-Key was used for another request"
    IdempotencyInProgress "idempotency_in_progress" "同一请求正在处理" "the same request is being handled"
    TooManyRequests "too_many_requests" "请求过于频繁" "too many requests"
    Busy "busy" "服务繁忙，请稍后重试" "the service is busy"
    StorageFull "storage_full" "存储空间不足" "the storage is full"
    NotReady "not_ready" "服务未就绪" "the service is not ready"
    Internal "internal" "服务内部出错" "the service could not do it"
}

impl std::fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for ErrorCode {
    type Err = ();
    fn from_str(text: &str) -> Result<ErrorCode, ()> {
        let found = ErrorCode::ALL.iter().find(|code| code.as_str() == text);
        found.copied().ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_words_that_stand_once() {
        let mut codes: Vec<_> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
        assert!(codes.iter().all(|code| {
            code.bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        }));
        codes.sort_unstable();
        assert!(codes.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
