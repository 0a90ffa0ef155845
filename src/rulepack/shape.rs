//! The shape of a TOML file as a table: which keys, which values, what each means.
//!
//! One table serves four readers: the loader (which refuses what does not fit), the error texts (which list what is
//! allowed), the JSON Schema of `notices --schema`, and the tables of `docs/rule-packs.md`.

use serde_json::{Map, Value, json};

/// One key of a table.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name.
    pub key: &'static str,
    /// What may stand there.
    pub shape: Shape,
    /// Whether it must be there.
    pub required: bool,
    /// What it means: one sentence in English, no full stop.
    pub doc: &'static str,
}

/// A key that must be there.
pub const fn required(key: &'static str, shape: Shape, doc: &'static str) -> Field {
    Field {
        key,
        shape,
        required: true,
        doc,
    }
}

/// A key that may be absent.
pub const fn optional(key: &'static str, shape: Shape, doc: &'static str) -> Field {
    Field {
        key,
        shape,
        required: false,
        doc,
    }
}

/// What may stand at a key.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Text that is not empty.
    Text,
    /// Text of a certain form.
    Formed(Form),
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A whole number.
    Whole {
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
    },
    /// A number with or without a fraction.
    Number {
        /// Smallest.
        min: f64,
        /// Largest.
        max: f64,
    },
    /// `true` or `false`
    Flag,
    /// A day, written `2024-07-18`, with or without quotes.
    Day,
    /// A list.
    List {
        /// Each entry.
        of: &'static Shape,
        /// Fewest entries.
        at_least: usize,
    },
    /// A table with these keys and no other.
    Table(&'static [Field]),
    /// A table whose further keys depend on the value of one key.
    Tagged {
        /// That key.
        tag: &'static str,
        /// What that key means.
        doc: &'static str,
        /// Keys that every variant has.
        common: &'static [Field],
        /// The variants.
        variants: fn() -> Vec<Variant>,
    },
    /// A table of texts with keys of the writer's own choice.
    Texts,
}

/// One variant of [`Shape::Tagged`].
#[derive(Clone, Copy, Debug)]
pub struct Variant {
    /// Value of the tag.
    pub name: &'static str,
    /// Its own keys.
    pub fields: &'static [Field],
}

/// Forms that a text may have to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Small letters, digits and hyphens: `lianyungang-gongxin-kaohe-2024`
    Id,
    /// A time of day: `09:00`
    ClockTime,
    /// A mail address.
    Mail,
}

impl Form {
    /// Whether `text` has the form.
    pub fn holds(self, text: &str) -> bool {
        match self {
            Form::Id => {
                !text.is_empty()
                    && text.len() <= 80
                    && !text.starts_with('-')
                    && text
                        .bytes()
                        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            }
            Form::ClockTime => {
                text.len() == 5
                    && text.split_once(':').is_some_and(|(h, m)| {
                        let below = |s: &str, max: u8| {
                            s.len() == 2
                                && s.bytes().all(|b| b.is_ascii_digit())
                                && s.parse::<u8>().is_ok_and(|n| n < max)
                        };
                        below(h, 24) && below(m, 60)
                    })
            }
            Form::Mail => text.split_once('@').is_some_and(|(user, host)| {
                let word = |s: &str| {
                    !s.is_empty()
                        && s.bytes()
                            .all(|b| b.is_ascii_alphanumeric() || b".-_+".contains(&b))
                };
                word(user) && word(host) && host.contains('.')
            }),
        }
    }
    /// The form in words: Chinese, English, and a pattern for JSON Schema.
    pub const fn described(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Form::Id => (
                "小写字母、数字和连字符",
                "small letters, digits and hyphens",
                "^[a-z0-9][a-z0-9-]{0,79}$",
            ),
            Form::ClockTime => (
                "24 小时制时刻，如 09:00",
                "a time of day such as 09:00",
                "^([01][0-9]|2[0-3]):[0-5][0-9]$",
            ),
            Form::Mail => (
                "邮箱地址",
                "a mail address",
                "^[A-Za-z0-9.+_-]+@[A-Za-z0-9.+_-]+$",
            ),
        }
    }
}

impl Shape {
    /// The shape in a few words, for error texts and the docs.
    pub fn described(&self) -> (String, String) {
        match self {
            Shape::Text => ("非空文字".into(), "text that is not empty".into()),
            Shape::Formed(form) => {
                let (zh, en, _) = form.described();
                (zh.into(), en.into())
            }
            Shape::Choice(words) => (
                format!("以下之一：{}", words.join("、")),
                format!("one of {}", words.join(", ")),
            ),
            Shape::Whole { min, max } => (
                format!("{min}–{max} 的整数"),
                format!("a whole number of {min} to {max}"),
            ),
            Shape::Number { min, max } => (
                format!("{min}–{max} 的数"),
                format!("a number of {min} to {max}"),
            ),
            Shape::Flag => ("true 或 false".into(), "true or false".into()),
            Shape::Day => (
                "日期，如 2024-07-18".into(),
                "a day such as 2024-07-18".into(),
            ),
            Shape::List { of, at_least } => {
                let (zh, en) = of.described();
                if *at_least > 0 {
                    (
                        format!("至少 {at_least} 项的列表，每项为{zh}"),
                        format!("a list of at least {at_least}, each {en}"),
                    )
                } else {
                    (format!("列表，每项为{zh}"), format!("a list, each {en}"))
                }
            }
            Shape::Table(fields) => {
                let keys = keys(fields);
                (
                    format!("表，键为 {}", keys.join("、")),
                    format!("a table with the keys {}", keys.join(", ")),
                )
            }
            Shape::Tagged { tag, .. } => (
                format!("表，键 {tag} 决定其余各键"),
                format!("a table whose key {tag} decides the others"),
            ),
            Shape::Texts => ("文字表".into(), "a table of texts".into()),
        }
    }

    /// The shape as JSON Schema (draft 2020-12).
    pub fn json_schema(&self) -> Value {
        match self {
            Shape::Text => json!({"type": "string", "minLength": 1}),
            Shape::Formed(form) => json!({"type": "string", "pattern": form.described().2}),
            Shape::Choice(words) => json!({"enum": words}),
            Shape::Whole { min, max } => {
                json!({"type": "integer", "minimum": min, "maximum": max})
            }
            Shape::Number { min, max } => {
                json!({"type": "number", "minimum": min, "maximum": max})
            }
            Shape::Flag => json!({"type": "boolean"}),
            Shape::Day => json!({"type": "string", "format": "date"}),
            Shape::List { of, at_least } => {
                json!({"type": "array", "items": of.json_schema(), "minItems": at_least})
            }
            Shape::Table(fields) => table_schema(fields, None),
            Shape::Tagged {
                tag,
                doc,
                common,
                variants,
            } => {
                let any: Vec<Value> = variants()
                    .iter()
                    .map(|variant| {
                        let all: Vec<Field> =
                            common.iter().chain(variant.fields).copied().collect();
                        table_schema(&all, Some((tag, doc, variant.name)))
                    })
                    .collect();
                json!({"type": "object", "oneOf": any})
            }
            Shape::Texts => json!({"type": "object", "additionalProperties": {"type": "string"}}),
        }
    }
}

/// The names of the keys.
pub fn keys(fields: &[Field]) -> Vec<&'static str> {
    fields.iter().map(|field| field.key).collect()
}

fn table_schema(fields: &[Field], tag: Option<(&str, &str, &str)>) -> Value {
    let mut properties = Map::new();
    let mut needed: Vec<Value> = Vec::new();
    if let Some((key, doc, name)) = tag {
        properties.insert(key.into(), json!({"const": name, "description": doc}));
        needed.push(key.into());
    }
    for field in fields {
        let mut schema = field.shape.json_schema();
        if let Some(object) = schema.as_object_mut() {
            object.insert("description".into(), field.doc.into());
        }
        properties.insert(field.key.into(), schema);
        if field.required {
            needed.push(field.key.into());
        }
    }
    json!({
        "type": "object", "properties": properties, "required": needed, "additionalProperties": false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_hold_just_inside_and_not_just_outside() {
        assert!(Form::Id.holds("suzhou-chuding"));
        assert!(!Form::Id.holds("Suzhou") && !Form::Id.holds("-a") && !Form::Id.holds(""));
        assert!(Form::ClockTime.holds("23:59") && Form::ClockTime.holds("00:00"));
        for wrong in ["24:00", "09:60", "9:00", "09-00", "+9:00"] {
            assert!(!Form::ClockTime.holds(wrong), "{wrong}");
        }
        assert!(Form::Mail.holds("office@example.org") && !Form::Mail.holds("office@example"));
    }
}
