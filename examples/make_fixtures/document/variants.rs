//! Reports that differ in one thing and are good all the same.

use super::{
    cases::{Case, case},
    layouts::Report,
    reports::education_c,
    writers::Writer,
};

pub fn variants(cases: &mut Vec<Case>) {
    let mut add = |name: &str, writer: Writer, what: &str, change: &dyn Fn(&mut Report)| {
        let mut report = education_c();
        change(&mut report);
        cases.push(case(name, writer, what, &report, &[]));
    };
    let opaque = |r: &mut Report| r.link = "7F3A9C21-0B44-4E0D-9A77-51D2C6E8B1F0".to_owned();
    add(
        "opaque-qr",
        Writer::Song,
        "a QR code that is no address",
        &opaque,
    );
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
