//! Being a witness: one key, a list of logs, one remembered tree of each. The memory is on disk before a signature leaves.

use std::{
    collections::BTreeMap,
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use data_encoding::{BASE64, HEXLOWER};
use ed25519_dalek::{
    Signer as _, SigningKey,
    pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _},
};
use jiff::Timestamp;

use super::request::{Request, Tree};
use crate::{
    digest::{Digest, Hasher, write_atomically},
    verify::NoteKey,
};

/// Signature type of cosignatures (C2SP tlog-cosignature).
const COSIGNATURE: u8 = 0x04;
const KEY: &str = "witness-key.pem";
const NAME: &str = "witness-name.txt";

/// Why there is no witness.
#[derive(Debug, thiserror::Error)]
pub enum WitnessError {
    /// A file of the witness.
    #[error("`{}` cannot be read or written", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// The key or the memory is not what it should be.
    #[error("`{}` is not {wanted}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What it should be.
        wanted: &'static str,
    },
    /// The name of the witness.
    #[error("a witness's name has 1 to 80 signs without blanks and plus signs")]
    Name,
    /// A log's key line.
    #[error("`{0}` is not the public key line of a log")]
    Log(String),
}

/// A witness.
pub struct Witness {
    name: String,
    key: SigningKey,
    logs: Vec<NoteKey>,
    folder: PathBuf,
    /// One decision at a time: looking at the memory and changing it are one step.
    deciding: Mutex<()>,
}

impl std::fmt::Debug for Witness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Witness({})", self.name)
    }
}

/// An HTTP answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Status.
    pub status: u16,
    /// Media type of the body.
    pub media_type: &'static str,
    /// Body.
    pub body: String,
}

impl Reply {
    fn refused(status: u16, why: &str) -> Reply {
        Reply {
            status,
            media_type: "text/plain; charset=utf-8",
            body: format!("{why}\n"),
        }
    }
    fn size(size: u64) -> Reply {
        Reply {
            status: 409,
            media_type: "text/x.tlog.size",
            body: format!("{size}\n"),
        }
    }
}

impl Witness {
    /// Makes the key of a witness in `folder`; keys are never overwritten.
    pub fn init(folder: &Path, name: &str) -> Result<Witness, WitnessError> {
        let fits = |c: char| !c.is_whitespace() && !c.is_control() && c != '+';
        if !(1..=80).contains(&name.chars().count()) || !name.chars().all(fits) {
            return Err(WitnessError::Name);
        }
        let file = |path: &Path| {
            let path = path.to_owned();
            move |source| WitnessError::File { path, source }
        };
        std::fs::create_dir_all(folder).map_err(file(folder))?;
        let key = SigningKey::from_bytes(&rand::random());
        let path = folder.join(KEY);
        let text =
            key.to_pkcs8_pem(der::pem::LineEnding::LF)
                .map_err(|_| WitnessError::Unreadable {
                    path: path.clone(),
                    wanted: "an Ed25519 key",
                })?;
        let opened = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path);
        let mut key_file = opened.map_err(file(&path))?;
        key_file
            .write_all(text.as_bytes())
            .and_then(|()| key_file.sync_all())
            .map_err(file(&path))?;
        let path = folder.join(NAME);
        write_atomically(&path, format!("{name}\n").as_bytes()).map_err(file(&path))?;
        Witness::open(folder, &[])
    }

    /// Opens the witness of `folder` for these logs.
    pub fn open(folder: &Path, logs: &[String]) -> Result<Witness, WitnessError> {
        let read = |name: &str| {
            let path = folder.join(name);
            std::fs::read_to_string(&path).map_err(|source| WitnessError::File { path, source })
        };
        let key = SigningKey::from_pkcs8_pem(&read(KEY)?);
        let key = key.map_err(|_| WitnessError::Unreadable {
            path: folder.join(KEY),
            wanted: "an Ed25519 key in PKCS#8",
        })?;
        let logs = logs.iter().map(|line| {
            let key: Result<NoteKey, _> = line.parse();
            let key = key.ok().filter(NoteKey::is_log);
            key.ok_or_else(|| WitnessError::Log(line.clone()))
        });
        Ok(Witness {
            name: read(NAME)?.trim().to_owned(),
            key,
            logs: logs.collect::<Result<_, _>>()?,
            folder: folder.to_owned(),
            deciding: Mutex::new(()),
        })
    }

    /// Its public key as one line: what stands in policies.
    pub fn public_line(&self) -> String {
        let material = self.material();
        let id = HEXLOWER.encode(&self.key_id());
        format!("{}+{id}+{}", self.name, BASE64.encode(&material))
    }
    fn material(&self) -> Vec<u8> {
        [
            &[COSIGNATURE],
            self.key.verifying_key().as_bytes().as_slice(),
        ]
        .concat()
    }
    fn key_id(&self) -> [u8; 4] {
        let mut hasher = Hasher::default();
        hasher.update(self.name.as_bytes());
        hasher.update(b"\n");
        hasher.update(&self.material());
        let [a, b, c, d, ..] = *hasher.finish().as_bytes();
        [a, b, c, d]
    }

    /// Answers `add-checkpoint`.
    pub fn add_checkpoint(&self, body: &[u8], now: Timestamp) -> Reply {
        let Some(request) = Request::read(body) else {
            return Reply::refused(400, "the body is not a request of C2SP tlog-witness");
        };
        let origin = request.checkpoint.lines().next().unwrap_or_default();
        let mut known = self
            .logs
            .iter()
            .filter(|log| log.name() == origin)
            .peekable();
        if known.peek().is_none() {
            return Reply::refused(404, "this witness does not know the log");
        }
        let Some(text) = known.find_map(|log| log.open(&request.checkpoint)) else {
            return Reply::refused(403, "the checkpoint is not signed by the log");
        };
        let Some(new) = Tree::read(text) else {
            return Reply::refused(
                400,
                "the checkpoint has other lines than origin, size and root",
            );
        };
        if request.old > new.size {
            return Reply::refused(400, "the old size is larger than the new one");
        }
        let _alone = self.deciding.lock().unwrap_or_else(PoisonError::into_inner);
        let old = match self.remembered(origin) {
            Ok(old) => old,
            // Without its memory a witness would sign anything: it signs nothing.
            Err(error) => {
                tracing::error!(%error, "the memory of the witness cannot be read");
                return Reply::refused(500, "the witness cannot read its memory");
            }
        };
        let old_size = old.as_ref().map_or(0, |tree| tree.size);
        if request.old != old_size {
            return Reply::size(old_size);
        }
        if let Some(old) = old {
            if old.size == new.size && old.root != new.root {
                tracing::error!(origin, size = new.size, "a log shows two trees of one size");
                return Reply::size(old_size);
            }
            if !new.continues(&old, &request.proof) {
                return Reply::refused(422, "the new tree is not shown to continue the old one");
            }
        } else if !request.proof.is_empty() {
            return Reply::refused(422, "a first checkpoint has no proof");
        }
        if let Err(error) = self.remember(&new) {
            tracing::error!(%error, "the memory of the witness cannot be written");
            return Reply::refused(500, "the witness cannot write its memory");
        }
        Reply {
            status: 200,
            media_type: "text/plain; charset=utf-8",
            body: self.cosign(text, now),
        }
    }

    fn cosign(&self, text: &str, now: Timestamp) -> String {
        let seconds = now.as_second().unsigned_abs();
        let message = format!("cosignature/v1\ntime {seconds}\n{text}");
        let signature = self.key.sign(message.as_bytes()).to_bytes();
        let line = [self.key_id().as_slice(), &seconds.to_be_bytes(), &signature].concat();
        format!("— {} {}\n", self.name, BASE64.encode(&line))
    }

    fn memory(&self, origin: &str) -> PathBuf {
        let name = Digest::of(origin.as_bytes()).to_hex();
        self.folder.join(format!("{name}.tree"))
    }
    fn remembered(&self, origin: &str) -> Result<Option<Tree>, WitnessError> {
        let path = self.memory(origin);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(WitnessError::File { path, source }),
        };
        match Tree::read(&text).filter(|tree| tree.origin == origin) {
            Some(tree) => Ok(Some(tree)),
            None => Err(WitnessError::Unreadable {
                path,
                wanted: "a remembered tree",
            }),
        }
    }
    fn remember(&self, tree: &Tree) -> Result<(), WitnessError> {
        let path = self.memory(&tree.origin);
        let root = BASE64.encode(tree.root.as_bytes());
        let text = format!("{}\n{}\n{root}\n", tree.origin, tree.size);
        write_atomically(&path, text.as_bytes())
            .map_err(|source| WitnessError::File { path, source })
    }
    /// What it remembers, by origin: size and root.
    pub fn memories(&self) -> BTreeMap<String, (u64, Digest)> {
        let all = self.logs.iter().filter_map(|log| {
            let tree = self.remembered(log.name()).ok()??;
            Some((tree.origin, (tree.size, tree.root)))
        });
        all.collect()
    }
}
