//! Asking witnesses to sign our log: all of the policy that have an address, at once, until the policy is met.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use super::request::{Request, decimal};
use crate::{
    certificate::{CosignRequest, Cosigner, Unwitnessed},
    verify::{Party, Policy, Quorum},
};

/// Longest wait for one witness.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long one that did not answer is left alone while the others are enough.
const REST: Duration = Duration::from_secs(30);
/// Largest answer: some signature lines.
const ANSWER_BYTES: u64 = 16 * 1024;

/// The policy wants witnesses that cannot be reached.
#[derive(Debug, thiserror::Error)]
#[error("the policy wants witnesses, and those of them that have an address are not enough")]
pub struct NoWitnesses;

/// The witnesses of an office.
#[derive(Debug)]
pub struct Witnesses {
    parties: Vec<Party>,
    quorum: Quorum,
    agent: ureq::Agent,
    memory: Mutex<BTreeMap<String, Memory>>,
}

/// What is remembered of a witness; only to ask fewer questions.
#[derive(Clone, Debug, Default)]
struct Memory {
    size: u64,
    failed: Option<Instant>,
}

impl Witnesses {
    /// The witnesses of a policy; nothing when it wants none.
    pub fn of(policy: &Policy) -> Result<Option<Witnesses>, NoWitnesses> {
        if policy.quorum == Quorum::None {
            return Ok(None);
        }
        let reachable = policy.witnesses.iter().enumerate();
        let reachable = reachable.filter(|(_, party)| party.url.is_some());
        let reachable: Vec<usize> = reachable.map(|(place, _)| place).collect();
        if !policy.quorum.is_met(&reachable) {
            return Err(NoWitnesses);
        }
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(PATIENCE))
            .build();
        Ok(Some(Witnesses {
            parties: policy.witnesses.clone(),
            quorum: policy.quorum.clone(),
            agent: agent.into(),
            memory: Mutex::default(),
        }))
    }

    fn memory(&self, name: &str) -> Memory {
        let memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        memory.get(name).cloned().unwrap_or_default()
    }
    fn remember(&self, name: &str, memory: Memory) {
        let mut all = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(name.to_owned(), memory);
    }

    /// Asks those of `places` at once.
    fn ask(
        &self,
        places: &[usize],
        request: &CosignRequest<'_>,
    ) -> Vec<(usize, Result<String, String>)> {
        std::thread::scope(|scope| {
            let asked: Vec<_> = places
                .iter()
                .filter_map(|place| Some((*place, self.parties.get(*place)?)))
                .map(|(place, party)| (place, scope.spawn(move || self.ask_one(party, request))))
                .collect();
            asked
                .into_iter()
                .map(|(place, answer)| {
                    let answer = answer.join();
                    (
                        place,
                        answer.unwrap_or_else(|_| Err("it could not be asked".to_owned())),
                    )
                })
                .collect()
        })
    }

    fn ask_one(&self, party: &Party, request: &CosignRequest<'_>) -> Result<String, String> {
        let mut memory = self.memory(&party.name);
        let answer = self.converse(party, &mut memory, request);
        memory.failed = answer.is_err().then(Instant::now);
        self.remember(&party.name, memory);
        answer
    }

    fn converse(
        &self,
        party: &Party,
        memory: &mut Memory,
        request: &CosignRequest<'_>,
    ) -> Result<String, String> {
        // Twice: the first answer may say which tree the witness remembers.
        for _ in 0..2 {
            if memory.size > request.size {
                return Err(format!(
                    "it has seen a larger tree of {} leaves",
                    memory.size
                ));
            }
            let proof = (request.consistency)(memory.size).map_err(|error| error.to_string())?;
            let body = Request {
                old: memory.size,
                proof,
                checkpoint: request.checkpoint.to_owned(),
            };
            let (status, text) = self.post(party, &body.to_text())?;
            match status {
                200 => {
                    memory.size = request.size;
                    return signed(party, request, &text);
                }
                409 => {
                    let size = decimal(text.trim()).ok_or("it answered 409 without a size")?;
                    if size == memory.size {
                        return Err("it has seen another tree of this size".to_owned());
                    }
                    memory.size = size;
                }
                status => return Err(format!("it answered {status}")),
            }
        }
        Err("it could not say what it remembers".to_owned())
    }

    fn post(&self, party: &Party, body: &str) -> Result<(u16, String), String> {
        let url = party
            .url
            .as_deref()
            .unwrap_or_default()
            .trim_end_matches('/');
        let request = self.agent.post(format!("{url}/add-checkpoint"));
        let mut response = request.send(body).map_err(|error| error.to_string())?;
        let text = response.body_mut().with_config().limit(ANSWER_BYTES);
        let text = text.read_to_string().map_err(|error| error.to_string())?;
        Ok((response.status().as_u16(), text))
    }
}

/// The line of this witness among those it answered, if it signed what we showed it, and not before `not_before`.
fn signed(party: &Party, request: &CosignRequest<'_>, text: &str) -> Result<String, String> {
    for line in text.lines() {
        let line = format!("{line}\n");
        let note = format!("{}{line}", request.checkpoint);
        if let Some(at) = party.key.cosigned_note(&note) {
            if at.as_second() < request.not_before.as_second() {
                return Err("its clock is behind ours".to_owned());
            }
            return Ok(line);
        }
    }
    Err("it answered without a signature of its key".to_owned())
}

impl Cosigner for Witnesses {
    fn cosign(&self, request: &CosignRequest<'_>) -> Result<Vec<String>, Unwitnessed> {
        let reachable = (0..self.parties.len()).filter(|place| {
            self.parties
                .get(*place)
                .is_some_and(|party| party.url.is_some())
        });
        let resting = |place: &usize| {
            let memory = self
                .parties
                .get(*place)
                .map(|party| self.memory(&party.name));
            let failed = memory.and_then(|memory| memory.failed);
            failed.is_some_and(|at| at.elapsed() < REST)
        };
        let (later, first): (Vec<usize>, Vec<usize>) = reachable.partition(resting);
        let mut answers = self.ask(&first, request);
        let met = |answers: &[(usize, Result<String, String>)]| {
            let seen = answers.iter().filter(|(_, answer)| answer.is_ok());
            self.quorum
                .is_met(&seen.map(|(place, _)| *place).collect::<Vec<_>>())
        };
        if !met(&answers) && !later.is_empty() {
            answers.extend(self.ask(&later, request));
        }
        if met(&answers) {
            answers.sort_by_key(|(place, _)| *place);
            return Ok(answers
                .into_iter()
                .filter_map(|(_, answer)| answer.ok())
                .collect());
        }
        let name = |place: usize| {
            self.parties
                .get(place)
                .map_or("", |party| party.name.as_str())
        };
        let whys = answers
            .into_iter()
            .filter_map(|(place, answer)| Some(format!("`{}`: {}", name(place), answer.err()?)));
        Err(Unwitnessed(whys.collect::<Vec<_>>().join("; ")))
    }
}
