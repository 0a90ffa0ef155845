//! The form of a grant: read from what was typed, every problem said at once and beside its field.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::{
    certificate::{Claims, ClaimsError, Grant, IssueError, Level, Method},
    http::pages::form::Fields,
    lang::Bilingual,
    typeset::TypesetError,
};

/// Fields that hold text, in the order of the form.
const TEXTS: [&str; 13] = [
    "name",
    "sex",
    "born",
    "id_number",
    "unit",
    "series",
    "specialty",
    "title",
    "level",
    "method",
    "committee",
    "doc_no",
    "obtained_on",
];
/// Those that must be there.
const MUST: [&str; 8] = [
    "name",
    "series",
    "specialty",
    "title",
    "level",
    "method",
    "committee",
    "obtained_on",
];

/// What was typed, and what is wrong with it, by field.
#[derive(Debug, Default, Serialize)]
pub(super) struct GrantForm {
    values: BTreeMap<&'static str, String>,
    wrong: BTreeMap<String, Bilingual>,
    /// What belongs to no field.
    general: Vec<Bilingual>,
    levels: Vec<&'static str>,
    methods: Vec<&'static str>,
}

impl GrantForm {
    /// With what a certificate says, to begin its successor from.
    pub(super) fn of_claims(claims: &Claims) -> GrantForm {
        let value = |key| (key, claims.get(key).unwrap_or_default().to_owned());
        GrantForm::with(TEXTS.into_iter().map(value).collect())
    }
    /// With nothing typed yet.
    pub(super) fn empty() -> GrantForm {
        GrantForm::with(TEXTS.map(|key| (key, String::new())).into_iter().collect())
    }
    /// With what was typed.
    pub(super) fn read(fields: &Fields) -> GrantForm {
        let value = |key| (key, fields.text(key).unwrap_or_default().to_owned());
        GrantForm::with(TEXTS.into_iter().map(value).collect())
    }
    fn with(values: BTreeMap<&'static str, String>) -> GrantForm {
        GrantForm {
            values,
            levels: Level::ALL.map(Level::name).to_vec(),
            methods: Method::ALL.map(Method::name).to_vec(),
            ..GrantForm::default()
        }
    }
    /// Whether nothing is wrong that we know of.
    pub(super) fn is_good(&self) -> bool {
        self.wrong.is_empty() && self.general.is_empty()
    }
    fn text(&self, key: &str) -> &str {
        self.values.get(key).map_or("", String::as_str)
    }
    fn optional(&self, key: &str) -> Option<String> {
        let text = self.text(key);
        (!text.is_empty()).then(|| text.to_owned())
    }
    fn complain(&mut self, key: &str, zh: &str, en: &str) {
        let key = key.to_owned();
        self.wrong
            .entry(key)
            .or_insert_with(|| Bilingual::new(zh, en));
    }
    /// The grant; nothing when a field is missing or cannot be read, which is noted beside it.
    pub(super) fn grant(&mut self) -> Option<Grant> {
        for key in MUST {
            if self.text(key).is_empty() {
                self.complain(key, "请填写", "is needed");
            }
        }
        let level = Level::ALL
            .into_iter()
            .find(|level| level.name() == self.text("level"));
        if level.is_none() {
            self.complain("level", "请选择级别", "choose a level");
        }
        let method = Method::ALL
            .into_iter()
            .find(|method| method.name() == self.text("method"));
        if method.is_none() {
            self.complain("method", "请选择取得方式", "choose a method");
        }
        let obtained_on: Option<Date> = self.text("obtained_on").parse().ok();
        if obtained_on.is_none() {
            self.complain(
                "obtained_on",
                "应为日期，如 2024-08-20",
                "wants a date such as 2024-08-20",
            );
        }
        if !self.is_good() {
            return None;
        }
        let id_number = self.optional("id_number");
        Some(Grant {
            name: self.text("name").to_owned(),
            sex: self.optional("sex"),
            born: self.optional("born"),
            unit: self.optional("unit"),
            id_number: id_number.map(|number| number.to_ascii_uppercase()),
            series: self.text("series").to_owned(),
            specialty: self.text("specialty").to_owned(),
            title: self.text("title").to_owned(),
            level: level?,
            method: method?,
            committee: self.text("committee").to_owned(),
            doc_no: self.optional("doc_no"),
            obtained_on: obtained_on?,
            supersedes: None,
            dossier_sha256: None,
            pack_sha256: None,
        })
    }
    /// Notes why it would not be issued, beside the field it is about; gives back what is no fault of the form.
    pub(super) fn refused(&mut self, error: IssueError) -> Result<(), IssueError> {
        match error {
            IssueError::Claims(ClaimsError::Values(problems)) => {
                for problem in problems {
                    if self.values.contains_key(problem.key.as_str()) {
                        self.complain(&problem.key, &problem.message.zh, &problem.message.en);
                    } else {
                        let (zh, en) = (problem.message.zh, problem.message.en);
                        let key = problem.key;
                        self.general.push(Bilingual::new(
                            format!("{key}：{zh}"),
                            format!("{key}: {en}"),
                        ));
                    }
                }
            }
            IssueError::Typeset(TypesetError::NoGlyph { characters }) => {
                for (key, value) in self.values.clone() {
                    if let Some(missing) = characters.iter().find(|sign| value.contains(**sign)) {
                        let zh = format!("字库中没有“{missing}”，不能印制");
                        let en = format!("no font has `{missing}`, so it cannot be printed");
                        self.complain(key, &zh, &en);
                    }
                }
                if self.wrong.is_empty() {
                    self.general.push(Bilingual::new(
                        "有字库中没有的字",
                        "a character is in none of the fonts",
                    ));
                }
            }
            IssueError::Status(state) => self.general.push(Bilingual::new(
                "原证书已不是有效状态，不能再被替代",
                format!("the certificate is {state}"),
            )),
            other => return Err(other),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_missing_is_said_at_once_and_beside_its_field() {
        let mut form = GrantForm::empty();
        assert!(form.grant().is_none());
        let wrong: Vec<_> = form.wrong.keys().map(String::as_str).collect();
        let mut must = MUST.to_vec();
        must.sort_unstable();
        assert_eq!(wrong, must);
    }

    #[test]
    fn a_character_no_font_has_is_said_beside_the_field_it_stands_in() {
        let mut form = GrantForm::empty();
        form.values.insert("unit", "示例\u{e123}公司".to_owned());
        let error = TypesetError::NoGlyph {
            characters: vec!['\u{e123}'],
        };
        form.refused(error.into()).unwrap();
        assert!(form.wrong.contains_key("unit") && form.wrong.len() == 1);
    }
}
