#![doc = include_str!("private_use_character.md")]

use super::{
    Check, Findings, Rule, Subject,
    papers::{at, paper},
    person_name::private_use,
};
use crate::{
    finding::{Code, Finding, Outcome, Severity},
    inspect::document::DocumentKind,
};

static RULE: Rule = Rule {
    code: Code::new("ID104"),
    name: "private-use-character",
    severity: Severity::Warning,
    required: false,
    for_every_upload: false,
    doc: include_str!("private_use_character.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let document = match paper(subject, |kind| kind != DocumentKind::Unknown) {
        Ok(document) => document,
        Err(outcome) => return outcome,
    };
    let Some((name, evidence)) = document
        .fields
        .get("name")
        .zip(document.evidence.get("name"))
    else {
        return Outcome::not_applicable("材料上没有读到姓名", "no name was found on the paper");
    };
    let codes: Vec<String> = name
        .chars()
        .filter(|c| private_use(*c))
        .map(|c| format!("U+{:04X}", u32::from(c)))
        .collect();
    if !codes.is_empty() {
        let finding = Finding::new(
            format!("姓名中有自造字（{}），在别的电脑上会显示成别的字或空白", codes.join("、")),
            format!("the name holds private-use characters ({}), which other computers show as something else", codes.join(", ")),
        )
        .with_hint(
            "请改用 GB 18030-2022 收录的正式字符；公安系统已为多数生僻字给出编码",
            "use the character GB 18030-2022 has for it; most rare characters of names have one by now",
        )
        .measured("characters", codes);
        out.add(at(finding, evidence));
    }
    out.outcome()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::papers::tests::{Case, document};

    #[test]
    fn rare_is_fine_and_private_is_not() {
        for (name, want) in [
            ("林\u{e123}", Outcome::Found),
            ("林䶮", Outcome::Passed),
            ("林\u{20bb7}", Outcome::Passed),
        ] {
            let case = Case::of(document(DocumentKind::IdentityCard, &[("name", name)]));
            assert_eq!(case.run(run).0, want, "{name}");
        }
    }
}
