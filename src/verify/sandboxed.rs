//! A foreign file looked at in a locked-down worker: the file and what to trust go in, what it shows comes out.
//!
//! The register is not asked in there, so that a worker needs no database; [`super::online`] puts both together.

use std::{fs::File, time::Duration};

use serde::{Deserialize, Serialize};

use super::{
    Answer, HeldStatusList, Trust, Verification,
    file::{claims_inside, commitment, file as offline, file_with_status},
    wrong::Wrong,
};
use crate::{
    digest::Digest,
    limits::Limits,
    sandbox::{self, AnswerBody, Files, Pool, SandboxError},
};

/// Task name of looking at a certificate file: [`Trust`] and the file in, [`LookedAt`] out.
pub const VERIFY: &str = "verify";
/// Time a worker has; a whole certificate takes some milliseconds.
const DEADLINE: Duration = Duration::from_secs(10);

/// What a file shows by itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LookedAt {
    /// The answer without the register.
    pub verification: Verification,
    /// Commitment to the claims that stand in it, whoever wrote the file.
    pub commitment: Option<Digest>,
}

impl Trust {
    /// Looks at bytes here, in this process: safe on hostile bytes, but a service asks [`Trust::look_in`].
    pub fn look(&self, bytes: &[u8]) -> LookedAt {
        match self.anchors() {
            Ok(anchors) => LookedAt {
                verification: match &self.status_list {
                    Some(held) => match HeldStatusList::open(&held.note, &held.file, &held.key) {
                        Ok(list) => file_with_status(bytes, &anchors, &list),
                        Err(wrong) => Verification::new(Answer::CouldNotTell).because(wrong),
                    },
                    None => offline(bytes, &anchors),
                },
                commitment: claims_inside(bytes).as_ref().map(commitment),
            },
            Err(wrong) => LookedAt {
                verification: Verification::new(Answer::CouldNotTell).because(wrong),
                commitment: None,
            },
        }
    }
    /// Looks at a file in a worker. A file that kills its worker is none of ours.
    pub fn look_in(&self, pool: &Pool, file: &File) -> Result<LookedAt, SandboxError> {
        match pool.call(VERIFY, self, &[file], DEADLINE) {
            Ok(done) => Ok(done.answer),
            Err(error) if error.is_a_finding() => {
                tracing::warn!(%error, "a worker was replaced");
                let wrong = Wrong::new("limit", "文件超出查验限度", &error.to_string());
                Ok(LookedAt {
                    verification: Verification::new(Answer::NotOurs).because(wrong),
                    commitment: None,
                })
            }
            Err(error) => Err(error),
        }
    }
}

/// The worker's side of [`VERIFY`].
pub fn verify_task(input: &[u8], files: &Files<'_>, _: &Limits) -> sandbox::Answer {
    let trust: Trust = serde_json::from_slice(input).map_err(|error| error.to_string())?;
    let bytes = files.read(0).map_err(|error| error.to_string())?;
    let looked = serde_json::to_vec(&trust.look(&bytes)).map_err(|error| error.to_string())?;
    Ok(AnswerBody::Json(looked))
}
