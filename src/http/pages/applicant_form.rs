//! The form of who applies: read into an [`Applicant`], or said field by field what does not fit; shown again as it was sent.

use std::collections::BTreeMap;

use serde::Serialize;

use super::form::Fields;
use crate::{
    dossier::Applicant,
    lang::Bilingual,
    rulepack::{Circumstance, Pack},
    typeset::forms::MORE_FIELDS,
};

/// What the form shows.
#[derive(Debug, Serialize)]
pub(super) struct ApplicantForm {
    values: BTreeMap<String, String>,
    wrong: BTreeMap<&'static str, String>,
    circumstances: Vec<Choice>,
    specialties: Vec<String>,
    more: Vec<More>,
}

/// A field that only the printed forms show.
#[derive(Debug, Serialize)]
struct More {
    key: &'static str,
    name: &'static str,
    en: &'static str,
    long: bool,
    value: String,
    wrong: String,
}

/// Most signs of such a field: one line, several lines.
const MORE_MOST: (usize, usize) = (60, 2_000);

#[derive(Debug, Serialize)]
struct Choice {
    value: &'static str,
    name: Bilingual,
    chosen: bool,
}

/// Text fields: name on the wire, most signs.
const TEXTS: [(&str, usize); 8] = [
    ("name", 60),
    ("sex", 1),
    ("id_number", 18),
    ("unit", 80),
    ("phone", 30),
    ("specialty", 60),
    ("current_title", 40),
    ("applied_title", 40),
];

impl ApplicantForm {
    /// The form filled in with what is known.
    pub(super) fn of(applicant: &Applicant, pack: &Pack) -> ApplicantForm {
        let mut values = BTreeMap::new();
        let mut put = |name: &str, value: Option<&str>| {
            values.insert(name.to_owned(), value.unwrap_or_default().to_owned());
        };
        put("name", Some(&applicant.name));
        put("sex", applicant.sex.as_deref());
        let born = applicant.born.map(|born| born.to_string());
        put("born", born.as_deref());
        put("id_number", applicant.id_number.as_deref());
        put("unit", applicant.unit.as_deref());
        put("phone", applicant.phone.as_deref());
        put("specialty", applicant.specialty.as_deref());
        put("current_title", applicant.current_title.as_deref());
        put("applied_title", applicant.applied_title.as_deref());
        for field in &MORE_FIELDS {
            put(
                field.key,
                applicant.more.get(field.name).map(String::as_str),
            );
        }
        let stated = applicant.circumstances.clone().unwrap_or_default();
        ApplicantForm::with(values, BTreeMap::new(), &stated, pack)
    }

    fn with(
        values: BTreeMap<String, String>,
        wrong: BTreeMap<&'static str, String>,
        stated: &[Circumstance],
        pack: &Pack,
    ) -> ApplicantForm {
        let choices = pack.circumstances().into_iter().map(|one| Choice {
            value: one.word(),
            name: one.name(),
            chosen: stated.contains(&one),
        });
        let more = MORE_FIELDS.iter().map(|field| More {
            key: field.key,
            name: field.name,
            en: field.en,
            long: field.long,
            value: values.get(field.key).cloned().unwrap_or_default(),
            wrong: wrong.get(field.key).cloned().unwrap_or_default(),
        });
        ApplicantForm {
            more: more.collect(),
            values,
            wrong,
            circumstances: choices.collect(),
            specialties: pack
                .specialties
                .iter()
                .map(|one| one.name.clone())
                .collect(),
        }
    }

    /// Reads what was sent over what was there; the form again when something does not fit.
    pub(super) fn read(
        fields: &Fields,
        before: &Applicant,
        pack: &Pack,
    ) -> Result<Applicant, ApplicantForm> {
        let mut wrong = BTreeMap::new();
        let mut text = |name: &'static str, most: usize| {
            let value = fields.text(name)?;
            if value.chars().count() > most || value.chars().any(char::is_control) {
                wrong.insert(
                    name,
                    format!("至多 {most} 个字，写在一行里 · one line of at most {most} signs"),
                );
            }
            Some(value.to_owned())
        };
        let mut texts: BTreeMap<&str, Option<String>> = BTreeMap::new();
        for (name, most) in TEXTS {
            texts.insert(name, text(name, most));
        }
        let mut take = |name: &str| texts.remove(name).flatten();
        let name = take("name").unwrap_or_default();
        if name.is_empty() {
            wrong.insert("name", "请填写姓名 · write the name".to_owned());
        }
        let sex = take("sex");
        if sex.as_deref().is_some_and(|sex| sex != "男" && sex != "女") {
            wrong.insert("sex", "请选择男或女 · choose one".to_owned());
        }
        let born = match fields.text("born").map(str::parse) {
            None => None,
            Some(Ok(day)) => Some(day),
            Some(Err(_)) => {
                wrong.insert(
                    "born",
                    "请写成 1990-01-31 的样子 · written like 1990-01-31".to_owned(),
                );
                None
            }
        };
        let id_number = take("id_number").map(|number| number.to_uppercase());
        if id_number
            .as_deref()
            .is_some_and(|number| !is_id_number(number))
        {
            let why = "应为 18 位，末位可为 X · 18 digits, the last may be X";
            wrong.insert("id_number", why.to_owned());
        }
        let more = more(fields, before, &mut wrong);
        let stated: Vec<Circumstance> = pack
            .circumstances()
            .into_iter()
            .filter(|one| fields.all("circumstances").any(|word| word == one.word()))
            .collect();
        if !wrong.is_empty() {
            let values = fields.pairs();
            let mut values: BTreeMap<String, String> = values
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect();
            for (name, _) in TEXTS {
                values.entry(name.to_owned()).or_default();
            }
            values.entry("born".to_owned()).or_default();
            return Err(ApplicantForm::with(values, wrong, &stated, pack));
        }
        let specialty = take("specialty");
        let listed = pack.specialties.iter();
        let mut listed = listed.filter(|one| Some(&one.name) == specialty.as_ref());
        let short = listed.next().and_then(|one| one.short.clone());
        Ok(Applicant {
            name,
            sex,
            born,
            id_number,
            unit: take("unit"),
            phone: take("phone"),
            specialty_short: short.or_else(|| before.specialty_short.clone()),
            specialty,
            current_title: take("current_title"),
            applied_title: take("applied_title"),
            // The form asks about each of them, so what is not ticked does not hold.
            circumstances: Some(stated),
            more,
        })
    }
}

/// The fields of the printed forms: what was sent, over what was there.
fn more(
    fields: &Fields,
    before: &Applicant,
    wrong: &mut BTreeMap<&'static str, String>,
) -> BTreeMap<String, String> {
    let mut more = before.more.clone();
    for field in &MORE_FIELDS {
        let Some((_, sent)) = fields.pairs().find(|(key, _)| *key == field.key) else {
            continue;
        };
        let sent = sent.replace("\r\n", "\n");
        let most = if field.long { MORE_MOST.1 } else { MORE_MOST.0 };
        let odd = |sign: char| sign.is_control() && !(field.long && sign == '\n');
        if sent.chars().count() > most || sent.chars().any(odd) {
            wrong.insert(
                field.key,
                format!("至多 {most} 个字 · at most {most} signs"),
            );
        } else if sent.is_empty() {
            more.remove(field.name);
        } else {
            more.insert(field.name.to_owned(), sent);
        }
    }
    more
}

/// 17 digits and a digit or X; whether the sum is right is for the checks of the identity card to say.
fn is_id_number(text: &str) -> bool {
    let (Some(body), Some(last)) = (text.get(..17), text.get(17..)) else {
        return false;
    };
    let digit = |sign: char| sign.is_ascii_digit();
    body.chars().all(digit) && (last == "X" || (last.len() == 1 && last.chars().all(digit)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulepack::Packs;

    fn read(text: &str) -> Result<Applicant, ApplicantForm> {
        let packs = Packs::builtin();
        let pack = packs.get("lianyungang-gongxin-kaohe-2024").unwrap();
        let before = Applicant {
            more: [("学历".to_owned(), "本科".to_owned())].into(),
            ..Applicant::default()
        };
        ApplicantForm::read(&Fields::read(text).unwrap(), &before, pack)
    }

    #[test]
    fn what_fits_is_taken_and_what_the_form_does_not_show_stays() {
        let applicant =
            read("name=%E6%9D%8E&born=1990-02-28&id_number=32070019900228001x").unwrap();
        assert_eq!(applicant.name, "李");
        assert_eq!(applicant.id_number.as_deref(), Some("32070019900228001X"));
        assert_eq!(applicant.circumstances, Some(Vec::new()));
        assert_eq!(applicant.more.len(), 1);
    }

    #[test]
    fn what_the_printed_forms_show_is_taken_line_by_line() {
        // 学历 stays, 民族 comes, 工作经历 has two lines.
        let applicant = read("name=%E6%9D%8E&more.%E6%B0%91%E6%97%8F=%E6%B1%89&more.%E5%B7%A5%E4%BD%9C%E7%BB%8F%E5%8E%86=a%0D%0Ab").unwrap();
        let more: Vec<_> = applicant.more.iter().collect();
        let told: Vec<(&str, &str)> = more.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(
            told,
            [("学历", "本科"), ("工作经历", "a\nb"), ("民族", "汉")]
        );
        let emptied = read("name=%E6%9D%8E&more.%E5%AD%A6%E5%8E%86=").unwrap();
        assert!(emptied.more.is_empty());
        let long = format!("name=%E6%9D%8E&more.%E6%B0%91%E6%97%8F={}", "x".repeat(61));
        let form = read(&long).unwrap_err();
        assert_eq!(
            form.wrong.keys().copied().collect::<Vec<_>>(),
            ["more.民族"]
        );
        assert_eq!(form.values["more.民族"].len(), 61);
    }

    #[test]
    fn everything_that_does_not_fit_is_said_at_once_and_nothing_typed_is_lost() {
        let form =
            read("name=&born=1990-02-30&id_number=123&sex=x&unit=%E5%85%AC%E5%8F%B8").unwrap_err();
        let wrong: Vec<_> = form.wrong.keys().copied().collect();
        assert_eq!(wrong, ["born", "id_number", "name", "sex"]);
        assert_eq!(form.values["unit"], "公司");
        assert_eq!(form.values["born"], "1990-02-30");
    }
}
