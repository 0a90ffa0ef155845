//! Complete sample dossiers for the notices 000, 001, 002 and 003, and the papers of their bad twins.
//!
//! One invented newcomer applies for an initial title in three cities and shares her papers between them; the review of
//! notice 002 takes the papers of `sample/004`. What is wrong with a twin's paper is one change of the good one.

use std::{fmt::Write as _, path::Path};

use serde_json::{Value, json};

use crate::{
    document::{
        draw::Page,
        layouts::{Kind, Layout, Report, Row},
        reports::education_c,
        writers::{self, Writer},
    },
    sample::Pages,
    scan::{self, Scanner},
    write,
};

/// Who applies, for the dossier files of three cities.
const NEWCOMER: &str = r#"name = "顾思渺"
sex = "女"
born = "2000-03-15"
id_number = "320700200003150004"
phone = "13000000215"
specialty = "电气工程"
applied_title = "助理工程师"
"#;

/// A dossier file: its name, notice, what follows `[applicant]`, and its papers (slot, file, title).
struct Filing {
    name: &'static str,
    notice: &'static str,
    about: String,
    papers: &'static [(&'static str, &'static str, &'static str)],
}

fn filings() -> Vec<Filing> {
    let newcomer = |unit: &str, circumstances: &str| {
        format!("{NEWCOMER}unit = \"{unit}\"\ncircumstances = [{circumstances}]\n")
    };
    vec![
        Filing {
            name: "000",
            notice: "haizhou-chuding-2023h1",
            about: newcomer(
                "连云港云台示例电气有限公司",
                "\"college_or_above\", \"dispatched_worker\"",
            ),
            papers: &[
                ("review_form", "initial/form.pdf", "专业技术资格初定申报表"),
                ("identity", "initial/identity-card.pdf", "身份证复印件"),
                ("degree", "initial/diploma.pdf", "毕业证书复印件"),
                (
                    "degree",
                    "initial/record-2023.pdf",
                    "教育部学历证书电子注册备案表",
                ),
                (
                    "continuing_education",
                    "initial/transcript.pdf",
                    "继续教育网络公共课成绩汇总表",
                ),
                (
                    "dispatch",
                    "initial/dispatch.pdf",
                    "工作证明、代缴社保协议和派遣用工合同",
                ),
            ],
        },
        Filing {
            name: "001",
            notice: "nantong-chuding-2023",
            about: newcomer("南通示例电气有限公司", "\"overseas_degree\""),
            papers: &[
                ("commitment", "initial/pledge.pdf", "诚信承诺书"),
                ("degree", "initial/cscse.pdf", "国外学历学位认证书"),
                ("summary", "initial/summary.pdf", "专业技术工作总结"),
            ],
        },
        Filing {
            name: "003",
            notice: "suzhou-chuding",
            about: newcomer("苏州示例电气有限公司", "\"insurance_not_found\""),
            papers: &[
                (
                    "degree",
                    "initial/record-2024.pdf",
                    "教育部学历证书电子注册备案表",
                ),
                ("consent", "initial/consent.pdf", "单位同意证明"),
                (
                    "social_insurance",
                    "initial/insurance.pdf",
                    "社会保险参保缴费证明",
                ),
                ("summary", "initial/summary.pdf", "专业技术工作总结"),
            ],
        },
        Filing {
            name: "002",
            notice: "lianyungang-pingshen-2024",
            about: "name = \"沈知远\"\nsex = \"男\"\nborn = \"1992-04-18\"\nid_number = \"320700199204180036\"\n\
                    unit = \"连云港澄屿石化工程有限公司\"\nphone = \"13000000127\"\nspecialty = \"石油化工工程\"\n\
                    current_title = \"助理工程师\"\napplied_title = \"工程师\"\n\
                    circumstances = [\"verifiable_on_platform\"]\n"
                .to_owned(),
            papers: &[
                ("review_form", "004/20-评审申报表.pdf", "专业技术资格评审申报表"),
                ("commitment", "004/01-真实性承诺书.pdf", "申报承诺书"),
                ("public_notice", "004/02-单位公示证明.pdf", "单位评前公示证明"),
                ("degree", "004/03-毕业证书.pdf", "本科毕业证书复印件"),
                ("degree", "004/04-学位证书.pdf", "工学学士学位证书复印件"),
                (
                    "degree",
                    "004/05-学历证书电子注册备案表.pdf",
                    "教育部学历证书电子注册备案表",
                ),
                (
                    "qualification",
                    "004/07-助理工程师资格证书.pdf",
                    "助理工程师资格证书",
                ),
                (
                    "annual_assessment",
                    "004/09-年度考核表2019-2023.pdf",
                    "2019—2023年度考核表",
                ),
                (
                    "continuing_education",
                    "004/10-继续教育公共科目合格证明.pdf",
                    "继续教育公需科目培训考核合格证明",
                ),
                ("papers", "004/15-论文正文.pdf", "论文"),
                (
                    "achievements",
                    "004/18-项目竣工验收意见.pdf",
                    "节能改造项目竣工验收意见",
                ),
            ],
        },
    ]
}

/// What the scanner's own reading found on the newcomer's diploma.
const DIPLOMA: &[scan::Line] = &[
    (225.0, 735.0, 12.0, "普通高等学校"),
    (212.0, 695.0, 34.0, "毕业证书"),
    (
        88.0,
        640.0,
        14.0,
        "学生顾思渺性别女，二〇〇〇年三月十五日生，于",
    ),
    (
        88.0,
        612.0,
        14.0,
        "二〇一八年九月至二〇二二年六月在本校电气工",
    ),
    (
        88.0,
        584.0,
        14.0,
        "程及其自动化专业四年制本科学习，修完教学",
    ),
    (
        88.0,
        557.0,
        14.0,
        "计划规定的全部课程，成绩合格，准予毕业。",
    ),
    (88.0, 482.0, 14.0, "校名：苏北理工大学"),
    (365.0, 489.0, 14.0, "校（院）长：顾维桢"),
    (88.0, 450.0, 10.5, "证书编号：993201202205005678"),
    (370.0, 453.0, 14.0, "二〇二二年六月二十日"),
];

const CARD_FRONT: &[scan::Line] = &[
    (170.0, 745.0, 11.0, "姓名 顾思渺"),
    (170.0, 722.0, 11.0, "性别 女 民族 汉"),
    (170.0, 700.0, 11.0, "出生 2000年3月15日"),
    (
        170.0,
        678.0,
        11.0,
        "住址 江苏省连云港市示例区示例路1号2幢301室",
    ),
    (170.0, 620.0, 13.0, "公民身份号码 320700200003150004"),
];

const CARD_BACK: &[scan::Line] = &[
    (240.0, 545.0, 16.0, "中华人民共和国"),
    (240.0, 515.0, 20.0, "居民身份证"),
    (190.0, 440.0, 11.0, "签发机关 连云港市公安局示例分局"),
    (190.0, 420.0, 11.0, "有效期限 2020.04.02-2030.04.02"),
];

pub fn make(fixtures: &Path) {
    let samples = fixtures.join("sample");
    let (folder, bad) = (samples.join("initial"), samples.join("initial/bad"));
    let pages = Pages::open();
    let none = json!({});
    let digital = |name: &str, title: &str, data: &Value| pages.digital_with(name, title, data);
    let card = |lines: &[scan::Line], back: bool, seed: u64| {
        let scanned = pages.scanned("initial-card", &json!({"back": back}), Scanner::new(seed));
        scan::to_searchable_pdf(&scanned, lines)
    };
    write(
        &folder.join("form.pdf"),
        &digital("initial-form", "专业技术资格初定申报表", &none),
    );
    write(
        &folder.join("identity-card.pdf"),
        &card(&[CARD_FRONT, CARD_BACK].concat(), true, 31),
    );
    let diploma = pages.scanned("initial-diploma", &none, Scanner::new(32));
    write(
        &folder.join("diploma.pdf"),
        &scan::to_searchable_pdf(&diploma, DIPLOMA),
    );
    write(&folder.join("record-2023.pdf"), &record(|_| {}));
    write(&folder.join("record-2024.pdf"), &record(updated_2024));
    write(&folder.join("cscse.pdf"), &cscse("顾思渺"));
    for (file, page, title) in [
        ("transcript", "initial-transcript", "继续教育成绩汇总表"),
        ("dispatch", "initial-dispatch", "工作证明和三方协议"),
        ("consent", "initial-consent", "单位同意证明"),
        ("pledge", "initial-pledge", "诚信承诺书"),
    ] {
        write(
            &folder.join(file).with_extension("pdf"),
            &digital(page, title, &none),
        );
    }
    let insurance = |months: &[&str]| {
        digital(
            "initial-insurance",
            "社保缴费证明",
            &json!({"months": months}),
        )
    };
    write(
        &folder.join("insurance.pdf"),
        &insurance(&["202312", "202401", "202402"]),
    );
    let summary = |paragraphs: &[&str]| {
        digital(
            "initial-summary",
            "专业技术工作总结",
            &json!({"paragraphs": paragraphs}),
        )
    };
    write(&folder.join("summary.pdf"), &summary(SUMMARY));

    // What is wrong with each is one change of the paper above.
    write(
        &bad.join("form-only-agreed.pdf"),
        &digital(
            "initial-form",
            "专业技术资格初定申报表",
            &json!({"opinion": "同意申报。"}),
        ),
    );
    write(
        &bad.join("card-front-only.pdf"),
        &card(CARD_FRONT, false, 31),
    );
    write(
        &bad.join("record-of-another.pdf"),
        &record(|report| {
            report.set("name", "方以宁", "方以宁");
        }),
    );
    write(&bad.join("record-half.pdf"), &half(|_| {}));
    write(&bad.join("record-2024-half.pdf"), &half(updated_2024));
    write(
        &bad.join("record-2024-of-another.pdf"),
        &record(|report| {
            updated_2024(report);
            report.set("name", "方以宁", "方以宁");
        }),
    );
    write(&bad.join("cscse-of-another.pdf"), &cscse("方以宁"));
    write(
        &bad.join("insurance-with-a-gap.pdf"),
        &insurance(&["202311", "202401", "202402"]),
    );
    write(&bad.join("summary-too-short.pdf"), &summary(&SUMMARY[..3]));
    let review = samples.join("002/bad");
    write(
        &review.join("notice-four-days.pdf"),
        &lines(&[
            (20.0, "公示证明"),
            (14.0, "我单位沈知远申报中级职称的材料"),
            (14.0, "自2024年7月22日至2024年7月25日"),
            (14.0, "在单位公告栏公示，无异议。"),
            (14.0, "连云港澄屿石化工程有限公司"),
            (14.0, "2024年7月29日"),
        ]),
    );
    write(
        &review.join("award-after-the-day.pdf"),
        &lines(&[
            (24.0, "荣誉证书"),
            (14.0, "沈知远同志："),
            (14.0, "被评为示例市先进科技工作者。"),
            (14.0, "示例市科学技术协会"),
            (14.0, "2024年4月1日"),
        ]),
    );
    write(&review.join("record-half.pdf"), &half(shen));
    write(
        &review.join("record-of-another.pdf"),
        &record(|report| {
            shen(report);
            report.set("name", "方以宁", "方以宁");
        }),
    );
    for filing in filings() {
        let text = dossier(&filing);
        write(
            &samples.join(filing.name).with_extension("toml"),
            text.as_bytes(),
        );
    }
}

/// The newcomer's 备案表, updated 2023-05-12, with one change.
fn record(change: impl Fn(&mut Report)) -> Vec<u8> {
    writers::write(Writer::Song, &[newcomers(change).draw()])
}

/// The upper half of it.
fn half(change: impl Fn(&mut Report)) -> Vec<u8> {
    let mut page = newcomers(change).draw();
    page.texts.retain(|text| text.y > 450.0);
    page.pictures.retain(|picture| picture.y > 450.0);
    writers::write(Writer::Song, &[page])
}

fn newcomers(change: impl Fn(&mut Report)) -> Report {
    let mut report = education_c();
    report.code = "ASAMPLE0N5C2G7H4".to_owned();
    report.link = format!(
        "https://www.chsi.com.cn/xlcx/bg.do?vcode={}&srcid=bgcx",
        report.code
    );
    report.issued = ("2023年5月12日".to_owned(), "2023-05-12".to_owned());
    for (field, printed) in [
        ("name", "顾思渺"),
        ("sex", "女"),
        ("born_on", "2000年03月15日"),
        ("entered_on", "2018年09月01日"),
        ("graduated_on", "2022年06月20日"),
        ("school", "苏北理工大学"),
        ("major", "电气工程及其自动化"),
        ("certificate_number", "9932 0120 2205 0056 78"),
        ("president", "顾维桢"),
    ] {
        report.set(field, printed, printed);
    }
    change(&mut report);
    report
}

fn updated_2024(report: &mut Report) {
    report.issued = ("2024年2月20日".to_owned(), "2024-02-20".to_owned());
}

/// The same report for the applicant of `sample/004`.
fn shen(report: &mut Report) {
    report.issued = ("2024年7月12日".to_owned(), "2024-07-12".to_owned());
    for (field, printed) in [
        ("name", "沈知远"),
        ("sex", "男"),
        ("born_on", "1992年04月18日"),
        ("entered_on", "2011年09月01日"),
        ("graduated_on", "2015年06月20日"),
        ("major", "化学工程与工艺"),
        ("certificate_number", "9932 0120 1505 0012 34"),
    ] {
        report.set(field, printed, printed);
    }
}

/// 国外学历学位认证书
fn cscse(name: &str) -> Vec<u8> {
    let row = |field: &'static str, label: &str, printed: &str| Row {
        field,
        label: label.to_owned(),
        printed: printed.to_owned(),
        read: Some(printed.to_owned()),
    };
    let report = Report {
        kind: Kind::Foreign,
        layout: Layout::A,
        title: "国外学历学位认证书".to_owned(),
        issued: ("2023年08月16日".to_owned(), "2023-08-16".to_owned()),
        issued_label: "认证日期",
        expires: None,
        rows: vec![
            row("name", "姓名", name),
            row("sex", "性别", "女"),
            row("born_on", "出生日期", "2000年03月15日"),
            row("report_number", "认证书编号", "20239900001234"),
            row("school", "学校名称", "示例理工学院"),
            row("major", "专业", "电气工程"),
        ],
        code: String::new(),
        link: String::new(),
        colon: '：',
    };
    writers::write(Writer::Song, &[report.draw()])
}

/// A page of lines, one under the other, the first centred.
fn lines(lines: &[(f64, &str)]) -> Vec<u8> {
    let mut page = Page::default();
    let mut y = 770.0;
    for (index, (size, text)) in lines.iter().enumerate() {
        if index == 0 {
            page.centred(y, *size, text);
        } else {
            page.text(80.0, y, *size, text);
        }
        y -= 30.0;
    }
    writers::write(Writer::Song, &[page])
}

/// The dossier file (DESIGN §8).
fn dossier(filing: &Filing) -> String {
    let mut text = format!(
        "# A complete sample dossier; made by examples/make_fixtures, all persons and firms are invented.\nnotice = \"{}\"\n\n[applicant]\n{}",
        filing.notice, filing.about
    );
    for (slot, file, title) in filing.papers {
        let _ = write!(
            text,
            "\n[[item]]\nslot = \"{slot}\"\nfile = \"{file}\"\ntitle = \"{title}\"\n"
        );
    }
    text
}

/// More than 800 字 in all; the first three paragraphs alone have fewer.
const SUMMARY: &[&str] = &[
    "本人顾思渺，二〇〇〇年三月生，二〇二二年六月毕业于苏北理工大学电气工程及其自动化专业，获工学学士学位，同年七月参加工作，二〇二三年一月起在苏州示例电气有限公司技术部从事成套配电装置的设计与调试工作，现任电气技术员，尚未取得专业技术职称。工作以来，本人拥护党的领导，遵守国家法律法规和单位各项制度，爱岗敬业，团结同事，各年度考核均为合格。",
    "在专业技术工作方面，本人先后参加了三个配电工程项目。在某产业园二期十千伏开关站项目中，负责进出线柜和母联柜的二次原理图设计，完成图纸四十六张，核对端子表十二份，经现场一次送电成功；针对母联备自投装置在进线失压时拒动的问题，逐级测量电压回路，查明是电压互感器二次侧接地点重复造成电压偏移，提出取消柜内接地点、统一在保护屏一点接地的方案，整改后装置动作正确。",
    "在某水务公司泵站改造项目中，负责软起动柜和低压无功补偿柜的选型计算与调试，按照最大运行方式核算短路电流和电缆截面，发现原设计电缆热稳定不满足要求，及时办理设计变更，避免了返工；调试中利用录波仪分析起动电流曲线，将限流倍数由四点五倍调整到三点二倍，起动时母线电压降由百分之十八降低到百分之十一，满足了相邻设备的运行要求。",
    "在某医院配电室智能化改造项目中，参与电力监控系统的点表整理和通信调试，完成二百三十八个测点的对点试验，编写调试报告三份、操作手册一册，并为运行人员讲授培训课两次。结合项目经验，本人整理了开关柜二次接线常见差错清单，被部门采用为装配自检表，使接线差错率由千分之六下降到千分之二。",
    "在学习提高方面，本人坚持学习继电保护、电能质量和电气安全标准，参加继续教育公需科目学习两门，考核合格；参加国产继电保护装置调试专题培训四十学时；阅读专业书籍五册，撰写技术小结六篇，其中关于备自投装置拒动原因分析的一篇在公司技术交流会上宣读。",
    "回顾一年多的工作，本人在电气二次设计和现场调试方面打下了较好的基础，能够独立承担小型配电工程的二次设计任务，但对新能源接入和储能系统的保护配合了解还不够深入，项目组织协调能力有待提高。今后将继续加强理论学习，虚心向老技术人员请教，在实践中积累经验，争取为企业作出更大的贡献。",
];
