//! `juanzong notices` and `eligible` as people run them.

use serde_json::Value;

use crate::support::program::{juanzong, printed, said};

const REVIEW: &str = "lianyungang-pingshen-2024";

#[test]
fn a_committee_is_found_by_specialty_with_where_and_when() {
    let found = juanzong(&["--lang", "zh", "notices", REVIEW, "--committee", "林业工程"]);
    assert_eq!(found.status.code(), Some(0));
    let text = printed(&found);
    for wanted in [
        "56  林业工程",
        "评委会办事机构：市自然资源和规划局",
        "材料报送地址：海州区朝阳中路21号",
        "受理时间：7-8月",
        "计划评审时间：9-10月",
    ] {
        assert!(text.contains(wanted), "{wanted}\n{text}");
    }
    assert!(said(&found).contains("第 21–40 行"), "{}", said(&found));
    let json = juanzong(&["notices", REVIEW, "--committee", "林业", "--format", "json"]);
    let json: Value = serde_json::from_str(&printed(&json)).unwrap();
    assert_eq!(json["rows"][0]["number"], 56);
    assert_eq!(json["not_seen"][0]["to"], 40);
}

#[test]
fn what_our_copy_lacks_is_said_and_never_taken_for_nothing() {
    let lost = juanzong(&["--lang", "zh", "notices", REVIEW, "--committee", "图书资料"]);
    assert_eq!(lost.status.code(), Some(0));
    assert!(
        printed(&lost).contains("联系电话：（所据文本未载）"),
        "{}",
        printed(&lost)
    );
    // 机械工程 may stand in the rows that are missing: nobody can tell.
    let untold = juanzong(&["--lang", "en", "notices", REVIEW, "--committee", "机械工程"]);
    assert_eq!(untold.status.code(), Some(3));
    assert!(
        said(&untold).contains("not found in the table"),
        "{}",
        said(&untold)
    );
    assert!(
        said(&untold).contains("lacks rows 21–40"),
        "{}",
        said(&untold)
    );
    let none = juanzong(&["notices", "suzhou-chuding", "--committee", "林业"]);
    assert_eq!(none.status.code(), Some(2));
}
