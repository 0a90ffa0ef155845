//! Facts that may be shown around: no names, no numbers of people or certificates, no codes, no words of the pages.
//!
//! What something *is* stays: kinds, places, sizes, certainty, schools, levels, days of issue.

use super::facts::Inspection;

/// The facts without what is private.
#[must_use]
pub fn masked(inspection: &Inspection) -> Inspection {
    let mut facts = inspection.clone();
    if let Some(document) = &mut facts.document {
        document.private.clear();
        for (field, value) in &mut document.fields {
            *value = of_field(field, value);
        }
    }
    if let Some(pdf) = &mut facts.pdf {
        for hidden in &mut pdf.hidden_contradictions {
            hidden.hidden = letters(&hidden.hidden);
            hidden.seen = letters(&hidden.seen);
        }
        for file in &mut pdf.embedded_files {
            file.name = letters(&file.name);
        }
    }
    for run in facts.pages.iter_mut().flat_map(|page| &mut page.text) {
        run.text = letters(&run.text);
    }
    facts
}

/// A field's value as it may be shown; `name_2` is a name as well.
fn of_field(field: &str, value: &str) -> String {
    let name = field.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_');
    let keep = match name {
        "name" | "president" | "ethnic" | "employer" => 1,
        "certificate_number" | "degree_number" | "report_number" | "born_on" => 4,
        "opinion" => 0,
        _ => return value.to_owned(),
    };
    let shown = |(i, c): (usize, char)| if i < keep { c } else { letter(c) };
    value.chars().enumerate().map(shown).collect()
}

/// Every letter, digit and ideograph as one sign: length and marks stay.
fn letters(text: &str) -> String {
    text.chars().map(letter).collect()
}

fn letter(c: char) -> char {
    if c.is_alphanumeric() || matches!(c, '\u{e000}'..='\u{f8ff}') {
        '*'
    } else {
        c
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_numbers_and_days_of_birth() {
        for (field, value, shown) in [
            ("name", "林知远", "林**"),
            ("name_2", "顾明川", "顾**"),
            ("name", "阿依努尔·买买提", "阿***·***"),
            ("president", "沈其行", "沈**"),
            (
                "certificate_number",
                "999991201605123456",
                "9999**************",
            ),
            ("born_on", "1994-01-08", "1994-**-**"),
            ("verification_code_masked", "A7**…", "A7**…"),
            ("issued_on", "2024-06-10", "2024-06-10"),
            ("school", "云台大学", "云台大学"),
            ("year_2", "2023", "2023"),
        ] {
            assert_eq!(of_field(field, value), shown, "{field}");
        }
        assert_eq!(letters("姓名: Li 7\u{e123}"), "**: ** **");
    }
}
