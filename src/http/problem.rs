//! Every refusal in one shape: RFC 9457 `application/problem+json` with `code`, `detail`, `errors[]`, `request_id`.
//!
//! ```json
//! {"type": "/problems/slot_unknown", "status": 422, "code": "slot_unknown",
//!  "title": "该通知没有这一材料项", "detail": "…",
//!  "message": {"zh": "…", "en": "…"}, "errors": [], "request_id": "…"}
//! ```
//! `title` and `detail` are in the language the caller asked for (`Accept-Language`, Chinese by default);
//! `message` has both. An endpoint gives a [`Problem`]; `observe` adds the request id and writes the body.

use std::sync::Arc;

use actix_web::{
    HttpResponse, ResponseError,
    http::{
        StatusCode,
        header::{HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE},
    },
};
use serde_json::{Value, json};

use super::status;
use crate::{
    error_code::ErrorCode,
    intake::IntakeError,
    lang::{Bilingual, Lang},
    sandbox::SandboxError,
    store::StoreError,
};

/// A refusal.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    code: ErrorCode,
    detail: Option<Bilingual>,
    errors: Vec<Value>,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// For the log only.
    cause: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

/// What an endpoint gives.
pub(super) type Answer = Result<HttpResponse, Problem>;

impl Problem {
    pub(super) fn new(code: ErrorCode) -> Problem {
        Problem {
            code,
            detail: None,
            errors: Vec::new(),
            headers: Vec::new(),
            cause: None,
        }
    }
    /// Adds what was the matter this time.
    pub(super) fn because(mut self, zh: impl Into<String>, en: impl Into<String>) -> Problem {
        self.detail = Some(Bilingual::new(zh, en));
        self
    }
    /// Adds one of several things that are the matter.
    pub(super) fn error(mut self, error: Value) -> Problem {
        self.errors.push(error);
        self
    }
    pub(super) fn header(mut self, name: HeaderName, value: HeaderValue) -> Problem {
        self.headers.push((name, value));
        self
    }
    /// Tells when to come back.
    pub(super) fn retry_after(self, seconds: u32) -> Problem {
        self.header(RETRY_AFTER, HeaderValue::from(seconds))
    }
    /// Adds the cause, which goes to the log and not into the answer.
    pub(super) fn caused_by(
        mut self,
        error: impl std::error::Error + Send + Sync + 'static,
    ) -> Problem {
        self.cause = Some(Arc::new(error));
        self
    }
    pub(super) fn internal(error: impl std::error::Error + Send + Sync + 'static) -> Problem {
        Problem::new(ErrorCode::Internal).caused_by(error)
    }
    pub(super) fn not_found() -> Problem {
        Problem::new(ErrorCode::NotFound)
    }
    /// What was the matter, in both languages.
    pub(super) fn message(&self) -> Bilingual {
        self.detail.clone().unwrap_or_else(|| self.code.title())
    }
    pub(super) fn code(&self) -> ErrorCode {
        self.code
    }
    /// The refusal of a status that did not come from us.
    pub(super) fn of_status(status: StatusCode) -> Problem {
        Problem::new(status::code_of(status))
    }
    /// The cause and its causes, for the log.
    pub(super) fn causes(&self) -> Option<String> {
        let mut text = String::new();
        let mut next: Option<&dyn std::error::Error> = match &self.cause {
            Some(cause) => Some(cause.as_ref()),
            None => None,
        };
        while let Some(error) = next {
            if !text.is_empty() {
                text.push_str(": ");
            }
            text.push_str(&error.to_string());
            next = error.source();
        }
        (!text.is_empty()).then_some(text)
    }
    /// The refusal that was written as this body.
    pub(super) fn of_body(body: &Value) -> Option<Problem> {
        let member = |name: &str| body.get(name).cloned();
        Some(Problem {
            detail: serde_json::from_value(member("message")?).ok(),
            errors: serde_json::from_value(member("errors")?).ok()?,
            ..Problem::new(serde_json::from_value(member("code")?).ok()?)
        })
    }
    /// The body.
    pub(super) fn body(&self, status: StatusCode, lang: Lang, request_id: &str) -> Value {
        let title = self.code.title();
        let detail = self.detail.as_ref().unwrap_or(&title);
        json!({
            "type": format!("/problems/{}", self.code),
            "status": status.as_u16(),
            "code": self.code.as_str(),
            "title": title.in_lang(lang),
            "detail": detail.in_lang(lang),
            "message": detail,
            "errors": self.errors,
            "request_id": request_id,
        })
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code.as_str())
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        status::of(self.code)
    }
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        if self.status_code() == StatusCode::UNAUTHORIZED {
            response.insert_header((WWW_AUTHENTICATE, "Bearer realm=\"juanzong\""));
        }
        for (name, value) in &self.headers {
            response.insert_header((name.clone(), value.clone()));
        }
        let mut response = response.finish();
        response.extensions_mut().insert(self.clone());
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Problem {
        let problem = Problem::new(error.code());
        match error.code() {
            ErrorCode::Busy => problem.retry_after(2).caused_by(error),
            ErrorCode::NotReady => problem.retry_after(10).caused_by(error),
            _ => problem.caused_by(error),
        }
    }
}

impl From<IntakeError> for Problem {
    fn from(error: IntakeError) -> Problem {
        let problem = Problem::new(error.code());
        match error {
            IntakeError::TooLarge { limit } => problem
                .because(
                    format!("文件超过上限 {limit}（见 `/v1/limits`）"),
                    format!("the file has more than the {limit} allowed (see `/v1/limits`)"),
                )
                .error(json!({"limit": "file_bytes", "allowed": limit.value()})),
            IntakeError::Truncated => problem.because(
                "连接在文件传完之前中断，或表单内容不完整",
                "the connection ended before the file was complete, or the form is broken",
            ),
            IntakeError::TooSlow { patience } => problem.because(
                format!("{} 秒内没有收到数据", patience.as_secs()),
                format!("no byte arrived for {} s", patience.as_secs()),
            ),
            IntakeError::DigestMismatch { promised, received } => problem
                .because(
                    "收到的内容与 `Content-Digest` 不符，请重新上传",
                    "the bytes received do not match `Content-Digest`; send them again",
                )
                .error(json!({"promised_sha256": promised, "received_sha256": received})),
            IntakeError::DigestUnreadable => problem.because(
                "`Content-Digest` 应形如 `sha-256=:<base64>:`（RFC 9530）",
                "`Content-Digest` is written like `sha-256=:<base64>:` (RFC 9530)",
            ),
            IntakeError::Store(error) => error.into(),
        }
    }
}

impl From<SandboxError> for Problem {
    fn from(error: SandboxError) -> Problem {
        Problem::internal(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cause_is_for_the_log_and_not_for_the_caller() {
        let disk = std::io::Error::other("/secret/path: no such device");
        let problem = Problem::from(StoreError::from(disk));
        let body = problem
            .body(problem.status_code(), Lang::En, "r1")
            .to_string();
        assert!(!body.contains("secret"), "{body}");
        assert!(problem.causes().unwrap().contains("secret"));
    }

    #[test]
    fn every_code_has_a_status_of_refusal() {
        for code in ErrorCode::ALL {
            let status = status::of(*code);
            assert!(
                status.is_client_error() || status.is_server_error(),
                "{code}"
            );
        }
    }
}
