//! What our forms ask an applicant beyond name, unit and title: [`crate::dossier::Applicant::more`], field by field.

/// A field of [`crate::dossier::Applicant::more`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MoreField {
    /// Its name, as the templates ask for it.
    pub name: &'static str,
    /// The same in English.
    pub en: &'static str,
    /// Its name in a web form.
    pub key: &'static str,
    /// Whether it takes several lines.
    pub long: bool,
}

macro_rules! fields {
    ($($name:literal $en:literal $long:literal,)*) => {
        [$(MoreField { name: $name, en: $en, key: concat!("more.", $name), long: $long }),*]
    };
}

/// Every field some form prints, in the order people are asked.
pub const MORE_FIELDS: [MoreField; 21] = fields![
    "民族" "Ethnic group" false,
    "政治面貌" "Political status" false,
    "学历" "Education" false,
    "学位" "Degree" false,
    "毕业院校" "School" false,
    "所学专业" "Major" false,
    "毕业时间" "Graduated on" false,
    "参加工作时间" "Working since" false,
    "从事专业年限" "Years in the specialty" false,
    "行政职务" "Post" false,
    "现资格取得时间" "Present title since" false,
    "聘任时间" "Appointed on" false,
    "申报类型" "Kind of application" false,
    "年度考核" "Annual assessments" false,
    "继续教育" "Continuing education" false,
    "工作经历" "Work experience" true,
    "主要业绩" "Main achievements" true,
    "论文" "Papers" true,
    "专利" "Patents" true,
    "获奖" "Awards" true,
    "备注" "Remarks" true,
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_fields_are_those_the_templates_ask_for() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates/print");
        let mut asked = BTreeSet::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|ending| ending != "typ") {
                continue;
            }
            let text = std::fs::read_to_string(path).unwrap();
            for piece in text.split("又(\"").skip(1) {
                asked.extend(piece.split('"').next().map(str::to_owned));
            }
        }
        let listed: BTreeSet<String> = MORE_FIELDS.iter().map(|f| f.name.to_owned()).collect();
        assert_eq!(listed, asked);
    }
}
