//! What is said of papers held against each other: contradictions, and the same page twice.

use super::{
    CheckedItem, EarlierPaper,
    check::Look,
    identity::{self, Said},
    reuse,
};
use crate::{
    checks::{Rule, dossier_rules as rules, field_name},
    finding::Finding,
    inspect::document::DocumentKind,
    units::PageNumber,
};

impl<'a> Look<'a> {
    /// Papers that say unlike things of one person.
    pub(super) fn identity(&mut self) {
        for found in identity::contradictions(self.papers) {
            let (zh, en) = field_name(match found.field {
                "id_number_masked" => "id_number",
                field => field,
            });
            let [(first_zh, first_en), (other_zh, other_en)] = [found.first, found.other].map(said);
            let finding = Finding::new(
                format!("各材料的{zh}不一致：{first_zh}，{other_zh}"),
                format!("the papers contradict each other on the {en}: {first_en}, {other_en}"),
            )
            .with_hint(
                "请核对是否误传他人材料；更名、更正的须附公安机关或原单位证明",
                "check for somebody else's paper; where a name or date was changed add the proof",
            )
            .measured("file", found.other.paper.file_name.clone())
            .measured("page", found.other.evidence.page.value())
            .measured(found.field, found.other.value)
            .expected("file", found.first.paper.file_name.clone())
            .expected("page", found.first.evidence.page.value())
            .expected(found.field, found.first.value);
            let slot = self.pack.slot(&found.other.paper.slot);
            self.add(&rules::PAPERS_CONTRADICT, slot, None, finding);
        }
    }

    /// One page in two papers.
    pub(super) fn same_pages(&mut self) {
        for twin in reuse::twins(self.papers) {
            let [(first_zh, first_en), (other_zh, other_en)] = [twin.first, twin.other].map(place);
            let finding = Finding::new(
                format!("{other_zh}与{first_zh}是同一页材料"),
                format!("{other_en} is the same page as {first_en}"),
            )
            .with_hint(
                "同一材料只放一处；若确为不同材料，请向受理人员说明",
                "hand a paper in once; tell the clerk if they are two papers after all",
            )
            .measured("file", twin.other.0.file_name.clone())
            .measured("page", twin.other.1.value())
            .expected("other_file_than", twin.first.0.file_name.clone());
            let slot = self.pack.slot(&twin.other.0.slot);
            self.add(&rules::SAME_PAGE_TWICE, slot, None, finding);
        }
    }

    /// A page that the same applicant filed in an earlier year.
    pub(super) fn filed_before(&mut self, earlier: &[EarlierPaper]) {
        for (paper, page, old) in reuse::filed_before(self.papers, earlier) {
            // Diplomas and certificates are filed every time; what may not be used again are achievements.
            if !ACHIEVEMENTS.contains(&paper.slot.as_str()) {
                continue;
            }
            let (zh, en) = place((paper, page));
            let finding = Finding::new(
                format!("{zh}在 {} 年的申报中用过（`{}`）", old.year, old.file_name),
                format!("{en} was filed in {} already (`{}`)", old.year, old.file_name),
            )
            .with_hint(
                "往年申报且评审通过时使用过的业绩成果、论文等不能再次使用；未通过的请说明",
                "achievements that a title was granted for cannot be used again; say so if none was granted",
            )
            .measured("file", paper.file_name.clone())
            .measured("page", page.value())
            .measured("year", i64::from(old.year));
            let slot = self.pack.slot(&paper.slot);
            self.add(&rules::FILED_BEFORE, slot, None, finding);
        }
    }

    /// Articles without their journal's cover or contents page.
    pub(super) fn parts_of_papers(&mut self) {
        let Some(files) = self.files_all_read(&rules::PAPER_PARTS_MISSING, "papers") else {
            return;
        };
        let parts: Vec<&str> = files
            .iter()
            .filter_map(|file| field(file, "parts"))
            .flat_map(str::split_whitespace)
            .collect();
        let lacks: Vec<_> = PARTS
            .iter()
            .filter(|(part, _, _)| !parts.contains(part))
            .collect();
        // Where no part was told from another, none is known to be missing.
        if lacks.is_empty() || parts.is_empty() {
            return;
        }
        let zh: Vec<&str> = lacks.iter().map(|(_, zh, _)| *zh).collect();
        let en: Vec<&str> = lacks.iter().map(|(_, _, en)| *en).collect();
        let names: Vec<&str> = lacks.iter().map(|(part, _, _)| *part).collect();
        let finding = Finding::new(
            format!("论文材料中未见{}", zh.join("、")),
            format!("the papers show no {}", en.join(", no ")),
        )
        .with_hint(
            "请补上期刊封面、目录和正文的复印件",
            "add copies of the journal's cover, contents page and the article",
        )
        .measured("lacking", names);
        let slot = self.pack.slot("papers");
        self.add(&rules::PAPER_PARTS_MISSING, slot, None, finding);
    }

    /// Awards of a group without a word on one's own part.
    pub(super) fn roles_in_awards(&mut self) {
        let rule = &rules::GROUP_AWARD_WITHOUT_ROLE;
        let Some(files) = self.files_all_read(rule, "awards") else {
            return;
        };
        if files.iter().any(|file| field(file, "own_role").is_some()) {
            return;
        }
        let groups: Vec<&CheckedItem> = files
            .into_iter()
            .filter(|file| field(file, "group_award").is_some())
            .collect();
        for file in groups {
            let finding = Finding::new(
                format!("`{}` 是集体获奖，获奖材料中未见个人承担工作的证明", file.file_name),
                format!("`{}` is the award of a group, and no file under awards says which part was one's own", file.file_name),
            )
            .with_hint(
                "请补交完成人名单或单位出具的个人作用证明",
                "add the list of contributors or the unit's statement of one's own work",
            )
            .measured("file", file.file_name.clone());
            let slot = self.pack.slot("awards");
            self.add(rule, slot, None, finding);
        }
    }

    /// The files of a slot when the pack asks for the rule and each of them could be read.
    fn files_all_read(&self, rule: &Rule, slot: &str) -> Option<Vec<&'a CheckedItem>> {
        self.pack.check(&rule.code, Some(slot))?;
        let papers: &'a [CheckedItem] = self.papers;
        let files: Vec<&CheckedItem> = papers.iter().filter(|file| file.slot == slot).collect();
        let read = files.iter().all(|file| kind(file) != DocumentKind::Unknown);
        (read && !files.is_empty()).then_some(files)
    }
}

/// Slots whose papers count once.
const ACHIEVEMENTS: [&str; 4] = ["papers", "patents", "achievements", "awards"];

/// Where a page stands, in words of both languages.
fn place((paper, page): (&CheckedItem, PageNumber)) -> (String, String) {
    (
        format!("`{}`（{}）第 {page} 页", paper.file_name, paper.slot),
        format!("page {page} of `{}` ({})", paper.file_name, paper.slot),
    )
}

fn said(said: Said<'_>) -> (String, String) {
    let (zh, en) = place((said.paper, said.evidence.page));
    (
        format!("{zh}为「{}」", said.value),
        format!("`{}` on {en}", said.value),
    )
}

/// Parts of a published article, with their names.
const PARTS: [(&str, &str, &str); 3] = [
    ("cover", "期刊封面", "cover of the journal"),
    ("contents", "期刊目录", "contents page"),
    ("article", "论文正文", "article"),
];

fn kind(file: &CheckedItem) -> DocumentKind {
    let document = file.report.facts.document.as_ref();
    document.map_or(DocumentKind::Unknown, |document| document.kind)
}

fn field<'a>(file: &'a CheckedItem, name: &str) -> Option<&'a str> {
    let document = file.report.facts.document.as_ref()?;
    document.fields.get(name).map(String::as_str)
}
