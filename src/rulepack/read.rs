//! A TOML text against a [`Shape`]: a JSON value that fits, or everything that does not, each with its line.
//!
//! Days become `"YYYY-MM-DD"`, so that what comes out can be read by `serde` without knowing TOML. Nothing is repaired.

use serde_json::{Map, Value};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    error::Problem,
    shape::{Field, Shape, keys},
};
use crate::lang::Bilingual;

/// A TOML text that was parsed, with its lines and what is wrong so far.
pub struct Source<'t> {
    file: String,
    text: &'t str,
    root: Spanned<DeTable<'t>>,
    problems: Vec<Problem>,
}

/// One step of the way to a value: a key or the place in a list, from 0.
#[derive(Clone, Copy, Debug)]
pub enum Step<'a> {
    /// Key of a table.
    Key(&'a str),
    /// Place in a list, from 0.
    At(usize),
}

impl<'t> Source<'t> {
    /// Parses `text`; every error of syntax is kept as a problem.
    pub fn parse(file: &str, text: &'t str) -> Source<'t> {
        let (root, errors) = DeTable::parse_recoverable(text);
        let mut source = Source {
            file: file.to_owned(),
            text,
            root,
            problems: Vec::new(),
        };
        for error in errors {
            let line = source.line(error.span().map_or(0, |span| span.start));
            let message = error.message().trim_end_matches('.').to_owned();
            let zh = format!("不是合法的 TOML：{message}");
            let en = format!("not TOML: {message}");
            source.add(line, String::new(), zh, en, Vec::new());
        }
        source
    }

    fn line(&self, offset: usize) -> usize {
        let before = self.text.as_bytes().iter().take(offset);
        before.filter(|byte| **byte == b'\n').count() + 1
    }

    fn add(&mut self, line: usize, key: String, zh: String, en: String, allowed: Vec<String>) {
        self.problems.push(Problem {
            file: self.file.clone(),
            line,
            key,
            message: Bilingual::new(zh, en),
            allowed,
        });
    }

    /// Adds what a later look found at the value that `way` leads to, or at the nearest table above it.
    pub fn wrong(&mut self, way: &[Step<'_>], zh: impl Into<String>, en: impl Into<String>) {
        self.wrong_with(way, zh, en, Vec::new());
    }

    /// Like [`Source::wrong`], with what is allowed.
    pub fn wrong_with(
        &mut self,
        way: &[Step<'_>],
        zh: impl Into<String>,
        en: impl Into<String>,
        allowed: Vec<String>,
    ) {
        let (line, key) = self.place(way);
        self.add(line, key, zh.into(), en.into(), allowed);
    }

    /// The line of a value and its key in words.
    pub fn place(&self, way: &[Step<'_>]) -> (usize, String) {
        let mut key = String::new();
        let mut offset = 0;
        let mut table = Some(self.root.get_ref());
        let mut list: Option<&[Spanned<DeValue<'t>>]> = None;
        for step in way {
            let next = match step {
                Step::Key(name) => {
                    if !key.is_empty() {
                        key.push('.');
                    }
                    key.push_str(name);
                    table.and_then(|table| table.iter().find(|(k, _)| k.get_ref() == name))
                }
                Step::At(index) => {
                    key.push_str(&format!("[{}]", index + 1));
                    let value = list.and_then(|list| list.get(*index));
                    if let Some(value) = value {
                        offset = value.span().start;
                        table = value.get_ref().as_table();
                        list = value.get_ref().as_array().map(AsRef::as_ref);
                    } else {
                        table = None;
                        list = None;
                    }
                    continue;
                }
            };
            if let Some((name, value)) = next {
                offset = name.span().start;
                table = value.get_ref().as_table();
                list = value.get_ref().as_array().map(AsRef::as_ref);
            } else {
                table = None;
                list = None;
            }
        }
        (self.line(offset), key)
    }

    /// Holds the whole text against a table of keys. What does not fit is kept as a problem and left out of the value.
    pub fn fit(&mut self, fields: &[Field]) -> Value {
        let root = self.root.clone();
        self.table(root.get_ref(), fields, &[], "", 1)
    }

    /// All problems by line, or none.
    pub fn problems(mut self) -> Vec<Problem> {
        self.problems
            .sort_by(|a, b| (a.line, &a.key).cmp(&(b.line, &b.key)));
        self.problems
    }

    /// Whether anything is wrong so far.
    pub fn has_problems(&self) -> bool {
        !self.problems.is_empty()
    }

    fn table(
        &mut self,
        table: &DeTable<'t>,
        fields: &[Field],
        more: &[Field],
        path: &str,
        line: usize,
    ) -> Value {
        let mut out = Map::new();
        let all: Vec<Field> = fields.iter().chain(more).copied().collect();
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            let place = joined(path, name);
            if let Some(field) = all.iter().find(|field| field.key == name) {
                let at = self.line(key.span().start);
                if let Some(value) = self.value(value, &field.shape, &place, at) {
                    out.insert(name.to_owned(), value);
                }
            } else {
                let allowed: Vec<String> = keys(&all).into_iter().map(str::to_owned).collect();
                let zh = format!("没有名为 `{name}` 的键，可用：{}", allowed.join("、"));
                let en = format!("no key is named `{name}`, allowed: {}", allowed.join(", "));
                let at = self.line(key.span().start);
                self.add(at, place, zh, en, allowed);
            }
        }
        for field in all.iter().filter(|field| field.required) {
            if !table.iter().any(|(key, _)| key.get_ref() == field.key) {
                let (zh_shape, en_shape) = field.shape.described();
                let zh = format!("缺少键 `{}`（{zh_shape}）", field.key);
                let en = format!("the key `{}` is missing ({en_shape})", field.key);
                self.add(line, joined(path, field.key), zh, en, Vec::new());
            }
        }
        Value::Object(out)
    }

    fn value(
        &mut self,
        value: &Spanned<DeValue<'t>>,
        shape: &Shape,
        path: &str,
        line: usize,
    ) -> Option<Value> {
        let found = value.get_ref();
        match (shape, found) {
            (Shape::Text, DeValue::String(text)) if !text.trim().is_empty() => {
                Some(Value::from(text.as_ref()))
            }
            (Shape::Formed(form), DeValue::String(text)) if form.holds(text) => {
                Some(Value::from(text.as_ref()))
            }
            (Shape::Choice(words), DeValue::String(text)) if words.contains(&text.as_ref()) => {
                Some(Value::from(text.as_ref()))
            }
            (Shape::Whole { min, max }, DeValue::Integer(number)) => {
                match i64::from_str_radix(number.as_str(), number.radix()) {
                    Ok(number) if (*min..=*max).contains(&number) => Some(Value::from(number)),
                    _ => self.misfit(shape, found, path, line),
                }
            }
            (Shape::Number { min, max }, DeValue::Integer(_) | DeValue::Float(_)) => {
                let number = match found {
                    DeValue::Integer(number) => number.as_str().parse::<f64>(),
                    DeValue::Float(number) => number.as_str().parse::<f64>(),
                    _ => return None,
                };
                match number {
                    Ok(number) if (*min..=*max).contains(&number) => Some(Value::from(number)),
                    _ => self.misfit(shape, found, path, line),
                }
            }
            (Shape::Flag, DeValue::Boolean(flag)) => Some(Value::from(*flag)),
            (Shape::Day, DeValue::Datetime(day)) if day.time.is_none() && day.offset.is_none() => {
                let text = day.to_string();
                if text.parse::<jiff::civil::Date>().is_ok() {
                    Some(Value::from(text))
                } else {
                    self.misfit(shape, found, path, line)
                }
            }
            // People put quotes around a date as often as not; both say the same.
            (Shape::Day, DeValue::String(text)) if is_a_day(text) => {
                Some(Value::from(text.as_ref()))
            }
            (Shape::List { of, at_least }, DeValue::Array(entries)) => {
                if entries.len() < *at_least {
                    return self.misfit(shape, found, path, line);
                }
                let mut out = Vec::new();
                for (index, entry) in entries.iter().enumerate() {
                    let at = self.line(entry.span().start);
                    let place = format!("{path}[{}]", index + 1);
                    out.push(self.value(entry, of, &place, at).unwrap_or(Value::Null));
                }
                Some(Value::Array(out))
            }
            (Shape::Table(fields), DeValue::Table(table)) => {
                Some(self.table(table, fields, &[], path, line))
            }
            (
                Shape::Tagged {
                    tag,
                    common,
                    variants,
                    ..
                },
                DeValue::Table(table),
            ) => self.tagged(table, (tag, common, &variants()), path, line),
            (Shape::Texts, DeValue::Table(table)) => {
                let mut out = Map::new();
                for (key, value) in table {
                    let place = joined(path, key.get_ref());
                    let at = self.line(key.span().start);
                    if let Some(text) = self.value(value, &Shape::Text, &place, at) {
                        out.insert(key.get_ref().to_string(), text);
                    }
                }
                Some(Value::Object(out))
            }
            _ => self.misfit(shape, found, path, line),
        }
    }

    fn tagged(
        &mut self,
        table: &DeTable<'t>,
        (tag, common, variants): (&'static str, &[Field], &[super::shape::Variant]),
        path: &str,
        line: usize,
    ) -> Option<Value> {
        let names = || {
            variants
                .iter()
                .map(|v| v.name.to_owned())
                .collect::<Vec<_>>()
        };
        let Some((key, value)) = table.iter().find(|(key, _)| key.get_ref() == tag) else {
            let zh = format!("缺少键 `{tag}`（以下之一：{}）", names().join("、"));
            let en = format!("the key `{tag}` is missing (one of {})", names().join(", "));
            self.add(line, joined(path, tag), zh, en, names());
            return None;
        };
        let chosen = value
            .get_ref()
            .as_str()
            .and_then(|name| variants.iter().find(|variant| variant.name == name));
        let Some(variant) = chosen else {
            let seen = seen(value.get_ref());
            let at = self.line(key.span().start);
            let zh = format!("{seen} 未知，可用：{}", names().join("、"));
            let en = format!("{seen} is not known, allowed: {}", names().join(", "));
            self.add(at, joined(path, tag), zh, en, names());
            return None;
        };
        let mut fields = vec![super::shape::required(tag, Shape::Text, "")];
        fields.extend_from_slice(common);
        Some(self.table(table, &fields, variant.fields, path, line))
    }

    fn misfit(
        &mut self,
        shape: &Shape,
        found: &DeValue<'_>,
        path: &str,
        line: usize,
    ) -> Option<Value> {
        if self
            .problems
            .iter()
            .any(|known| known.line == line && known.key.is_empty())
        {
            return None; // what is there could not even be parsed, and that has been said
        }
        let (zh_shape, en_shape) = shape.described();
        let allowed = match shape {
            Shape::Choice(words) => words.iter().map(|word| (*word).to_owned()).collect(),
            _ => Vec::new(),
        };
        let seen = seen(found);
        let zh = format!("写的是 {seen}，应为{zh_shape}");
        let en = format!("is {seen}, wants {en_shape}");
        self.add(line, path.to_owned(), zh, en, allowed);
        None
    }
}

fn joined(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}

/// A value as an error text shows it, shortened.
fn seen(value: &DeValue<'_>) -> String {
    let text = match value {
        DeValue::String(text) if text.is_empty() => return "empty text".to_owned(),
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(flag) => flag.to_string(),
        DeValue::Datetime(day) => day.to_string(),
        DeValue::Array(entries) => return format!("a list of {}", entries.len()),
        DeValue::Table(_) => return "a table".to_owned(),
    };
    let short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        format!("`{short}…`")
    } else {
        format!("`{short}`")
    }
}
/// Whether a text is a day, written in full: `2024-07-18`.
fn is_a_day(text: &str) -> bool {
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
}
