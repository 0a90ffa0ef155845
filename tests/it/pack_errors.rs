//! Malformed packs: each mutation is refused, with the place; and what the built-in packs promise.

use std::sync::LazyLock;

use juanzong::{
    digest,
    rulepack::{self, Column, Packs, load},
};

const ID: &str = "lianyungang-gongxin-kaohe-2024";

fn text() -> &'static str {
    static TEXT: LazyLock<String> =
        LazyLock::new(|| Packs::builtin().get(ID).unwrap().text.to_string());
    &TEXT
}

/// What is replaced (its first occurrence), by what, and the key that the error must name.
const MUTATIONS: &[(&str, &str, &str)] = &[
    ("id = \"lianyungang", "id = \"Lianyungang", "id"),
    (
        "id = \"lianyungang-gongxin-kaohe-2024\"",
        "id = \"another\"",
        "id",
    ),
    ("id = \"lianyungang-gongxin-kaohe-2024\"", "id = 7", "id"),
    ("version = 1", "version = 0", "version"),
    ("version = 1", "version = \"1\"", "version"),
    ("version = 1", "version = 1.5", "version"),
    ("version = 1\n", "", "version"),
    ("version = 1\n", "version = 1\nvershun = 1\n", "vershun"),
    ("way = \"recognition\"", "way = \"recognised\"", "way"),
    ("way = \"recognition\"", "way = [\"recognition\"]", "way"),
    ("issuer = \"", "issuer = \"\" # ", "issuer"),
    (
        "issued_on = 2024-07-16",
        "issued_on = \"2024-07\"",
        "issued_on",
    ),
    (
        "issued_on = 2024-07-16",
        "issued_on = 2024-07-16T08:00:00",
        "issued_on",
    ),
    ("issued_on = 2024-07-16", "issued_on = 2024-13-16", ""),
    ("cite_as = ", "cite = ", "cite"),
    ("zh = \"关于报送", "cn = \"关于报送", "title.cn"),
    ("en = \"Lianyungang, industry", "en = \" \" # ", "title.en"),
    ("id = \"online\"", "id = \"on line\"", "window[1].id"),
    ("id = \"on-site\"", "id = \"online\"", "window[2].id"),
    (
        "step = \"filing_online\"",
        "step = \"online\"",
        "window[1].step",
    ),
    ("shape = \"fixed\"", "shape = \"weekly\"", "window[1].shape"),
    (
        "shape = \"fixed\"",
        "shape = \"quarterly\"",
        "window[1].from",
    ),
    ("shape = \"fixed\"\n", "", "window[1].shape"),
    ("from = 2024-07-18", "from = 2024-10-18", "window[1].to"),
    ("to = 2024-09-10\n", "", "window[1].to"),
    (
        "workdays_only = true",
        "workdays_only = \"yes\"",
        "window[2].workdays_only",
    ),
    (
        "from = \"09:00\"",
        "from = \"9:00\"",
        "window[2].hours[1].from",
    ),
    ("from = \"09:00\"", "from = \"12:30\"", "window[2].hours[1]"),
    ("to = \"18:00\"", "to = \"24:00\"", "window[2].hours[2].to"),
    ("number = 1", "number = 0", "volume[1].number"),
    ("number = 2", "number = 1", "volume[2].number"),
    ("number = 2", "number = 3", "volume[2].number"),
    ("first = 1", "first = -1", "volume[1].numbering.first"),
    (
        "contents = \"unnumbered\"",
        "contents = \"none\"",
        "volume[1].numbering.contents",
    ),
    (
        "position = \"bottom_right\"",
        "position = \"bottom_left\"",
        "volume[1].numbering.position",
    ),
    ("id = \"commitment\"", "id = \"promise\"", "slot[1].id"),
    (
        "id = \"public_notice\"",
        "id = \"commitment\"",
        "slot[2].id",
    ),
    (
        "title_en = \"commitment to truth of the papers\"\n",
        "",
        "slot[1].title_en",
    ),
    ("item = 2", "item = 1", "slot[1].item"),
    ("item = 3", "item = 2", "slot[2].item"),
    ("item = 2\n", "", "slot[1].item"),
    ("item = 2\n", "item = 100\n", "slot[1].item"),
    (
        "presence = \"required\"",
        "presence = \"must\"",
        "slot[1].presence",
    ),
    ("presence = \"required\"\n", "", "slot[1].presence"),
    ("paper = \"A4\"", "paper = \"A6\"", "slot[1].paper"),
    ("seal = true", "seal = 1", "slot[1].seal"),
    (
        "kinds = [\"commitment_letter\"]",
        "kinds = [\"letter\"]",
        "slot[1].kinds[1]",
    ),
    (
        "kinds = [\"commitment_letter\"]",
        "kinds = []",
        "slot[1].kinds",
    ),
    ("copies = 20", "copies = 0", "slot[15].copies"),
    (
        "copies = 2\n",
        "copies = 2\nfiles_min = 2\n",
        "slot[13].files_max",
    ),
    ("sides = \"duplex\"", "sides = \"double\"", "slot[13].sides"),
    (
        "uploaded = false",
        "uploaded = false\nvolume = 2\nitem = 6",
        "slot[16].uploaded",
    ),
    (
        "unless = [\"overseas_degree\"]",
        "unless = [\"abroad\"]",
        "slot[3].part[1].unless[1]",
    ),
    (
        "name = \"电力工程\"",
        "name = \"石油化工工程\"",
        "specialty[2].name",
    ),
    ("code = \"PG101\"", "code = \"PG999\"", "check[1].code"),
    ("code = \"PG102\"", "code = \"PG101\"", "check[3].papers"),
    ("papers = [\"A4\"]", "papers = []", "check[1].papers"),
    (
        "tolerance_mm = 2.0",
        "tolerance_mm = -0.1",
        "check[1].tolerance_mm",
    ),
    (
        "tolerance_mm = 2.0",
        "tolerance_mm = nan",
        "check[1].tolerance_mm",
    ),
    (
        "tolerance_mm = 2.0",
        "tolerance_mm = 2.0\nexpression = \"w > h\"",
        "check[1].expression",
    ),
    (
        "severity = \"error\"",
        "severity = \"fatal\"",
        "check[1].severity",
    ),
    (
        "slots = [\"brief_sheet\"]",
        "slots = [\"brief\"]",
        "check[2].slots[1]",
    ),
    (
        "slots = [\"brief_sheet\"]",
        "slots = [\"identity\"]",
        "check[2].slots[1]",
    ),
    (
        "within_months = 3",
        "within_months = 0",
        "check[4].within_months",
    ),
    (
        "within_months = 3",
        "within_days = 90",
        "check[4].within_days",
    ),
    (
        "grade = \"intermediate\"",
        "grade = \"middle\"",
        "fee[1].grade",
    ),
    ("yuan = 300", "yuan = -300", "fee[1].yuan"),
    ("years = 3\n", "", "penalty[1].counted_from"),
    ("to = \"lygsjxw@126.com\"", "to = \"lygsjxw\"", "mail.to"),
    ("{specialty_short}", "{specialty}", "mail.subject"),
    (
        "slot = \"situation_sheet\"",
        "slot = \"identity\"",
        "mail.slot",
    ),
    (
        "gained_by = \"考核认定\"",
        "gained_by = \"认定\"",
        "certificate.gained_by",
    ),
    (
        "who = \"civil_servant\"",
        "who = \"everybody\"",
        "eligibility.excluded[1].who",
    ),
    (
        "target = \"intermediate\"",
        "target = \"middle\"",
        "eligibility.target",
    ),
    ("[mail]", "[mail", ""),
];

#[test]
fn every_mutation_is_refused_and_names_the_place() {
    assert!(MUTATIONS.len() >= 60);
    for (from, to, key) in MUTATIONS {
        let at = text().find(from).unwrap_or_else(|| panic!("no `{from}`"));
        let broken = text().replacen(from, to, 1);
        let problems = load("p.toml", ID, &broken).expect_err(&format!("`{to}` was taken"));
        let problem = problems
            .iter()
            .find(|problem| problem.key == *key)
            .unwrap_or_else(|| panic!("`{to}`: {problems:#?}"));
        // The line is that of the change, or the head of the table that lacks a key.
        let line = text()[..at].matches('\n').count() + 1;
        let near = problem.line.abs_diff(line) <= 16;
        assert!(near, "`{to}` is in line {line}, said {}", problem.line);
        assert!(!problem.message.zh.is_empty() && !problem.message.en.ends_with('.'));
    }
}

#[test]
fn a_word_that_is_not_known_comes_with_those_that_are() {
    let broken = text().replacen("presence = \"required\"", "presence = \"must\"", 1);
    let problems = load("p.toml", ID, &broken).unwrap_err();
    assert_eq!(
        problems[0].allowed,
        ["required", "absent_with_reason", "optional"]
    );
    let line = problems[0].to_string();
    assert!(
        line.starts_with("p.toml:") && line.contains("slot[1].presence: is `must`"),
        "{line}"
    );
}

#[test]
fn all_problems_are_said_together() {
    let broken = text()
        .replace("version = 1", "version = 0")
        .replace("yuan = 300", "yuan = -1")
        .replace("copies = 20", "copies = 0");
    assert_eq!(load("p.toml", ID, &broken).unwrap_err().len(), 3);
}

#[test]
fn no_text_makes_the_loader_panic() {
    for end in (0..text().len()).step_by(97) {
        if let Some(part) = text().get(..end) {
            let _ = load("p.toml", ID, part);
        }
    }
}

#[test]
fn all_built_in_packs_load() {
    let packs = Packs::try_builtin().map_err(|e| e.to_string()).unwrap();
    assert_eq!(packs.iter().count(), 5);
}

#[test]
fn a_folder_replaces_a_notice_and_the_old_text_is_still_known() {
    let folder = tempfile::tempdir().unwrap();
    let newer = text().replacen("yuan = 300", "yuan = 320", 1);
    juanzong::digest::write_atomically(&folder.path().join(format!("{ID}.toml")), newer.as_bytes())
        .unwrap();
    let old = Packs::builtin();
    let both = Packs::with_folder(folder.path()).unwrap();
    let (old, new) = (old.get(ID).unwrap(), both.get(ID).unwrap());
    assert_eq!(new.fees[0].yuan, 320);
    assert_eq!(both.by_digest(&old.sha256).unwrap().fees[0].yuan, 300);
    let words: Vec<String> = rulepack::diff(old, new).into_iter().map(|d| d.en).collect();
    assert_eq!(words, ["fee “intermediate”: yuan was “300”, is now “320”"]);
}

#[test]
fn every_version_of_a_folder_is_known_and_the_highest_answers() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| {
        digest::write_atomically(&folder.path().join(name), text.as_bytes()).unwrap();
    };
    let version = |n: u32, yuan: u32| {
        text()
            .replace("version = 1", &format!("version = {n}"))
            .replace("yuan = 300", &format!("yuan = {yuan}"))
    };
    put(&format!("{ID}.toml"), &version(3, 330));
    put(&format!("{ID}@2.toml"), &version(2, 320));
    let packs = Packs::with_folder(folder.path()).unwrap();
    assert_eq!(packs.get(ID).unwrap().version, 3);
    let all: Vec<u32> = packs.versions(ID).iter().map(|pack| pack.version).collect();
    assert_eq!(all, [1, 2, 3]);
    assert_eq!(packs.version(ID, 2).unwrap().fees[0].yuan, 320);
    assert!(packs.version(ID, 4).is_none());
    assert!(packs.version("suzhou-chuding", 2).is_none());
    // Two texts that call themselves version 2: nobody could choose one.
    put(&format!("{ID}.toml"), &version(2, 330));
    let errors = Packs::with_folder(folder.path()).unwrap_err().to_string();
    assert_eq!(
        errors,
        format!("{ID}@2.toml:1: version: two files differ and both are version 2 of `{ID}`")
    );
}

#[test]
fn a_folder_with_a_broken_pack_says_so() {
    let folder = tempfile::tempdir().unwrap();
    juanzong::digest::write_atomically(&folder.path().join("x.toml"), b"id = 1\n\xff").unwrap();
    juanzong::digest::write_atomically(&folder.path().join("y.toml"), b"id = 1\n").unwrap();
    let errors = Packs::with_folder(folder.path()).unwrap_err().to_string();
    assert!(errors.contains("x.toml:1: is not UTF-8 text"), "{errors}");
    assert!(errors.contains("y.toml:1: id: is `1`"), "{errors}");
    assert!(Packs::with_folder(&folder.path().join("none")).is_err());
}

#[test]
fn a_copy_is_a_pack_of_its_own() {
    let packs = Packs::builtin();
    let copy = rulepack::copy(&packs, ID, "lianyungang-gongxin-kaohe-2025").unwrap();
    let new = load("n.toml", "lianyungang-gongxin-kaohe-2025", &copy).unwrap();
    assert_eq!(new.slots.len(), packs.get(ID).unwrap().slots.len());
    assert!(rulepack::copy(&packs, "none", "x").is_err());
    assert!(rulepack::copy(&packs, ID, "Not An Id").is_err());
    assert!(rulepack::copy(&packs, ID, ID).is_err());
}

#[test]
fn the_schema_knows_every_key_of_every_pack() {
    let schema = rulepack::json_schema();
    let keys = schema["properties"].as_object().unwrap();
    for key in ["slot", "window", "check", "eligibility", "committees"] {
        assert!(keys.contains_key(key), "{key}");
    }
    assert_eq!(schema["additionalProperties"], false);
}

#[test]
fn the_table_of_committees_is_read_with_its_merged_cells() {
    let packs = Packs::builtin();
    let table = packs
        .get("lianyungang-pingshen-2024")
        .unwrap()
        .committees
        .clone()
        .unwrap();
    assert_eq!(table.rows, 73);
    assert_eq!(table.known.len(), 53);
    let first = |words: &str| {
        table
            .search(words)
            .rows
            .first()
            .map(|row| (row.number, row.office.clone()))
    };
    let office = |name: &str| Some(name.to_owned());
    assert_eq!(first("石油化工工程"), Some((44, office("市工信局"))));
    assert_eq!(first("林业工程"), Some((56, office("市自然资源和规划局"))));
    assert_eq!(first("公证"), Some((8, office("市司法局"))));
    assert_eq!(first("体育教练"), Some((2, office("市体育局"))));
    assert_eq!(first("人工智能").map(|f| f.0), Some(53));
    assert_eq!(first("中小学教师中级").map(|f| f.0), Some(62));
    // What the copy does not show is never "there is none".
    let lost = table.search("艺术").rows[0].clone();
    assert!(lost.office.is_none() && lost.lost.contains(&Column::Office));
    let nothing = table.search("机械工程");
    assert!(nothing.rows.is_empty());
    assert_eq!((nothing.not_seen[0].from, nothing.not_seen[0].to), (21, 40));
    for number in (1..=20).chain(41..=73) {
        assert!(table.row(number).is_some(), "row {number}");
    }
}
