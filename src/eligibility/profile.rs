//! What a person says of himself: TOML (every problem at once) or JSON.

use std::{io, path::Path};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::lang::Bilingual;
use crate::rulepack::{
    Grade, PackErrors, Problem, Way,
    eligibility::{Education, School, Title},
    pack_shape::{EDUCATIONS, SCHOOLS, TITLES},
    read::Source,
    shape::{Field, Shape, optional},
};

/// What a person says of himself. What is left out is not known; `false` says no.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Profile {
    /// The way; that of the notice when absent.
    pub way: Option<Way>,
    /// The title applied for; wanted for a review only.
    pub target: Option<Title>,
    /// 公务员、参公人员
    pub civil_servant: Option<bool>,
    /// 离退休人员，含申报当年达到退休年龄
    pub retired: Option<bool>,
    /// 受处分且在影响期内
    pub sanctioned: Option<bool>,
    /// Works here: with a contract, or as a freelancer or through an agency where the notice takes them.
    pub employed_here: Option<bool>,
    /// Insured here.
    pub insured_here: Option<bool>,
    /// 系列, for example 工程
    pub series: Option<String>,
    /// 专业, for example 石油化工工程
    pub specialty: Option<String>,
    /// Whether the trade needs a licence.
    pub licence_needed: Option<bool>,
    /// Whether the licence is held.
    pub licence: Option<bool>,
    /// The highest education.
    pub education: Option<Education>,
    /// Kind of school; 国民教育序列 when absent.
    pub school: Option<School>,
    /// Years the course took, for party schools.
    pub school_years: Option<u8>,
    /// Whether the degree (not only the education) was conferred.
    pub degree: Option<bool>,
    /// 结业生: completed without graduating.
    pub completion_only: bool,
    /// Day the education was attained.
    #[schema(value_type = Option<String>, format = Date)]
    pub attained_on: Option<Date>,
    /// Whether what was studied is what one works in.
    pub related_major: Option<bool>,
    /// Whether the certification of a foreign degree, or the papers of a military academy, are at hand.
    pub school_papers: Option<bool>,
    /// In the professional post since.
    #[schema(value_type = Option<String>, format = Date)]
    pub in_post_since: Option<Date>,
    /// Years that do not count (考核基本合格 or lower).
    pub years_not_counted: u8,
    /// Every annual assessment passed.
    pub assessments_passed: Option<bool>,
    /// Continuing education done for every year.
    pub continuing_education: Option<bool>,
    /// No record of bad faith.
    pub integrity: Option<bool>,
    /// No other application in the same year.
    pub no_second_application: Option<bool>,
    /// The title held now; none when absent.
    pub current_title: Option<Title>,
    /// Whether the present title was gained elsewhere.
    pub outside_title: Option<bool>,
    /// Whether its certificate, review form or document of approval is at hand.
    pub outside_title_papers: Option<bool>,
    /// Level of a local title (地方职称).
    pub local_title: Option<Grade>,
    /// Years it has been held.
    pub local_title_years: Option<u8>,
    /// The national examination is passed and still valid.
    pub examination_passed: Option<bool>,
    /// Whether one fits the ordinary conditions of review.
    pub fits_ordinary_way: Option<bool>,
    /// Whether the unit finds the achievements outstanding (破格条件).
    pub outstanding: Option<bool>,
    /// What falls short of the ordinary conditions.
    pub shortcomings: Vec<Shortcoming>,
    /// Whether the specialty is that of the post.
    pub specialty_matches_post: Option<bool>,
}

/// What falls short of the ordinary conditions (004 三(二)1–6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Shortcoming {
    /// 学历层次
    Education,
    /// 无职称或职称层级
    TitleLevel,
    /// 论文
    Papers,
    /// 专业技术工作年限
    Years,
    /// 留学回国、港澳台、外籍人才
    Returnee,
    /// 党政机关交流
    PartyOrgan,
}

const YES_NO: Shape = Shape::Flag;

/// Every key of a profile.
const PROFILE: &[Field] = &[
    optional(
        "way",
        Shape::Choice(&["initial", "review", "recognition"]),
        "the way; that of the notice when absent",
    ),
    optional(
        "target",
        Shape::Choice(TITLES),
        "the title applied for; for a review",
    ),
    optional("civil_servant", YES_NO, "公务员、参公人员"),
    optional("retired", YES_NO, "离退休人员，含申报当年达到退休年龄"),
    optional("sanctioned", YES_NO, "受处分且在影响期内"),
    optional(
        "employed_here",
        YES_NO,
        "works here: with a contract, or as a freelancer or through an agency where the notice takes them",
    ),
    optional("insured_here", YES_NO, "insured here"),
    optional("series", Shape::Text, "系列"),
    optional("specialty", Shape::Text, "专业"),
    optional(
        "licence_needed",
        YES_NO,
        "whether the trade needs a licence",
    ),
    optional("licence", YES_NO, "whether the licence is held"),
    optional(
        "education",
        Shape::Choice(EDUCATIONS),
        "the highest education",
    ),
    optional("school", Shape::Choice(SCHOOLS), "kind of school"),
    optional(
        "school_years",
        Shape::Whole { min: 0, max: 12 },
        "years the course took",
    ),
    optional("degree", YES_NO, "whether the degree was conferred"),
    optional("completion_only", YES_NO, "结业生"),
    optional("attained_on", Shape::Day, "day the education was attained"),
    optional(
        "related_major",
        YES_NO,
        "whether what was studied is what one works in",
    ),
    optional(
        "school_papers",
        YES_NO,
        "whether certification or papers of the school are at hand",
    ),
    optional(
        "in_post_since",
        Shape::Day,
        "in the professional post since",
    ),
    optional(
        "years_not_counted",
        Shape::Whole { min: 0, max: 60 },
        "years that do not count",
    ),
    optional(
        "assessments_passed",
        YES_NO,
        "every annual assessment passed",
    ),
    optional(
        "continuing_education",
        YES_NO,
        "continuing education done for every year",
    ),
    optional("integrity", YES_NO, "no record of bad faith"),
    optional(
        "no_second_application",
        YES_NO,
        "no other application in the same year",
    ),
    optional("current_title", Shape::Choice(TITLES), "the title held now"),
    optional(
        "outside_title",
        YES_NO,
        "whether the present title was gained elsewhere",
    ),
    optional(
        "outside_title_papers",
        YES_NO,
        "whether its papers are at hand",
    ),
    optional(
        "local_title",
        Shape::Choice(&["junior", "intermediate", "senior"]),
        "level of a local title",
    ),
    optional(
        "local_title_years",
        Shape::Whole { min: 0, max: 60 },
        "years it has been held",
    ),
    optional(
        "examination_passed",
        YES_NO,
        "the national examination is passed and still valid",
    ),
    optional(
        "fits_ordinary_way",
        YES_NO,
        "whether one fits the ordinary conditions of review",
    ),
    optional(
        "outstanding",
        YES_NO,
        "whether the unit finds the achievements outstanding",
    ),
    optional(
        "shortcomings",
        Shape::List {
            of: &Shape::Choice(&[
                "education",
                "title_level",
                "papers",
                "years",
                "returnee",
                "party_organ",
            ]),
            at_least: 0,
        },
        "what falls short of the ordinary conditions",
    ),
    optional(
        "specialty_matches_post",
        YES_NO,
        "whether the specialty is that of the post",
    ),
];

/// Why a profile could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// The file itself could not be read.
    #[error("the profile could not be read")]
    Unreadable(#[source] io::Error),
    /// What is written in it does not fit: everything at once.
    #[error("{0}")]
    Wrong(PackErrors),
}

/// Reads a profile file.
pub fn read(path: &Path) -> Result<Profile, ProfileError> {
    let text = std::fs::read_to_string(path).map_err(ProfileError::Unreadable)?;
    read_text(&path.display().to_string(), &text)
}

/// Reads a profile that came as JSON: `null` says as little as a key that is not there. The same table of keys decides,
/// and everything that does not fit is said at once; lines are not those of the JSON.
pub fn read_json(mut sent: serde_json::Value) -> Result<Profile, PackErrors> {
    if let Some(members) = sent.as_object_mut() {
        members.retain(|_, value| !value.is_null());
    }
    let text = toml::to_string(&sent).map_err(|error| {
        let message = Bilingual::new(
            "`profile` 应为对象，值为文字、数、true、false 或列表",
            "`profile` is an object of texts, numbers, true, false and lists",
        );
        tracing::debug!(%error, "a profile that no table can hold");
        PackErrors(vec![Problem {
            file: "profile".to_owned(),
            line: 1,
            key: String::new(),
            message,
            allowed: Vec::new(),
        }])
    })?;
    match read_text("profile", &text) {
        Ok(profile) => Ok(profile),
        Err(ProfileError::Wrong(errors)) => Err(errors),
        Err(ProfileError::Unreadable(_)) => Err(PackErrors(Vec::new())),
    }
}

/// Reads the text of a profile file.
pub fn read_text(file: &str, text: &str) -> Result<Profile, ProfileError> {
    let mut source = Source::parse(file, text);
    let value = source.fit(PROFILE);
    if source.has_problems() {
        return Err(ProfileError::Wrong(PackErrors(source.problems())));
    }
    serde_json::from_value(value).map_err(|error| {
        source.wrong(&[], format!("无法读取：{error}"), error.to_string());
        ProfileError::Wrong(PackErrors(source.problems()))
    })
}
