//! The questions of a profile in the words of a form: one row a key of [`crate::eligibility::Profile`].

use serde::Serialize;

use crate::lang::Bilingual;

/// One question.
pub(super) struct Question {
    pub(super) key: &'static str,
    pub(super) zh: &'static str,
    pub(super) en: &'static str,
    pub(super) kind: Kind,
}

/// How it is answered.
pub(super) enum Kind {
    YesNo,
    Day,
    Number,
    Text,
    One(&'static [Choice]),
    Several(&'static [Choice]),
}

/// One answer to choose.
#[derive(Serialize)]
pub(super) struct Choice {
    pub(super) value: &'static str,
    pub(super) zh: &'static str,
    pub(super) en: &'static str,
}

impl Question {
    pub(super) fn name(&self) -> Bilingual {
        Bilingual::new(self.zh, self.en)
    }
}

/// The question of a key.
pub(super) fn of(key: &str) -> Option<&'static Question> {
    QUESTIONS.iter().find(|question| question.key == key)
}

/// Questions that belong beside another: asked with it, for they change what its answer means.
pub(super) const BESIDE: &[(&str, &[&str])] = &[
    (
        "education",
        &["school", "degree", "attained_on", "completion_only"],
    ),
    ("in_post_since", &["years_not_counted"]),
];

const fn choice(value: &'static str, zh: &'static str, en: &'static str) -> Choice {
    Choice { value, zh, en }
}

const TITLES: &[Choice] = &[
    choice("technician", "技术员", "technician"),
    choice("assistant", "助理级", "assistant level"),
    choice("intermediate", "中级", "intermediate level"),
    choice("associate_senior", "副高级", "associate senior level"),
    choice("senior", "正高级", "senior level"),
];
const EDUCATIONS: &[Choice] = &[
    choice("doctor", "博士", "doctor"),
    choice("master", "硕士", "master"),
    choice("second_bachelor", "第二学士学位", "second bachelor"),
    choice("bachelor", "大学本科", "bachelor"),
    choice("junior_college", "大学专科", "junior college"),
    choice(
        "technical_preparatory_class",
        "技工院校预备技师（技师）班",
        "technical school, preparatory technician class",
    ),
    choice(
        "technical_advanced_class",
        "技工院校高级工班",
        "technical school, advanced class",
    ),
    choice(
        "technical_intermediate_class",
        "技工院校中级工班",
        "technical school, intermediate class",
    ),
    choice(
        "secondary_vocational",
        "中等职业学校、中专",
        "secondary vocational school",
    ),
    choice("high_school", "高中（职高）", "high school"),
    choice("lower", "初中及以下", "below high school"),
];
const SCHOOLS: &[Choice] = &[
    choice("ordinary", "国民教育序列", "ordinary school or university"),
    choice("military", "部队院校", "military academy"),
    choice("party", "党校", "party school"),
    choice("overseas", "国（境）外院校", "abroad"),
    choice(
        "training",
        "培训班（修业、结业、专业证书）",
        "training course",
    ),
];
const GRADES: &[Choice] = &[
    choice("junior", "初级", "junior"),
    choice("intermediate", "中级", "intermediate"),
    choice("senior", "高级", "senior"),
];
const SHORTCOMINGS: &[Choice] = &[
    choice("education", "学历层次", "level of education"),
    choice("title_level", "无职称或职称层级", "no title, or its level"),
    choice("papers", "论文", "papers"),
    choice("years", "专业技术工作年限", "years of professional work"),
    choice(
        "returnee",
        "留学回国、港澳台、外籍人才",
        "returned from abroad, Hong Kong, Macao, Taiwan, foreigner",
    ),
    choice(
        "party_organ",
        "党政机关交流",
        "came from a party or state organ",
    ),
];

const fn yes_no(key: &'static str, zh: &'static str, en: &'static str) -> Question {
    Question {
        key,
        zh,
        en,
        kind: Kind::YesNo,
    }
}
const fn one(
    key: &'static str,
    zh: &'static str,
    en: &'static str,
    of: &'static [Choice],
) -> Question {
    Question {
        key,
        zh,
        en,
        kind: Kind::One(of),
    }
}

/// Every question, in the order of the form.
pub(super) const QUESTIONS: &[Question] = &[
    yes_no(
        "civil_servant",
        "是公务员或参公人员吗",
        "Are you a civil servant, or staff managed like one?",
    ),
    yes_no(
        "retired",
        "已离退休，或今年达到退休年龄吗",
        "Are you retired, or reach the age of retirement this year?",
    ),
    yes_no(
        "sanctioned",
        "受处分且仍在影响期内吗",
        "Are you under the effect of a sanction?",
    ),
    yes_no(
        "employed_here",
        "在本地单位从事专业技术工作并签订合同吗",
        "Do you work here in a professional post, with a contract?",
    ),
    yes_no(
        "insured_here",
        "在本地缴纳社保吗",
        "Is your social insurance paid here?",
    ),
    Question {
        key: "series",
        zh: "申报系列，如“工程”",
        en: "Series, for example 工程",
        kind: Kind::Text,
    },
    Question {
        key: "specialty",
        zh: "申报专业，如“石油化工工程”",
        en: "Specialty, for example 石油化工工程",
        kind: Kind::Text,
    },
    yes_no(
        "licence_needed",
        "所在行业实行职业准入吗",
        "Does your trade need a licence?",
    ),
    yes_no(
        "licence",
        "已取得相应的准入资格吗",
        "Do you hold that licence?",
    ),
    one("target", "申报的职称层级", "Level applied for", TITLES),
    one("education", "最高学历", "Highest education", EDUCATIONS),
    one("school", "毕业学校类别", "Kind of school", SCHOOLS),
    Question {
        key: "school_years",
        zh: "学制（年）",
        en: "Years the course took",
        kind: Kind::Number,
    },
    yes_no("degree", "取得了学位吗", "Was the degree conferred?"),
    yes_no(
        "completion_only",
        "是结业（未毕业）吗",
        "Completed without graduating?",
    ),
    Question {
        key: "attained_on",
        zh: "毕业日期",
        en: "Day of graduation",
        kind: Kind::Day,
    },
    yes_no(
        "related_major",
        "所学专业与从事专业相同或相近吗",
        "Did you study what you work in, or something close?",
    ),
    yes_no(
        "school_papers",
        "持有留服认证或军校学历证明吗",
        "Have you the certification of a foreign degree, or the papers of a military academy?",
    ),
    Question {
        key: "in_post_since",
        zh: "从事本专业技术工作的起始日期",
        en: "In the professional post since",
        kind: Kind::Day,
    },
    Question {
        key: "years_not_counted",
        zh: "不计入的年数（考核基本合格及以下）",
        en: "Years that do not count (assessment not passed)",
        kind: Kind::Number,
    },
    yes_no(
        "assessments_passed",
        "年度考核均在合格以上吗",
        "Did you pass every annual assessment?",
    ),
    yes_no(
        "continuing_education",
        "按规定完成继续教育了吗",
        "Is continuing education done for every year?",
    ),
    yes_no(
        "integrity",
        "专业技术工作方面无不良诚信记录吗",
        "Is there no record of bad faith?",
    ),
    yes_no(
        "no_second_application",
        "同一年度未申报其他系列或评委会吗",
        "Do you apply to no other series or committee this year?",
    ),
    one("current_title", "现有职称", "The title you hold", TITLES),
    yes_no(
        "outside_title",
        "现职称是在外地取得的吗",
        "Was your title gained elsewhere?",
    ),
    yes_no(
        "outside_title_papers",
        "持有外地职称的证书、评审表或批准文件吗",
        "Have you its certificate, review form or approval?",
    ),
    one(
        "local_title",
        "地方职称的级别",
        "Level of a local title",
        GRADES,
    ),
    Question {
        key: "local_title_years",
        zh: "取得地方职称的年数",
        en: "Years it has been held",
        kind: Kind::Number,
    },
    yes_no(
        "examination_passed",
        "通过国家专业技术资格考试且在有效期内吗",
        "Have you passed the national examination, still valid?",
    ),
    yes_no(
        "fits_ordinary_way",
        "符合正常评审的条件吗",
        "Do you fit the ordinary conditions of review?",
    ),
    yes_no(
        "outstanding",
        "单位认为业绩突出、符合破格条件吗",
        "Does your unit find your achievements outstanding?",
    ),
    Question {
        key: "shortcomings",
        zh: "与正常条件相比，哪些方面不足",
        en: "What falls short of the ordinary conditions",
        kind: Kind::Several(SHORTCOMINGS),
    },
    yes_no(
        "specialty_matches_post",
        "申报专业与岗位一致吗",
        "Is the specialty that of your post?",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eligibility::Profile;

    /// Every key is one of the profile, and every choice one it takes.
    #[test]
    fn every_answer_is_one_that_a_profile_takes() {
        for question in QUESTIONS {
            let answers: Vec<serde_json::Value> = match &question.kind {
                Kind::YesNo => vec![true.into(), false.into()],
                Kind::Day => vec!["2020-02-29".into()],
                Kind::Number => vec![3.into()],
                Kind::Text => vec!["工程".into()],
                Kind::One(choices) => choices.iter().map(|c| c.value.into()).collect(),
                Kind::Several(choices) => choices.iter().map(|c| vec![c.value].into()).collect(),
            };
            for answer in answers {
                let profile = serde_json::json!({question.key: answer});
                serde_json::from_value::<Profile>(profile).unwrap();
            }
        }
        let known = serde_json::to_value(Profile::default()).unwrap();
        for key in known
            .as_object()
            .unwrap()
            .keys()
            .filter(|key| *key != "way")
        {
            assert!(of(key).is_some(), "no question asks about {key}");
        }
    }
}
