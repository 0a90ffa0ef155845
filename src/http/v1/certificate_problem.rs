//! What the errors of the `certificate` room are over HTTP.

use serde_json::json;

use super::bind_dossier::typesetting;
use crate::{certificate::IssueError, error_code::ErrorCode, http::problem::Problem};

impl From<IssueError> for Problem {
    fn from(error: IssueError) -> Problem {
        match error {
            IssueError::Claims(claims) => Problem::new(ErrorCode::CertificateRefused)
                .error(json!({"reason": claims.to_string()})),
            IssueError::Typeset(typeset) => typesetting(typeset),
            IssueError::Store(store) => store.into(),
            IssueError::NoSuchCertificate => Problem::new(ErrorCode::CertificateUnknown),
            IssueError::Status(state) => Problem::new(ErrorCode::CertificateNotValid)
                .error(json!({"reason": format!("the certificate is {state}")})),
            error @ IssueError::Photo { .. } => Problem::new(ErrorCode::CertificateRefused)
                .error(json!({"reason": error.to_string()})),
            IssueError::AskedTooOften => Problem::new(ErrorCode::TooManyRequests).retry_after(3600),
            error @ (IssueError::Waits { .. }
            | IssueError::Unwitnessed(_)
            | IssueError::TooSlow
            | IssueError::Batch(_)) => Problem::new(ErrorCode::NotReady)
                .retry_after(60)
                .error(json!({"reason": error.to_string()})),
            error @ (IssueError::SerialsUsedUp
            | IssueError::SelfCheck(_)
            | IssueError::Revision(_)) => Problem::internal(error),
        }
    }
}
