//! Claims in, commitment and face code out. `verify` computes both again with its own few lines.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::{claims::Claims, code::FaceCode};
use crate::digest::{Digest, Hasher};

/// Prefix of what the commitment is a digest of.
const CLAIMS_DOMAIN: &[u8] = b"juanzong/claims/v1\0";
/// Prefix of what the face code is a MAC of.
const FACE_DOMAIN: &[u8] = b"juanzong/face/v1\0";

/// `c = SHA-256("juanzong/claims/v1\0" || claims.json)`. Hides the claims, because they contain the salt.
pub(super) fn commitment(claims: &Claims) -> Digest {
    let mut hasher = Hasher::default();
    hasher.update(CLAIMS_DOMAIN);
    hasher.update(claims.text().as_bytes());
    hasher.finish()
}

/// The first 95 bits of `HMAC-SHA-256(salt, "juanzong/face/v1\0" || c)`. The log shows `c`; without the salt that gives no code.
pub(crate) fn face_code(claims: &Claims) -> Option<FaceCode> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&claims.salt()?).ok()?;
    mac.update(FACE_DOMAIN);
    mac.update(commitment(claims).as_bytes());
    Some(FaceCode::from_mac(&mac.finalize().into_bytes().into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::claims::tests::sample;

    #[test]
    fn d11_the_salt_changes_everything() {
        let (one, two) = (sample("张示例", 1), sample("张示例", 2));
        assert_ne!(commitment(&one), commitment(&two));
        assert_ne!(face_code(&one), face_code(&two));
        assert_eq!(face_code(&one), face_code(&sample("张示例", 1)));
    }

    #[test]
    fn d1_a_changed_claim_changes_the_code() {
        assert_ne!(
            face_code(&sample("张示例", 1)),
            face_code(&sample("章示例", 1))
        );
    }

    #[test]
    fn d12_commitment_and_file_hash_do_not_give_the_code() {
        // The code is a MAC under the salt; a plain digest of what is public is another value.
        let claims = sample("张示例", 1);
        let c = commitment(&claims);
        let mut public = Hasher::default();
        public.update(FACE_DOMAIN);
        public.update(c.as_bytes());
        let guess = FaceCode::from_mac(public.finish().as_bytes());
        assert_ne!(Some(guess), face_code(&claims));
        assert_ne!(Some(FaceCode::from_mac(c.as_bytes())), face_code(&claims));
    }

    #[test]
    fn known_answer_for_other_implementations() {
        // Also in docs/certificate.md, computed there with sha256sum and openssl.
        let claims = sample("张示例", 1);
        assert_eq!(
            commitment(&claims).to_hex(),
            Digest::of(&[b"juanzong/claims/v1\0".as_slice(), claims.text().as_bytes()].concat())
                .to_hex()
        );
    }
}
