//! Leaves of the certificate log: what was done, when, to what; no personal data, no number, no code.

use std::collections::BTreeMap;

use super::canonical::{self, NotCanonical};
use crate::digest::Digest;
use serde::{Deserialize, Serialize};

/// Why a certificate was revoked, as the public log says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonClass {
    /// Obtained by fraud (弄虚作假).
    Fraud,
    /// Issued by mistake.
    Error,
    /// The signing key was not safe.
    Key,
    /// Another reason.
    Other,
}

impl ReasonClass {
    /// As in the leaf.
    pub const fn name(self) -> &'static str {
        match self {
            ReasonClass::Fraud => "fraud",
            ReasonClass::Error => "error",
            ReasonClass::Key => "key",
            ReasonClass::Other => "other",
        }
    }
    fn of(name: &str) -> Option<ReasonClass> {
        [
            ReasonClass::Fraud,
            ReasonClass::Error,
            ReasonClass::Key,
            ReasonClass::Other,
        ]
        .into_iter()
        .find(|class| class.name() == name)
    }
}

/// From when a revocation counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// As if never issued.
    AbInitio,
    /// From the revocation on.
    FromDate,
}

impl Effect {
    /// As in the leaf.
    pub const fn name(self) -> &'static str {
        match self {
            Effect::AbInitio => "ab_initio",
            Effect::FromDate => "from_date",
        }
    }
}

/// What an issue leaf commits to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssueLeaf {
    /// Commitment to the claims.
    pub c: Digest,
    /// SHA-256 of revision 1.
    pub b: Digest,
    /// Length of revision 1 in bytes.
    pub bl: u64,
    /// SHA-256 of the signer's certificate (DER).
    pub k: Digest,
    /// Issue instant, UTC, whole seconds.
    pub at: String,
    /// The leaf of the certificate that this one takes the place of.
    pub of: Option<u64>,
}

/// One leaf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leaf {
    /// A certificate was issued, or issued in place of another (`of`).
    Issue(IssueLeaf),
    /// A certificate was revoked.
    Revoke {
        /// Leaf of its issue.
        of: u64,
        /// Reason class.
        r: ReasonClass,
        /// From when it counts.
        eff: Effect,
        /// When.
        at: String,
    },
    /// A revocation was taken back.
    Reinstate {
        /// Leaf of its issue.
        of: u64,
        /// When.
        at: String,
    },
}

impl Leaf {
    /// The one text.
    pub fn text(&self) -> String {
        let mut all = BTreeMap::from([("v", "1".to_owned())]);
        match self {
            Leaf::Issue(issue) => {
                all.insert(
                    "t",
                    if issue.of.is_some() {
                        "supersede"
                    } else {
                        "issue"
                    }
                    .to_owned(),
                );
                all.insert("alg", super::claims::ALG.to_owned());
                all.insert("c", issue.c.to_hex());
                all.insert("b", issue.b.to_hex());
                all.insert("bl", issue.bl.to_string());
                all.insert("k", issue.k.to_hex());
                all.insert("at", issue.at.clone());
                if let Some(of) = issue.of {
                    all.insert("of", of.to_string());
                }
            }
            Leaf::Revoke { of, r, eff, at } => {
                all.insert("t", "revoke".to_owned());
                all.insert("of", of.to_string());
                all.insert("r", r.name().to_owned());
                all.insert("eff", eff.name().to_owned());
                all.insert("at", at.clone());
            }
            Leaf::Reinstate { of, at } => {
                all.insert("t", "reinstate".to_owned());
                all.insert("of", of.to_string());
                all.insert("at", at.clone());
            }
        }
        canonical::write(all.iter().map(|(k, v)| (*k, v.as_str())))
    }

    /// Reads the one text; refuses what [`Leaf::text`] would not have written.
    pub fn read(bytes: &[u8]) -> Result<Leaf, NotCanonical> {
        let all = canonical::read(bytes)?;
        let leaf = Leaf::of(&all).ok_or(NotCanonical::OtherText)?;
        if leaf.text().as_bytes() == bytes {
            Ok(leaf)
        } else {
            Err(NotCanonical::OtherText)
        }
    }

    fn of(all: &BTreeMap<String, String>) -> Option<Leaf> {
        let get = |key: &str| all.get(key).map(String::as_str);
        let at = get("at")?.to_owned();
        let parsed: jiff::Timestamp = at.parse().ok()?;
        if super::claims::instant(parsed) != at {
            return None;
        }
        let of = || get("of")?.parse().ok();
        Some(match get("t")? {
            "issue" | "supersede" => Leaf::Issue(IssueLeaf {
                c: get("c")?.parse().ok()?,
                b: get("b")?.parse().ok()?,
                bl: get("bl")?.parse().ok()?,
                k: get("k")?.parse().ok()?,
                at,
                of: of(),
            }),
            "revoke" => Leaf::Revoke {
                of: of()?,
                r: ReasonClass::of(get("r")?)?,
                eff: [Effect::AbInitio, Effect::FromDate]
                    .into_iter()
                    .find(|e| Some(e.name()) == get("eff"))?,
                at,
            },
            "reinstate" => Leaf::Reinstate { of: of()?, at },
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn issue(of: Option<u64>) -> Leaf {
        Leaf::Issue(IssueLeaf {
            c: Digest::of(b"c"),
            b: Digest::of(b"b"),
            bl: 34_567,
            k: Digest::of(b"k"),
            at: "2024-12-05T01:00:00Z".to_owned(),
            of,
        })
    }

    #[test]
    fn every_leaf_has_one_text() {
        let at = "2025-01-01T00:00:00Z".to_owned();
        let leaves = [
            issue(None),
            issue(Some(3)),
            Leaf::Revoke {
                of: 3,
                r: ReasonClass::Fraud,
                eff: Effect::AbInitio,
                at: at.clone(),
            },
            Leaf::Reinstate { of: 3, at },
        ];
        for leaf in leaves {
            let text = leaf.text();
            assert_eq!(Leaf::read(text.as_bytes()).as_ref(), Ok(&leaf), "{text}");
            assert!(text.len() < 400);
            for wrong in [
                text.replace("\"v\":\"1\"", "\"v\":\"2\""),
                text.replace("\"v\":\"1\"", "\"v\":\"1\",\"w\":\"\""),
                text.replace("00Z", "00.0Z"),
                text.replace("\"of\":\"3\"", "\"of\":\"03\""),
            ] {
                assert!(
                    wrong == text || Leaf::read(wrong.as_bytes()).is_err(),
                    "{wrong}"
                );
            }
        }
    }

    proptest! {
        #[test]
        fn e9_a_leaf_shows_nothing_of_the_claims(name in "[\u{4e00}-\u{9fa5}]{2,4}", salt: u8) {
            use crate::certificate::{claims::tests::sample, commitment::{commitment, face_code}};
            let claims = sample(&name, salt);
            let leaf = Leaf::Issue(IssueLeaf {
                c: commitment(&claims),
                b: Digest::of(b"revision"),
                bl: 1,
                k: Digest::of(b"signer"),
                at: "2024-12-05T01:00:00Z".to_owned(),
                of: None,
            });
            let text = leaf.text();
            for (key, value) in claims.iter().filter(|(k, _)| !matches!(*k, "v" | "alg" | "issued_at")) {
                prop_assert!(!text.contains(value), "{} is in the leaf", key);
            }
            let code = face_code(&claims).unwrap();
            prop_assert!(!text.contains(code.as_str()) && !text.contains(&code.grouped()));
        }
    }
}
