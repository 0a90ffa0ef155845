//! Volumes, slots and parts: where each paper goes, and when it must be there.

use serde::{Deserialize, Serialize};

use crate::{
    inspect::{document::DocumentKind, facts::Paper},
    lang::Bilingual,
};

/// A bound volume (分册).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Volume {
    /// 1, 2, …
    pub number: u8,
    /// For example `第一分册`.
    pub title: String,
    /// Title of its contents page.
    pub contents_title: String,
    /// How its pages are numbered.
    #[serde(default)]
    pub numbering: Numbering,
    /// The clause that asks for it.
    pub clause: String,
}

/// How the pages of a volume are numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Numbering {
    /// Number of the first body page.
    pub first: u32,
    /// How the contents page is numbered.
    pub contents: ContentsNumbering,
    /// Where the number stands.
    pub position: StampPosition,
}

impl Default for Numbering {
    fn default() -> Numbering {
        Numbering {
            first: 1,
            contents: ContentsNumbering::Unnumbered,
            position: StampPosition::BottomRight,
        }
    }
}

/// How the contents page is numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContentsNumbering {
    /// Not at all; the body begins with the first number.
    Unnumbered,
    /// i, ii, …; the body begins with the first number.
    Roman,
    /// As the first pages of the body.
    Counted,
}

/// Where the page number stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StampPosition {
    /// Lower right on every page: single-sided volumes.
    BottomRight,
    /// Lower right on odd pages, lower left on even ones: volumes printed on both sides.
    BottomOuter,
    /// In the middle below.
    BottomCentre,
    /// Upper right on every page.
    TopRight,
}

/// A place for one kind of paper.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    /// One of the fixed ids of DESIGN §7.
    pub id: String,
    /// Name of the paper as the notice words it; stands in the contents page.
    pub title: String,
    /// The name in English, for reports.
    pub title_en: String,
    /// Other names the same notice uses for it.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The volume it is bound in; `None` for what is not bound.
    #[serde(default)]
    pub volume: Option<u8>,
    /// Item number in the volume (or in the bag) as the notice counts it; the contents page itself is item 1.
    #[serde(default)]
    pub item: Option<u8>,
    /// What becomes of the dossier when it is empty.
    pub presence: Presence,
    /// Only wanted when one of these holds; empty for always.
    #[serde(default)]
    pub when: Vec<Circumstance>,
    /// Not wanted when one of these holds.
    #[serde(default)]
    pub unless: Vec<Circumstance>,
    /// Copies to hand in.
    #[serde(default = "one")]
    pub copies: u16,
    /// Paper it is printed on.
    pub paper: Paper,
    /// How it is printed.
    #[serde(default)]
    pub sides: Sides,
    /// Whether it is stapled or bound on its own, apart from the rest.
    #[serde(default)]
    pub bound_apart: bool,
    /// Whether each paper must carry the unit's seal (公章).
    #[serde(default)]
    pub seal: bool,
    /// Whether the originals are shown too.
    #[serde(default)]
    pub originals_shown: bool,
    /// Fewest files when it is not empty.
    #[serde(default = "one")]
    pub files_min: u16,
    /// Most files.
    #[serde(default)]
    pub files_max: Option<u16>,
    /// Kinds of paper that belong here; empty for any.
    #[serde(default)]
    pub kinds: Vec<DocumentKind>,
    /// Papers that must be among its files.
    #[serde(default, rename = "part")]
    pub parts: Vec<Part>,
    /// Whether it is uploaded at all (originals are only listed, forms are printed by us).
    #[serde(default = "yes")]
    pub uploaded: bool,
    /// What the notice says more, for the reader.
    #[serde(default)]
    pub note: Option<Bilingual>,
    /// The clause that asks for it.
    pub clause: String,
}

impl Slot {
    /// The name in both languages.
    pub fn name(&self) -> Bilingual {
        Bilingual::new(self.title.clone(), self.title_en.clone())
    }
    /// The name with its place in the volumes, as findings and letters call it.
    pub fn place(&self) -> Bilingual {
        let title = quoted(&self.title);
        match (self.volume, self.item) {
            (Some(volume), Some(item)) => Bilingual::new(
                format!("第 {volume} 分册第 {item} 项{title}"),
                format!("{} (volume {volume}, item {item})", self.title_en),
            ),
            _ => Bilingual::new(title, self.title_en.clone()),
        }
    }
    /// Whether the slot is wanted of somebody for whom `holding` holds.
    pub fn wanted(&self, holding: &[Circumstance]) -> bool {
        concerns(&self.when, &self.unless, holding)
    }
}

/// A title in quotes: 《》 unless it has such quotes itself.
pub fn quoted(title: &str) -> String {
    let inner = title.strip_prefix('《').and_then(|t| t.strip_suffix('》'));
    let bare = inner.unwrap_or(title);
    if bare.contains('《') {
        format!("“{title}”")
    } else {
        format!("《{bare}》")
    }
}

/// A paper that must be among the files of a slot.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Name of the paper.
    pub title: Bilingual,
    /// Kinds of document that satisfy it, any one of them.
    pub kinds: Vec<DocumentKind>,
    /// Only wanted when one of these holds; empty for always.
    #[serde(default)]
    pub when: Vec<Circumstance>,
    /// Not wanted when one of these holds.
    #[serde(default)]
    pub unless: Vec<Circumstance>,
    /// The clause that asks for it.
    pub clause: String,
}

impl Part {
    /// Whether the paper is wanted of somebody for whom `holding` holds.
    pub fn wanted(&self, holding: &[Circumstance]) -> bool {
        concerns(&self.when, &self.unless, holding)
    }
}

fn concerns(when: &[Circumstance], unless: &[Circumstance], holding: &[Circumstance]) -> bool {
    let any = |list: &[Circumstance]| list.iter().any(|one| holding.contains(one));
    (when.is_empty() || any(when)) && !any(unless)
}

fn one() -> u16 {
    1
}
fn yes() -> bool {
    true
}

/// What becomes of the dossier when a slot is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// Incomplete.
    Required,
    /// Incomplete unless a reason is given, which the contents page then shows.
    AbsentWithReason,
    /// Complete all the same.
    Optional,
}

/// How a paper is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sides {
    /// 单面
    #[default]
    Single,
    /// 双面
    Duplex,
}

/// What may hold for an applicant and decides which papers are wanted. The applicant states it, nothing is guessed.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Circumstance {
    /// 大专及以上学历
    CollegeOrAbove,
    /// 2001 年以前毕业
    #[serde(rename = "graduated_before_2001")]
    GraduatedBefore2001,
    /// 申报实行职业准入的系列（专业）
    LicensedSeries,
    /// 申报教师系列
    Teacher,
    /// 劳务派遣人员
    DispatchedWorker,
    /// 事业单位在编人员
    InstitutionStaff,
    /// 国（境）外取得的学历或学位
    OverseasDegree,
    /// 军队院校学历
    MilitaryAcademy,
    /// 学信网数据未能读取，或审核人员有疑问
    ChsiNotReadable,
    /// 系统后台无法查询到社保缴费信息
    InsuranceNotFound,
    /// 平台可查验学历、学位和社保
    VerifiableOnPlatform,
    /// 持地方或外地职称证书
    OutsideTitle,
}

impl Circumstance {
    /// All of them with their names on the wire, in order.
    pub const ALL: [(Circumstance, &'static str); 12] = [
        (Circumstance::CollegeOrAbove, "college_or_above"),
        (Circumstance::GraduatedBefore2001, "graduated_before_2001"),
        (Circumstance::LicensedSeries, "licensed_series"),
        (Circumstance::Teacher, "teacher"),
        (Circumstance::DispatchedWorker, "dispatched_worker"),
        (Circumstance::InstitutionStaff, "institution_staff"),
        (Circumstance::OverseasDegree, "overseas_degree"),
        (Circumstance::MilitaryAcademy, "military_academy"),
        (Circumstance::ChsiNotReadable, "chsi_not_readable"),
        (Circumstance::InsuranceNotFound, "insurance_not_found"),
        (Circumstance::VerifiableOnPlatform, "verifiable_on_platform"),
        (Circumstance::OutsideTitle, "outside_title"),
    ];
    /// Its name on the wire.
    pub fn word(self) -> &'static str {
        Circumstance::ALL
            .iter()
            .find(|(one, _)| *one == self)
            .map_or("", |(_, word)| word)
    }
    /// In words.
    pub fn name(self) -> Bilingual {
        let (zh, en) = match self {
            Circumstance::CollegeOrAbove => ("大专及以上学历", "junior college education or above"),
            Circumstance::GraduatedBefore2001 => ("2001 年以前毕业", "graduated before 2001"),
            Circumstance::LicensedSeries => (
                "申报实行职业准入的系列（专业）",
                "applies in a series that needs a licence",
            ),
            Circumstance::Teacher => ("申报教师系列", "applies in a teachers' series"),
            Circumstance::DispatchedWorker => ("劳务派遣人员", "dispatched worker"),
            Circumstance::InstitutionStaff => (
                "事业单位在编人员",
                "on the establishment of a public institution",
            ),
            Circumstance::OverseasDegree => (
                "国（境）外取得的学历或学位",
                "education or degree gained abroad",
            ),
            Circumstance::MilitaryAcademy => ("军队院校学历", "education at a military academy"),
            Circumstance::ChsiNotReadable => (
                "学信网数据未能读取或审核人员有疑问",
                "CHSI data cannot be read, or the reviewer has doubts",
            ),
            Circumstance::InsuranceNotFound => (
                "系统后台无法查询到社保缴费信息",
                "the system cannot find the social insurance record",
            ),
            Circumstance::VerifiableOnPlatform => (
                "学历、学位和社保可由平台查验",
                "education, degree and social insurance can be verified by the platform",
            ),
            Circumstance::OutsideTitle => (
                "持地方或外地职称证书",
                "holds a local title or one from elsewhere",
            ),
        };
        Bilingual::new(zh, en)
    }
}
