//! C and E2–E5: other keys, other proofs, other times.

use super::*;

#[test]
fn a_certificate_is_authentic_offline_and_says_what_was_not_checked() {
    let verification = offline(&sample().pdf, &anchors());
    assert_eq!(verification.answer, Answer::Authentic, "{verification:?}");
    let shown = verification.certificate.unwrap();
    assert_eq!(shown.name_masked, "欧**");
    assert_eq!(shown.number, sample().number.as_str());
    assert!(verification.status_as_of.is_none());
    assert!(
        verification
            .not_checked
            .iter()
            .any(|n| n.en.contains("revoked"))
    );
    assert!(
        verification
            .not_checked
            .iter()
            .any(|n| n.en.contains("not witnessed"))
    );
    assert!(sample().pdf.len() < 60_000, "{}", sample().pdf.len());
}

#[test]
fn c1_c7_c9_other_keys() {
    let pdf = &sample().pdf;
    let other = Issuer::for_demonstration(Office::sample(), b"somebody else", at()).unwrap();
    let log = issuer().log_key();
    let foreign = Anchors::new(&other.issuer_pem(), &[&log], at()).unwrap();
    let verification = offline(pdf, &foreign);
    assert_eq!(verification.reason.unwrap().code, "signer");
    let other_log = Anchors::new(&issuer().issuer_pem(), &[&other.log_key()], at()).unwrap();
    assert_eq!(offline(pdf, &other_log).reason.unwrap().code, "proof");
    let several = format!("{}{}", other.issuer_pem(), issuer().issuer_pem());
    let both = Anchors::new(&several, &[&other.log_key(), &log], at()).unwrap();
    assert!(offline(pdf, &both).is_authentic());
    assert!(
        Anchors::new(
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            &[],
            at()
        )
        .is_err()
    );
    assert!(Anchors::new(&issuer().issuer_pem(), &["a+b+c"], at()).is_err());
}

#[test]
fn c4_a_signer_that_ran_out_is_not_judged_offline() {
    let later = "2029-01-01T00:00:00Z".parse().unwrap();
    let anchors = crate::verify::anchors(issuer(), later).unwrap();
    let verification = offline(&sample().pdf, &anchors);
    assert_eq!(verification.answer, Answer::CouldNotTell);
    let earlier = "2020-01-01T00:00:00Z".parse().unwrap();
    let anchors = crate::verify::anchors(issuer(), earlier).unwrap();
    assert_eq!(
        offline(&sample().pdf, &anchors).answer,
        Answer::CouldNotTell
    );
}

#[test]
fn e4_witnesses_that_are_asked_for_must_have_seen_it() {
    let anchors = anchors().with_witnesses(Vec::new(), 1);
    let verification = offline(&sample().pdf, &anchors);
    assert_eq!(verification.answer, Answer::CouldNotTell);
    assert_eq!(verification.reason.unwrap().code, "witnesses");
}

#[test]
fn e2_e3_a_changed_proof_is_refused() {
    let parts = crate::verify::revisions::read(&sample().pdf).unwrap();
    let good = String::from_utf8(parts.proof).unwrap();
    let anchors = anchors();
    let check = |text: &str| {
        crate::verify::proof::check(text.as_bytes(), &anchors.logs, &anchors.witnesses)
    };
    assert_eq!(check(&good).unwrap().index, 2);
    let lines: Vec<&str> = good.lines().collect();
    let without_path: String = lines
        .iter()
        .enumerate()
        .filter(|(i, _)| *i != 3)
        .map(|(_, l)| format!("{l}\n"))
        .collect();
    let doubled: String = lines
        .iter()
        .enumerate()
        .flat_map(|(i, l)| std::iter::repeat_n(format!("{l}\n"), if i == 3 { 2 } else { 1 }))
        .collect();
    for wrong in [
        good.replace("index 2", "index 1"),
        good.replace("index 2", "index 02"),
        good.replace("index 2", "index 3"),
        good.replace("index 2", "index 18446744073709551615"),
        good.replace("tlog-proof@v1", "tlog-proof@v2"),
        good.replace(
            "sample.invalid/certificates\n",
            "other.invalid/certificates\n",
        ),
        good.replace('\n', "\r\n"),
        good.replacen("\n\n", "\n", 1),
        good.replace("\n3\n", "\n4\n"),
        good.trim_end().to_owned(),
        without_path,
        doubled,
        String::new(),
    ] {
        assert!(check(&wrong).is_err(), "{wrong}");
    }
}
