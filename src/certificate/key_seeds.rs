//! From random numbers, or from a seed of tests and samples, to the keys and certificates of an office.

use jiff::Timestamp;
use p256::ecdsa::SigningKey;

use super::{error::KeyError, x509};
use crate::digest::Digest;

/// The randomness of a set of keys.
pub(super) struct Seeds {
    pub(super) root: [u8; 32],
    pub(super) signer: [u8; 32],
    pub(super) log: [u8; 32],
    pub(super) status: [u8; 32],
    pub(super) pepper: [u8; 32],
    pub(super) serials: [[u8; 16]; 2],
}

impl Seeds {
    pub(super) fn random() -> Seeds {
        Seeds {
            root: rand::random(),
            signer: rand::random(),
            log: rand::random(),
            status: rand::random(),
            pepper: rand::random(),
            serials: [rand::random(), rand::random()],
        }
    }
    pub(super) fn derived(seed: &[u8]) -> Seeds {
        let part = |name: &str| *Digest::of(&[name.as_bytes(), b"\0", seed].concat()).as_bytes();
        let half = |name: &str| {
            let mut out = [0; 16];
            out.iter_mut().zip(part(name)).for_each(|(o, b)| *o = b);
            out
        };
        Seeds {
            root: part("root"),
            signer: part("signer"),
            log: part("log"),
            status: part("status"),
            pepper: part("pepper"),
            serials: [half("root serial"), half("signer serial")],
        }
    }
}

/// Keys and certificates of a set of seeds.
pub(super) struct Made {
    pub(super) root: Vec<u8>,
    pub(super) root_key: SigningKey,
    pub(super) signer: Vec<u8>,
    pub(super) signer_key: SigningKey,
    pub(super) log: ed25519_dalek::SigningKey,
    pub(super) status: ed25519_dalek::SigningKey,
}

impl Made {
    pub(super) fn new(seeds: &Seeds, office: &str, at: Timestamp) -> Result<Made, KeyError> {
        let key = |seed: &[u8; 32]| {
            // One seed in 2^128 is zero or too large for the curve.
            SigningKey::from_slice(seed)
                .map_err(|_| KeyError::Certificate("could not be made, try again"))
        };
        let (root_key, signer_key) = (key(&seeds.root)?, key(&seeds.signer)?);
        let [root_serial, signer_serial] = &seeds.serials;
        Ok(Made {
            root: x509::root(office, &root_key, root_serial, at),
            signer: x509::signer(
                office,
                signer_key.verifying_key(),
                &root_key,
                signer_serial,
                at,
            ),
            root_key,
            signer_key,
            log: ed25519_dalek::SigningKey::from_bytes(&seeds.log),
            status: ed25519_dalek::SigningKey::from_bytes(&seeds.status),
        })
    }
}
