//! The words of the pack language: what each key, and each word that may stand at one, is called by people.

use serde_json::Value;

use crate::{
    inspect::document::{DocumentKind, kind_name},
    lang::Bilingual,
    rulepack::{Circumstance, eligibility::Education},
};

/// Keys, as they are called in both languages. A key of several tables means the same in each.
const KEYS: &[(&str, &str, &str)] = &[
    ("accepts", "受理时间", "time of acceptance"),
    ("address", "地址", "address"),
    (
        "after_six_months",
        "逾六个月的处理",
        "what holds after six months",
    ),
    ("aliases", "别称", "other names"),
    ("as", "等同学历", "education it equals"),
    ("before_year", "此年以前", "before the year"),
    ("bound_apart", "单独装订", "bound apart"),
    ("certificate", "证书", "certificate"),
    ("checks", "检查", "check"),
    ("cite_as", "引用名称", "how it is cited"),
    ("clause", "条款", "clause"),
    ("code", "代码", "code"),
    ("committee", "评审组织", "committee"),
    ("committees", "评审计划表", "table of committees"),
    (
        "completion_one_level_down",
        "结业生低一级的条款",
        "clause on leavers, one level down",
    ),
    ("consecutive_months", "连续月数", "consecutive months"),
    ("consequence", "逾期后果", "what follows when it is late"),
    ("contact", "联系方式", "contact"),
    ("contents", "目录页编号", "numbers of contents pages"),
    ("contents_title", "目录标题", "title of the contents page"),
    ("copies", "份数", "copies"),
    ("corrections", "补正", "corrections"),
    ("count", "年数", "number of years"),
    ("count_first_day", "首日计入", "first day counts"),
    ("counted_from", "起算", "counted from"),
    ("cutoffs", "截止日", "cut-off"),
    ("document_number", "文号", "document number"),
    ("education", "学历", "education"),
    ("eligibility", "申报条件", "eligibility"),
    ("equivalence", "学历比照", "equivalence"),
    (
        "error_below_dpi",
        "低于此分辨率为错误（dpi）",
        "error below (dpi)",
    ),
    ("excluded", "不得申报的人员", "excluded people"),
    (
        "failed_years_not_counted",
        "考核不合格年度不计的条款",
        "clause on failed years that do not count",
    ),
    ("fees", "收费", "fee"),
    ("files_max", "最多文件数", "most files"),
    ("files_min", "最少文件数", "fewest files"),
    ("first", "起始页码", "first page number"),
    ("first_half", "上半年时间", "time in the first half year"),
    ("from", "起", "from"),
    ("from_day", "起始日", "first day"),
    ("gained_by", "取得方式", "way it is gained"),
    ("grade", "层级", "grade"),
    ("held", "所持职称", "title held"),
    ("hours", "办公时间", "office hours"),
    ("id", "标识", "id"),
    ("issued_on", "印发日期", "day of issue"),
    ("issuer", "发文机关", "issuer"),
    ("item", "材料序号", "number of the item"),
    ("kind", "院校类别", "kind of school"),
    ("kinds", "可接受的文件种类", "kinds of document"),
    ("last_year", "最后年度", "last year"),
    ("least_pt", "最小字号（磅）", "smallest type (pt)"),
    ("level", "层级", "level"),
    ("local_title", "地方职称", "local title"),
    ("lost", "读不出的单元格", "cells that cannot be read"),
    ("mail", "电子邮件", "mail"),
    ("merged", "合并的单元格", "merged cells"),
    ("min_characters", "最少字数", "fewest characters"),
    ("missing", "所据文本缺失", "missing from our copy"),
    ("months", "月份", "months"),
    ("months_in_post", "从业月数", "months in post"),
    ("more", "其他说明", "more"),
    ("most_deg", "最大倾斜（度）", "greatest skew (degrees)"),
    ("name", "名称", "name"),
    ("names", "名单", "names"),
    ("need", "必备条件", "requirement"),
    ("not_after", "不得晚于", "not after"),
    ("not_expired", "须在有效期内", "must not have expired"),
    ("note", "说明", "note"),
    ("number", "序号", "number"),
    ("numbering", "页码", "page numbers"),
    ("of", "对象", "of what"),
    ("office", "单位", "office"),
    ("on", "日期", "day"),
    ("originals_shown", "交验原件", "originals shown"),
    (
        "outside_title_papers",
        "外地职称材料的条款",
        "clause on papers of titles gained elsewhere",
    ),
    (
        "outstanding",
        "破格条款",
        "clause on outstanding applicants",
    ),
    ("paper", "纸张", "paper"),
    ("papers", "允许的纸张", "papers allowed"),
    ("part", "所含文件", "part"),
    ("penalties", "处理办法", "penalty"),
    (
        "period_at_least_months",
        "验证期不少于（月）",
        "period at least (months)",
    ),
    (
        "period_exactly_months",
        "验证期恰为（月）",
        "period exactly (months)",
    ),
    ("phone", "电话", "phone"),
    ("position", "位置", "position"),
    ("presence", "是否必交", "whether it must be there"),
    ("recognised", "是否认可", "whether it is recognised"),
    (
        "recognition_not_for_ordinary",
        "能正常申报者不得考核认定的条款",
        "clause against recognition of ordinary applicants",
    ),
    (
        "remaining_at_least_months",
        "剩余有效期不少于（月）",
        "validity left at least (months)",
    ),
    (
        "required",
        "判断不出时拒收",
        "refused when it cannot be told",
    ),
    (
        "review_by_conditions",
        "评审按资格条件的条款",
        "clause on review by conditions",
    ),
    ("reviews", "评审时间", "time of review"),
    ("row", "评委会", "committee row"),
    ("rows", "行数", "rows"),
    ("rule", "规则", "rule"),
    ("school", "院校", "school"),
    ("seal", "须盖公章", "seal"),
    ("second_half", "下半年时间", "time in the second half year"),
    ("series", "系列", "series"),
    ("settings", "参数", "settings"),
    ("severity", "严重程度", "severity"),
    ("shape", "形式", "shape"),
    ("short", "简称", "short name"),
    ("shortcoming", "不足条件的条款", "clause on shortcomings"),
    ("sides", "单双面", "sides"),
    ("slot", "材料", "paper"),
    ("slots", "材料", "paper"),
    ("specialties", "专业", "specialty"),
    ("specialty", "专业名称", "specialty"),
    (
        "specialty_matches_post",
        "专业须与岗位相符的条款",
        "clause that the specialty matches the post",
    ),
    ("step", "环节", "step"),
    ("subject", "邮件主题", "subject line"),
    ("target", "申报职称", "titles applied for"),
    ("title", "名称", "title"),
    ("title_en", "英文名称", "English title"),
    ("to", "止", "to"),
    ("to_day", "截止日", "last day"),
    ("tolerance_days", "允许相差（天）", "tolerance (days)"),
    ("tolerance_mm", "允许偏差（毫米）", "tolerance (mm)"),
    ("transition", "过渡规定", "transition"),
    ("unless", "以下情形除外", "unless"),
    (
        "unrelated_major_as_new",
        "专业不符者按新规定",
        "unrelated majors by the new rule",
    ),
    ("until", "至", "until"),
    ("uploaded", "须上传", "uploaded"),
    ("valid_through", "有效至", "valid through"),
    ("version", "版本", "version"),
    ("volume", "分册", "volume"),
    ("volumes", "分册", "volume"),
    (
        "warning_below_dpi",
        "低于此分辨率为警告（dpi）",
        "warning below (dpi)",
    ),
    ("way", "办理方式", "way"),
    ("ways", "适用方式", "ways"),
    ("what", "事项", "what"),
    ("when", "适用情形", "when"),
    ("who", "人员", "who"),
    ("why", "原因", "why"),
    ("windows", "时间", "window"),
    ("within_months", "限期（月）", "within (months)"),
    ("words", "内容", "words"),
    ("workdays_only", "仅限工作日", "workdays only"),
    ("working_days", "工作日数", "working days"),
    ("years", "年数", "years"),
    ("yuan", "金额（元）", "yuan"),
];

/// Words that may stand at a key, beside those that name themselves (circumstances, documents, education).
const VALUES: &[(&str, &str, &str)] = &[
    (
        "absent_with_reason",
        "可说明原因不交",
        "absent with a reason",
    ),
    ("accepts", "受理时间", "time of acceptance"),
    ("achievements", "业绩", "achievements"),
    ("address", "地址", "address"),
    ("assessment", "评审", "assessment"),
    ("assessments_passed", "年度考核合格", "assessments passed"),
    ("assistant", "助理级", "assistant"),
    ("associate_senior", "副高级", "associate senior"),
    ("bottom_centre", "页脚居中", "bottom centre"),
    ("bottom_outer", "页脚外侧", "bottom outer"),
    ("bottom_right", "页脚右侧", "bottom right"),
    ("civil_servant", "公务员、参公人员", "civil servants"),
    ("continuing_education", "继续教育", "continuing education"),
    ("could_not_tell", "无法判断", "could not tell"),
    ("counted", "计入页码", "counted"),
    ("duplex", "双面", "duplex"),
    ("education", "学历", "education"),
    ("employed_here", "在本地就业", "employed here"),
    ("error", "错误", "error"),
    ("examination", "以考代评", "by examination"),
    (
        "examination_and_review",
        "考评结合",
        "examination and review",
    ),
    ("filing", "受理", "filing"),
    ("filing_on_site", "现场受理", "filing on site"),
    ("filing_online", "网上申报", "filing online"),
    ("finding", "查实之日", "the finding"),
    ("fixed", "固定日期", "fixed days"),
    ("half_yearly", "每半年", "each half year"),
    ("if_certified", "经认证", "if certified"),
    ("if_proved", "经证明", "if proved"),
    ("if_two_years", "学制满两年", "if of two years"),
    ("info", "提示", "info"),
    ("initial", "初定", "initial conferment"),
    ("insured_here", "在本地参保", "insured here"),
    ("integrity", "诚信", "integrity"),
    ("intermediate", "中级", "intermediate"),
    ("junior", "初级", "junior"),
    ("licence", "须有执业资格", "licence needed"),
    (
        "licence_if_any",
        "有准入要求的须有资格",
        "licence where one is needed",
    ),
    ("military", "军队院校", "military academy"),
    ("monthly", "按月", "by the month"),
    ("no", "不认可", "no"),
    (
        "no_second_application",
        "同年不得重复申报",
        "no second application in a year",
    ),
    ("office", "单位", "office"),
    ("optional", "可选", "optional"),
    ("ordinary", "普通院校", "ordinary school"),
    ("overseas", "国（境）外院校", "school abroad"),
    ("own_conditions", "按其资格条件", "by its own conditions"),
    ("papers", "论文", "articles"),
    ("party", "党校", "party school"),
    ("phone", "电话", "phone"),
    ("quarterly", "按季", "by the quarter"),
    ("recognition", "考核认定", "recognition"),
    ("required", "必交", "required"),
    ("retired", "退休人员", "retired people"),
    ("review", "评审", "review"),
    ("reviews", "评审时间", "time of review"),
    ("roman", "罗马数字", "Roman"),
    ("sanctioned", "受处分影响期内人员", "people under sanction"),
    ("senior", "高级", "senior"),
    ("seniority", "资历", "seniority"),
    ("single", "单面", "single"),
    ("technician", "技术员", "technician"),
    ("top_right", "页眉右侧", "top right"),
    ("training", "培训机构", "training body"),
    ("unnumbered", "不编号", "unnumbered"),
    ("warning", "警告", "warning"),
    (
        "year_after_finding",
        "查实次年",
        "the year after the finding",
    ),
    ("yes", "认可", "yes"),
];

fn among(table: &[(&str, &str, &str)], word: &str) -> Option<Bilingual> {
    let at = table.binary_search_by(|(one, ..)| (*one).cmp(word)).ok()?;
    table.get(at).map(|(_, zh, en)| Bilingual::new(*zh, *en))
}

/// What a key is called; a key that has no words of its own is called by itself.
pub(super) fn key(key: &str) -> Bilingual {
    among(KEYS, key).unwrap_or_else(|| Bilingual::new(key, key))
}

/// What a word of the language is called; text that is no such word is `None`.
pub(super) fn word(word: &str) -> Option<Bilingual> {
    let known = || Value::from(word);
    let circumstance = Circumstance::ALL.iter().find(|(_, name)| *name == word);
    circumstance
        .map(|(one, _)| one.name())
        .or_else(|| among(VALUES, word))
        .or_else(|| {
            serde_json::from_value::<Education>(known())
                .ok()
                .map(Education::name)
        })
        .or_else(|| {
            serde_json::from_value::<DocumentKind>(known())
                .ok()
                .map(kind_name)
        })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::rulepack::{
        Packs, json_schema,
        pack_shape::{CIRCUMSTANCES, DOCUMENT_KINDS, SLOT_IDS},
    };

    #[test]
    fn the_tables_are_in_order() {
        assert!(KEYS.is_sorted_by(|a, b| a.0 < b.0));
        assert!(VALUES.is_sorted_by(|a, b| a.0 < b.0));
    }

    fn words_of(schema: &Value, found: &mut BTreeSet<String>) {
        match schema {
            Value::Object(object) => {
                for text in object
                    .get("enum")
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten()
                {
                    found.extend(text.as_str().map(str::to_owned));
                }
                object.values().for_each(|inner| words_of(inner, found));
            }
            Value::Array(list) => list.iter().for_each(|inner| words_of(inner, found)),
            _ => {}
        }
    }

    #[test]
    fn every_word_of_the_language_has_words_for_people() {
        let mut found = BTreeSet::new();
        words_of(&json_schema(), &mut found);
        assert!(found.len() > DOCUMENT_KINDS.len() + CIRCUMSTANCES.len());
        let plain = |text: &str| {
            SLOT_IDS.contains(&text)
                || !text.is_ascii()
                || text.starts_with(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit())
        };
        let lacking: Vec<&String> = found
            .iter()
            .filter(|text| !plain(text) && word(text).is_none())
            .collect();
        assert_eq!(lacking, Vec::<&String>::new());
    }

    fn keys_of(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(object) => {
                for (key, inner) in object {
                    found.insert(key.clone());
                    keys_of(inner, found);
                }
            }
            Value::Array(list) => list.iter().for_each(|inner| keys_of(inner, found)),
            _ => {}
        }
    }

    #[test]
    fn every_key_of_a_pack_has_words_for_people() {
        let mut found = BTreeSet::new();
        for pack in Packs::builtin().iter() {
            keys_of(&serde_json::to_value(pack.as_ref()).unwrap(), &mut found);
        }
        let silent = ["sha256", "zh", "en"];
        let lacking: Vec<&String> = found
            .iter()
            .filter(|key| !silent.contains(&key.as_str()) && among(KEYS, key).is_none())
            .collect();
        assert_eq!(lacking, Vec::<&String>::new());
    }
}
