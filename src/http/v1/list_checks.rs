//! `GET /v1/checks`: every code a report can hold.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    checks::{self, Rule},
    finding::Severity,
    http::{json, problem::Answer},
};

/// The checks, in code order.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct CheckList {
    checks: Vec<CheckLine>,
}

/// One check.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct CheckLine {
    /// Its code, never reused.
    code: String,
    /// Name of its rule.
    rule: &'static str,
    /// Weight where no notice chooses another.
    severity: Severity,
    /// Whether "could not tell" leaves a file undecided where no notice chooses otherwise.
    required: bool,
    /// Whether it looks at every upload, or only where a notice asks for it.
    for_every_upload: bool,
}

impl CheckLine {
    pub(super) fn of(rule: &'static Rule) -> CheckLine {
        CheckLine {
            code: rule.code.to_string(),
            rule: rule.name,
            severity: rule.severity,
            required: rule.required,
            for_every_upload: rule.for_every_upload,
        }
    }
}

/// Every code a report can hold.
#[utoipa::path(get, path = "/v1/checks", tag = "notices",
    responses((status = 200, description = "The checks", body = CheckList)))]
pub(in crate::http) async fn list_checks() -> Answer {
    let lines = checks::all().iter().map(|check| CheckLine::of(check.rule));
    json::ok(&CheckList {
        checks: lines.collect(),
    })
}
