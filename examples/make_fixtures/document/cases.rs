//! The report files of `fixtures/chsi/`: every kind and layout by every writer, variants, and defects; and what must be read.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use serde_json::{Value, json};

use super::{
    draw::Page,
    layouts::{Kind, Layout, Report, Row},
    writers::{Writer, write},
};

/// One file.
struct Case {
    file: String,
    writer: &'static str,
    what: String,
    /// `None` for a file made elsewhere, kept in the folder.
    bytes: Option<Vec<u8>>,
    kind: &'static str,
    fields: BTreeMap<String, String>,
    /// Names of oddities, with the field.
    odd: Vec<(&'static str, Option<&'static str>)>,
    /// Certainty of every field.
    certainty: &'static str,
    /// Fields that are suspect all the same.
    suspect: Vec<&'static str>,
}

pub const CODE: &str = "A7K2M9P4R6T3W8Y5";

fn row(field: &'static str, label: &str, printed: &str, read: &str) -> Row {
    let read = if read == "-" {
        None
    } else {
        Some(read.to_owned())
    };
    Row {
        field,
        label: label.to_owned(),
        printed: printed.to_owned(),
        read,
    }
}

fn report(
    kind: Kind,
    layout: Layout,
    title: &str,
    issued_label: &'static str,
    rows: Vec<Row>,
) -> Report {
    Report {
        kind,
        layout,
        title: title.to_owned(),
        issued: ("2024年6月10日".to_owned(), "2024-06-10".to_owned()),
        issued_label,
        expires: None,
        rows,
        code: CODE.to_owned(),
        link: format!("https://www.chsi.com.cn/xlcx/bg.do?vcode={CODE}&srcid=bgcx"),
        colon: '：',
    }
}

/// The current 备案表.
pub fn education_c() -> Report {
    report(
        Kind::Education,
        Layout::C,
        "教育部学历证书电子注册备案表",
        "更新日期",
        vec![
            row("name", "姓名", "林知远", "林知远"),
            row("sex", "性别", "女", "女"),
            row("born_on", "出生日期", "1994年01月08日", "1994-01-08"),
            row("entered_on", "入学日期", "2012年09月01日", "2012-09-01"),
            row(
                "graduated_on",
                "毕（结）业日期",
                "2016年06月20日",
                "2016-06-20",
            ),
            row("school", "学校名称", "云台大学", "云台大学"),
            row("major", "专业", "化学工程与工艺", "化学工程与工艺"),
            row("duration", "学制", "4 年", "4年"),
            row("level", "层次", "本科", "本科"),
            row(
                "education_category",
                "学历类别",
                "普通高等教育",
                "普通高等教育",
            ),
            row("study_form", "学习形式", "普通全日制", "普通全日制"),
            row("conclusion", "毕（结）业", "毕业", "毕业"),
            row(
                "certificate_number",
                "证书编号",
                "9999 9120 1605 1234 56",
                "999991201605123456",
            ),
            row("president", "校（院）长姓名", "沈其行", "沈其行"),
        ],
    )
}

fn education_a() -> Report {
    let mut report = report(
        Kind::Education,
        Layout::A,
        "教育部学历证书电子注册备案表",
        "制表日期",
        vec![
            row("name", "姓名", "顾明川", "顾明川"),
            row("sex", "性别", "男", "男"),
            row("born_on", "出生日期", "1988年03月09日", "1988-03-09"),
            row("entered_on", "入学时间", "2006年09月01日", "2006-09-01"),
            row("graduated_on", "毕业时间", "2010年07月01日", "2010-07-01"),
            row("education_category", "学历类型", "普通", "普通"),
            row("level", "学历层次", "本科", "本科"),
            row("school", "毕业院校", "云台大学", "云台大学"),
            row("", "院校所在地", "江苏省", "-"),
            row("major", "专业名称", "机械工程", "机械工程"),
            row("study_form", "学习形式", "普通全日制", "普通全日制"),
            row("conclusion", "毕结业结论", "毕业", "毕业"),
            row(
                "certificate_number",
                "证书编号",
                "999991201005000123",
                "999991201005000123",
            ),
            row("president", "校（院）长姓名", "＊", "-"),
        ],
    );
    report.issued = ("2016年05月04日".to_owned(), "2016-05-04".to_owned());
    report.expires = Some(("2016年11月04日".to_owned(), "2016-11-04".to_owned()));
    report.code = "1029 3847 5613".to_owned();
    report
}

fn education_b() -> Report {
    let mut report = education_c();
    report.layout = Layout::B;
    report.issued = ("2022年3月5日".to_owned(), "2022-03-05".to_owned());
    report.code = "XB3D6F9H2J5L8N4Q".to_owned();
    report.link = "https://www.chsi.com.cn/xlcx/bg.do?vcode=XB3D6F9H2J5L8N4Q".to_owned();
    report
}

fn education_en() -> Report {
    let mut report = report(
        Kind::Education,
        Layout::English,
        "Online Verification Report of|Higher Education Qualification Certificate",
        "Date of Renewal",
        vec![
            row("name", "Name", "Lin Zhiyuan", "Lin Zhiyuan"),
            row("sex", "Gender", "Female", "Female"),
            row("born_on", "Date of Birth", "January 8, 1994", "1994-01-08"),
            row(
                "entered_on",
                "Date of Enrollment",
                "September 1, 2012",
                "2012-09-01",
            ),
            row(
                "graduated_on",
                "Date of Graduation",
                "June 20, 2016",
                "2016-06-20",
            ),
            row(
                "school",
                "Name of Institution",
                "Yuntai University",
                "Yuntai University",
            ),
            row(
                "major",
                "Major",
                "Chemical Engineering and Technology",
                "Chemical Engineering and Technology",
            ),
            row("duration", "Duration", "4 years", "4 years"),
            row("level", "Level", "Undergraduate", "Undergraduate"),
            row(
                "conclusion",
                "Graduation/Completion",
                "Graduation",
                "Graduation",
            ),
            row(
                "certificate_number",
                "Certificate No.",
                "999991201605123456",
                "999991201605123456",
            ),
            row("president", "President", "Shen Qixing", "Shen Qixing"),
        ],
    );
    report.issued = ("March 2, 2024".to_owned(), "2024-03-02".to_owned());
    report.expires = Some(("March 2, 2025".to_owned(), "2025-03-02".to_owned()));
    report
}

fn student_c() -> Report {
    let mut report = report(
        Kind::Student,
        Layout::C,
        "教育部学籍在线验证报告",
        "更新日期",
        vec![
            row("name", "姓名", "周以南", "周以南"),
            row("sex", "性别", "男", "男"),
            row("born_on", "出生日期", "2003年11月30日", "2003-11-30"),
            row("ethnic", "民族", "汉族", "汉族"),
            row("school", "学校名称", "锦屏理工学院", "锦屏理工学院"),
            row("level", "层次", "本科", "本科"),
            row(
                "major",
                "专业",
                "数据科学与大数据技术",
                "数据科学与大数据技术",
            ),
            row("duration", "学制", "4 年", "4年"),
            row(
                "education_category",
                "学历类别",
                "普通高等教育",
                "普通高等教育",
            ),
            row("study_form", "学习形式", "全日制", "全日制"),
            row("", "分院", "", "-"),
            row("", "系所", "计算机系", "-"),
            row("entered_on", "入学日期", "2021年09月01日", "2021-09-01"),
            row(
                "student_status",
                "学籍状态",
                "在籍（注册学籍）",
                "在籍(注册学籍)",
            ),
            row(
                "expected_graduation_on",
                "预计毕业日期",
                "2025年06月30日",
                "2025-06-30",
            ),
        ],
    );
    report.issued = ("2024年7月1日".to_owned(), "2024-07-01".to_owned());
    report
}

fn student_b() -> Report {
    let mut report = student_c();
    report.layout = Layout::B;
    report
        .rows
        .insert(4, row("", "证件号码", "3299**********0016", "-"));
    report.issued = ("2020年10月8日".to_owned(), "2020-10-08".to_owned());
    report
}

fn student_en() -> Report {
    let mut report = report(
        Kind::Student,
        Layout::English,
        "Online Verification Report of Student Record",
        "Date of Renewal",
        vec![
            row("name", "Name", "Zhou Yinan", "Zhou Yinan"),
            row("sex", "Gender", "Male", "Male"),
            row(
                "born_on",
                "Date of Birth",
                "November 30, 2003",
                "2003-11-30",
            ),
            row(
                "school",
                "Name of Institution",
                "Jinping Institute of Technology",
                "Jinping Institute of Technology",
            ),
            row("level", "Level", "Undergraduate", "Undergraduate"),
            row("major", "Major", "Data Science", "Data Science"),
            row(
                "entered_on",
                "Date of Enrollment",
                "September 1, 2021",
                "2021-09-01",
            ),
            row(
                "student_status",
                "Student Status",
                "Registered",
                "Registered",
            ),
        ],
    );
    report.issued = ("July 1, 2024".to_owned(), "2024-07-01".to_owned());
    report
}

fn degree_c() -> Report {
    let mut report = report(
        Kind::Degree,
        Layout::C,
        "中国高等教育学位在线验证报告",
        "更新日期",
        vec![
            row("name", "姓名", "林知远", "林知远"),
            row("sex", "性别", "女", "女"),
            row("born_on", "出生日期", "1994年01月08日", "1994-01-08"),
            row(
                "degree_granted_on",
                "获学位日期",
                "2016年06月22日",
                "2016-06-22",
            ),
            row("school", "学位授予单位", "云台大学", "云台大学"),
            row("degree", "所授学位", "工学学士", "工学学士"),
            row("major", "学科/专业", "化学工程与工艺", "化学工程与工艺"),
            row(
                "degree_number",
                "学位证书编号",
                "9999942016123456",
                "9999942016123456",
            ),
        ],
    );
    report.issued = ("2024年07月15日".to_owned(), "2024-07-15".to_owned());
    report
}

fn degree_b() -> Report {
    let mut report = degree_c();
    report.layout = Layout::B;
    report
}

fn degree_en() -> Report {
    let mut report = report(
        Kind::Degree,
        Layout::English,
        "Online Verification Report of|Higher Education Degree Certificate",
        "Date of Renewal",
        vec![
            row("name", "Name", "Lin Zhiyuan", "Lin Zhiyuan"),
            row("sex", "Gender", "Female", "Female"),
            row("born_on", "Date of Birth", "8 January 1994", "1994-01-08"),
            row(
                "degree_granted_on",
                "Date of Conferral",
                "22 June 2016",
                "2016-06-22",
            ),
            row(
                "school",
                "Degree-granting Institution",
                "Yuntai University",
                "Yuntai University",
            ),
            row(
                "degree",
                "Degree Conferred",
                "Bachelor of Engineering",
                "Bachelor of Engineering",
            ),
            row(
                "major",
                "Major",
                "Chemical Engineering",
                "Chemical Engineering",
            ),
            row(
                "degree_number",
                "Degree Certificate No.",
                "9999942016123456",
                "9999942016123456",
            ),
        ],
    );
    report.issued = ("15 July 2024".to_owned(), "2024-07-15".to_owned());
    report.expires = Some(("15 January 2025".to_owned(), "2025-01-15".to_owned()));
    report
}

/// Old certification reports: labels with values, no online code.
fn certification(kind: Kind, title: &str, issued_label: &'static str) -> Report {
    let mut report = report(
        kind,
        Layout::A,
        title,
        issued_label,
        vec![
            row("name", "姓名", "顾明川", "顾明川"),
            row("sex", "性别", "男", "男"),
            row("born_on", "出生日期", "1977年05月06日", "1977-05-06"),
            row("report_number", "报告编号", "20018346", "20018346"),
            row("school", "学校名称", "云台大学", "云台大学"),
            row("major", "专业", "机械制造", "机械制造"),
        ],
    );
    report.code = String::new();
    report.issued = ("2015年04月17日".to_owned(), "2015-04-17".to_owned());
    report
}

fn all_layouts() -> Vec<(&'static str, Report)> {
    let c = certification;
    vec![
        ("education-a", education_a()),
        ("education-b", education_b()),
        ("education-c", education_c()),
        ("education-en", education_en()),
        ("student-b", student_b()),
        ("student-c", student_c()),
        ("student-en", student_en()),
        ("degree-b", degree_b()),
        ("degree-c", degree_c()),
        ("degree-en", degree_en()),
        (
            "certification-education",
            c(
                Kind::EducationCertification,
                "中国高等教育学历认证报告",
                "打印日期",
            ),
        ),
        (
            "certification-degree",
            c(
                Kind::DegreeCertification,
                "中国高等教育学位认证报告",
                "打印日期",
            ),
        ),
        (
            "certification-cdgdc",
            c(
                Kind::Cdgdc,
                "教育部学位与研究生教育发展中心学位认证报告",
                "认证日期",
            ),
        ),
        (
            "cscse-foreign",
            c(Kind::Foreign, "国外学历学位认证书", "认证日期"),
        ),
        (
            "cscse-hongkong",
            c(Kind::Hongkong, "香港特别行政区学历学位认证书", "认证日期"),
        ),
        (
            "cscse-taiwan",
            c(Kind::Taiwan, "台湾地区学历学位认证书", "认证日期"),
        ),
    ]
}

fn case(
    name: &str,
    writer: Writer,
    what: &str,
    report: &Report,
    odd: &[(&'static str, Option<&'static str>)],
) -> Case {
    drawn(name, writer, what, report, &[report.draw()], odd)
}

fn drawn(
    name: &str,
    writer: Writer,
    what: &str,
    report: &Report,
    pages: &[Page],
    odd: &[(&'static str, Option<&'static str>)],
) -> Case {
    let withheld = report
        .rows
        .iter()
        .filter(|row| row.printed == "＊" && !row.field.is_empty())
        .map(|row| ("unknown_by_issuer", Some(row.field)));
    let mut all: Vec<_> = withheld.collect();
    all.extend_from_slice(odd);
    Case {
        file: format!("{name}-{}.pdf", writer.name()),
        writer: writer.name(),
        what: what.to_owned(),
        bytes: Some(write(writer, pages)),
        kind: report.wire_kind(),
        fields: report.expected(),
        odd: all,
        certainty: "certain",
        suspect: odd
            .iter()
            .filter(|(what, _)| *what == "verification_code_suspect")
            .filter_map(|(_, field)| *field)
            .collect(),
    }
}

fn variants(cases: &mut Vec<Case>) {
    let mut add = |name: &str, writer: Writer, what: &str, change: &dyn Fn(&mut Report)| {
        let mut report = education_c();
        change(&mut report);
        cases.push(case(name, writer, what, &report, &[]));
    };
    let long = "材料成型及控制工程（先进制造技术与智能装备方向）";
    add(
        "wrapped-major",
        Writer::Song,
        "专业 over two lines",
        &|r| {
            r.set(
                "major",
                long,
                "材料成型及控制工程(先进制造技术与智能装备方向)",
            );
        },
    );
    add(
        "wrapped-major",
        Writer::Glyphs,
        "专业 over two lines",
        &|r| {
            r.set(
                "major",
                long,
                "材料成型及控制工程(先进制造技术与智能装备方向)",
            );
        },
    );
    add(
        "half-width",
        Writer::Subset,
        "half-width brackets and colon",
        &|r| {
            r.colon = ':';
            for row in &mut r.rows {
                row.label = row.label.replace('（', "(").replace('）', ")");
            }
        },
    );
    add("padded-date", Writer::Song, "zero-padded date", &|r| {
        r.issued = ("2024年06月05日".to_owned(), "2024-06-05".to_owned());
    });
    add(
        "spaced-labels",
        Writer::Subset,
        "labels with wide spaces",
        &|r| {
            r.row("name").label = "姓　名".to_owned();
            r.row("sex").label = "性　别".to_owned();
            r.title = "教 育 部 学 历 证 书 电 子 注 册 备 案 表".to_owned();
        },
    );
    add(
        "unknown-value",
        Writer::Song,
        "＊ for the president",
        &|r| {
            r.row("president").printed = "＊".to_owned();
            r.row("president").read = None;
        },
    );
    add("twelve-digits", Writer::Song, "a code of 12 digits", &|r| {
        r.code = "102938475613".to_owned();
        r.link = "https://www.chsi.com.cn/xlcx/bg.do?vcode=102938475613".to_owned();
    });
    add(
        "spaced-code",
        Writer::Subset,
        "a code printed in groups",
        &|r| r.code = "A7K2 M9P4 R6T3 W8Y5".to_owned(),
    );
    add(
        "rare-name",
        Writer::Song,
        "a name of CJK Extension A",
        &|r| {
            r.set("name", "林䶮", "林䶮");
        },
    );
    add(
        "dotted-name",
        Writer::Subset,
        "a name with a middle dot",
        &|r| {
            r.set("name", "阿依努尔·买买提", "阿依努尔·买买提");
        },
    );
    add("master", Writer::Song, "硕士研究生", &|r| {
        r.set("level", "硕士研究生", "硕士研究生").set(
            "certificate_number",
            "999991201602123456",
            "999991201602123456",
        );
    });
    add("college", Writer::Subset, "专科, adult education", &|r| {
        r.set("level", "专科", "专科")
            .set("education_category", "成人高等教育", "成人高等教育")
            .set("study_form", "函授", "函授")
            .set(
                "certificate_number",
                "999995201606123456",
                "999995201606123456",
            );
    });
    add(
        "self-taught",
        Writer::Song,
        "自考: another numbering",
        &|r| {
            r.set(
                "certificate_number",
                "659901201399000012",
                "659901201399000012",
            );
        },
    );
    add(
        "seventeen-digits",
        Writer::Song,
        "17 digits of 2001",
        &|r| {
            r.set("graduated_on", "2001年07月01日", "2001-07-01").set(
                "certificate_number",
                "99999120010500012",
                "99999120010500012",
            );
        },
    );
}

fn defects(cases: &mut Vec<Case>) {
    let song = Writer::Song;
    let base = education_c;
    let mut push =
        |name: &str, what: &str, report: &Report, odd: &[(&'static str, Option<&'static str>)]| {
            cases.push(case(name, song, what, report, odd));
        };
    let number = Some("certificate_number");
    let code = Some("verification_code_masked");

    let mut r = base();
    r.issued = ("2024年03月02日".to_owned(), "2024-03-02".to_owned());
    push(
        "bad-expired",
        "older than three months at 2024-08-20",
        &r,
        &[],
    );
    let mut r = base();
    r.issued = ("2024年12月01日".to_owned(), "2024-12-01".to_owned());
    push("bad-future", "dated after the day it is judged at", &r, &[]);
    let mut r = base();
    r.code = "1O2938475613".to_owned();
    push(
        "bad-code-look-alike",
        "a letter O among 12 digits",
        &r,
        &[("verification_code_suspect", code)],
    );
    let mut r = base();
    r.code = "B7K2M9P4R6T3W8Y5".to_owned();
    push(
        "bad-code-form",
        "16 signs that begin with B",
        &r,
        &[("verification_code_ill_formed", code)],
    );
    let mut r = base();
    r.code = "A7K2M9P4R6T3W8Y".to_owned();
    push(
        "bad-code-short",
        "15 signs",
        &r,
        &[("verification_code_ill_formed", code)],
    );
    let mut r = base();
    r.set("graduated_on", "2015年06月20日", "2015-06-20");
    push(
        "bad-number-year",
        "the number says 2016",
        &r,
        &[("certificate_number_year", number)],
    );
    let mut r = base();
    r.set("level", "硕士研究生", "硕士研究生");
    push(
        "bad-number-level",
        "the number says 本科",
        &r,
        &[("certificate_number_level", number)],
    );
    let mut r = base();
    r.set("certificate_number", "9999912016051234", "9999912016051234");
    push(
        "bad-number-form",
        "16 digits",
        &r,
        &[("certificate_number_form", number)],
    );
    let mut r = degree_c();
    r.set("degree", "工学硕士", "工学硕士");
    push(
        "bad-degree-level",
        "the number says 学士",
        &r,
        &[("certificate_number_level", Some("degree_number"))],
    );

    let draw = |change: &dyn Fn(&mut Page)| {
        let mut page = base().draw();
        change(&mut page);
        page
    };
    let mut push =
        |name: &str, what: &str, pages: &[Page], odd: &[(&'static str, Option<&'static str>)]| {
            cases.push(drawn(name, song, what, &base(), pages, odd));
        };
    push(
        "bad-link-host",
        "an address of another host",
        &[draw(&|p| {
            p.text(
                60.0,
                128.0,
                8.0,
                "https://www.chsi.com.cn.example.net/xlcx/bg.do",
            );
        })],
        &[("foreign_link", None)],
    );
    push(
        "bad-link-code",
        "a link with another code",
        &[draw(&|p| {
            p.text(
                60.0,
                128.0,
                8.0,
                "https://www.chsi.com.cn/xlcx/bg.do?vcode=AQQQQQQQQQQQQQQ9",
            );
        })],
        &[("link_code_differs", None)],
    );
    push(
        "bad-hidden-date",
        "hidden text has another date",
        &[draw(&|p| {
            p.hidden(60.0, 760.0, 10.0, "更新日期：2023年06月10日");
        })],
        &[("hidden_text_contradicts", Some("issued_on"))],
    );
    push(
        "bad-hidden-level",
        "hidden text has another level",
        &[draw(&|p| {
            p.hidden(60.0, 760.0, 10.0, "层次");
            p.hidden(120.0, 760.0, 10.0, "专科");
        })],
        &[("hidden_text_contradicts", Some("level"))],
    );
    push(
        "bad-mixed-fonts",
        "a year set in another font",
        &[draw(&|p| {
            let date = p
                .texts
                .iter_mut()
                .find(|t| t.text.starts_with("更新日期"))
                .expect("a date");
            let x = date.x + 5.0 * 10.0;
            date.text = "更新日期：".to_owned();
            let y = date.y;
            p.latin(x, y, 10.0, "2024");
            p.text(x + 22.3, y, 10.0, "年6月10日");
        })],
        &[("mixed_fonts", Some("issued_on"))],
    );
    let imaged = draw(&|p| {
        p.texts.retain(|t| t.text != "林知远" && t.text != "毕业");
        p.photo(179.0, 708.0, 40.0, 16.0);
        p.photo(179.0, 400.0, 26.0, 16.0);
    });
    push(
        "bad-browser-print",
        "name and conclusion are images",
        &[imaged],
        &[
            ("name_is_an_image", Some("name")),
            ("value_is_an_image", Some("conclusion")),
        ],
    );
    let case = cases.last_mut().expect("just added");
    case.fields.remove("name");
    case.fields.remove("conclusion");

    let mut second = base();
    second.set("name", "顾明川", "顾明川");
    let mut push =
        |name: &str, what: &str, pages: &[Page], odd: &[(&'static str, Option<&'static str>)]| {
            cases.push(drawn(name, song, what, &base(), pages, odd));
        };
    push(
        "bad-two-reports",
        "two reports of one kind",
        &[base().draw(), second.draw()],
        &[("two_reports", None)],
    );
    push(
        "bad-two-kinds",
        "备案表 and 学位 report in one file",
        &[base().draw(), degree_c().draw()],
        &[("two_reports", None)],
    );
    let top = draw(&|p| {
        p.texts.retain(|t| t.y > 450.0);
        p.pictures.retain(|i| i.y > 450.0);
    });
    push(
        "bad-half",
        "only the upper half",
        &[top],
        &[
            ("half_report", Some("conclusion")),
            ("half_report", number),
            ("half_report", code),
        ],
    );
    let case = cases.last_mut().expect("just added");
    for gone in [
        "study_form",
        "conclusion",
        "certificate_number",
        "president",
        "verification_code_masked",
    ] {
        case.fields.remove(gone);
    }
    let headless = draw(&|p| p.texts.retain(|t| !t.text.starts_with("教育部学历")));
    cases.push(drawn(
        "bad-no-title",
        song,
        "the title is cut off",
        &base(),
        &[headless],
        &[("half_report", Some("title"))],
    ));
    let mut scan = base().draw();
    for text in &mut scan.texts {
        text.hidden = true;
    }
    scan.pictures.clear();
    scan.photo(0.0, 0.0, 595.276, 841.89);
    let mut case = drawn(
        "bad-text-under-picture",
        song,
        "somebody's text unseen under a picture",
        &base(),
        &[scan],
        &[("text_under_picture", None)],
    );
    case.certainty = "suspect";
    cases.push(case);
}

/// Prints by Chromium, made once (recipe in `fixtures/README.md`).
fn printed_by_chromium(cases: &mut Vec<Case>) {
    let mut add = |file: &str,
                   what: &str,
                   report: &Report,
                   odd: &[(&'static str, Option<&'static str>)],
                   gone: &[&str]| {
        let mut fields = report.expected();
        for field in gone {
            fields.remove(*field);
        }
        cases.push(Case {
            file: file.to_owned(),
            writer: "chromium",
            what: what.to_owned(),
            bytes: None,
            kind: report.wire_kind(),
            fields,
            odd: odd.to_vec(),
            certainty: "certain",
            suspect: odd
                .iter()
                .filter(|(what, _)| *what == "verification_code_suspect")
                .filter_map(|(_, field)| *field)
                .collect(),
        });
    };
    add(
        "education-c-chromium.pdf",
        "layout (c) as a table, printed by Chromium",
        &education_c(),
        &[],
        &[],
    );
    add(
        "degree-c-chromium.pdf",
        "layout (c), printed by Chromium",
        &degree_c(),
        &[],
        &[],
    );
    add(
        "bad-browser-print-chromium.pdf",
        "the web page printed: name and conclusion are images",
        &education_c(),
        &[
            ("name_is_an_image", Some("name")),
            ("value_is_an_image", Some("conclusion")),
        ],
        &["name", "conclusion"],
    );
}

pub fn make(fixtures: &Path) {
    let mut cases = Vec::new();
    for writer in Writer::ALL {
        for (name, report) in all_layouts() {
            cases.push(case(name, writer, "every row", &report, &[]));
        }
    }
    variants(&mut cases);
    defects(&mut cases);
    printed_by_chromium(&mut cases);
    cases.sort_by(|a, b| a.file.cmp(&b.file));

    let folder = fixtures.join("chsi");
    let mut list = Vec::new();
    for case in &cases {
        if let Some(bytes) = &case.bytes {
            crate::write(&folder.join(&case.file), bytes);
        }
        let odd: Vec<Value> = case
            .odd
            .iter()
            .map(|(what, field)| json!([what, field]))
            .collect();
        list.push(json!({
            "file": case.file, "writer": case.writer, "what": case.what, "kind": case.kind,
            "fields": case.fields, "oddities": odd, "certainty": case.certainty, "suspect": case.suspect,
        }));
    }
    let text = serde_json::to_string_pretty(&list).expect("plain values");
    crate::write(&folder.join("expected.json"), (text + "\n").as_bytes());
    table(&fixtures.join("../docs/chsi.md"), &cases);
}

/// The table of `docs/chsi.md`, between its marks.
fn table(path: &Path, cases: &[Case]) {
    let mut table =
        String::from("| file | shows | kind | fields | oddities |\n|---|---|---|---|---|\n");
    for case in cases {
        let key = [
            "name",
            "issued_on",
            "expires_on",
            "graduated_on",
            "certificate_number",
            "degree_number",
        ];
        let fields: Vec<String> = key
            .iter()
            .filter_map(|k| case.fields.get(*k).map(|v| format!("{k} {v}")))
            .collect();
        let odd: Vec<String> = case
            .odd
            .iter()
            .map(|(what, field)| {
                field.map_or_else(|| (*what).to_owned(), |field| format!("{what} ({field})"))
            })
            .collect();
        let _ = writeln!(
            table,
            "| `{}` | {} | `{}` | {} in all: {} | {} |",
            case.file,
            case.what,
            case.kind,
            case.fields.len(),
            fields.join("; "),
            odd.join("; ")
        );
    }
    let text = fs::read_to_string(path).expect("docs/chsi.md");
    let (head, rest) = text.split_once("<!-- table -->\n").expect("a mark");
    let (_, tail) = rest.split_once("<!-- /table -->").expect("a mark");
    fs::write(
        path,
        format!("{head}<!-- table -->\n{table}<!-- /table -->{tail}"),
    )
    .expect("a file");
}

/// Pages with one fault, for the fixtures of the checks.
pub fn bad(what: &str) -> Vec<Page> {
    let mut page = education_c().draw();
    match what {
        "student" => return vec![student_c().draw()],
        "expiry" => return vec![education_a().draw()],
        "two" => return vec![page, degree_c().draw()],
        "half" => page.texts.retain(|t| t.y > 450.0),
        "hidden" => page.hidden(60.0, 760.0, 10.0, "更新日期：2023年06月10日"),
        "host" => page.text(
            60.0,
            128.0,
            8.0,
            "https://www.chsi.com.cn.example.net/xlcx/bg.do",
        ),
        "image" => {
            page.texts.retain(|t| t.text != "林知远");
            page.photo(179.0, 708.0, 40.0, 16.0);
        }
        "fonts" => {
            let date = page
                .texts
                .iter_mut()
                .find(|t| t.text.starts_with("更新日期"))
                .expect("a date");
            date.text = "更新日期：".to_owned();
            let (x, y) = (date.x + 50.0, date.y);
            page.latin(x, y, 10.0, "2024");
            page.text(x + 22.3, y, 10.0, "年6月10日");
        }
        other => panic!("{other}"),
    }
    vec![page]
}
