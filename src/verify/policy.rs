//! The policy file of a verifier (C2SP tlog-policy): which logs, which witnesses, and which of them must have seen a log.
//!
//! ```text
//! log <key line> [<url>]
//! witness <name> <key line> [<url>]
//! group <name> all|any|<k> <name>...
//! quorum <name>|none
//! ```

use std::{collections::BTreeMap, str::FromStr};

use super::{proof::NoteKey, wrong::Wrong};

/// Most lines of one kind.
const MOST: usize = 64;

/// A log or witness with where it is reached.
#[derive(Clone, Debug)]
pub struct Party {
    /// Its name in the policy; for a log its origin.
    pub name: String,
    /// Its key.
    pub key: NoteKey,
    /// Where it is reached.
    pub url: Option<String>,
}

/// Which witnesses must have seen a checkpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Quorum {
    /// None.
    #[default]
    None,
    /// This one, by its place among the witnesses.
    Witness(usize),
    /// So many of these.
    Of(u32, Vec<Quorum>),
}

impl Quorum {
    /// Whether those who have seen it are enough.
    pub fn is_met(&self, seen: &[usize]) -> bool {
        match self {
            Quorum::None => true,
            Quorum::Witness(place) => seen.contains(place),
            Quorum::Of(wanted, members) => {
                let met = members.iter().filter(|member| member.is_met(seen)).count();
                met >= *wanted as usize
            }
        }
    }
}

/// A policy, read.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The logs.
    pub logs: Vec<Party>,
    /// The witnesses.
    pub witnesses: Vec<Party>,
    /// Which of them must have seen a checkpoint.
    pub quorum: Quorum,
}

impl FromStr for Policy {
    type Err = Wrong;
    fn from_str(text: &str) -> Result<Policy, Wrong> {
        let mut reading = Reading::default();
        for (at, line) in text.split('\n').enumerate() {
            reading.line(line).map_err(|why| {
                Wrong::new(
                    "policy",
                    &format!("见证策略第 {} 行无法读取", at + 1),
                    &format!("line {} of the policy: {why}", at + 1),
                )
            })?;
        }
        let quorum = reading.quorum.ok_or_else(|| {
            Wrong::new(
                "policy",
                "见证策略没有 quorum 行",
                "the policy has no `quorum` line",
            )
        })?;
        Ok(Policy {
            logs: reading.logs,
            witnesses: reading.witnesses,
            quorum,
        })
    }
}

#[derive(Default)]
struct Reading {
    logs: Vec<Party>,
    witnesses: Vec<Party>,
    names: BTreeMap<String, Quorum>,
    /// Names that stand in a group already: a witness counts in one way only.
    used: Vec<String>,
    quorum: Option<Quorum>,
}

impl Reading {
    fn line(&mut self, line: &str) -> Result<(), String> {
        if line.chars().any(|c| c.is_control() && c != '\t') {
            return Err("it has a control character".to_owned());
        }
        let items: Vec<&str> = line.split([' ', '\t']).filter(|i| !i.is_empty()).collect();
        match items.as_slice() {
            [] => Ok(()),
            [first, ..] if first.starts_with('#') => Ok(()),
            ["log", key, url @ ..] if url.len() <= 1 => {
                let key = read_key(key, NoteKey::is_log)?;
                if self.logs.iter().any(|log| log.key.same_key(&key)) {
                    return Err("this log stands there twice".to_owned());
                }
                let name = key.name().to_owned();
                self.logs.push(party(name, key, url));
                Self::room(self.logs.len())
            }
            ["witness", name, key, url @ ..] if url.len() <= 1 => {
                let key = read_key(key, NoteKey::is_witness)?;
                if self.witnesses.iter().any(|w| w.key.same_key(&key)) {
                    return Err("this witness stands there twice".to_owned());
                }
                let place = Quorum::Witness(self.witnesses.len());
                self.witnesses.push(party((*name).to_owned(), key, url));
                self.define(name, place)?;
                Self::room(self.witnesses.len())
            }
            ["group", name, wanted, members @ ..] if !members.is_empty() => {
                let count = members.len();
                let wanted = match *wanted {
                    "all" => count,
                    "any" => 1,
                    number => number
                        .parse()
                        .ok()
                        .filter(|k: &usize| (1..=count).contains(k) && k.to_string() == number)
                        .ok_or(
                            "a group wants `all`, `any`, or a number up to that of its members",
                        )?,
                };
                let mut of = Vec::new();
                for member in members {
                    if self.used.iter().any(|used| used == member) {
                        return Err(format!("`{member}` stands in a group already"));
                    }
                    self.used.push((*member).to_owned());
                    of.push(self.known(member)?);
                }
                self.define(name, Quorum::Of(wanted as u32, of))?;
                Self::room(self.names.len())
            }
            ["quorum", name] => {
                if self.quorum.is_some() {
                    return Err("there is a second `quorum`".to_owned());
                }
                self.quorum = Some(match *name {
                    "none" => Quorum::None,
                    name => self.known(name)?,
                });
                Ok(())
            }
            _ => Err(
                "it is none of `log`, `witness`, `group`, `quorum` with what belongs to it"
                    .to_owned(),
            ),
        }
    }
    fn known(&self, name: &str) -> Result<Quorum, String> {
        let found = self.names.get(name).cloned();
        found.ok_or_else(|| format!("`{name}` is not defined above"))
    }
    fn define(&mut self, name: &str, what: Quorum) -> Result<(), String> {
        if name == "none" || self.names.insert(name.to_owned(), what).is_some() {
            return Err(format!("`{name}` is taken"));
        }
        Ok(())
    }
    fn room(count: usize) -> Result<(), String> {
        if count > MOST {
            return Err(format!("there are more than {MOST}"));
        }
        Ok(())
    }
}

fn read_key(text: &str, fits: fn(&NoteKey) -> bool) -> Result<NoteKey, String> {
    let key: NoteKey = text.parse().map_err(|_| "the key cannot be read")?;
    if fits(&key) {
        Ok(key)
    } else {
        Err("the key is for another use".to_owned())
    }
}

fn party(name: String, key: NoteKey, url: &[&str]) -> Party {
    let url = url.first().map(|url| (*url).to_owned());
    Party { name, key, url }
}
