//! Pass and fail files of the checks of papers, `fixtures/checks/<CODE>/`, each folder with its `case.toml`.

use std::path::Path;

use super::{
    defects::bad,
    draw::Page,
    reports::education_c,
    writers::{Writer, write},
};

const LYG_004: &str = "lianyungang-gongxin-kaohe-2024";
const LYG_002: &str = "lianyungang-pingshen-2024";
const HAIZHOU: &str = "haizhou-chuding-2023h1";
const SUZHOU: &str = "suzhou-chuding";

/// Pages of lines: `(x, size, text)`, one under the other.
fn paper(lines: &[(f64, f64, &str)]) -> Vec<Page> {
    let mut page = Page::default();
    let mut y = 770.0;
    for (x, size, text) in lines {
        if *x < 0.0 {
            page.centred(y, *size, text);
        } else {
            // A negative size puts the text on the line of the one before it.
            if *size < 0.0 {
                y += 26.0;
            }
            page.text(*x, y, size.abs(), text);
        }
        y -= 26.0;
    }
    vec![page]
}

struct Folder<'a> {
    code: &'a str,
    notice: &'a str,
    slot: &'a str,
    more: &'a str,
    files: Vec<(&'a str, Vec<Page>)>,
}

pub fn make(fixtures: &Path) {
    for folder in folders() {
        let at = fixtures.join("checks").join(folder.code);
        for (name, pages) in &folder.files {
            crate::write(&at.join(format!("{name}.pdf")), &write(Writer::Song, pages));
        }
        let case = format!(
            "notice = \"{}\"\nslot = \"{}\"\n{}",
            folder.notice, folder.slot, folder.more
        );
        crate::write(&at.join("case.toml"), case.as_bytes());
    }
}

fn report_with(change: impl Fn(&mut super::layouts::Report)) -> Vec<Page> {
    let mut report = education_c();
    change(&mut report);
    vec![report.draw()]
}

fn notice(range: &str) -> Vec<Page> {
    paper(&[
        (-1.0, 20.0, "公示证明"),
        (80.0, 14.0, "我单位林知远申报中级职称的材料"),
        (60.0, 14.0, range),
        (60.0, 14.0, "在单位公告栏公示，无异议。"),
        (380.0, 14.0, "云台化工有限公司"),
        (390.0, 14.0, "2024年8月19日"),
    ])
}

fn assessment(year: &str, grade: &str) -> Page {
    let title = format!("专业技术人员年度考核表（{year}年度）");
    let mut page = Page::default();
    page.centred(770.0, 18.0, "专业技术人员年度考核表");
    page.centred(744.0, 12.0, &format!("（{year}年度）"));
    page.text(60.0, 710.0, 12.0, "姓名");
    page.text(140.0, 710.0, 12.0, "林知远");
    page.text(60.0, 680.0, 12.0, "个人总结");
    page.text(140.0, 680.0, 12.0, "完成装置改造两项，编写操作规程一份。");
    page.text(60.0, 650.0, 12.0, "考核等次");
    page.text(140.0, 650.0, 12.0, grade);
    let _ = title;
    page
}

fn education_proof(years: &[&str]) -> Vec<Page> {
    let mut lines = vec![
        (-1.0, 18.0, "继续教育公共科目培训考核合格证明"),
        (60.0, 12.0, "姓名：林知远"),
    ];
    let rows: Vec<String> = years
        .iter()
        .map(|year| format!("{year}年度公需科目"))
        .collect();
    for row in &rows {
        lines.push((60.0, 12.0, row));
        lines.push((300.0, -12.0, "合格"));
    }
    paper(&lines)
}

fn insurance(months: &[&str]) -> Vec<Page> {
    let mut lines = vec![
        (-1.0, 18.0, "社会保险参保缴费证明"),
        (60.0, 12.0, "姓名：林知远"),
        (60.0, 12.0, "参保单位：云台化工有限公司"),
        (60.0, 12.0, "缴费年月"),
        (300.0, -12.0, "缴费基数"),
    ];
    for month in months {
        lines.push((60.0, 12.0, month));
        lines.push((300.0, -12.0, "5200.00"));
    }
    lines.push((60.0, 12.0, "打印日期：2024年8月2日"));
    paper(&lines)
}

fn opinion(text: &str) -> Vec<Page> {
    paper(&[
        (-1.0, 18.0, "专业技术资格初定申报表"),
        (60.0, 12.0, "姓名"),
        (140.0, -12.0, "林知远"),
        (60.0, 12.0, "鉴定意见"),
        (140.0, -12.0, text),
        (140.0, 12.0, "负责人签字："),
        (380.0, 12.0, "年　月　日"),
    ])
}

/// Nothing but consent, under a round seal whose letters stand each for itself.
fn sealed_opinion() -> Vec<Page> {
    let mut pages = opinion("同意");
    if let Some(page) = pages.first_mut() {
        for (i, letter) in "云台石化工程有限公司人事专用章".chars().enumerate() {
            let angle = (205.0 - 230.0 * i as f64 / 14.0).to_radians();
            let (x, y) = (430.0 + 46.0 * angle.cos(), 690.0 + 46.0 * angle.sin());
            page.text(x, y, 11.0, &letter.to_string());
        }
    }
    pages
}

/// An appraisal beside a label of three lines, whose lines stand at other heights.
fn opinion_beside_a_wrapped_label() -> Vec<Page> {
    let mut page = Page::default();
    page.centred(780.0, 18.0, "专业技术资格初定申报表");
    page.text(60.0, 740.0, 12.0, "姓名");
    page.text(140.0, 740.0, 12.0, "林知远");
    for (y, label) in [(692.0, "单位"), (676.0, "鉴定"), (660.0, "意见")] {
        page.text(66.0, y, 12.0, label);
    }
    for (y, line) in [
        (700.0, "该同志见习期内独立完成三套装置的工艺设计，"),
        (684.0, "工作认真负责，业务能力强，"),
        (668.0, "同意申报。"),
    ] {
        page.text(140.0, y, 12.0, line);
    }
    page.text(140.0, 640.0, 12.0, "负责人签字：");
    vec![page]
}

fn summary(sentences: usize) -> Vec<Page> {
    // 40 Chinese characters a sentence, 20 a line.
    let (first, second) = (
        "主持完成聚合装置节能改造项目编制工艺方案",
        "组织现场调试解决换热器结垢问题并形成规程。",
    );
    let mut page = Page::default();
    page.centred(790.0, 18.0, "专业技术工作总结");
    let mut y = 760.0;
    for _ in 0..sentences {
        for line in [first, second] {
            page.text(80.0, y, 12.0, line);
            y -= 16.0;
        }
    }
    page.text(420.0, y - 4.0, 12.0, "林知远");
    page.text(410.0, y - 22.0, 12.0, "2024年8月1日");
    vec![page]
}

fn award(date: &str) -> Vec<Page> {
    paper(&[
        (-1.0, 24.0, "荣誉证书"),
        (80.0, 14.0, "林知远同志："),
        (80.0, 14.0, "被评为云台市先进科技工作者。"),
        (380.0, 14.0, "云台市科学技术协会"),
        (390.0, 14.0, date),
    ])
}

fn card(name: &str, number: &str, back: bool) -> Vec<Page> {
    let number = format!("公民身份号码 {number}");
    let name = format!("姓名 {name}");
    let mut lines = vec![
        (80.0, 12.0, name.as_str()),
        (80.0, 12.0, "性别 女 民族 汉"),
        (80.0, 12.0, "出生 1994年1月8日"),
        (80.0, 12.0, "住址 江苏省云台市锦屏路1号"),
        (80.0, 12.0, number.as_str()),
    ];
    if back {
        lines.push((-1.0, 16.0, "中华人民共和国"));
        lines.push((-1.0, 18.0, "居民身份证"));
        lines.push((80.0, 12.0, "签发机关 云台市公安局"));
        lines.push((80.0, 12.0, "有效期限 2015.03.02-2035.03.02"));
    }
    paper(&lines)
}

/// An invented number of a region that does not exist, with its right check sign.
const NUMBER: &str = "329900199401080028";

fn right(number: &str) -> String {
    let digits: Vec<u32> = number
        .chars()
        .take(17)
        .map(|c| c.to_digit(10).expect("digits"))
        .collect();
    let sum = digits.iter().fold(0, |sum, digit| (sum + digit) * 2 % 11);
    let signs = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
    format!("{}{}", &number[..17], signs[sum as usize])
}

fn folders() -> Vec<Folder<'static>> {
    let good = || report_with(|_| {});
    let folder = |code, notice, slot, files| Folder {
        code,
        notice,
        slot,
        more: "",
        files,
    };
    let number: String = right(NUMBER);
    let wrong = format!(
        "{}{}",
        &number[..17],
        if number.ends_with('5') { '6' } else { '5' }
    );
    let mut student = bad("student");
    student.truncate(1);
    let holder = "[holder]\nname = \"林知远\"\nsex = \"女\"\nborn = \"1994-01-08\"\n";
    vec![
        folder(
            "CH101",
            LYG_004,
            "degree",
            vec![("pass-record", good()), ("fail-student", student)],
        ),
        folder(
            "CH102",
            LYG_004,
            "degree",
            vec![
                (
                    "pass-last-day",
                    report_with(|r| r.issued.0 = "2024年5月20日".to_owned()),
                ),
                (
                    "fail-day-after",
                    report_with(|r| r.issued.0 = "2024年5月19日".to_owned()),
                ),
                (
                    "fail-future",
                    report_with(|r| r.issued.0 = "2024年8月21日".to_owned()),
                ),
            ],
        ),
        folder(
            "CH103",
            HAIZHOU,
            "degree",
            vec![
                (
                    "pass-first-month",
                    report_with(|r| r.issued.0 = "2024年8月1日".to_owned()),
                ),
                (
                    "fail-seven-months",
                    report_with(|r| r.issued.0 = "2024年1月10日".to_owned()),
                ),
                ("fail-expiry-printed", bad("expiry")),
            ],
        ),
        folder(
            "CH104",
            HAIZHOU,
            "degree",
            vec![
                ("pass-whole", good()),
                ("fail-half", bad("half")),
                ("fail-two", bad("two")),
            ],
        ),
        folder(
            "CH105",
            LYG_004,
            "degree",
            vec![
                ("pass-plain", good()),
                ("fail-hidden", bad("hidden")),
                ("fail-fonts", bad("fonts")),
            ],
        ),
        folder(
            "CH106",
            LYG_004,
            "degree",
            vec![("pass-text", good()), ("fail-image", bad("image"))],
        ),
        folder(
            "CH107",
            LYG_004,
            "degree",
            vec![
                ("pass-code", good()),
                (
                    "fail-form",
                    report_with(|r| r.code = "B7K2M9P4R6T3W8Y5".to_owned()),
                ),
                (
                    "fail-look-alike",
                    report_with(|r| r.code = "1O2938475613".to_owned()),
                ),
            ],
        ),
        folder(
            "CH108",
            LYG_004,
            "degree",
            vec![
                ("pass-number", good()),
                (
                    "fail-year",
                    report_with(|r| {
                        r.set("graduated_on", "2015年06月20日", "2015-06-20");
                    }),
                ),
            ],
        ),
        folder(
            "CH109",
            LYG_004,
            "degree",
            vec![("pass-host", good()), ("fail-host", bad("host"))],
        ),
        folder(
            "TX101",
            SUZHOU,
            "summary",
            vec![("pass-820", summary(21)), ("fail-780", summary(19))],
        ),
        folder(
            "TX102",
            HAIZHOU,
            "review_form",
            vec![
                (
                    "pass-appraisal",
                    opinion("该同志业务能力强，独立完成三套装置的工艺设计，工作认真负责，"),
                ),
                ("fail-yes", opinion("同意")),
                ("fail-true", opinion("情况属实，同意申报。")),
                ("fail-seal", sealed_opinion()),
                ("pass-wrapped", opinion_beside_a_wrapped_label()),
            ],
        ),
        folder(
            "TX103",
            LYG_004,
            "annual_assessment",
            vec![
                (
                    "pass-good",
                    vec![
                        assessment("2022", "合格"),
                        assessment("2023", "□优秀　☑合格　□基本合格　□不合格"),
                    ],
                ),
                (
                    "fail-basic",
                    vec![assessment("2022", "合格"), assessment("2023", "基本合格")],
                ),
            ],
        ),
        folder(
            "DT101",
            LYG_004,
            "public_notice",
            vec![
                ("pass-six", notice("自2024年8月8日至2024年8月15日")),
                ("fail-four", notice("自2024年8月8日至8月13日")),
                ("fail-first-day-counted", notice("自2024年8月8日至8月14日")),
            ],
        ),
        folder(
            "DT102",
            HAIZHOU,
            "annual_assessment",
            vec![
                (
                    "pass-two",
                    vec![assessment("2022", "合格"), assessment("2023", "合格")],
                ),
                (
                    "fail-gap",
                    vec![assessment("2021", "合格"), assessment("2023", "合格")],
                ),
            ],
        ),
        folder(
            "DT103",
            HAIZHOU,
            "continuing_education",
            vec![
                ("pass-three", education_proof(&["2021", "2022", "2023"])),
                ("fail-gap", education_proof(&["2021", "2023"])),
            ],
        ),
        folder(
            "DT104",
            SUZHOU,
            "social_insurance",
            vec![
                ("pass-three", insurance(&["202405", "202406", "202407"])),
                ("fail-gap", insurance(&["202403", "202405", "202407"])),
            ],
        ),
        folder(
            "DT105",
            LYG_002,
            "achievements",
            vec![
                ("pass-day", award("2024年3月31日")),
                ("fail-day-after", award("二〇二四年四月一日")),
            ],
        ),
        folder(
            "ID101",
            HAIZHOU,
            "identity",
            vec![
                ("pass-both", card("林知远", &number, true)),
                ("fail-front", card("林知远", &number, false)),
            ],
        ),
        Folder {
            more: holder,
            ..folder(
                "ID102",
                LYG_004,
                "degree",
                vec![
                    ("pass-same", good()),
                    (
                        "fail-name",
                        report_with(|r| {
                            r.set("name", "林志远", "林志远");
                        }),
                    ),
                    (
                        "fail-birth-date",
                        report_with(|r| {
                            r.set("born_on", "1994年01月09日", "1994-01-09");
                        }),
                    ),
                ],
            )
        },
        folder(
            "ID103",
            HAIZHOU,
            "identity",
            vec![
                ("pass-number", card("林知远", &number, true)),
                ("fail-sign", card("林知远", &wrong, true)),
            ],
        ),
        folder(
            "ID104",
            HAIZHOU,
            "identity",
            vec![
                ("pass-rare", card("林䶮", &number, true)),
                ("fail-private", card("林\u{e123}", &number, true)),
            ],
        ),
    ]
}
