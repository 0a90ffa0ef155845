//! What differs between two packs, said in sentences: one line a thing (a paper, a check, a window …), in both languages.

mod words;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{Pack, slot::quoted};
use crate::lang::Bilingual;

/// Longest text of the old or the new value that a line shows, in characters.
const SHOWN: usize = 160;
const NOTHING: Value = Value::Null;

/// What differs between two packs: one line a thing, with all that changed in it.
pub fn diff(old: &Pack, new: &Pack) -> Vec<Bilingual> {
    let mut papers = BTreeMap::new();
    for slot in new.slots.iter().chain(&old.slots) {
        let id = serde_json::to_value(&slot.id).unwrap_or_default();
        papers.entry(text_of(&id)).or_insert_with(|| slot.name());
    }
    let mut comparison = Comparison {
        papers,
        lines: Vec::new(),
    };
    let value = |pack: &Pack| match serde_json::to_value(pack) {
        Ok(Value::Object(object)) => object,
        _ => Map::new(),
    };
    comparison.packs(&value(old), &value(new));
    comparison.lines
}

struct Comparison {
    /// Names of slots by their ids.
    papers: BTreeMap<String, Bilingual>,
    lines: Vec<Bilingual>,
}

impl Comparison {
    fn packs(&mut self, old: &Map<String, Value>, new: &Map<String, Value>) {
        let head = Bilingual::new("通知", "the notice");
        let mut of_head = Vec::new();
        for key in both(old, new) {
            let (before, after) = (at(old, key), at(new, key));
            if before == after || key == "sha256" {
                continue;
            }
            match (entries(before), entries(after)) {
                (Some(before), Some(after)) => self.lists(None, key, before, after),
                _ if is_table(before) || is_table(after) => {
                    self.thing(words::key(key), before, after)
                }
                _ => of_head.extend(self.phrase(&[key], before, after)),
            }
        }
        if !of_head.is_empty() {
            self.lines.insert(0, joined(&head, &of_head));
        }
    }

    /// Entries of a list, matched by what they are known by.
    fn lists(&mut self, within: Option<&Bilingual>, key: &str, old: &[Value], new: &[Value]) {
        let (old_names, new_names) = (names(old), names(new));
        let find = |names: &[String], list: &[Value], name: &str| {
            let index = names.iter().position(|one| one == name);
            index
                .and_then(|index| list.get(index))
                .cloned()
                .unwrap_or(NOTHING)
        };
        let added = new_names.iter().filter(|name| !old_names.contains(name));
        for name in old_names.iter().chain(added) {
            let (before, after) = (find(&old_names, old, name), find(&new_names, new, name));
            let shown = if after.is_null() { &before } else { &after };
            let thing = self.called(key, shown, name);
            let thing = within.map_or(thing.clone(), |within| {
                Bilingual::new(
                    format!("{}的{}", within.zh, thing.zh),
                    format!("{}, {}", within.en, thing.en),
                )
            });
            self.thing(thing, &before, &after);
        }
    }

    /// One thing that came, went or changed.
    fn thing(&mut self, thing: Bilingual, old: &Value, new: &Value) {
        if old == new {
            return;
        }
        match (old, new) {
            (Value::Object(before), Value::Object(after)) => {
                let mut phrases = Vec::new();
                let mut inner = Vec::new();
                self.tables(&[], before, after, &mut phrases, &mut inner);
                if !phrases.is_empty() {
                    self.lines.push(joined(&thing, &phrases));
                }
                for (key, before, after) in inner {
                    self.lists(Some(&thing), &key, &before, &after);
                }
            }
            (old, new) if absent(old) => {
                let all = self.shown("", new);
                self.lines.push(Bilingual::new(
                    format!("新增{}：{}", thing.zh, all.zh),
                    format!("new: {}: {}", thing.en, all.en),
                ));
            }
            _ => self.lines.push(Bilingual::new(
                format!("删去{}", thing.zh),
                format!("gone: {}", thing.en),
            )),
        }
    }

    /// Changes of the keys of one table; lists of tables in it are handed back, they have lines of their own.
    fn tables(
        &self,
        path: &[&str],
        old: &Map<String, Value>,
        new: &Map<String, Value>,
        phrases: &mut Vec<Bilingual>,
        inner: &mut Vec<(String, Vec<Value>, Vec<Value>)>,
    ) {
        for key in both(old, new) {
            let (before, after) = (at(old, key), at(new, key));
            if before == after {
                continue;
            }
            let mut place = path.to_vec();
            place.push(key);
            match (before, after) {
                (Value::Object(a), Value::Object(b)) if bilingual(before).is_none() => {
                    self.tables(&place, a, b, phrases, inner);
                }
                _ => match (entries(before), entries(after)) {
                    (Some(a), Some(b)) => inner.push((key.to_owned(), a.to_vec(), b.to_vec())),
                    _ => phrases.extend(self.phrase(&place, before, after)),
                },
            }
        }
    }

    /// What happened to one key.
    fn phrase(&self, path: &[&str], old: &Value, new: &Value) -> Option<Bilingual> {
        let last = path.last().copied().unwrap_or_default();
        let keys: Vec<Bilingual> = path.iter().map(|key| words::key(key)).collect();
        let zh = keys
            .iter()
            .map(|key| key.zh.as_str())
            .collect::<Vec<_>>()
            .join("的");
        let en = keys
            .iter()
            .rev()
            .map(|key| key.en.as_str())
            .collect::<Vec<_>>()
            .join(" of ");
        if absent(old) && absent(new) {
            return None;
        }
        if let (Value::Array(before), Value::Array(after)) = (old, new)
            && !before.is_empty()
            && !after.is_empty()
            && let Some(phrase) = self.more_and_less(last, (&zh, &en), before, after)
        {
            return Some(phrase);
        }
        let (before, after) = (self.shown(last, old), self.shown(last, new));
        Some(if absent(old) {
            Bilingual::new(
                format!("新增{zh}「{}」", after.zh),
                format!("{en} is new: “{}”", after.en),
            )
        } else if absent(new) {
            Bilingual::new(
                format!("删去{zh}（原为「{}」）", before.zh),
                format!("{en} is gone (was “{}”)", before.en),
            )
        } else {
            Bilingual::new(
                format!("{zh}由「{}」改为「{}」", before.zh, after.zh),
                format!("{en} was “{}”, is now “{}”", before.en, after.en),
            )
        })
    }

    /// What a list gained and lost; nothing when only its order changed.
    fn more_and_less(
        &self,
        key: &str,
        (zh, en): (&str, &str),
        old: &[Value],
        new: &[Value],
    ) -> Option<Bilingual> {
        let without = |list: &[Value], other: &[Value]| -> Vec<Bilingual> {
            let only = list.iter().filter(|one| !other.contains(one));
            only.map(|one| self.shown(key, one)).collect()
        };
        let (gone, come) = (without(old, new), without(new, old));
        let list = |words: &[Bilingual]| {
            let zh: Vec<&str> = words.iter().map(|w| w.zh.as_str()).collect();
            let en: Vec<&str> = words.iter().map(|w| w.en.as_str()).collect();
            (zh.join("、"), en.join(", "))
        };
        let ((gone_zh, gone_en), (come_zh, come_en)) = (list(&gone), list(&come));
        match (gone.is_empty(), come.is_empty()) {
            (true, true) => None,
            (true, false) => Some(Bilingual::new(
                format!("{zh}增加{come_zh}"),
                format!("{en} adds {come_en}"),
            )),
            (false, true) => Some(Bilingual::new(
                format!("{zh}删去{gone_zh}"),
                format!("{en} drops {gone_en}"),
            )),
            (false, false) => Some(Bilingual::new(
                format!("{zh}增加{come_zh}，删去{gone_zh}"),
                format!("{en} adds {come_en} and drops {gone_en}"),
            )),
        }
    }

    /// What an entry of a list is called.
    fn called(&self, list: &str, entry: &Value, name: &str) -> Bilingual {
        let kind = words::key(list);
        if let Some(code) = entry.get("code") {
            let papers = entry
                .get("slots")
                .filter(|slots| !absent(slots))
                .map(|slots| self.shown("slots", slots));
            let code = text_of(code);
            return match papers {
                Some(papers) => Bilingual::new(
                    format!("{}「{code}」（{}）", kind.zh, papers.zh),
                    format!("{} {code} ({})", kind.en, papers.en),
                ),
                None => Bilingual::new(
                    format!("{}「{code}」", kind.zh),
                    format!("{} {code}", kind.en),
                ),
            };
        }
        let known = [
            "title",
            "specialty",
            "name",
            "of",
            "grade",
            "who",
            "what",
            "kind",
            "from",
            "held",
            "rule",
        ];
        let known = known
            .iter()
            .find(|key| entry.get(key).is_some_and(|label| !absent(label)));
        let paper = entry.get("id").and_then(|id| self.papers.get(&text_of(id)));
        let label = match (list, paper, known) {
            ("slots", Some(paper), _) => paper.clone(),
            (_, _, Some(key)) => self.shown(key, entry.get(key).unwrap_or(&NOTHING)),
            _ => Bilingual::new(name, name),
        };
        Bilingual::new(
            match list {
                "slots" => format!("{}{}", kind.zh, quoted(&label.zh)),
                _ => format!("{}「{}」", kind.zh, label.zh),
            },
            format!("{} “{}”", kind.en, label.en),
        )
    }

    /// A value as people read it.
    fn shown(&self, key: &str, value: &Value) -> Bilingual {
        if let Some(both) = bilingual(value) {
            return Bilingual::new(cut(&both.zh), cut(&both.en));
        }
        match value {
            Value::Null => Bilingual::new("无", "nothing"),
            Value::Bool(true) => Bilingual::new("是", "yes"),
            Value::Bool(false) => Bilingual::new("否", "no"),
            Value::Number(number) => Bilingual::new(number.to_string(), number.to_string()),
            Value::String(text) => {
                let paper = Some(text)
                    .filter(|_| key.starts_with("slot"))
                    .and_then(|id| self.papers.get(id).cloned());
                paper
                    .or_else(|| words::word(text))
                    .unwrap_or_else(|| Bilingual::new(cut(text), cut(text)))
            }
            Value::Array(list) => {
                let all: Vec<Bilingual> = list.iter().map(|one| self.shown(key, one)).collect();
                let zh: Vec<&str> = all.iter().map(|one| one.zh.as_str()).collect();
                let en: Vec<&str> = all.iter().map(|one| one.en.as_str()).collect();
                Bilingual::new(cut(&zh.join("、")), cut(&en.join(", ")))
            }
            Value::Object(object) => {
                let told = object
                    .iter()
                    .filter(|(key, value)| !absent(value) && *key != "id" && **value != false);
                let all: Vec<Bilingual> = told
                    .map(|(key, value)| {
                        let (key, value) = (words::key(key), self.shown(key, value));
                        Bilingual::new(
                            format!("{} {}", key.zh, value.zh),
                            format!("{} {}", key.en, value.en),
                        )
                    })
                    .collect();
                let zh: Vec<&str> = all.iter().map(|one| one.zh.as_str()).collect();
                let en: Vec<&str> = all.iter().map(|one| one.en.as_str()).collect();
                Bilingual::new(zh.join("，"), en.join(", "))
            }
        }
    }
}

fn joined(thing: &Bilingual, phrases: &[Bilingual]) -> Bilingual {
    let zh: Vec<&str> = phrases.iter().map(|phrase| phrase.zh.as_str()).collect();
    let en: Vec<&str> = phrases.iter().map(|phrase| phrase.en.as_str()).collect();
    Bilingual::new(
        format!("{}：{}", thing.zh, zh.join("；")),
        format!("{}: {}", thing.en, en.join("; ")),
    )
}

fn both<'a>(old: &'a Map<String, Value>, new: &'a Map<String, Value>) -> BTreeSet<&'a str> {
    old.keys().chain(new.keys()).map(String::as_str).collect()
}

fn at<'a>(table: &'a Map<String, Value>, key: &str) -> &'a Value {
    table.get(key).unwrap_or(&NOTHING)
}

fn absent(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(list) => list.is_empty(),
        Value::Object(object) => object.is_empty(),
        _ => false,
    }
}

fn is_table(value: &Value) -> bool {
    value.is_object() && bilingual(value).is_none()
}

/// A list of tables; an empty or absent list is one as well, which is why both sides are asked.
fn entries(value: &Value) -> Option<&[Value]> {
    match value {
        Value::Array(list) if list.iter().all(is_table) => Some(list),
        Value::Null => Some(&[]),
        _ => None,
    }
}

fn bilingual(value: &Value) -> Option<Bilingual> {
    serde_json::from_value(value.clone()).ok()
}

fn text_of(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// What the entries of a list are known by; those that share it are told apart by their turn.
fn names(list: &[Value]) -> Vec<String> {
    let mut turns: BTreeMap<String, usize> = BTreeMap::new();
    let keys = [
        "id", "number", "name", "code", "grade", "of", "who", "what", "kind", "held", "title",
        "from", "rule",
    ];
    list.iter()
        .map(|entry| {
            let name = keys
                .iter()
                .find_map(|key| entry.get(key))
                .map(text_of)
                .unwrap_or_default();
            let slots = entry.get("slots").map(text_of).unwrap_or_default();
            let name = format!("{name} {slots}").trim().to_owned();
            let turn = turns.entry(name.clone()).or_default();
            *turn += 1;
            format!("{name}{turn}")
        })
        .collect()
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulepack::{Packs, load};

    const ID: &str = "lianyungang-gongxin-kaohe-2024";

    fn told(changes: &[(&str, &str)]) -> Vec<Bilingual> {
        let packs = Packs::builtin();
        let old = packs.get(ID).unwrap();
        let mut text = old.text.to_string();
        for (before, after) in changes {
            assert!(text.contains(before), "{before}");
            text = text.replacen(before, after, 1);
        }
        diff(old, &load("new.toml", ID, &text).unwrap())
    }

    #[test]
    fn a_pack_does_not_differ_from_itself() {
        assert_eq!(told(&[("# ", "# Other words. ")]), []);
    }

    #[test]
    fn all_that_changed_in_a_paper_stands_in_one_line() {
        let paper = "item = 2\npresence = \"required\"\npaper = \"A4\"\nseal = true\nkinds = [\"commitment_letter\"]";
        let other = "item = 2\ncopies = 2\npresence = \"optional\"\npaper = \"A4\"\nseal = true\nkinds = [\"work_summary\"]";
        let said = told(&[(paper, other)]);
        assert_eq!(said.len(), 1, "{said:?}");
        assert_eq!(
            said[0].zh,
            "材料《申报材料真实性承诺书》：份数由「1」改为「2」；可接受的文件种类增加专业技术工作总结，删去申报材料真实性承诺书；是否必交由「必交」改为「可选」"
        );
        assert_eq!(
            said[0].en,
            "paper “commitment to truth of the papers”: copies was “1”, is now “2”; kinds of document adds summary of professional work and drops letter of commitment; \
             whether it must be there was “required”, is now “optional”"
        );
    }

    #[test]
    fn what_came_and_what_went_is_named() {
        let words = "note = { zh = \"公示时间不少于 5 个工作日（四(二)）\", en = \"the notice stands for at least 5 working days (四(二))\" }\n";
        let gone = told(&[(words, "")]);
        assert_eq!(
            gone.iter().map(|line| line.zh.as_str()).collect::<Vec<_>>(),
            ["材料《单位公示证明材料》：删去说明（原为「公示时间不少于 5 个工作日（四(二)）」）"]
        );
        let fee = "[[fee]]\ngrade = \"junior\"\nyuan = 80\nclause = \"八\"\n";
        let come = told(&[("\n[[slot]]", &format!("\n{fee}\n[[slot]]"))]);
        assert_eq!(
            come.iter().map(|line| line.en.as_str()).collect::<Vec<_>>(),
            ["new: fee “junior”: clause 八, grade junior, yuan 80"]
        );
    }

    #[test]
    fn two_notices_are_told_apart_without_a_key_of_the_language() {
        let packs = Packs::builtin();
        let (one, other) = (
            packs.get("haizhou-chuding-2023h1").unwrap(),
            packs.get("nantong-chuding-2023").unwrap(),
        );
        let said = diff(one, other);
        assert!(said.len() > 20);
        for line in &said {
            assert!(
                !line.zh.contains(['{', '_']) && !line.en.contains(['{', '_']),
                "{line:?}"
            );
        }
    }
}
