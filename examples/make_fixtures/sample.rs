//! A complete dossier for notice 004 as an applicant has it: scans, born-digital papers, reports of others' programs.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use jiff::civil::date;
use juanzong::typeset::{PdfForm, TemplateSource, Typesetter};
use serde_json::{Value, json};

use crate::{
    chsi::{self, Report},
    scan::{self, Scanner},
    text_font::Embedding,
    write,
};

/// One paper of the dossier: slot, file, title in the contents page, note.
struct Paper(
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
);

const PAPERS: &[Paper] = &[
    Paper(
        "commitment",
        "01-真实性承诺书.pdf",
        "申报材料真实性承诺书",
        None,
    ),
    Paper(
        "public_notice",
        "02-单位公示证明.pdf",
        "单位公示及公示情况证明",
        None,
    ),
    Paper(
        "degree",
        "03-毕业证书.pdf",
        "苏北理工大学本科毕业证书复印件",
        None,
    ),
    Paper(
        "degree",
        "04-学位证书.pdf",
        "苏北理工大学工学学士学位证书复印件",
        None,
    ),
    Paper(
        "degree",
        "05-学历证书电子注册备案表.pdf",
        "教育部学历证书电子注册备案表",
        None,
    ),
    Paper(
        "degree",
        "06-学位在线验证报告.pdf",
        "中国高等教育学位在线验证报告",
        None,
    ),
    Paper(
        "qualification",
        "07-助理工程师资格证书.pdf",
        "助理工程师资格证书复印件",
        None,
    ),
    Paper(
        "appointment",
        "08-助理工程师聘书.pdf",
        "助理工程师聘书复印件",
        None,
    ),
    Paper(
        "annual_assessment",
        "09-年度考核表2019-2023.pdf",
        "2019—2023年度专业技术人员年度考核表",
        Some("五年"),
    ),
    Paper(
        "continuing_education",
        "10-继续教育公共科目合格证明.pdf",
        "继续教育公共科目培训考核合格证明",
        None,
    ),
    Paper(
        "continuing_education",
        "11-HAZOP培训合格证书.pdf",
        "石化装置过程安全管理与HAZOP分析培训合格证书",
        None,
    ),
    Paper(
        "awards",
        "12-行业科技进步奖.pdf",
        "2022年度行业科学技术进步奖三等奖证书及个人作用证明",
        Some("第二完成人"),
    ),
    Paper(
        "summary",
        "13-专业技术工作总结.pdf",
        "任现职以来工作经历和专业技术工作总结",
        None,
    ),
    Paper(
        "papers",
        "14-期刊封面和目录.pdf",
        "《石化技术示例》2022年第4期封面、目录",
        None,
    ),
    Paper(
        "papers",
        "15-论文正文.pdf",
        "论文《芳烃抽提装置低温热梯级回收的夹点分析与应用》",
        Some("第一作者"),
    ),
    Paper("papers", "16-文献库收录页.pdf", "文献库收录打印页", None),
    Paper(
        "patents",
        "17-实用新型专利证书及效益证明.pdf",
        "实用新型专利证书及经济效益证明",
        Some("第一发明人"),
    ),
    Paper(
        "achievements",
        "18-项目竣工验收意见.pdf",
        "节能改造项目竣工验收意见及人员名单",
        None,
    ),
    Paper(
        "achievements",
        "19-工艺流程图.pdf",
        "塔顶热联合工艺流程图",
        None,
    ),
    Paper(
        "review_form",
        "20-评审申报表.pdf",
        "专业技术资格评审申报表",
        None,
    ),
    Paper(
        "situation_sheet",
        "21-情况表.pdf",
        "专业技术人员情况表",
        None,
    ),
    Paper("brief_sheet", "22-简介表A3.pdf", "专业技术人员简介表", None),
];

/// Pages of `examples/make_fixtures/pages`.
pub struct Pages(Typesetter);

impl Pages {
    pub fn open() -> Pages {
        let folder = PathBuf::from("examples/make_fixtures/pages");
        Pages(Typesetter::new(&TemplateSource::Folder(folder)).unwrap_or_else(|e| panic!("{e}")))
    }
    /// The page as its author saved it.
    pub fn digital(&self, name: &str, title: &str) -> Vec<u8> {
        self.digital_with(name, title, &json!({}))
    }
    /// The same with what differs from paper to paper.
    pub fn digital_with(&self, name: &str, title: &str, data: &Value) -> Vec<u8> {
        let form = PdfForm::plain(title, Some(date(2024, 7, 26)));
        let made = self.0.typeset(name, data, &form);
        made.unwrap_or_else(|e| panic!("{name}: {e}")).pdf
    }
    /// The page printed, stamped, signed and scanned.
    pub fn scanned(&self, name: &str, data: &Value, scanner: Scanner) -> Vec<scan::Picture> {
        let made = self.0.typeset(name, data, &PdfForm::plain(name, None));
        let made = made.unwrap_or_else(|e| panic!("{name}: {e}"));
        scan::scan(&made.pdf, scanner)
    }
}

/// What the scanner's own reading found on the diploma.
const DIPLOMA: &[scan::Line] = &[
    (225.0, 735.0, 12.0, "普通高等学校"),
    (212.0, 695.0, 34.0, "毕业证书"),
    (
        88.0,
        640.0,
        14.0,
        "学生沈知远性别男，一九九二年四月十八日生，",
    ),
    (
        88.0,
        612.0,
        14.0,
        "于二〇一一年九月至二〇一五年六月在本校化学",
    ),
    (
        88.0,
        584.0,
        14.0,
        "工程与工艺专业四年制本科学习，修完教学计划",
    ),
    (88.0, 557.0, 14.0, "规定的全部课程，成绩合格，准予毕业。"),
    (88.0, 482.0, 14.0, "校名：苏北理工大学"),
    (365.0, 489.0, 14.0, "校（院）长：顾维桢"),
    (88.0, 450.0, 10.5, "证书编号：993201201505001234"),
    (370.0, 453.0, 14.0, "二〇一五年六月二十日"),
];

/// What it found on the degree certificate.
const DEGREE: &[scan::Line] = &[
    (180.0, 705.0, 34.0, "学士学位证书"),
    (
        88.0,
        640.0,
        14.0,
        "沈知远，男，1992年4月18日生。在苏北理工大学",
    ),
    (
        88.0,
        612.0,
        14.0,
        "完成了化学工程与工艺专业本科学习计划，业已毕",
    ),
    (
        88.0,
        584.0,
        14.0,
        "业，经审核符合《中华人民共和国学位条例》的规定，",
    ),
    (88.0, 557.0, 14.0, "授予工学学士学位。"),
    (88.0, 482.0, 14.0, "苏北理工大学"),
    (330.0, 489.0, 14.0, "学位评定委员会主席：顾维桢"),
    (88.0, 450.0, 10.5, "证书编号：9932042015001234"),
    (370.0, 453.0, 14.0, "二〇一五年六月二十日"),
];

pub fn make(fixtures: &Path) {
    let folder = fixtures.join("sample/004");
    let pages = Pages::open();
    let none = json!({});
    let put = |number: usize, bytes: &[u8]| {
        let name = PAPERS[number - 1].1;
        assert!(name.starts_with(&format!("{number:02}-")), "{name}");
        write(&folder.join(name), bytes);
    };
    let scanned = |name: &str, scanner: Scanner| scan::to_pdf(&pages.scanned(name, &none, scanner));
    put(1, &scanned("commitment", Scanner::new(1)));
    put(2, &scanned("public-notice", Scanner::new(2)));
    let diploma = pages.scanned("diploma", &none, Scanner::new(3).dpi(300.0));
    put(3, &scan::to_searchable_pdf(&diploma, DIPLOMA));
    let degree = pages.scanned("degree", &none, Scanner::new(4));
    put(4, &scan::to_searchable_pdf(&degree, DEGREE));
    put(5, &education_report(Embedding::Subset));
    put(6, &degree_report());
    put(7, &scanned("qualification", Scanner::new(7)));
    put(8, &scanned("appointment", Scanner::new(8)));
    put(
        9,
        &scan::to_pdf(&pages.scanned("assessment", &assessments(), Scanner::new(9))),
    );
    put(10, &scanned("continuing", Scanner::new(10)));
    // a landscape certificate fed upright: the picture lies on its side, `/Rotate` shows it upright
    let lying: Vec<_> = pages.scanned("training", &none, Scanner::new(11));
    let lying: Vec<_> = lying.iter().map(scan::turned).collect();
    put(11, &scan::to_pdf_turned(&lying, 90));
    put(12, &scanned("award", Scanner::new(12)));
    put(13, &pages.digital("summary", "专业技术工作总结"));
    let mut cover = pages.scanned("journal-cover", &none, Scanner::new(14));
    cover.extend(pages.scanned("journal-contents", &none, Scanner::new(15)));
    put(14, &scan::to_pdf(&cover));
    put(
        15,
        &pages.digital("article", "芳烃抽提装置低温热梯级回收的夹点分析与应用"),
    );
    put(16, &pages.digital("database", "示例学术文献库"));
    put(17, &scanned("patent", Scanner::new(17)));
    put(18, &scanned("achievement", Scanner::new(18)));
    put(19, &pages.digital("drawing", "塔顶热联合工艺流程图"));
    put(20, &pages.digital("review-form", "专业技术资格评审申报表"));
    put(21, &scanned("situation-sheet", Scanner::new(21)));
    put(22, &pages.digital("brief-sheet", "专业技术人员简介表"));
    write(&folder.join("dossier.toml"), dossier().as_bytes());
}

/// 学历备案表 of the applicant, updated five weeks before `--on 2024-08-20`.
pub fn education_report(embedding: Embedding) -> Vec<u8> {
    chsi::report(&Report {
        title: "教育部学历证书电子注册备案表",
        updated: "更新日期：2024年07月12日",
        rows: &chsi::education_rows(),
        code: "ASAMPLE0K7Q2M9X4",
        notes: chsi::NOTES,
        embedding,
        photo: true,
    })
}

fn degree_report() -> Vec<u8> {
    chsi::report(&Report {
        title: "中国高等教育学位在线验证报告",
        updated: "更新日期：2024年07月12日",
        rows: &chsi::degree_rows(),
        code: "ASAMPLE0T3V8B6N1",
        notes: chsi::NOTES,
        embedding: Embedding::Named,
        photo: true,
    })
}

fn assessments() -> Value {
    let year = |year: u16, post: &str, grade: &str, report: &[&str], opinion: &str| {
        json!({
            "year": year, "post": post, "grade": grade, "report": report, "opinion": opinion,
            "signed": format!("{}年1月8日", year + 1), "sealed": format!("{}年1月15日", year + 1),
        })
    };
    json!({"years": [
        year(2019, "装置工艺负责人", "合格", &[
            "一年来，本人认真履行装置工艺负责人职责，完成装置工艺月报12期，组织工艺纪律检查46次，工艺平稳率保持在99.2%以上。",
            "6月起承担溶剂系统长周期运行攻关，建立溶剂pH值、总酸值定期分析台账，查明再生塔真空度下降原因，提出喷射泵改造建议并被采纳。",
            "参加工程师继续教育72学时，完成公共科目学习，考核合格。不足之处是对设备腐蚀机理掌握不深，下一年度将加强学习。"
        ], "该同志工作踏实，专业基础较好，较好完成了年度工作任务。"),
        year(2020, "装置工艺负责人", "合格", &[
            "完成溶剂系统攻关，溶剂单耗由0.031千克/吨下降到0.014千克/吨，装置实现连续运行26个月，创投产以来最好水平。",
            "主持修订装置操作规程2项，编制开停工方案4份，装置大检修停工实现“气不上天、油不落地”。",
            "疫情期间坚守岗位，保证装置安全平稳运行。全年无违章违纪行为，完成继续教育72学时。"
        ], "该同志攻关成效显著，责任心强，同意考核等次为合格。"),
        year(2021, "主任工程师", "优秀", &[
            "担任芳烃抽提装置低温热梯级回收与节能改造项目工艺负责人，完成换热网络夹点分析与三个方案的比选，编制工艺设计文件11册。",
            "10月装置大检修期间驻守现场47天，组织三查四定整改问题138项，11月改造一次开车成功。",
            "以第一发明人获授权实用新型专利一项。指导青年技术人员2名。完成继续教育80学时。"
        ], "该同志业务能力强，项目成效突出，建议评为优秀。"),
        year(2022, "主任工程师", "优秀", &[
            "3月组织装置72小时标定，改造后综合能耗下降11.1%，年效益612万元，项目5月通过验收，12月获行业科学技术进步奖三等奖。",
            "7月起承担苯乙烯罐区挥发性有机物治理项目工艺设计，完成冷凝加吸附组合工艺比选和工艺包编制。",
            "以第一作者发表论文一篇，参加HAZOP分析专题培训40学时。全年完成继续教育90学时。"
        ], "该同志成绩突出，群众公认，建议评为优秀。"),
        year(2023, "主任工程师", "合格", &[
            "罐区挥发性有机物治理项目6月投用，非甲烷总烃排放浓度稳定在20毫克/立方米以下，通过环保验收。",
            "开展装置能量系统优化第二轮诊断，提出优化措施9项，已实施5项，年增效140万元。",
            "参加园区化工过程安全专家互查，提出整改建议47条。编写培训教材一册，授课24学时，完成继续教育公共科目30学时。"
        ], "该同志较好完成全年各项任务，同意考核等次为合格。"),
    ]})
}

/// The dossier file beside the papers (DESIGN §8).
fn dossier() -> String {
    let mut text = String::from(
        r#"# A complete sample dossier for notice 004; made by examples/make_fixtures, all persons and firms are invented.
notice = "lianyungang-gongxin-kaohe-2024"

[applicant]
name = "沈知远"
sex = "男"
born = "1992-04-18"
id_number = "320700199204180036"
unit = "连云港澄屿石化工程有限公司"
phone = "13000000127"
specialty = "石油化工工程"
specialty_short = "石化"
current_title = "助理工程师"
applied_title = "工程师"

[applicant.more]
"毕业院校" = "苏北理工大学"
"所学专业" = "化学工程与工艺"
"毕业时间" = "2015-06-20"
"学历" = "大学本科"
"学位" = "工学学士"
"参加工作时间" = "2015-07-06"
"现资格取得时间" = "2016-12-20"
"聘任时间" = "2017-01-01"
"行政职务" = "主任工程师"
"申报类型" = "考核认定"
"#,
    );
    for Paper(slot, file, title, note) in PAPERS {
        let _ = write!(
            text,
            "\n[[item]]\nslot = \"{slot}\"\nfile = \"{file}\"\ntitle = \"{title}\"\n"
        );
        if let Some(note) = note {
            let _ = writeln!(text, "note = \"{note}\"");
        }
    }
    text
}
