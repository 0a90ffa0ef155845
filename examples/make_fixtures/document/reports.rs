//! The reports that the files show, by kind and layout, with what must be read of each row.

use super::layouts::{Kind, Layout, Report, Row};

pub const CODE: &str = "A7K2M9P4R6T3W8Y5";

pub fn row(field: &'static str, label: &str, printed: &str, read: &str) -> Row {
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

pub fn report(
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

pub fn education_a() -> Report {
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

pub fn education_b() -> Report {
    let mut report = education_c();
    report.layout = Layout::B;
    report.issued = ("2022年3月5日".to_owned(), "2022-03-05".to_owned());
    report.code = "XB3D6F9H2J5L8N4Q".to_owned();
    report.link = "https://www.chsi.com.cn/xlcx/bg.do?vcode=XB3D6F9H2J5L8N4Q".to_owned();
    report
}

pub fn education_en() -> Report {
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

pub fn student_c() -> Report {
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

pub fn student_b() -> Report {
    let mut report = student_c();
    report.layout = Layout::B;
    report
        .rows
        .insert(4, row("", "证件号码", "3299**********0016", "-"));
    report.issued = ("2020年10月8日".to_owned(), "2020-10-08".to_owned());
    report
}

pub fn student_en() -> Report {
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

pub fn degree_c() -> Report {
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

pub fn degree_b() -> Report {
    let mut report = degree_c();
    report.layout = Layout::B;
    report
}

pub fn degree_en() -> Report {
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
pub fn certification(kind: Kind, title: &str, issued_label: &'static str) -> Report {
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

pub fn all_layouts() -> Vec<(&'static str, Report)> {
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
