//! Whole papers on hand-built runs; the same on real files stands in `tests/it/chsi.rs`.

use super::{lines::tests::page_of, *};
use crate::{inspect::facts::ImageFacts, units::Dpi};

/// The current layout of a 备案表: labels left, values right.
const RECORD: &[(f64, f64, f64, &str)] = &[
    (170.0, 770.0, 18.0, "教育部学历证书电子注册备案表"),
    (240.0, 745.0, 10.0, "更新日期：2024年6月10日"),
    (60.0, 710.0, 12.0, "姓名"),
    (179.0, 710.0, 12.0, "林知远"),
    (60.0, 682.0, 12.0, "性别"),
    (179.0, 682.0, 12.0, "女"),
    (60.0, 654.0, 12.0, "出生日期"),
    (179.0, 654.0, 12.0, "1994年01月08日"),
    (60.0, 626.0, 12.0, "入学日期"),
    (179.0, 626.0, 12.0, "2012年09月01日"),
    (60.0, 598.0, 12.0, "毕（结）业日期"),
    (179.0, 598.0, 12.0, "2016年06月20日"),
    (60.0, 570.0, 12.0, "学校名称"),
    (179.0, 570.0, 12.0, "云台大学"),
    (60.0, 542.0, 12.0, "专业"),
    (179.0, 542.0, 12.0, "化学工程与工艺"),
    (60.0, 514.0, 12.0, "学制"),
    (179.0, 514.0, 12.0, "4 年"),
    (60.0, 486.0, 12.0, "层次"),
    (179.0, 486.0, 12.0, "本科"),
    (60.0, 458.0, 12.0, "学历类别"),
    (179.0, 458.0, 12.0, "普通高等教育"),
    (60.0, 430.0, 12.0, "学习形式"),
    (179.0, 430.0, 12.0, "普通全日制"),
    (60.0, 402.0, 12.0, "毕（结）业"),
    (179.0, 402.0, 12.0, "毕业"),
    (60.0, 374.0, 12.0, "证书编号"),
    (179.0, 374.0, 12.0, "9999 9120 1605 1234 56"),
    (60.0, 346.0, 12.0, "校（院）长姓名"),
    (179.0, 346.0, 12.0, "沈其行"),
    (150.0, 173.0, 10.0, "在线验证码"),
    (215.0, 173.0, 14.0, "A1B2C3D4E5F6G7H8"),
    (
        150.0,
        150.0,
        9.0,
        "①登录 https://www.chsi.com.cn/xlcx/bgcx.jsp 在线验证",
    ),
    (60.0, 96.0, 9.0, "注意事项："),
    (
        60.0,
        80.0,
        9.0,
        "1、备案表依据教育部有关规定，根据在线验证码可在线查验。",
    ),
];

fn facts_of(runs: &[(f64, f64, f64, &str)]) -> DocumentFacts {
    read(&[page_of(1, runs)])
}
fn without(
    runs: &[(f64, f64, f64, &'static str)],
    text: &str,
) -> Vec<(f64, f64, f64, &'static str)> {
    runs.iter().copied().filter(|run| run.3 != text).collect()
}
fn with(
    runs: &[(f64, f64, f64, &'static str)],
    old: &str,
    new: &'static str,
) -> Vec<(f64, f64, f64, &'static str)> {
    runs.iter()
        .map(|run| {
            if run.3 == old {
                (run.0, run.1, run.2, new)
            } else {
                *run
            }
        })
        .collect()
}
fn odd(facts: &DocumentFacts) -> Vec<(String, Option<String>)> {
    facts
        .oddities
        .iter()
        .map(|o| (o.what.clone(), o.field.clone()))
        .collect()
}
fn named(what: &str, field: &str) -> (String, Option<String>) {
    (what.to_owned(), Some(field.to_owned()))
}

#[test]
fn every_field_of_the_current_record() {
    let facts = facts_of(RECORD);
    assert_eq!(facts.kind, DocumentKind::ChsiEducationRecord);
    let want = [
        ("born_on", "1994-01-08"),
        ("certificate_number", "999991201605123456"),
        ("conclusion", "毕业"),
        ("duration", "4年"),
        ("education_category", "普通高等教育"),
        ("entered_on", "2012-09-01"),
        ("graduated_on", "2016-06-20"),
        ("issued_on", "2024-06-10"),
        ("level", "本科"),
        ("major", "化学工程与工艺"),
        ("name", "林知远"),
        ("president", "沈其行"),
        ("school", "云台大学"),
        ("sex", "女"),
        ("study_form", "普通全日制"),
        ("verification_code_masked", "A1**…"),
    ];
    let got: Vec<_> = facts
        .fields
        .iter()
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    assert_eq!(got, want);
    assert_eq!(odd(&facts), []);
    assert!(
        facts
            .evidence
            .values()
            .all(|e| e.certainty == Certainty::Certain)
    );
    assert_eq!(
        facts.private.get("verification_code").map(String::as_str),
        Some("A1B2C3D4E5F6G7H8")
    );
    assert!(
        !serde_json::to_string(&facts.shown())
            .unwrap()
            .contains("A1B2")
    );
}

#[test]
fn a_name_that_is_an_image_is_a_browser_print() {
    let mut page = page_of(1, &without(RECORD, "林知远"));
    page.images.push(ImageFacts {
        box_pt: PtBox::new(179.0, 708.0, 230.0, 724.0),
        width_px: 60,
        height_px: 20,
        dpi: Dpi::new(96.0),
        filter: None,
        bits: 8,
        components: 3,
        coverage: 0.01,
    });
    let facts = read(&[page]);
    assert_eq!(odd(&facts), [named("name_is_an_image", "name")]);
}

#[test]
fn what_does_not_fit_together_is_said() {
    let year = facts_of(&with(RECORD, "2016年06月20日", "2015年06月20日"));
    assert_eq!(
        odd(&year),
        [named("certificate_number_year", "certificate_number")]
    );
    let level = facts_of(&with(RECORD, "本科", "硕士研究生"));
    assert_eq!(
        odd(&level),
        [named("certificate_number_level", "certificate_number")]
    );
    let code = facts_of(&with(RECORD, "A1B2C3D4E5F6G7H8", "B1B2C3D4E5F6G7H8"));
    assert_eq!(
        odd(&code),
        [named(
            "verification_code_ill_formed",
            "verification_code_masked"
        )]
    );
    let suspect = facts_of(&with(RECORD, "A1B2C3D4E5F6G7H8", "1O2938475610"));
    assert_eq!(
        odd(&suspect),
        [named(
            "verification_code_suspect",
            "verification_code_masked"
        )]
    );
    let unknown = facts_of(&with(RECORD, "沈其行", "＊"));
    assert_eq!(odd(&unknown), [named("unknown_by_issuer", "president")]);
    assert_eq!(unknown.fields.get("president"), None);
    let link = facts_of(&with(
        RECORD,
        "①登录 https://www.chsi.com.cn/xlcx/bgcx.jsp 在线验证",
        "https://www.chsi.com.cn.example.net/xlcx/bg.do?vcode=A1B2C3D4E5F6G7H8",
    ));
    assert_eq!(odd(&link), [("foreign_link".to_owned(), None)]);
    let other = facts_of(&with(
        RECORD,
        "①登录 https://www.chsi.com.cn/xlcx/bgcx.jsp 在线验证",
        "https://www.chsi.com.cn/xlcx/bg.do?vcode=AXXXXXXXXXXXXXX1",
    ));
    assert_eq!(odd(&other), [("link_code_differs".to_owned(), None)]);
}

#[test]
fn half_a_report_and_two_reports() {
    let half: Vec<_> = RECORD.iter().copied().filter(|run| run.1 > 450.0).collect();
    let facts = facts_of(&half);
    let missing: Vec<_> = facts
        .oddities
        .iter()
        .filter(|o| o.what == "half_report")
        .collect();
    assert_eq!(missing.len(), 3);
    let two = read(&[page_of(1, RECORD), page_of(2, RECORD)]);
    assert_eq!(odd(&two), [("two_reports".to_owned(), None)]);
    let no_title = facts_of(&without(RECORD, "教育部学历证书电子注册备案表"));
    assert_eq!(no_title.kind, DocumentKind::ChsiEducationRecord);
    assert_eq!(odd(&no_title), [named("half_report", "title")]);
}

#[test]
fn hidden_text_that_contradicts_what_is_seen() {
    let mut page = page_of(1, RECORD);
    let mut hidden = page_of(
        1,
        &[
            (60.0, 745.0, 10.0, "更新日期：2024年3月10日"),
            (60.0, 710.0, 12.0, "姓名：林知远"),
        ],
    )
    .text;
    for run in &mut hidden {
        run.visibility = Visibility::Invisible;
    }
    page.text.extend(hidden);
    let facts = read(&[page]);
    assert_eq!(odd(&facts), [named("hidden_text_contradicts", "issued_on")]);
    assert_eq!(facts.fields["issued_on"], "2024-06-10");
}

#[test]
fn text_under_a_picture_is_never_certain() {
    let mut page = page_of(1, RECORD);
    for run in &mut page.text {
        run.visibility = Visibility::Invisible;
    }
    let facts = read(&[page.clone()]);
    assert_eq!(facts.kind, DocumentKind::ChsiEducationRecord);
    assert!(facts.recognised);
    assert_eq!(
        facts.field("issued_on"),
        Some(("2024-06-10", Certainty::Suspect))
    );
    let words = page
        .text
        .iter()
        .map(|run| Word {
            text: run.text.clone(),
            box_pt: run.box_pt,
            confidence: 93.0,
        })
        .collect();
    let recognised = RecognisedPage {
        page: PageNumber::FIRST,
        words,
    };
    let ours = read_recognised(&[page], &[recognised]);
    assert_eq!(
        ours.field("issued_on"),
        Some(("2024-06-10", Certainty::Recognised))
    );
    assert_eq!(
        ours.field("verification_code_masked"),
        Some(("A1**…", Certainty::Suspect))
    );
}

#[test]
fn mixed_fonts_inside_one_date() {
    let mut page = page_of(
        1,
        &with(RECORD, "更新日期：2024年6月10日", "更新日期：2024年"),
    );
    let mut rest = page_of(1, &[(335.0, 745.0, 10.0, "6月10日")]).text;
    rest[0].font = Some(7);
    page.text.extend(rest);
    let facts = read(&[page]);
    assert_eq!(facts.fields["issued_on"], "2024-06-10");
    assert_eq!(odd(&facts), [named("mixed_fonts", "issued_on")]);
}

#[test]
fn the_oldest_layout_prints_its_expiry() {
    let facts = facts_of(&[
        (170.0, 780.0, 18.0, "教育部学历证书电子注册备案表"),
        (330.0, 750.0, 10.0, "制表日期：2016年05月04日"),
        (60.0, 720.0, 11.0, "姓名"),
        (130.0, 720.0, 11.0, "林知远"),
        (260.0, 720.0, 11.0, "性别"),
        (330.0, 720.0, 11.0, "女"),
        (60.0, 695.0, 11.0, "出生日期"),
        (130.0, 695.0, 11.0, "1988年03月09日"),
        (260.0, 695.0, 11.0, "入学时间"),
        (330.0, 695.0, 11.0, "2006年09月01日"),
        (60.0, 670.0, 11.0, "毕业时间"),
        (130.0, 670.0, 11.0, "2010年07月01日"),
        (260.0, 670.0, 11.0, "学历类型"),
        (330.0, 670.0, 11.0, "普通"),
        (60.0, 645.0, 11.0, "学历层次"),
        (130.0, 645.0, 11.0, "本科"),
        (260.0, 645.0, 11.0, "毕业院校"),
        (330.0, 645.0, 11.0, "云台大学"),
        (60.0, 620.0, 11.0, "院校所在地"),
        (130.0, 620.0, 11.0, "江苏省"),
        (260.0, 620.0, 11.0, "专业名称"),
        (330.0, 620.0, 11.0, "机械工程"),
        (60.0, 595.0, 11.0, "学习形式"),
        (130.0, 595.0, 11.0, "普通全日制"),
        (260.0, 595.0, 11.0, "毕结业结论"),
        (330.0, 595.0, 11.0, "毕业"),
        (60.0, 570.0, 11.0, "证书编号"),
        (130.0, 570.0, 11.0, "999991201005000123"),
        (60.0, 300.0, 11.0, "二维验证码"),
        (130.0, 300.0, 11.0, "1029 3847 5610"),
        (60.0, 280.0, 11.0, "验证期至：2016年11月04日"),
    ]);
    assert_eq!(facts.fields["issued_on"], "2016-05-04");
    assert_eq!(facts.fields["expires_on"], "2016-11-04");
    assert_eq!(facts.fields["school"], "云台大学");
    assert_eq!(facts.private["verification_code"], "102938475610");
    assert_eq!(odd(&facts), []);
}

#[test]
fn the_english_report() {
    let facts = facts_of(&[
        (120.0, 780.0, 15.0, "Online Verification Report of"),
        (
            90.0,
            760.0,
            15.0,
            "Higher Education Qualification Certificate",
        ),
        (200.0, 735.0, 10.0, "Date of Renewal: March 2, 2024"),
        (200.0, 720.0, 10.0, "Date of Expiry: March 2, 2025"),
        (60.0, 690.0, 11.0, "Name"),
        (230.0, 690.0, 11.0, "Lin Zhiyuan"),
        (60.0, 665.0, 11.0, "Gender"),
        (230.0, 665.0, 11.0, "Female"),
        (60.0, 640.0, 11.0, "Date of Birth"),
        (230.0, 640.0, 11.0, "January 8, 1994"),
        (60.0, 615.0, 11.0, "Date of Graduation"),
        (230.0, 615.0, 11.0, "June 20, 2016"),
        (60.0, 590.0, 11.0, "Name of Institution"),
        (230.0, 590.0, 11.0, "Yuntai University"),
        (60.0, 565.0, 11.0, "Level"),
        (230.0, 565.0, 11.0, "Undergraduate"),
        (60.0, 540.0, 11.0, "Graduation/Completion"),
        (230.0, 540.0, 11.0, "Graduation"),
        (60.0, 515.0, 11.0, "Certificate No."),
        (230.0, 515.0, 11.0, "999991201605123456"),
        (60.0, 300.0, 11.0, "Online Verification Code"),
        (230.0, 300.0, 11.0, "A1B2C3D4E5F6G7H8"),
    ]);
    assert_eq!(facts.kind, DocumentKind::ChsiEducationRecordEn);
    assert_eq!(facts.fields["name"], "Lin Zhiyuan");
    assert_eq!(facts.fields["issued_on"], "2024-03-02");
    assert_eq!(facts.fields["expires_on"], "2025-03-02");
    assert_eq!(facts.fields["born_on"], "1994-01-08");
    assert_eq!(odd(&facts), []);
}
