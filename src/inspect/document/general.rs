//! What papers of every kind may say: whose they are, whose seal, which number, which day.

use super::{
    DocumentKind as K, dates, identity_number,
    lines::Line,
    reading::Reading,
    rows::{self, Row},
};

/// Labels of papers that are no reports.
const LABELS: &[(&str, &str)] = &[
    ("姓名", "name"),
    ("申报人", "name"),
    ("申报人姓名", "name"),
    ("申请人", "name"),
    ("承诺人", "name"),
    ("被聘任人", "name"),
    ("参保人", "name"),
    ("参保人姓名", "name"),
    ("获奖人", "name"),
    ("持证人", "name"),
    ("性别", "sex"),
    ("民族", "ethnic"),
    ("出生日期", "born_on"),
    ("出生年月", "born_on"),
    ("出生年月日", "born_on"),
    ("出生", "born_on"),
    ("公民身份号码", ID),
    ("身份证号", ID),
    ("身份证号码", ID),
    ("证件号码", ID),
    ("社会保障号", ID),
    ("社会保障号码", ID),
    ("单位", "employer"),
    ("工作单位", "employer"),
    ("单位名称", "employer"),
    ("参保单位", "employer"),
    ("缴费单位", "employer"),
    ("用人单位", "employer"),
    ("证书编号", "certificate_number"),
    ("证书号", "certificate_number"),
    ("专利号", "certificate_number"),
    ("管理号", "certificate_number"),
    ("学位证书编号", "degree_number"),
    ("发证日期", "issued_on"),
    ("签发日期", "issued_on"),
    ("颁发日期", "issued_on"),
    ("批准日期", "issued_on"),
    ("获奖日期", "issued_on"),
    ("授予日期", "issued_on"),
    ("授权公告日", "issued_on"),
    ("出版日期", "issued_on"),
    ("发表日期", "issued_on"),
    ("打印日期", "issued_on"),
    ("打印时间", "issued_on"),
    ("毕业日期", "graduated_on"),
    ("有效期至", "expires_on"),
    // What stands beside these in forms (情况表, 简介表, 考核表): the value before them ends there.
    ("专业", ""),
    ("学历", ""),
    ("学位", ""),
    ("最高学历", ""),
    ("学历学位", ""),
    ("毕业院校", ""),
    ("毕业学校", ""),
    ("毕业时间", ""),
    ("所学专业", ""),
    ("从事专业", ""),
    ("现从事专业", ""),
    ("申报专业", ""),
    ("申报资格", ""),
    ("申报级别", ""),
    ("申报类型", ""),
    ("职务", ""),
    ("行政职务", ""),
    ("现任职务", ""),
    ("部门", ""),
    ("部门及职务", ""),
    ("职称", ""),
    ("现职称", ""),
    ("现资格", ""),
    ("现任资格", ""),
    ("取得时间", ""),
    ("聘任时间", ""),
    ("政治面貌", ""),
    ("健康状况", ""),
    ("籍贯", ""),
    ("照片", ""),
    ("一寸照片", ""),
    ("一寸证件照", ""),
    ("联系电话", ""),
    ("联系方式", ""),
    ("手机", ""),
    ("参加工作时间", ""),
    ("住址", ""),
    ("签发机关", ""),
    ("有效期限", ""),
];

/// The field name of the whole identity number while it is in this room.
pub(super) const ID: &str = "id_number";

/// Reads what labels say, the identity number wherever it stands, and the last date of a dated paper.
pub(super) fn read(reading: &mut Reading, lines: &[Line]) {
    let rows: Vec<Row> = lines
        .chunk_by(|a, b| a.page == b.page)
        .flat_map(|page| rows::rows(page, LABELS, &[]))
        .collect();
    for row in &rows {
        let Some(value) = &row.value else {
            continue;
        };
        match row.field {
            "" => {}
            ID => identity(reading, &value.text, row.page, value.box_pt, value.trusted),
            "name" if is_name(&value.text) => reading.put_value("name", value, row.page),
            "name" => {}
            // 单位 over 鉴定 over 意见 is no label of a name: a sentence stands beside it.
            "employer" if value.text.contains([',', '。', ';', '、']) => {}
            "sex" => {
                if let Some(sex) = value
                    .text
                    .chars()
                    .next()
                    .filter(|c| matches!(c, '男' | '女'))
                {
                    reading.put(
                        "sex",
                        sex.to_string(),
                        row.page,
                        value.box_pt,
                        value.trusted,
                    );
                }
            }
            field @ ("born_on" | "issued_on" | "graduated_on" | "expires_on") => {
                if let Some((read, _)) = dates::first(&value.text) {
                    reading.put(field, read.iso(), row.page, value.box_pt, value.trusted);
                }
            }
            field => reading.put_value(field, value, row.page),
        }
    }
    let speaks = |line: &&Line| {
        ["身份证", "公民身份", "证件号", "社会保障号"]
            .iter()
            .any(|word| line.text.contains(word))
    };
    for line in lines.iter().filter(speaks) {
        for (start, number) in identity_number::all_in(&line.text) {
            identity(
                reading,
                &number,
                line.page,
                line.boxed(start, start + 18),
                line.glyphs.iter().all(|g| g.trusted),
            );
        }
    }
    if matches!(
        reading.facts.kind,
        K::Award
            | K::Patent
            | K::QualificationCertificate
            | K::Appointment
            | K::Diploma
            | K::DegreeCertificate
            | K::Paper
    ) {
        last_date(reading, lines);
    }
}

/// Two to fifteen characters of a name: ideographs, a middle dot, or Latin words; no sentence.
fn is_name(text: &str) -> bool {
    let length = text.chars().count();
    let fits = |c: char| {
        !c.is_ascii_digit()
            && (c.is_alphanumeric()
                || matches!(
                    c,
                    '·' | '•' | '・' | '‧' | ' ' | '.' | '\u{e000}'..='\u{f8ff}'
                ))
    };
    (2..=40).contains(&length)
        && text.chars().all(fits)
        && !text.contains(['的', '年', '月'])
        && !begins_with_label(text)
        && (length <= 15 || text.is_ascii())
}

/// Whether a cell is the next label, which may say more than we know of it: 现资格及取得时间.
fn begins_with_label(text: &str) -> bool {
    let mut labels = LABELS.iter().map(|(label, _)| *label);
    labels.any(|label| label.chars().count() > 2 && text.starts_with(label))
}

fn identity(
    reading: &mut Reading,
    text: &str,
    page: crate::units::PageNumber,
    box_pt: crate::units::PtBox,
    trusted: bool,
) {
    let number = identity_number::normalised(text);
    if number.len() < 15 || number.contains('*') {
        return;
    }
    reading.put(
        "id_number_masked",
        identity_number::masked(&number),
        page,
        box_pt,
        trusted,
    );
    reading.put_private(ID, number);
}

/// Where no label says when a paper was issued, its last date does: the one under the signature.
fn last_date(reading: &mut Reading, lines: &[Line]) {
    let last = lines
        .iter()
        .rev()
        .find_map(|line| dates::all(&line.text).last().map(|read| (line, *read)));
    if let Some((line, read)) = last {
        let trusted = line.glyphs.iter().all(|g| g.trusted);
        reading.put("issued_on", read.iso(), line.page, line.whole(), trusted);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::document::{
        lines::{lines_of, tests::page_of},
        reading::Source,
    };

    #[test]
    fn the_label_of_the_next_cell_is_no_name() {
        for name in ["沈知远", "阿依努尔·买买提", "Shen Zhiyuan", "民乐"] {
            assert!(is_name(name), "{name}");
        }
        for label in ["现资格及取得时间", "工作单位", "2019"] {
            assert!(!is_name(label), "{label}");
        }
    }

    #[test]
    fn values_in_forms_end_at_the_next_label() {
        let mut reading = Reading::new(Source::File);
        let page = page_of(
            1,
            &[
                (55.0, 714.0, 11.0, "工作单位"),
                (138.0, 714.0, 11.0, "云台石化工程有限公司"),
                (327.0, 714.0, 11.0, "行政职务"),
                (459.0, 714.0, 11.0, "主任工程师"),
                (55.0, 684.0, 11.0, "民　族"),
                (500.0, 684.0, 11.0, "一寸证件照"),
                (55.0, 654.0, 11.0, "现资格"),
                (138.0, 654.0, 11.0, "助理工程师"),
            ],
        );
        let mut opinion = Reading::new(Source::File);
        let beside = page_of(
            1,
            &[
                (66.0, 692.0, 12.0, "单位"),
                (140.0, 692.0, 12.0, "工作认真负责，业务能力强，"),
            ],
        );
        super::read(&mut opinion, &lines_of(&beside, |_| true));
        assert_eq!(opinion.field("employer"), None, "a sentence is no employer");
        read(&mut reading, &lines_of(&page, |_| true));
        assert_eq!(reading.field("employer"), Some("云台石化工程有限公司"));
        assert_eq!(reading.field("ethnic"), None);
    }
}
