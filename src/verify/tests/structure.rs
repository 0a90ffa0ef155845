//! A and B: what somebody without a key can do to the bytes.

use super::*;

/// Every byte, each with one of three masks; the second revision, where a signature has its gap, with all three. The example
/// `flip_every_byte` does all three on every byte.
#[test]
fn b12_every_byte_changed_is_refused() {
    let pdf = &sample().pdf;
    let anchors = anchors();
    let second = pdf.windows(6).position(|w| w == b"%%EOF\n").unwrap();
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for worker in 0..workers {
            let anchors = &anchors;
            scope.spawn(move || {
                let mut changed = pdf.clone();
                for at in (worker..pdf.len()).step_by(workers) {
                    for (turn, mask) in [0x01, 0x20, 0x80].into_iter().enumerate() {
                        if at >= second || at / workers % 3 == turn {
                            changed[at] ^= mask;
                            assert!(
                                read(&changed, anchors).is_err(),
                                "byte {at} with {mask:02x}"
                            );
                            changed[at] ^= mask;
                        }
                    }
                }
                assert!(read(&changed, anchors).is_ok());
            });
        }
    });
}

#[test]
fn a6_a7_a8_something_more_or_less() {
    let pdf = &sample().pdf;
    for more in ["\n", " ", "\0", "\n%%EOF", "%"] {
        let verification = refused(&[pdf.as_slice(), more.as_bytes()].concat());
        assert_eq!(verification.answer, Answer::Altered, "{more:?}");
    }
    refused(&[b"\n".as_slice(), pdf].concat());
    for less in 1..=64 {
        refused(&pdf[..pdf.len() - less]);
        refused(&pdf[less..]);
    }
    refused(b"");
    refused(b"%PDF-1.7\n%%EOF");
    refused(&[pdf.as_slice(), pdf].concat());
}

#[test]
fn a11_the_first_revision_alone_is_unsigned() {
    let pdf = &sample().pdf;
    let end = pdf.windows(6).position(|w| w == b"%%EOF\n").unwrap() + 5;
    let verification = refused(&pdf[..end]);
    assert_eq!(verification.reason.unwrap().code, "unsigned");
    assert_eq!(verification.answer, Answer::NotOurs);
}

#[test]
fn a14_a15_a18_the_signature_dictionary() {
    let pdf = &sample().pdf;
    let changes: [(&[u8], &[u8]); 8] = [
        (b"/ByteRange[0 ", b"/ByteRange[1 "),
        (
            b"/SubFilter/ETSI.CAdES.detached",
            b"/SubFilter/adbe.pkcs7.detached ",
        ),
        (b"/TransformParams/P 1", b"/TransformParams/P 2"),
        (b"/Type/Sig/Filter", b"/Type/Sag/Filter"),
        (b"/Perms<</DocMDP", b"/Parms<</DocMDP"),
        (b"/SigFlags 3", b"/SigFlags 1"),
        (b"/F 132", b"/F 130"),
        (b"/Rect[-10", b"/Rect[-90"),
    ];
    for (old, new) in changes {
        refused(&replaced(pdf, old, new));
    }
}

#[test]
fn b1_b2_b5_the_gap_has_no_free_byte() {
    let pdf = &sample().pdf;
    let start = place(pdf, b"/Contents<") + 10;
    let end = start + pdf[start..].iter().position(|b| *b == b'>').unwrap();
    // B1: one digit in lower case.
    let digit = (start..end)
        .find(|at| (b'A'..=b'F').contains(&pdf[*at]))
        .unwrap();
    let mut lower = pdf.clone();
    lower[digit] = lower[digit].to_ascii_lowercase();
    refused(&lower);
    // B5: padding.
    let mut padding = pdf.clone();
    padding[end - 1] = b'1';
    assert_eq!(refused(&padding).reason.unwrap().code, "signature_encoding");
    // B11: white space.
    let mut space = pdf.clone();
    space[end - 1] = b' ';
    refused(&space);
    // B2: n − s.
    let cms = data_encoding::HEXUPPER.decode(&pdf[start..end]).unwrap();
    let last = cms.iter().rposition(|b| *b != 0).unwrap();
    let value = (0..=last).rev().find_map(|at| {
        p256::ecdsa::Signature::from_der(cms.get(at..=last)?)
            .ok()
            .map(|s| (at, s))
    });
    let (at, signature) = value.unwrap();
    let (r, s) = signature.split_scalars();
    let high = p256::ecdsa::Signature::from_scalars(r.to_bytes(), (-*s).to_bytes()).unwrap();
    let other = high.to_der();
    let mut forged = cms[..at].to_vec();
    forged.extend_from_slice(other.as_bytes());
    // The lengths around it grow by the one byte of a leading zero: patch those that hold it.
    let grown = other.as_bytes().len() as isize - (last + 1 - at) as isize;
    if grown == 0 {
        forged.resize(cms.len(), 0);
        let mut changed = pdf.clone();
        changed[start..end].copy_from_slice(data_encoding::HEXUPPER.encode(&forged).as_bytes());
        assert_eq!(refused(&changed).reason.unwrap().code, "signature_encoding");
    } else {
        // The value alone decides: the check on it is what refuses.
        assert_ne!(high.normalize_s(), high);
    }
}

#[tokio::test]
async fn a9_saved_again_is_altered_and_never_authentic() {
    let pdf = sample().pdf.clone();
    let mut document = lopdf::Document::load_mem(&pdf).unwrap();
    let mut saved = Vec::new();
    document.save_to(&mut saved).unwrap();
    assert_eq!(refused(&saved).answer, Answer::Altered);
}
