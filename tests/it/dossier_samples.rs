//! Complete sample dossiers of real PDFs for all five notices are accepted, and each bad twin – the sample with one change –
//! is refused for exactly the named reason. Every file goes through the real inspection and the real checks.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, LazyLock, Mutex},
};

use jiff::civil::{Date, date};
use juanzong::{
    checks::{self, Holder, Request},
    digest::Digest,
    dossier::{self, Absent, CheckedItem, Dossier, Item},
    finding::{Cost, Finding, Report, Severity},
    inspect::{self, Inspection},
    limits::Limits,
    rulepack::{Circumstance, Pack, Packs},
};

use crate::support::{
    independent::page_text,
    program::{juanzong, printed, said},
};

static PACKS: LazyLock<Packs> = LazyLock::new(Packs::builtin);

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sample")
}

/// One sample: its dossier file and the day it is made for.
fn sample(number: &str) -> (PathBuf, Date) {
    let file = match number {
        "004" => "004/dossier.toml".to_owned(),
        other => format!("{other}.toml"),
    };
    let on = match number {
        "000" => date(2023, 6, 1),
        "001" => date(2023, 10, 10),
        "003" => date(2024, 3, 5),
        _ => date(2024, 8, 20),
    };
    (samples().join(file), on)
}

/// Facts of a file: looked at once, whatever it is judged for.
fn inspected(path: &Path) -> (Digest, Arc<Inspection>) {
    static SEEN: Mutex<BTreeMap<Digest, Arc<Inspection>>> = Mutex::new(BTreeMap::new());
    let bytes = std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let sha256 = Digest::of(&bytes);
    if let Some(known) = SEEN.lock().unwrap().get(&sha256) {
        return (sha256, Arc::clone(known));
    }
    let inspection = Arc::new(inspect::inspect(bytes, &Limits::DEFAULT));
    SEEN.lock().unwrap().insert(sha256, Arc::clone(&inspection));
    (sha256, inspection)
}

fn judged(pack: &Pack, dossier: &Dossier, item: &Item, on: Date) -> CheckedItem {
    let (sha256, inspection) = inspected(&item.file);
    let applicant = &dossier.applicant;
    let holder = Holder {
        name: Some(applicant.name.clone()),
        born: applicant.born,
        sex: applicant.sex.clone(),
        id_number: applicant.id_number.clone(),
    };
    let file_name = item
        .file
        .file_name()
        .unwrap()
        .to_string_lossy()
        .into_owned();
    let report: Report = checks::report(Request {
        file_name: &file_name,
        sha256,
        inspection: &inspection,
        pack: Some(pack),
        slot: Some(&item.slot),
        on,
        holder: Some(&holder),
        cost: Cost::default(),
    });
    CheckedItem {
        slot: item.slot.clone(),
        title: item.title.clone().unwrap_or_default(),
        note: item.note.clone(),
        file_name,
        path: item.file.clone(),
        sha256,
        pages: report.pages.unwrap_or(0),
        report: Arc::new(report),
        margins: None,
    }
}

/// A dossier to be spoilt.
struct Twin {
    dossier: Dossier,
    on: Date,
    pack: Arc<Pack>,
}

impl Twin {
    fn of(number: &str) -> Twin {
        let (path, on) = sample(number);
        let dossier = dossier::read(&path).unwrap_or_else(|e| panic!("{e}"));
        let pack = Arc::clone(PACKS.get(&dossier.notice).unwrap());
        Twin { dossier, on, pack }
    }
    /// The errors that stand against it: the code of the dossier rule and its slot, or for a refused file its own codes.
    fn errors(&self) -> (Vec<String>, Vec<Finding>) {
        let papers: Vec<CheckedItem> = self
            .dossier
            .items
            .iter()
            .map(|item| judged(&self.pack, &self.dossier, item, self.on))
            .collect();
        match dossier::check(&self.dossier, &self.pack, papers, self.on) {
            Ok(checked) => (Vec::new(), checked.remarks().to_vec()),
            Err(incomplete) => {
                let errors = incomplete.findings.iter();
                let errors = errors.filter(|finding| finding.severity == Severity::Error);
                (errors.map(named).collect(), incomplete.findings)
            }
        }
    }
    fn remove(&mut self, slot: &str) {
        let before = self.dossier.items.len();
        self.dossier.items.retain(|item| item.slot != slot);
        assert!(self.dossier.items.len() < before, "nothing in {slot}");
    }
    fn remove_file(&mut self, end: &str) {
        let before = self.dossier.items.len();
        self.dossier.items.retain(|item| !item.file.ends_with(end));
        assert_eq!(self.dossier.items.len() + 1, before, "{end}");
    }
    fn add(&mut self, slot: &str, file: &str) {
        self.dossier.items.push(Item {
            slot: slot.to_owned(),
            file: samples().join("..").join(file),
            title: None,
            note: None,
        });
    }
    fn replace(&mut self, end: &str, file: &str) {
        let mut items = self.dossier.items.iter_mut();
        let item = items.find(|item| item.file.ends_with(end));
        item.unwrap_or_else(|| panic!("no {end}")).file = samples().join("..").join(file);
    }
    fn circumstances(&mut self, change: impl Fn(&mut Vec<Circumstance>)) {
        change(self.dossier.applicant.circumstances.as_mut().unwrap());
    }
    fn absent(&mut self, slot: &str) {
        self.dossier.absent.push(Absent {
            slot: slot.to_owned(),
            reason: "遗失".to_owned(),
        });
    }
}

/// An error as the tables below write it: `DS101 identity`, `CH103 degree`, `DS107`.
fn named(finding: &Finding) -> String {
    let slot = finding.expected.get("slot").and_then(|slot| slot.as_str());
    let codes = match finding
        .measured
        .get("codes")
        .and_then(|codes| codes.as_array())
    {
        Some(codes) => {
            let codes: Vec<&str> = codes.iter().map(|code| code.as_str().unwrap()).collect();
            codes.join("+")
        }
        None => finding.code.to_string(),
    };
    match slot {
        Some(slot) => format!("{codes} {slot}"),
        None => codes,
    }
}

#[test]
fn the_sample_of_each_notice_is_accepted() {
    for number in ["000", "001", "002", "003", "004"] {
        let twin = Twin::of(number);
        let (errors, remarks) = twin.errors();
        assert!(errors.is_empty(), "{number}: {remarks:#?}");
        // A sample shows what is right: a remark is only that nobody reads scans without text.
        let odd: Vec<_> = remarks
            .iter()
            .filter(|finding| !["DS108", "DS203"].contains(&finding.code.as_str()))
            .collect();
        assert!(odd.is_empty(), "{number}: {odd:#?}");
    }
}

/// What is changed in the sample, the one error that follows, and what it shows.
type Row = (&'static str, fn(&mut Twin), &'static str);

const HAIZHOU: &[Row] = &[
    (
        "身份证复印件未交",
        |t| t.remove("identity"),
        "DS101 identity",
    ),
    (
        "申报表未交",
        |t| t.remove("review_form"),
        "DS101 review_form",
    ),
    (
        "劳务派遣人员未交三方协议",
        |t| t.remove("dispatch"),
        "DS101 dispatch",
    ),
    (
        "鉴定意见只有“同意”",
        |t| t.replace("form.pdf", "sample/initial/bad/form-only-agreed.pdf"),
        "TX102 review_form",
    ),
    (
        "身份证只有正面",
        |t| {
            t.replace(
                "identity-card.pdf",
                "sample/initial/bad/card-front-only.pdf",
            )
        },
        "ID101 identity",
    ),
    (
        "备案表是他人的",
        |t| {
            t.replace(
                "record-2023.pdf",
                "sample/initial/bad/record-of-another.pdf",
            )
        },
        "DS205 degree|ID102 degree",
    ),
    (
        "备案表只有上半页",
        |t| t.replace("record-2023.pdf", "sample/initial/bad/record-half.pdf"),
        "CH104 degree",
    ),
    (
        "大专及以上未交备案表",
        |t| t.remove_file("record-2023.pdf"),
        "DS108 degree",
    ),
    (
        "材料放错位置",
        |t| t.add("awards", "sample/initial/diploma.pdf"),
        "DS102",
    ),
    (
        "申报表为 Letter 纸",
        |t| t.replace("form.pdf", "bad/letter-paper.pdf"),
        "PG101 review_form",
    ),
    (
        "未声明申报人情形",
        |t| t.dossier.applicant.circumstances = None,
        "DS107",
    ),
    (
        "以缺项说明代替必交材料",
        |t| {
            t.remove("continuing_education");
            t.absent("continuing_education");
        },
        "DS103 continuing_education",
    ),
    ("逾期", |t| t.on = date(2023, 6, 21), "DS301"),
    (
        "同一文件传了两次",
        |t| t.add("dispatch", "sample/initial/dispatch.pdf"),
        "DS202 dispatch",
    ),
];

const NANTONG: &[Row] = &[
    (
        "诚信承诺书未交",
        |t| t.remove("commitment"),
        "DS101 commitment",
    ),
    ("国外学位未交认证书", |t| t.remove("degree"), "DS101 degree"),
    (
        "认证书换成了国内毕业证书",
        |t| t.replace("cscse.pdf", "sample/initial/diploma.pdf"),
        "DS108 degree",
    ),
    (
        "认证书是他人的",
        |t| t.replace("cscse.pdf", "sample/initial/bad/cscse-of-another.pdf"),
        "ID102 degree",
    ),
    (
        "准入行业未交执业资格证书",
        |t| t.circumstances(|c| c.push(Circumstance::LicensedSeries)),
        "DS101 qualification",
    ),
    (
        "学信网数据未能读取而未交证书原件",
        |t| t.circumstances(|c| c.push(Circumstance::ChsiNotReadable)),
        "DS108 degree",
    ),
    (
        "未声明申报人情形",
        |t| {
            t.remove("degree");
            t.dossier.applicant.circumstances = None;
        },
        "DS107",
    ),
    (
        "材料放错位置",
        |t| t.add("awards", "sample/initial/diploma.pdf"),
        "DS102",
    ),
    (
        "承诺书加了密",
        |t| t.replace("pledge.pdf", "bad/encrypted.pdf"),
        "FM103 commitment",
    ),
    (
        "承诺书不是 PDF",
        |t| t.replace("pledge.pdf", "bad/not-a-pdf.pdf"),
        "FM101 commitment",
    ),
    (
        "总结里有脚本",
        |t| t.replace("summary.pdf", "bad/javascript.pdf"),
        "AC101+AC109 summary",
    ),
    (
        "以缺项说明代替承诺书",
        |t| {
            t.remove("commitment");
            t.absent("commitment");
        },
        "DS103 commitment",
    ),
];

const REVIEW: &[Row] = &[
    ("承诺书未交", |t| t.remove("commitment"), "DS101 commitment"),
    (
        "业绩成果未交",
        |t| t.remove("achievements"),
        "DS101 achievements",
    ),
    (
        "平台不能查验而未交社保证明",
        |t| t.circumstances(Vec::clear),
        "DS101 social_insurance",
    ),
    (
        "单位公示只有四个工作日",
        |t| {
            t.replace(
                "004/02-单位公示证明.pdf",
                "sample/002/bad/notice-four-days.pdf",
            )
        },
        "DT101 public_notice",
    ),
    (
        "业绩晚于截止日期",
        |t| t.add("achievements", "sample/002/bad/award-after-the-day.pdf"),
        "DT105 achievements",
    ),
    (
        "未交学信网证明",
        |t| t.remove_file("004/05-学历证书电子注册备案表.pdf"),
        "DS108 degree",
    ),
    (
        "学信网证明只有上半页",
        |t| {
            t.replace(
                "004/05-学历证书电子注册备案表.pdf",
                "sample/002/bad/record-half.pdf",
            )
        },
        "CH104 degree",
    ),
    (
        "学信网证明是他人的",
        |t| {
            t.replace(
                "004/05-学历证书电子注册备案表.pdf",
                "sample/002/bad/record-of-another.pdf",
            )
        },
        "DS205 degree|ID102 degree",
    ),
    (
        "年度考核表缺而未说明",
        |t| t.remove("annual_assessment"),
        "DS105 annual_assessment",
    ),
    ("有材料又写缺项", |t| t.absent("papers"), "DS104 papers"),
    (
        "承诺书截断",
        |t| t.replace("004/01-真实性承诺书.pdf", "bad/truncated.pdf"),
        "FM102 commitment",
    ),
    (
        "获奖证书放错位置",
        |t| t.add("awards", "sample/004/12-行业科技进步奖.pdf"),
        "DS102",
    ),
];

const SUZHOU: &[Row] = &[
    ("备案表未交", |t| t.remove("degree"), "DS101 degree"),
    ("单位同意证明未交", |t| t.remove("consent"), "DS101 consent"),
    (
        "查不到社保而未交缴费证明",
        |t| t.remove("social_insurance"),
        "DS101 social_insurance",
    ),
    (
        "社保中断，不足连续三个月",
        |t| {
            t.replace(
                "insurance.pdf",
                "sample/initial/bad/insurance-with-a-gap.pdf",
            )
        },
        "DT104 social_insurance",
    ),
    (
        "总结不足 800 字",
        |t| t.replace("summary.pdf", "sample/initial/bad/summary-too-short.pdf"),
        "TX101 summary",
    ),
    (
        "备案表只有上半页",
        |t| t.replace("record-2024.pdf", "sample/initial/bad/record-2024-half.pdf"),
        "CH104 degree",
    ),
    (
        "备案表是他人的",
        |t| {
            t.replace(
                "record-2024.pdf",
                "sample/initial/bad/record-2024-of-another.pdf",
            )
        },
        "DS205 social_insurance|ID102 degree",
    ),
    (
        "只传了毕业证书",
        |t| t.replace("record-2024.pdf", "sample/initial/diploma.pdf"),
        "DS108 degree",
    ),
    (
        "准入行业未交执业资格证书",
        |t| t.circumstances(|c| c.push(Circumstance::LicensedSeries)),
        "DS101 qualification",
    ),
    (
        "同意证明不是 PDF",
        |t| t.replace("consent.pdf", "bad/not-a-pdf.pdf"),
        "FM101 consent",
    ),
    (
        "同意证明换成了社保证明",
        |t| t.replace("consent.pdf", "sample/initial/bad/insurance-with-a-gap.pdf"),
        "CH101 consent",
    ),
    (
        "未声明申报人情形",
        |t| {
            t.remove("social_insurance");
            t.dossier.applicant.circumstances = None;
        },
        "DS107",
    ),
];

const KAOHE: &[Row] = &[
    (
        "公示证明未交",
        |t| t.remove("public_notice"),
        "DS101 public_notice",
    ),
    ("承诺书未交", |t| t.remove("commitment"), "DS101 commitment"),
    (
        "备案表超过三个月",
        |t| t.replace("05-学历证书电子注册备案表.pdf", "bad/expired-report.pdf"),
        "CH102 degree",
    ),
    (
        "备案表是他人的",
        |t| {
            t.replace(
                "05-学历证书电子注册备案表.pdf",
                "sample/002/bad/record-of-another.pdf",
            )
        },
        "DS205 degree|ID102 degree",
    ),
    ("获奖证书缺而未说明", |t| t.remove("awards"), "DS105 awards"),
    (
        "单位公示只有四个工作日",
        |t| t.replace("02-单位公示证明.pdf", "sample/002/bad/notice-four-days.pdf"),
        "DT101 public_notice",
    ),
    (
        "承诺书为 Letter 纸",
        |t| t.replace("01-真实性承诺书.pdf", "bad/letter-paper.pdf"),
        "PG101 commitment",
    ),
    (
        "获奖证书只有 60 dpi",
        |t| t.replace("12-行业科技进步奖.pdf", "bad/scan-60-dpi.pdf"),
        "LG101 awards",
    ),
    (
        "总结里有脚本",
        |t| t.replace("13-专业技术工作总结.pdf", "bad/javascript.pdf"),
        "AC101+AC109 summary",
    ),
    (
        "申报专业不在所列之内",
        |t| t.dossier.applicant.specialty = Some("建设工程".to_owned()),
        "DS109",
    ),
    ("逾期", |t| t.on = date(2024, 9, 11), "DS301"),
    (
        "上传了原件",
        |t| t.add("originals", "sample/004/03-毕业证书.pdf"),
        "DS106 originals",
    ),
];

#[track_caller]
fn refused(number: &str, rows: &[Row]) {
    assert!(rows.len() >= 10, "{number} has {} twins", rows.len());
    let mut wrong = Vec::new();
    for (what, spoil, want) in rows {
        let mut twin = Twin::of(number);
        spoil(&mut twin);
        let (mut errors, findings) = twin.errors();
        errors.sort();
        errors.dedup();
        if errors.join("|") != *want {
            let said: Vec<_> = findings
                .iter()
                .map(|f| format!("{} {}", f.code, f.message.zh))
                .collect();
            wrong.push(format!(
                "{number} {what}: want {want}, got {errors:?}\n    {}",
                said.join("\n    ")
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn twins_of_000_are_refused_for_the_named_reason() {
    refused("000", HAIZHOU);
}

#[test]
fn twins_of_001_are_refused_for_the_named_reason() {
    refused("001", NANTONG);
}

#[test]
fn twins_of_002_are_refused_for_the_named_reason() {
    refused("002", REVIEW);
}

#[test]
fn twins_of_003_are_refused_for_the_named_reason() {
    refused("003", SUZHOU);
}

#[test]
fn twins_of_004_are_refused_for_the_named_reason() {
    refused("004", KAOHE);
}

fn page_of(pdf: &Path) -> String {
    page_text(&std::fs::read(pdf).unwrap(), 1)
}

#[test]
fn the_bag_of_000_has_its_order_and_the_form_twice_and_apart() {
    let (path, on) = sample("000");
    let out = tempfile::tempdir().unwrap();
    let folder = out.path().join("bag");
    let (path, folder_text) = (path.display().to_string(), folder.display().to_string());
    let on = on.to_string();
    let bound = juanzong(&[
        "--lang",
        "zh",
        "bind",
        &path,
        "--out",
        &folder_text,
        "--on",
        &on,
    ]);
    assert_eq!(
        bound.status.code(),
        Some(0),
        "{}{}",
        printed(&bound),
        said(&bound)
    );
    let squeezed = page_of(&folder.join("评审材料袋/不装订/打印清单.pdf"));
    let places: Vec<usize> = [
        "专业技术资格初定申报表",
        "身份证复印件",
        "毕业证书复印件",
        "继续教育网络公共课成绩汇总表",
        "三方协议",
    ]
    .iter()
    .map(|name| {
        squeezed
            .find(name)
            .unwrap_or_else(|| panic!("{name} is not in {squeezed}"))
    })
    .collect();
    assert!(places.is_sorted(), "{places:?}");
    assert!(squeezed.contains("单独装订"), "{squeezed}");
}

#[test]
fn a_refused_dossier_leaves_a_letter_and_nothing_else() {
    let out = tempfile::tempdir().unwrap();
    // The sample of 003 without its consent and with a summary that is too short.
    let text = std::fs::read_to_string(samples().join("003.toml")).unwrap();
    for (name, file) in [
        ("record-2024.pdf", "record-2024.pdf"),
        ("insurance.pdf", "insurance.pdf"),
        ("summary.pdf", "bad/summary-too-short.pdf"),
    ] {
        std::fs::create_dir_all(out.path().join("initial")).unwrap();
        std::fs::copy(
            samples().join("initial").join(file),
            out.path().join("initial").join(name),
        )
        .unwrap();
    }
    let text: String = text
        .split("\n[[item]]")
        .filter(|item| !item.contains("consent"))
        .collect::<Vec<_>>()
        .join("\n[[item]]");
    let dossier = out.path().join("d.toml");
    juanzong::digest::write_atomically(&dossier, text.as_bytes()).unwrap();
    let (dossier, bag, letter) = (
        dossier.display().to_string(),
        out.path().join("bag"),
        out.path().join("letter.pdf"),
    );
    let arguments = [
        "--lang",
        "zh",
        "bind",
        &dossier,
        "--out",
        &bag.display().to_string(),
        "--on",
        "2024-03-05",
        "--corrections",
        &letter.display().to_string(),
        "--corrections-by",
        "2024-03-20",
    ];
    let refused = juanzong(&arguments);
    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    assert!(!bag.exists());
    let squeezed = page_of(&letter);
    for wanted in [
        "补正告知书",
        "顾思渺",
        "2024年3月20日",
        "有2处需要补正",
        "单位同意证明",
        "不少于800字",
        "DS101",
        "TX101",
        "二(二)2",
    ] {
        assert!(squeezed.contains(wanted), "{wanted} is not in {squeezed}");
    }
}
