//! What each error code is over HTTP: one exhaustive `match`, so that a new code makes this face decide.

use actix_web::http::StatusCode;

use crate::error_code::ErrorCode;

/// The status of a code.
pub(super) fn of(code: ErrorCode) -> StatusCode {
    use ErrorCode as C;
    match code {
        C::ParameterUnreadable
        | C::HeaderUnreadable
        | C::BodyUnreadable
        | C::RequestRefused
        | C::UploadTruncated
        | C::DigestMismatch
        | C::IdempotencyKeyUnreadable => StatusCode::BAD_REQUEST,
        C::CredentialsMissing | C::CredentialsUnknown => StatusCode::UNAUTHORIZED,
        C::ScopeMissing => StatusCode::FORBIDDEN,
        C::NotFound | C::NotBound | C::NothingToMend | C::CertificateUnknown => {
            StatusCode::NOT_FOUND
        }
        C::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        C::RequestTimeout => StatusCode::REQUEST_TIMEOUT,
        C::DossierIncomplete | C::PackGone | C::IdempotencyInProgress | C::CertificateNotValid => {
            StatusCode::CONFLICT
        }
        C::Changed => StatusCode::PRECONDITION_FAILED,
        C::UploadTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        C::MediaTypeUnsupported => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        C::RangeNotSatisfiable => StatusCode::RANGE_NOT_SATISFIABLE,
        C::NoticeUnknown
        | C::PackUnknown
        | C::SlotUnknown
        | C::SlotTakesNoFiles
        | C::TooManyFiles
        | C::PageNotDrawable
        | C::CharacterNotPrintable
        | C::CertificateRefused
        | C::IdempotencyKeyReused => StatusCode::UNPROCESSABLE_ENTITY,
        C::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
        C::Busy | C::NotReady => StatusCode::SERVICE_UNAVAILABLE,
        C::StorageFull => StatusCode::INSUFFICIENT_STORAGE,
        C::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The code of a refusal that did not come from us (actix's own 4xx and 5xx).
pub(super) fn code_of(status: StatusCode) -> ErrorCode {
    match status {
        StatusCode::NOT_FOUND => ErrorCode::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => ErrorCode::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => ErrorCode::UploadTooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ErrorCode::MediaTypeUnsupported,
        StatusCode::REQUEST_TIMEOUT => ErrorCode::RequestTimeout,
        status if status.is_client_error() => ErrorCode::RequestRefused,
        _ => ErrorCode::Internal,
    }
}
