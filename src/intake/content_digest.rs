//! The `Content-Digest` field of RFC 9530, as far as SHA-256 goes.

use data_encoding::BASE64;

use super::IntakeError;
use crate::digest::Digest;

/// The SHA-256 a `Content-Digest` (or `Repr-Digest`) field names, if it names one.
///
/// The field is a dictionary of byte sequences (RFC 8941): `sha-256=:<base64>:, sha-512=:<base64>:`.
/// Digests of other algorithms are passed over, as the RFC allows; one that cannot be read is an error.
pub fn wanted_sha256(field: &str) -> Result<Option<Digest>, IntakeError> {
    let mut found = None;
    for member in field.split(',') {
        let (name, value) = member
            .trim()
            .split_once('=')
            .ok_or(IntakeError::DigestUnreadable)?;
        if name != "sha-256" {
            continue;
        }
        let base64 = value
            .strip_prefix(':')
            .and_then(|rest| rest.strip_suffix(':'))
            .ok_or(IntakeError::DigestUnreadable)?;
        let bytes = BASE64
            .decode(base64.as_bytes())
            .map_err(|_| IntakeError::DigestUnreadable)?;
        let bytes = bytes
            .try_into()
            .map_err(|_| IntakeError::DigestUnreadable)?;
        // Of a member that stands twice the last one counts (RFC 8941, 3.2).
        found = Some(Digest::from_bytes(bytes));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_field_reads_back() {
        let digest = Digest::of(b"abc");
        let field = digest.to_content_digest();
        assert_eq!(wanted_sha256(&field).unwrap(), Some(digest));
        let both = format!("sha-512=:AAAA:, {field}");
        assert_eq!(wanted_sha256(&both).unwrap(), Some(digest));
        assert_eq!(wanted_sha256("sha-512=:AAAA:").unwrap(), None);
    }

    #[test]
    fn what_is_no_digest_is_refused() {
        for field in [
            "",
            "sha-256",
            "sha-256=AAAA",
            "sha-256=:AAAA:",
            "sha-256=:*:",
        ] {
            assert!(wanted_sha256(field).is_err(), "{field}");
        }
    }
}
