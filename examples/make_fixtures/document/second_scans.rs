//! A second set of scanned reports, kept nowhere: other people, other fonts, other scanners than the 20 of `fixtures/chsi/scans`, by
//! which the reading of scans was built. `cargo run --release --example make_fixtures second-scans DIR`; `bench/ocr.sh` and
//! `bench/page_hash.sh` measure on it. Every sheet is scanned several times, and several sheets are one form filled in by different people.

use std::path::Path;

use serde_json::json;

use super::{layouts::Report, reports::all_layouts, scans::grey_pdf, writers::write_in};
use crate::scan::{Scanner, scan};

/// Name, sex, birth date, school, major, certificate number, code, 更新日期.
type Person = [&'static str; 8];

const PEOPLE: &[Person] = &[
    [
        "许望舒",
        "男",
        "1991年11月30日",
        "海岳理工大学",
        "自动化",
        "999981201405654321",
        "AQ3W7E9R2T4Y6U8P",
        "2024年7月1日",
    ],
    [
        "欧阳晴",
        "女",
        "1996年2月29日",
        "临川师范学院",
        "食品科学与工程",
        "999971201805000786",
        "A9F8D7S6J5H4G3K2",
        "2024年5月31日",
    ],
    [
        "马景行",
        "男",
        "1989年7月17日",
        "北辰工业大学",
        "电气工程及其自动化",
        "999961201105031415",
        "XM2N4B6V8C3Z7L9K",
        "2024年8月18日",
    ],
    [
        "田若谷",
        "女",
        "1993年10月5日",
        "锦屏理工学院",
        "土木工程",
        "999951201505271828",
        "A4T7Y2U9P3D6F8G5",
        "2023年12月26日",
    ],
];

/// Font, reports drawn in it.
const SHEETS: &[(&str, &str)] = &[
    ("song-regular.otf", "education-c"),
    ("hei-regular.otf", "education-c"),
    ("fang-regular.otf", "degree-c"),
    ("song-regular.otf", "education-b"),
    ("song-regular.otf", "student-c"),
    ("hei-regular.otf", "education-a"),
];

/// Resolution, degrees askew, how the sheet lay, JPEG quality, blur.
const SCANNERS: &[(f32, f32, u16, u8, usize)] = &[
    (200.0, 0.0, 0, 60, 0),
    (200.0, 1.7, 0, 40, 0),
    (150.0, -0.8, 0, 50, 0),
    (300.0, 2.0, 180, 35, 1),
];

fn date(printed: &str) -> String {
    let parts: Vec<u32> = printed
        .split(['年', '月', '日'])
        .filter_map(|part| part.parse().ok())
        .collect();
    format!("{:04}-{:02}-{:02}", parts[0], parts[1], parts[2])
}

fn filled_in(name: &str, person: &Person) -> Report {
    let all = all_layouts();
    let (_, mut report) = all.into_iter().find(|(n, _)| *n == name).expect("a layout");
    let [who, sex, born, school, major, number, code, issued] = *person;
    let born_on = date(born);
    for (field, printed, read) in [
        ("name", who, who),
        ("sex", sex, sex),
        ("born_on", born, born_on.as_str()),
        ("school", school, school),
        ("major", major, major),
        ("certificate_number", number, number),
    ] {
        if report.rows.iter().any(|row| row.field == field) {
            report.set(field, printed, read);
        }
    }
    report.issued = (issued.to_owned(), date(issued));
    report.code = code.to_owned();
    report.link = format!("https://www.chsi.com.cn/xlcx/bg.do?vcode={code}&srcid=bgcx");
    report
}

pub fn make(folder: &Path) {
    let mut list = Vec::new();
    let mut seed = 900;
    for (sheet, (font, name)) in SHEETS.iter().enumerate() {
        for (who, person) in PEOPLE.iter().enumerate() {
            let report = filled_in(name, person);
            let printed = write_in(font, &[report.draw()]);
            for (dpi, skew, turned, quality, blur) in SCANNERS {
                seed += 1;
                let scanner = Scanner {
                    skew_deg: *skew,
                    blur_px: *blur,
                    ..Scanner::new(seed).dpi(*dpi)
                };
                let pictures = scan(&printed, scanner);
                let file = format!("{sheet}{who}-{name}-{dpi}dpi.pdf");
                let file = file.replace(
                    "200dpi",
                    if *skew == 0.0 {
                        "200dpi"
                    } else {
                        "200dpi-askew"
                    },
                );
                crate::write(&folder.join(&file), &grey_pdf(&pictures, *turned, *quality));
                list.push(json!({
                    "file": file, "dpi": dpi, "skew_deg": skew, "turned": turned, "sheet": format!("{sheet}{who}"), "form": name,
                    "kind": report.wire_kind(), "fields": report.expected(),
                }));
            }
        }
    }
    let text = serde_json::to_string_pretty(&list).expect("plain values");
    crate::write(&folder.join("expected.json"), (text + "\n").as_bytes());
}
