//! A signer's key in a PKCS#11 token or hardware module: made there, used there, never seen by this program.
//!
//! `signer-token.toml` beside the other keys says which module, which token, which key and where its PIN is; then there is no
//! `signer-key.pem`. The feature `pkcs11` must be built in, otherwise such keys are refused.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{error::KeyError, keys::read_secret};

/// Name of the settings, beside the keys.
pub(super) const SETTINGS: &str = "signer-token.toml";

/// Which token, and how it is reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenPlace {
    /// The library of the token's maker.
    pub module: PathBuf,
    /// The token's label.
    pub token: String,
    /// A file with its user PIN, which only its owner may read.
    pub pin_file: PathBuf,
}

/// `signer-token.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenSettings {
    /// Where the key is.
    #[serde(flatten)]
    pub(super) place: TokenPlace,
    /// Its `CKA_ID`, hex.
    pub(super) key_id: String,
}

impl TokenSettings {
    /// Reads them.
    pub(super) fn read(path: &Path) -> Result<TokenSettings, KeyError> {
        let text = std::fs::read_to_string(path).map_err(|source| KeyError::File {
            path: path.to_owned(),
            source,
        })?;
        toml::from_str(&text).map_err(|_| KeyError::NotAKey {
            path: path.to_owned(),
            wanted: "the place of a key in a token: `module`, `token`, `pin_file`, `key_id`",
        })
    }
    /// As text of the file.
    pub(super) fn text(&self) -> Result<String, KeyError> {
        toml::to_string(self).map_err(|error| KeyError::Token(error.to_string()))
    }
}

impl TokenPlace {
    #[cfg_attr(not(feature = "pkcs11"), expect(dead_code, reason = "read to log in"))]
    fn pin(&self) -> Result<String, KeyError> {
        Ok(read_secret(&self.pin_file)?.trim_end().to_owned())
    }
}

#[cfg(feature = "pkcs11")]
pub(super) use with::{Token, generate};
#[cfg(not(feature = "pkcs11"))]
pub(super) use without::{Token, generate};

/// Built without the feature: tokens are refused with a reason.
#[cfg(not(feature = "pkcs11"))]
mod without {
    use p256::ecdsa::{Signature, VerifyingKey};

    use super::{KeyError, TokenPlace, TokenSettings};

    /// There is none.
    pub(in super::super) enum Token {}

    fn refused() -> KeyError {
        KeyError::Token("this program was built without the feature `pkcs11`".to_owned())
    }

    impl Token {
        pub(in super::super) fn open(_: &TokenSettings) -> Result<Token, KeyError> {
            Err(refused())
        }
        pub(in super::super) fn public(&self) -> &VerifyingKey {
            match *self {}
        }
        pub(in super::super) fn sign(&self, _: &[u8]) -> Result<Signature, KeyError> {
            match *self {}
        }
    }

    pub(in super::super) fn generate(
        _: &TokenPlace,
    ) -> Result<(TokenSettings, VerifyingKey), KeyError> {
        Err(refused())
    }
}

#[cfg(feature = "pkcs11")]
mod with {
    use std::{
        collections::BTreeMap,
        path::{Path, PathBuf},
        sync::{Mutex, PoisonError},
    };

    use cryptoki::{
        context::{CInitializeArgs, CInitializeFlags, Pkcs11},
        error::{Error, RvError},
        mechanism::Mechanism,
        object::{Attribute, AttributeType, ObjectClass, ObjectHandle},
        session::{Session, UserType},
        types::AuthPin,
    };
    use data_encoding::HEXLOWER;
    use p256::ecdsa::{Signature, VerifyingKey};

    use super::{super::asn1::oid, KeyError, TokenPlace, TokenSettings};
    use crate::digest::Digest;

    /// A key in a token, logged in.
    pub(in super::super) struct Token {
        place: TokenPlace,
        key_id: Vec<u8>,
        public: VerifyingKey,
        open: Mutex<(Session, ObjectHandle)>,
    }

    impl Token {
        /// Logs in and finds the key.
        pub(in super::super) fn open(settings: &TokenSettings) -> Result<Token, KeyError> {
            let key_id = HEXLOWER
                .decode(settings.key_id.as_bytes())
                .map_err(|_| KeyError::Token("`key_id` is not lower-case hex".to_owned()))?;
            let place = settings.place.clone();
            let session = log_in(&place)?;
            let key = find(&session, ObjectClass::PRIVATE_KEY, &key_id)?;
            let public = find(&session, ObjectClass::PUBLIC_KEY, &key_id)?;
            let public = public_key(&session, public)?;
            Ok(Token {
                place,
                key_id,
                public,
                open: Mutex::new((session, key)),
            })
        }
        pub(in super::super) fn public(&self) -> &VerifyingKey {
            &self.public
        }
        /// Signs; logs in once more when the token was taken out and put back meanwhile.
        pub(in super::super) fn sign(&self, message: &[u8]) -> Result<Signature, KeyError> {
            let digest = Digest::of(message);
            let signed = |(session, key): &(Session, ObjectHandle)| {
                session.sign(&Mechanism::Ecdsa, *key, digest.as_bytes())
            };
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            let value = if let Ok(value) = signed(&open) {
                value
            } else {
                let session = log_in(&self.place)?;
                let key = find(&session, ObjectClass::PRIVATE_KEY, &self.key_id)?;
                *open = (session, key);
                signed(&open).map_err(|error| failed("sign", &error))?
            };
            Signature::from_slice(&value)
                .map_err(|_| KeyError::Token("its signature is not one of P-256".to_owned()))
        }
    }

    /// Makes a P-256 key that the token never gives out.
    pub(in super::super) fn generate(
        place: &TokenPlace,
    ) -> Result<(TokenSettings, VerifyingKey), KeyError> {
        let session = log_in(place)?;
        let key_id: [u8; 16] = rand::random();
        let both = [
            Attribute::Token(true),
            Attribute::Id(key_id.to_vec()),
            Attribute::Label(b"juanzong signer".to_vec()),
        ];
        let curve = super::super::asn1::object_id(oid::P256);
        let mut public = both.to_vec();
        public.extend([Attribute::EcParams(curve), Attribute::Verify(true)]);
        let mut private = both.to_vec();
        private.extend([
            Attribute::Private(true),
            Attribute::Sensitive(true),
            Attribute::Extractable(false),
            Attribute::Sign(true),
        ]);
        let (public, _) = session
            .generate_key_pair(&Mechanism::EccKeyPairGen, &public, &private)
            .map_err(|error| failed("make a key", &error))?;
        let public = public_key(&session, public)?;
        let settings = TokenSettings {
            place: place.clone(),
            key_id: HEXLOWER.encode(&key_id),
        };
        Ok((settings, public))
    }

    /// The library, loaded once: a second one in the same process would end the first when it is dropped.
    fn library(path: &Path) -> Result<Pkcs11, KeyError> {
        static LOADED: Mutex<BTreeMap<PathBuf, Pkcs11>> = Mutex::new(BTreeMap::new());
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(library) = loaded.get(path) {
            return Ok(library.clone());
        }
        let library = Pkcs11::new(path).map_err(|error| failed("be loaded", &error))?;
        match library.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
            Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
            Err(error) => return Err(failed("begin", &error)),
        }
        loaded.insert(path.to_owned(), library.clone());
        Ok(library)
    }

    fn log_in(place: &TokenPlace) -> Result<Session, KeyError> {
        let library = library(&place.module)?;
        let slots = library
            .get_slots_with_token()
            .map_err(|error| failed("say its slots", &error))?;
        let labelled = slots.into_iter().find(|slot| {
            let token = library.get_token_info(*slot);
            token.is_ok_and(|token| token.label() == place.token)
        });
        let slot = labelled
            .ok_or_else(|| KeyError::Token(format!("no token is labelled `{}`", place.token)))?;
        let session = library
            .open_rw_session(slot)
            .map_err(|error| failed("open a session", &error))?;
        let pin = AuthPin::from(place.pin()?);
        match session.login(UserType::User, Some(&pin)) {
            Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(session),
            Err(error) => Err(failed("log in", &error)),
        }
    }

    fn find(session: &Session, class: ObjectClass, id: &[u8]) -> Result<ObjectHandle, KeyError> {
        let found = session
            .find_objects(&[Attribute::Class(class), Attribute::Id(id.to_vec())])
            .map_err(|error| failed("be searched", &error))?;
        match found.as_slice() {
            [one] => Ok(*one),
            [] => Err(KeyError::Token("has no key with this `key_id`".to_owned())),
            _ => Err(KeyError::Token(
                "has several keys with this `key_id`".to_owned(),
            )),
        }
    }

    fn public_key(session: &Session, key: ObjectHandle) -> Result<VerifyingKey, KeyError> {
        let values = session
            .get_attributes(key, &[AttributeType::EcPoint])
            .map_err(|error| failed("show its public key", &error))?;
        let Some(Attribute::EcPoint(point)) = values.first() else {
            return Err(KeyError::Token("shows no public key".to_owned()));
        };
        // An OCTET STRING of the point; some makers leave it out.
        let plain = point.strip_prefix(&[0x04, 0x41]).unwrap_or(point);
        VerifyingKey::from_sec1_bytes(plain)
            .map_err(|_| KeyError::Token("has a key that is not one of P-256".to_owned()))
    }

    fn failed(what: &str, error: &Error) -> KeyError {
        // The library explains a code at length; its name is what the maker's manual lists.
        let cause = match error {
            Error::Pkcs11(code, _) => format!("{code:?}"),
            other => other.to_string(),
        };
        KeyError::Token(format!("could not {what}: {cause}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_a_key_is_written_and_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let settings = TokenSettings {
            place: TokenPlace {
                module: "/opt/token/lib.so".into(),
                token: "示例 office".to_owned(),
                pin_file: "/run/token-pin".into(),
            },
            key_id: "00ff".to_owned(),
        };
        let path = folder.path().join(SETTINGS);
        crate::digest::write_atomically(&path, settings.text().unwrap().as_bytes()).unwrap();
        assert_eq!(TokenSettings::read(&path).unwrap(), settings);
        crate::digest::write_atomically(&path, b"module = 1").unwrap();
        let wrong = TokenSettings::read(&path);
        assert!(matches!(wrong, Err(KeyError::NotAKey { .. })));
    }

    #[test]
    fn a_token_that_is_not_there_leaves_the_keys_as_they_were() {
        use crate::certificate::{Issuer, Office};
        let folder = tempfile::tempdir().unwrap();
        let at = jiff::Timestamp::UNIX_EPOCH;
        let before = Issuer::init(folder.path(), &Office::sample(), at).unwrap();
        let nowhere = TokenPlace {
            module: folder.path().join("none.so"),
            token: "none".to_owned(),
            pin_file: folder.path().join("pin"),
        };
        let root_key = folder.path().join("root-key.pem");
        let tried = Issuer::roll_over(folder.path(), &root_key, Some(&nowhere), at);
        assert!(matches!(tried, Err(KeyError::Token(_))));
        let after = Issuer::open(folder.path()).unwrap();
        assert_eq!(after.keys().signer_sha256(), before.keys().signer_sha256());
        assert!(!folder.path().join(SETTINGS).exists());
    }
}
