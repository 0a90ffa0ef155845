//! Code, severity, place, evidence, report, verdict: the words in which a judgement is given.

mod report;

pub use report::{Cost, NoticeRef, Report, ReportFacts, ReportPage, Verdict};

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    lang::Bilingual,
    units::{PageNumber, PtBox},
};

/// Two letters and three digits, never reused: `FM101`.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(transparent)]
#[schema(value_type = String, example = "FM101")]
pub struct Code(Cow<'static, str>);

impl Code {
    /// A code known at compile time.
    pub const fn new(code: &'static str) -> Code {
        Code(Cow::Borrowed(code))
    }
    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// Its family, the two letters.
    pub fn family(&self) -> &str {
        self.0.get(..2).unwrap_or_default()
    }
}

impl From<String> for Code {
    fn from(code: String) -> Code {
        Code(Cow::Owned(code))
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// How much a finding weighs.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Info,
    /// A clerk may send it back.
    Warning,
    /// Refused.
    Error,
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Finding {
    /// Code of the rule.
    pub code: Code,
    /// Name of the rule; reads well after "allow".
    #[schema(value_type = String)]
    pub rule: Cow<'static, str>,
    /// How much it weighs here.
    pub severity: Severity,
    /// The page, if it is on one.
    #[schema(value_type = Option<u32>, minimum = 1)]
    pub page: Option<PageNumber>,
    /// Where on the page as shown.
    #[schema(value_type = Option<Vec<f64>>, min_items = 4, max_items = 4)]
    pub box_pt: Option<PtBox>,
    /// What was seen, where, and what is wanted: one sentence, no full stop.
    pub message: Bilingual,
    /// What to do; starts with a verb.
    pub hint: Option<Bilingual>,
    /// What was measured, by name with unit.
    #[schema(value_type = Object)]
    pub measured: Map<String, Value>,
    /// What was expected, by name with unit.
    #[schema(value_type = Object)]
    pub expected: Map<String, Value>,
    /// The clause that asks for it.
    pub source: Option<String>,
}

impl Finding {
    /// A finding with its message; the rest by the `with_…` methods. `checks` fills in the rule.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Finding {
        Finding {
            code: Code::new(""),
            rule: Cow::Borrowed(""),
            severity: Severity::Error,
            page: None,
            box_pt: None,
            message: Bilingual::new(zh, en),
            hint: None,
            measured: Map::new(),
            expected: Map::new(),
            source: None,
        }
    }
    /// Adds the advice.
    #[must_use]
    pub fn with_hint(mut self, zh: impl Into<String>, en: impl Into<String>) -> Finding {
        self.hint = Some(Bilingual::new(zh, en));
        self
    }
    /// Adds the page.
    #[must_use]
    pub fn on_page(mut self, page: PageNumber) -> Finding {
        self.page = Some(page);
        self
    }
    /// Adds the place on the page.
    #[must_use]
    pub fn at(mut self, box_pt: PtBox) -> Finding {
        self.box_pt = Some(box_pt);
        self
    }
    /// Adds a measured value.
    #[must_use]
    pub fn measured(mut self, name: &str, value: impl Into<Value>) -> Finding {
        self.measured.insert(name.to_owned(), value.into());
        self
    }
    /// Adds an expected value.
    #[must_use]
    pub fn expected(mut self, name: &str, value: impl Into<Value>) -> Finding {
        self.expected.insert(name.to_owned(), value.into());
        self
    }
    /// Gives this finding a weight other than its rule's.
    #[must_use]
    pub fn weighing(mut self, severity: Severity) -> Finding {
        self.severity = severity;
        self
    }
}

/// How a rule ended. Silence is not a pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case", tag = "outcome", content = "why")]
pub enum Outcome {
    /// Looked, and all is well.
    Passed,
    /// Looked, and found something.
    Found,
    /// The rule does not concern this file.
    NotApplicable(Bilingual),
    /// Could not look, or not well enough to judge.
    CouldNotTell(Bilingual),
}

impl Outcome {
    /// Does not concern this file, because …
    pub fn not_applicable(zh: impl Into<String>, en: impl Into<String>) -> Outcome {
        Outcome::NotApplicable(Bilingual::new(zh, en))
    }
    /// Could not tell, because …
    pub fn could_not_tell(zh: impl Into<String>, en: impl Into<String>) -> Outcome {
        Outcome::CouldNotTell(Bilingual::new(zh, en))
    }
}

/// How one rule ended, as the report lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RuleOutcome {
    /// Code of the rule.
    pub code: Code,
    /// How it ended, and why when it did not look.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// Whether "could not tell" leaves the file undecided.
    pub required: bool,
}
