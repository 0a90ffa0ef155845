//! What a certificate states: a fixed list of keys, strings only, one valid text (`claims.json`).
//!
//! `claims.json` is attached to the PDF. Its commitment `c` hides it, because every certificate has a fresh 256-bit salt.
//! No identity number is in it: birth date and region leave some ten thousand guesses, and the salt is in the same file.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use unicode_normalization::is_nfc;

use super::{
    canonical::{self, NotCanonical},
    number::Number,
};
use crate::{digest::Digest, lang::Bilingual};

/// The version of this format.
pub const VERSION: &str = "1";
/// The digest algorithm; named so that another can be added.
pub const ALG: &str = "sha-256";
/// Most characters of one value.
pub const VALUE_CHARACTERS: usize = 120;

/// Levels of a professional title.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Level {
    /// 正高级
    #[serde(rename = "正高级")]
    Senior,
    /// 副高级
    #[serde(rename = "副高级")]
    AssociateSenior,
    /// 中级
    #[serde(rename = "中级")]
    Intermediate,
    /// 助理级
    #[serde(rename = "助理级")]
    Junior,
    /// 员级
    #[serde(rename = "员级")]
    Technician,
}

impl Level {
    /// Every level.
    pub const ALL: [Level; 5] = [
        Level::Senior,
        Level::AssociateSenior,
        Level::Intermediate,
        Level::Junior,
        Level::Technician,
    ];
    /// As printed.
    pub const fn name(self) -> &'static str {
        match self {
            Level::Senior => "正高级",
            Level::AssociateSenior => "副高级",
            Level::Intermediate => "中级",
            Level::Junior => "助理级",
            Level::Technician => "员级",
        }
    }
    /// Its sign in certificate numbers.
    pub const fn sign(self) -> char {
        match self {
            Level::Senior => '1',
            Level::AssociateSenior => '2',
            Level::Intermediate => '3',
            Level::Junior => '4',
            Level::Technician => '5',
        }
    }
}

/// How a title was obtained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Method {
    /// 评审
    #[serde(rename = "评审")]
    Review,
    /// 初定
    #[serde(rename = "初定")]
    Initial,
    /// 考核认定
    #[serde(rename = "考核认定")]
    Recognition,
    /// 考试
    #[serde(rename = "考试")]
    Examination,
    /// 比照认定
    #[serde(rename = "比照认定")]
    Comparison,
}

impl Method {
    /// Every method.
    pub const ALL: [Method; 5] = [
        Method::Review,
        Method::Initial,
        Method::Recognition,
        Method::Examination,
        Method::Comparison,
    ];
    /// As printed.
    pub const fn name(self) -> &'static str {
        match self {
            Method::Review => "评审",
            Method::Initial => "初定",
            Method::Recognition => "考核认定",
            Method::Examination => "考试",
            Method::Comparison => "比照认定",
        }
    }
    /// Its sign in certificate numbers.
    pub const fn sign(self) -> char {
        match self {
            Method::Review => '1',
            Method::Initial => '2',
            Method::Recognition => '3',
            Method::Examination => '4',
            Method::Comparison => '5',
        }
    }
}

/// How the text of one key must look.
#[derive(Clone, Copy)]
enum Kind {
    Exactly(&'static str),
    Text,
    Day,
    Month,
    Instant,
    Hex,
    Number,
    Level,
    Method,
    Sex,
}

/// Every key, whether it must be there, and how its value looks. Sorted as in the text.
const KEYS: &[(&str, bool, Kind)] = &[
    ("alg", true, Kind::Exactly(ALG)),
    ("born", false, Kind::Month),
    ("committee", true, Kind::Text),
    ("doc_no", false, Kind::Text),
    ("dossier_sha256", false, Kind::Hex),
    ("issued_at", true, Kind::Instant),
    ("issuer", true, Kind::Text),
    ("level", true, Kind::Level),
    ("method", true, Kind::Method),
    ("name", true, Kind::Text),
    ("number", true, Kind::Number),
    ("obtained_on", true, Kind::Day),
    ("pack_sha256", false, Kind::Hex),
    ("photo_sha256", false, Kind::Hex),
    ("salt", true, Kind::Hex),
    ("series", true, Kind::Text),
    ("sex", false, Kind::Sex),
    ("specialty", true, Kind::Text),
    ("supersedes", false, Kind::Number),
    ("template_sha256", true, Kind::Hex),
    ("title", true, Kind::Text),
    ("unit", false, Kind::Text),
    ("v", true, Kind::Exactly(VERSION)),
];

/// One thing that is wrong with claims. Says which key, never what stood there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimProblem {
    /// The key.
    pub key: String,
    /// What is wrong.
    pub message: Bilingual,
}

/// Claims that cannot stand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClaimsError {
    /// Not the one text.
    #[error(transparent)]
    Text(#[from] NotCanonical),
    /// Everything that is wrong with the values, at once.
    #[error("{} of the claims cannot stand: {}", .0.len(), list(.0))]
    Values(Vec<ClaimProblem>),
}

fn list(problems: &[ClaimProblem]) -> String {
    let texts: Vec<String> = problems
        .iter()
        .map(|p| format!("`{}` {}", p.key, p.message.en))
        .collect();
    texts.join("; ")
}

/// Claims in which every value is as it must be. `Debug` shows keys only.
#[derive(Clone, PartialEq, Eq)]
pub struct Claims(BTreeMap<String, String>);

impl std::fmt::Debug for Claims {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.keys()).finish()
    }
}

impl Claims {
    /// Claims of these keys and values; `v` and `alg` are added.
    pub fn new<'a>(
        values: impl IntoIterator<Item = (&'a str, String)>,
    ) -> Result<Claims, ClaimsError> {
        let mut all: BTreeMap<String, String> = values
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect();
        all.insert("v".to_owned(), VERSION.to_owned());
        all.insert("alg".to_owned(), ALG.to_owned());
        Claims::checked(all)
    }
    /// Reads `claims.json`: refuses what [`Claims::text`] would not have written.
    pub fn read(bytes: &[u8]) -> Result<Claims, ClaimsError> {
        Claims::checked(canonical::read(bytes)?)
    }
    /// The one text, `claims.json`.
    pub fn text(&self) -> String {
        canonical::write(self.iter())
    }
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }
    /// The value of a key that is always there.
    pub fn value(&self, key: &str) -> &str {
        self.get(key).unwrap_or_default()
    }
    /// Keys and values in the order of the text.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(k, v)| (k.as_str(), v.as_str()))
    }
    /// The certificate number.
    pub fn number(&self) -> Option<Number> {
        self.get("number")?.parse().ok()
    }
    /// The salt's 32 bytes.
    pub fn salt(&self) -> Option<[u8; 32]> {
        let digest: Digest = self.get("salt")?.parse().ok()?;
        Some(*digest.as_bytes())
    }
    /// The values a reader of the certificate can find on its face, with their keys.
    pub fn on_the_face(&self) -> impl Iterator<Item = (&str, &str)> {
        const FACE: [&str; 11] = [
            "committee",
            "doc_no",
            "issuer",
            "level",
            "method",
            "name",
            "number",
            "series",
            "specialty",
            "title",
            "unit",
        ];
        self.iter().filter(|(key, _)| FACE.contains(key))
    }

    fn checked(values: BTreeMap<String, String>) -> Result<Claims, ClaimsError> {
        let mut problems = Vec::new();
        for key in values.keys() {
            if !KEYS.iter().any(|(known, ..)| known == key) {
                problems.push(problem(key, "是未知的键", "is not a known key"));
            }
        }
        for (key, required, kind) in KEYS {
            match values.get(*key) {
                Some(value) => {
                    if let Some(message) = wrong(value, *kind) {
                        problems.push(ClaimProblem {
                            key: (*key).to_owned(),
                            message,
                        });
                    }
                }
                None if *required => problems.push(problem(key, "缺失", "is missing")),
                None => {}
            }
        }
        if problems.is_empty() {
            Ok(Claims(values))
        } else {
            Err(ClaimsError::Values(problems))
        }
    }
}

fn problem(key: &str, zh: &str, en: &str) -> ClaimProblem {
    ClaimProblem {
        key: key.to_owned(),
        message: Bilingual::new(zh, en),
    }
}

fn wrong(value: &str, kind: Kind) -> Option<Bilingual> {
    let (fits, zh, en) = match kind {
        Kind::Exactly(text) => (
            value == text,
            "不是本格式的值",
            "is not this format's value",
        ),
        Kind::Text => return wrong_text(value),
        Kind::Day => (
            value.parse::<Date>().is_ok_and(|d| d.to_string() == value),
            "应为日期，如 2024-06-30",
            "wants a date like 2024-06-30",
        ),
        Kind::Month => (
            format!("{value}-01")
                .parse::<Date>()
                .is_ok_and(|d| d.to_string() == format!("{value}-01")),
            "应为年月，如 1990-01",
            "wants a month like 1990-01",
        ),
        Kind::Instant => (
            value
                .parse::<Timestamp>()
                .is_ok_and(|t| instant(t) == value),
            "应为世界协调时，精确到秒，如 2024-06-30T04:00:00Z",
            "wants an instant in UTC, to the second, like 2024-06-30T04:00:00Z",
        ),
        Kind::Hex => (
            value.parse::<Digest>().is_ok_and(|d| d.to_hex() == value),
            "应为 64 位小写十六进制数",
            "wants 64 lower-case hex digits",
        ),
        Kind::Number => (
            value.parse::<Number>().is_ok_and(|n| n.as_str() == value),
            "应为带校验位的证书编号",
            "wants a certificate number with its check sign",
        ),
        Kind::Level => (
            Level::ALL.iter().any(|l| l.name() == value),
            "应为正高级、副高级、中级、助理级或员级",
            "wants 正高级, 副高级, 中级, 助理级 or 员级",
        ),
        Kind::Method => (
            Method::ALL.iter().any(|m| m.name() == value),
            "应为评审、初定、考核认定、考试或比照认定",
            "wants 评审, 初定, 考核认定, 考试 or 比照认定",
        ),
        Kind::Sex => (matches!(value, "男" | "女"), "应为男或女", "wants 男 or 女"),
    };
    (!fits).then(|| Bilingual::new(zh, en))
}

fn wrong_text(value: &str) -> Option<Bilingual> {
    let characters = value.chars().count();
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff0}'..='\u{ffff}')
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{e0000}'..='\u{e01ef}')
    };
    let private = |c: char| matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}');
    let odd_space = |c: char| c.is_whitespace() && c != ' ';
    let (zh, en) = if value.is_empty() || value.trim() != value {
        ("为空或首尾有空格", "is empty or has blanks around it")
    } else if characters > VALUE_CHARACTERS {
        ("超过 120 个字", "has more than 120 characters")
    } else if !is_nfc(value) {
        ("不是 Unicode NFC 形式", "is not in Unicode form NFC")
    } else if value.chars().any(hidden) || value.chars().any(odd_space) {
        ("含看不见的字符", "has characters that cannot be seen")
    } else if value.chars().any(private) {
        (
            "含自造字（私用区），各机显示不一",
            "has private use characters, which every computer shows differently",
        )
    } else {
        return None;
    };
    Some(Bilingual::new(zh, en))
}

/// An instant as the formats write it: UTC, whole seconds.
pub fn instant(at: Timestamp) -> String {
    let whole = Timestamp::from_second(at.as_second()).unwrap_or(at);
    whole.to_string()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::certificate::number::NumberTemplate;

    /// Claims of an invented person.
    pub(crate) fn sample(name: &str, salt: u8) -> Claims {
        let number = NumberTemplate::default()
            .number(2024, Level::Intermediate, Method::Recognition, 42)
            .unwrap();
        Claims::new([
            ("issuer", "示例市工业和信息化局".to_owned()),
            ("number", number.to_string()),
            ("name", name.to_owned()),
            ("obtained_on", "2024-11-30".to_owned()),
            ("issued_at", "2024-12-05T01:00:00Z".to_owned()),
            ("series", "工程技术".to_owned()),
            ("specialty", "电子信息".to_owned()),
            ("title", "工程师".to_owned()),
            ("level", "中级".to_owned()),
            ("method", "考核认定".to_owned()),
            (
                "committee",
                "示例市工程系列中级职称考核认定委员会".to_owned(),
            ),
            ("template_sha256", Digest::of(b"template").to_hex()),
            ("salt", Digest::of(&[salt]).to_hex()),
        ])
        .unwrap()
    }

    #[test]
    fn one_text_and_back() {
        let claims = sample("欧阳示例", 1);
        let text = claims.text();
        assert!(text.starts_with("{\"alg\":\"sha-256\",\"committee\":"));
        assert_eq!(Claims::read(text.as_bytes()), Ok(claims));
        let keys: Vec<&str> = KEYS.iter().map(|(key, ..)| *key).collect();
        assert!(keys.is_sorted());
    }

    #[test]
    fn d2_what_we_would_not_write_is_refused() {
        let text = sample("欧阳示例", 1).text();
        for wrong in [
            format!("{text}\n"),
            format!(" {text}"),
            format!("\u{feff}{text}"),
            text.replace("\"v\":\"1\"", "\"v\":1"),
            text.replace("\"v\":\"1\"", "\"v\":\"1\",\"v\":\"1\""),
            text.replace("\"v\":\"1\"", "\"v\":\"2\""),
            text.replace("\"v\":\"1\"", "\"u\":\"x\",\"v\":\"1\""),
            text.replace("sha-256", "sm3"),
            text.replace("2024-11-30", "2024-11-31"),
            text.replace("2024-11-30", "2024-1-30"),
            text.replace("01:00:00Z", "01:00:00+00:00"),
            text.replace("01:00:00Z", "01:00:00.5Z"),
            text.replace("中级\"", "高级\""),
            text.replace("欧阳示例", "e\u{301}"),
            text.replace("欧阳示例", " 欧阳"),
            text.replace("欧阳示例", "欧\u{202e}阳"),
            text.replace("欧阳示例", "欧\u{e123}阳"),
            text.replace("欧阳示例", "欧\u{3000}阳"),
            text.replace("欧阳示例", ""),
            text.replace("欧阳示例", "null\\u0041"),
        ] {
            assert_ne!(wrong, text);
            assert!(Claims::read(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn d4_rare_characters_and_the_middle_dot_stay_as_they_are() {
        for name in ["𠮷野", "䶮", "阿卜杜拉·买买提", "𬭎", "㛃"] {
            let claims = sample(name, 1);
            let again = Claims::read(claims.text().as_bytes()).unwrap();
            assert_eq!(again.value("name"), name);
        }
    }

    #[test]
    fn everything_wrong_is_said_at_once_and_no_value_is_repeated() {
        let error =
            Claims::new([("name", "张\u{0}三".to_owned()), ("nick", "x".to_owned())]).unwrap_err();
        let ClaimsError::Values(problems) = &error else {
            panic!("{error}")
        };
        assert!(problems.len() > 10);
        assert!(problems.iter().any(|p| p.key == "nick"));
        assert!(!error.to_string().contains('张'));
        assert!(!format!("{:?}", sample("张三", 1)).contains('张'));
    }
}
