//! Reports with one fault each.

use super::{
    cases::{Case, case, drawn},
    draw::Page,
    layouts::Report,
    reports::{degree_c, education_a, education_c, student_c},
    writers::Writer,
};

pub fn defects(cases: &mut Vec<Case>) {
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
        &[
            ("verification_code_suspect", code),
            ("link_code_differs", None),
        ],
    );
    let mut r = base();
    r.code = "B7K2M9P4R6T3W8Y5".to_owned();
    push(
        "bad-code-form",
        "16 signs that begin with B",
        &r,
        &[
            ("verification_code_ill_formed", code),
            ("link_code_differs", None),
        ],
    );
    let mut r = base();
    r.code = "A7K2M9P4R6T3W8Y".to_owned();
    push(
        "bad-code-short",
        "15 signs",
        &r,
        &[
            ("verification_code_ill_formed", code),
            ("link_code_differs", None),
        ],
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
        "bad-link-annotation-host",
        "a link over the code leads to another host",
        &[draw(&|p| {
            p.link(
                [210.0, 168.0, 380.0, 190.0],
                "https://chsi.example.org/xlcx/bg.do?vcode=A7K2M9P4R6T3W8Y5",
            );
        })],
        &[("foreign_link", None)],
    );
    push(
        "bad-link-annotation-code",
        "a link over the code carries another one",
        &[draw(&|p| {
            p.link(
                [210.0, 168.0, 380.0, 190.0],
                "https://www.chsi.com.cn/xlcx/bg.do?vcode=AQQQQQQQQQQQQQQ9",
            );
        })],
        &[("link_code_differs", None)],
    );
    let other_qr = |content: &str| {
        draw(&|p| {
            p.pictures.retain(|i| (i.w - 68.0).abs() > 0.5);
            p.qr(60.0, 140.0, 68.0, content);
        })
    };
    push(
        "bad-qr-host",
        "the QR code leads to another host",
        &[other_qr(
            "https://www.chsi.com.cn.example.net/xlcx/bg.do?vcode=A7K2M9P4R6T3W8Y5",
        )],
        &[("foreign_link", None)],
    );
    push(
        "bad-qr-code",
        "the QR code carries another code",
        &[other_qr(
            "https://www.chsi.com.cn/xlcx/bg.do?vcode=AQQQQQQQQQQQQQQ9&srcid=bgcx",
        )],
        &[("link_code_differs", None)],
    );
    push(
        "bad-qr-scheme",
        "the QR code leads to the right host without encryption",
        &[other_qr(
            "http://www.chsi.com.cn/xlcx/bg.do?vcode=A7K2M9P4R6T3W8Y5",
        )],
        &[("insecure_link", None)],
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
    case.photo = None;
    cases.push(case);
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
