//! Who may apply, as a notice says it: data only; the room `eligibility` holds a profile against it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Grade, Way};
use crate::lang::Bilingual;

/// What a notice says about who may apply.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Eligibility {
    /// Who may not.
    #[serde(default)]
    pub excluded: Vec<Excluded>,
    /// Series with rules of their own.
    #[serde(default)]
    pub series: Vec<SeriesRule>,
    /// Education and months in post against title.
    #[serde(default)]
    pub title: Vec<TitleRule>,
    /// What holds for education attained before a year.
    #[serde(default)]
    pub transition: Option<Transition>,
    /// Classes of technical schools and what they count as.
    #[serde(default)]
    pub equivalence: Vec<Equivalence>,
    /// Schools of other kinds.
    #[serde(default)]
    pub school: Vec<SchoolRule>,
    /// What else must hold.
    #[serde(default)]
    pub need: Vec<Need>,
    /// Local titles that open the way to an intermediate title in spite of education.
    #[serde(default)]
    pub local_title: Vec<LocalTitle>,
    /// Clause by which a year whose assessment was not passed does not count, instead of barring the application.
    #[serde(default)]
    pub failed_years_not_counted: Option<String>,
    /// Clause by which 结业生 count one level lower.
    #[serde(default)]
    pub completion_one_level_down: Option<String>,
    /// Clause that asks for papers of titles gained elsewhere.
    #[serde(default)]
    pub outside_title_papers: Option<String>,
    /// Clause by which the conditions of each series decide a review.
    #[serde(default)]
    pub review_by_conditions: Option<String>,
    /// Clause that keeps those who fit the ordinary way out of recognition.
    #[serde(default)]
    pub recognition_not_for_ordinary: Option<String>,
    /// Clause that asks for outstanding achievements.
    #[serde(default)]
    pub outstanding: Option<String>,
    /// Clause that lists the shortcomings recognition is for.
    #[serde(default)]
    pub shortcoming: Option<String>,
    /// Clause by which the specialty must be that of the post.
    #[serde(default)]
    pub specialty_matches_post: Option<String>,
    /// The one title that recognition gives.
    #[serde(default)]
    pub target: Option<Title>,
}

/// Titles, lowest first.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Title {
    /// 技术员
    Technician,
    /// 助理级
    Assistant,
    /// 中级
    Intermediate,
    /// 副高级
    AssociateSenior,
    /// 正高级
    Senior,
}

impl Title {
    /// Its name in both languages.
    pub fn name(self) -> Bilingual {
        let (zh, en) = match self {
            Title::Technician => ("技术员", "technician"),
            Title::Assistant => ("助理级", "assistant level"),
            Title::Intermediate => ("中级", "intermediate level"),
            Title::AssociateSenior => ("副高级", "associate senior level"),
            Title::Senior => ("正高级", "senior level"),
        };
        Bilingual::new(zh, en)
    }
}

/// Levels of education, lowest first; the classes of technical schools stand apart.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Education {
    /// 初中及以下
    Lower,
    /// 高中（职高）
    HighSchool,
    /// 中等职业学校、中专
    SecondaryVocational,
    /// 大学专科
    JuniorCollege,
    /// 大学本科
    Bachelor,
    /// 第二学士学位
    SecondBachelor,
    /// 硕士
    Master,
    /// 博士
    Doctor,
    /// 技工院校中级工班
    TechnicalIntermediateClass,
    /// 技工院校高级工班
    TechnicalAdvancedClass,
    /// 技工院校预备技师（技师）班
    TechnicalPreparatoryClass,
}

impl Education {
    /// Its name in both languages.
    pub fn name(self) -> Bilingual {
        let (zh, en) = match self {
            Education::Lower => ("初中及以下", "below high school"),
            Education::HighSchool => ("高中（职高）", "high school"),
            Education::SecondaryVocational => ("中等职业学校", "secondary vocational school"),
            Education::JuniorCollege => ("大学专科", "junior college"),
            Education::Bachelor => ("大学本科", "bachelor"),
            Education::SecondBachelor => ("第二学士学位", "second bachelor"),
            Education::Master => ("硕士", "master"),
            Education::Doctor => ("博士", "doctor"),
            Education::TechnicalIntermediateClass => (
                "技工院校中级工班",
                "intermediate class of a technical school",
            ),
            Education::TechnicalAdvancedClass => {
                ("技工院校高级工班", "advanced class of a technical school")
            }
            Education::TechnicalPreparatoryClass => (
                "技工院校预备技师（技师）班",
                "preparatory class of a technical school",
            ),
        };
        Bilingual::new(zh, en)
    }
    /// One level down, for 结业生 of ordinary schools; `None` where the notices name none.
    pub fn one_down(self) -> Option<Education> {
        match self {
            Education::Bachelor | Education::SecondBachelor => Some(Education::JuniorCollege),
            Education::JuniorCollege => Some(Education::SecondaryVocational),
            Education::SecondaryVocational => Some(Education::HighSchool),
            Education::HighSchool => Some(Education::Lower),
            Education::Lower
            | Education::Master
            | Education::Doctor
            | Education::TechnicalIntermediateClass
            | Education::TechnicalAdvancedClass
            | Education::TechnicalPreparatoryClass => None,
        }
    }
}

/// People who may not apply.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Excluded {
    /// Who.
    pub who: Who,
    /// The clause.
    pub clause: String,
}

/// Who may be excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// 公务员（含参公人员）
    CivilServant,
    /// 离退休人员（含申报当年达到退休年龄）
    Retired,
    /// 受处分且在影响期内
    Sanctioned,
}

/// A rule for some series.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeriesRule {
    /// Which rule.
    pub rule: SeriesRuleKind,
    /// Which series; empty for any.
    pub names: Vec<String>,
    /// The clause.
    pub clause: String,
}

/// Rules for series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeriesRuleKind {
    /// 以考代评: the title is gained by a national examination only (junior and intermediate).
    Examination,
    /// 考评结合: a senior title needs the examination first.
    ExaminationAndReview,
    /// A licence comes first.
    Licence,
    /// A licence comes first wherever the trade has one.
    LicenceIfAny,
    /// 以资格条件为准
    OwnConditions,
}

/// Education and months in post against title.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TitleRule {
    /// Levels of education.
    pub education: Vec<Education>,
    /// Months in the post (见习期).
    pub months_in_post: i32,
    /// The title.
    pub title: Title,
    /// The clause.
    pub clause: String,
}

/// Education attained before a year.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transition {
    /// The first year of the new rules.
    pub before_year: i16,
    /// Whether the new rules hold all the same when what was studied is not what one works in.
    pub unrelated_major_as_new: bool,
    /// Last day of the transition.
    #[serde(default)]
    pub until: Option<Date>,
    /// The clause.
    pub clause: String,
}

/// A class of a technical school and what it counts as.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Equivalence {
    /// The class.
    pub from: Education,
    /// What it counts as.
    #[serde(rename = "as")]
    pub counts_as: Education,
    /// The clause.
    pub clause: String,
}

/// A kind of school and whether its education counts.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchoolRule {
    /// The kind.
    pub kind: School,
    /// Whether it counts.
    pub recognised: Recognised,
    /// The clause.
    pub clause: String,
}

/// Kinds of school.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum School {
    /// 国民教育序列
    Ordinary,
    /// 部队院校
    Military,
    /// 党校
    Party,
    /// 国（境）外
    Overseas,
    /// 培训班：修业、结业、专业证书
    Training,
}

/// Whether the education of a school counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recognised {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// When the course took two years or more.
    IfTwoYears,
    /// With the certification of the Ministry's service centre.
    IfCertified,
    /// With the papers that the notice names.
    IfProved,
}

/// Something else that must hold.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// What.
    pub what: NeedKind,
    /// The ways it is wanted for; empty for every way.
    #[serde(default)]
    pub ways: Vec<Way>,
    /// The clause.
    pub clause: String,
}

/// What else may have to hold; each is a question of the profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NeedKind {
    /// Works here: with a contract, or as a freelancer or through an agency where the notice takes them.
    EmployedHere,
    /// Insured here.
    InsuredHere,
    /// Every annual assessment passed.
    AssessmentsPassed,
    /// Continuing education done.
    ContinuingEducation,
    /// No other application in the same year.
    NoSecondApplication,
    /// No record of bad faith.
    Integrity,
}

/// A local title that opens the way to an intermediate title in spite of education.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalTitle {
    /// Level of the local title.
    pub held: Grade,
    /// Years it has been held.
    pub years: u8,
    /// The clause.
    pub clause: String,
}
