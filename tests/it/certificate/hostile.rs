//! Files that somebody made of a genuine one without any key, files of another kind, and what else must not lead to a yes.

use juanzong::{
    certificate::{Effect, ReasonClass, revoke},
    digest::Digest,
    verify::{self, Answer, Trust, Verification},
};
use lopdf::{Document, IncrementalDocument, Object, Stream, dictionary};

use super::{Register, at, issuer};
use crate::support::server::runtime;

fn genuine() -> &'static [u8] {
    static ONE: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    ONE.get_or_init(|| Register::new().issue(issuer(), "欧阳示例").pdf)
}

fn look(bytes: &[u8]) -> Verification {
    verify::trust(issuer(), at()).look(bytes).verification
}

/// The genuine file with an update of somebody else behind it.
fn updated(change: impl FnOnce(&mut Document, (u32, u16), (u32, u16))) -> Vec<u8> {
    let bytes = genuine().to_vec();
    let previous = Document::load_mem(&bytes).unwrap();
    let page = previous.get_pages()[&1];
    let catalog = previous
        .trailer
        .get(b"Root")
        .unwrap()
        .as_reference()
        .unwrap();
    let (old_page, old_catalog) = (
        previous.get_dictionary(page).unwrap().clone(),
        previous.get_dictionary(catalog).unwrap().clone(),
    );
    let mut update = IncrementalDocument::create_from(bytes, previous);
    update.new_document.set_object(page, old_page);
    update.new_document.set_object(catalog, old_catalog);
    change(&mut update.new_document, page, catalog);
    let mut file = Vec::new();
    update.save_to(&mut file).unwrap();
    file
}

#[test]
fn a1_a5_a12_a13_updates_behind_the_signature() {
    assert_eq!(look(genuine()).answer, Answer::Authentic);
    type Change = fn(&mut Document, (u32, u16), (u32, u16));
    let changes: [(&str, Change); 6] = [
        ("A1 the page shows something else", |new, page, _| {
            let content = new.add_object(Stream::new(dictionary! {}, b"BT ET".to_vec()));
            new.get_object_mut(page)
                .unwrap()
                .as_dict_mut()
                .unwrap()
                .set("Contents", content);
        }),
        ("A19 a stamp", |new, page, _| {
            let stamp = new.add_object(dictionary! { "Type" => "Annot", "Subtype" => "Stamp", "Rect" => vec![0.into(), 0.into(), 600.into(), 800.into()] });
            new.get_object_mut(page)
                .unwrap()
                .as_dict_mut()
                .unwrap()
                .set("Annots", vec![Object::Reference(stamp)]);
        }),
        ("A19 a script", |new, _, catalog| {
            let action =
                dictionary! { "S" => "JavaScript", "JS" => Object::string_literal("app.alert(1)") };
            new.get_object_mut(catalog)
                .unwrap()
                .as_dict_mut()
                .unwrap()
                .set("OpenAction", action);
        }),
        ("A12 a security store", |new, _, catalog| {
            new.get_object_mut(catalog)
                .unwrap()
                .as_dict_mut()
                .unwrap()
                .set("DSS", dictionary! {});
        }),
        ("A13 a time stamp of the document", |new, _, _| {
            new.add_object(dictionary! { "Type" => "DocTimeStamp", "Filter" => "Adobe.PPKLite", "SubFilter" => "ETSI.RFC3161" });
        }),
        ("nothing at all", |_, _, _| ()),
    ];
    for (what, change) in changes {
        assert_eq!(look(&updated(change)).answer, Answer::Altered, "{what}");
    }
    let text = |s: &str| s.as_bytes().to_vec();
    let signature = {
        let begin = genuine()
            .windows(9)
            .rposition(|w| w == b"/Type/Sig")
            .unwrap();
        let rest = &genuine()[begin..];
        rest[..rest.len().min(3200)].to_vec()
    };
    for (what, tail) in [
        (
            "A2 an update without a table",
            text("\n999 0 obj\n<</Type/Catalog>>\nendobj\n%%EOF"),
        ),
        ("A3 a body only", text("\n999 0 obj\n<</A 1>>\nendobj\n")),
        (
            "A4 a copied signature",
            [
                b"\n999 0 obj\n<<".to_vec(),
                signature,
                b">>\nendobj\n%%EOF".to_vec(),
            ]
            .concat(),
        ),
        (
            "A5 a table and a trailer only",
            text(
                "\nxref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1/Root 1 0 R>>\nstartxref\n0\n%%EOF",
            ),
        ),
    ] {
        let file = [genuine(), &tail].concat();
        assert_eq!(look(&file).answer, Answer::Altered, "{what}");
    }
}

#[test]
fn a10_two_signatures() {
    // Another office signs a certificate of its own; and somebody puts its signature behind ours.
    let other = juanzong::certificate::Issuer::for_demonstration(
        juanzong::certificate::Office::sample(),
        b"another office",
        at(),
    );
    let other = std::sync::Arc::new(other.unwrap());
    let theirs = Register::new().issue(&other, "欧阳示例").pdf;
    assert_eq!(look(&theirs).answer, Answer::NotOurs);
    let second = updated(|new, _, catalog| {
        let signature = new.add_object(dictionary! { "Type" => "Sig", "Filter" => "Adobe.PPKLite", "SubFilter" => "ETSI.CAdES.detached" });
        let field = new.add_object(dictionary! { "FT" => "Sig", "V" => signature });
        let catalog = new.get_object_mut(catalog).unwrap().as_dict_mut().unwrap();
        let form = catalog.get_mut(b"AcroForm").unwrap().as_dict_mut().unwrap();
        form.get_mut(b"Fields")
            .unwrap()
            .as_array_mut()
            .unwrap()
            .push(Object::Reference(field));
    });
    assert_eq!(look(&second).answer, Answer::Altered);
    assert_ne!(
        look(&[theirs.as_slice(), genuine()].concat()).answer,
        Answer::Authentic
    );
    assert_eq!(
        look(&[genuine(), theirs.as_slice()].concat()).answer,
        Answer::Altered
    );
}

#[test]
fn a15_a16_a17_the_signature_written_otherwise() {
    let pdf = genuine();
    let replaced = |old: &[u8], new: &[u8]| {
        let at = pdf.windows(old.len()).rposition(|w| w == old).unwrap();
        [&pdf[..at], new, &pdf[at + old.len()..]].concat()
    };
    let start = pdf.windows(10).rposition(|w| w == b"/Contents<").unwrap();
    let end = start + pdf[start..].iter().position(|b| *b == b'>').unwrap() + 1;
    let contents = |new: &[u8]| [&pdf[..start], new, &pdf[end..]].concat();
    let zeros = [
        b"/Contents<".to_vec(),
        b"0".repeat(end - start - 11),
        b">".to_vec(),
    ]
    .concat();
    let range = {
        let at = pdf.windows(11).rposition(|w| w == b"/ByteRange[").unwrap();
        let length = pdf[at..].iter().position(|b| *b == b']').unwrap() + 1;
        pdf[at..at + length].to_vec()
    };
    let ranges = [
        "",
        "/ByteRange null",
        "/ByteRange[]",
        "/ByteRange[0 0 0 0]",
        "/ByteRange[0 10 -5 20]",
        "/ByteRange[0 10 20]",
        "/ByteRange[0 1 2 3 4 5]",
        "/ByteRange[0 99999999999999999999 1 2]",
        "/ByteRange 12 0 R",
    ];
    let mut files: Vec<(String, Vec<u8>)> = ranges
        .iter()
        .map(|new| (format!("A15 {new}"), replaced(&range, new.as_bytes())))
        .collect();
    for new in [
        &b"/Contents<>"[..],
        b"/Contents null",
        b"/Contents()",
        b"/Contents/None",
        b"",
        &zeros,
    ] {
        files.push((
            format!("A15 {}", String::from_utf8_lossy(&new[..new.len().min(20)])),
            contents(new),
        ));
    }
    files.push((
        "A16 the range twice".into(),
        replaced(&range, &[range.clone(), range.clone()].concat()),
    ));
    files.push((
        "A16 the contents twice".into(),
        contents(&[&pdf[start..end], &pdf[start..end]].concat()),
    ));
    files.push((
        "A17 a range in a comment".into(),
        replaced(b"/Type/Sig/", b"%/ByteRange[0 1 2 3]\n/Type/Sig/"),
    ));
    files.push((
        "A17 contents in a string".into(),
        replaced(b"/Type/Sig/", b"/X(/Contents<00>)/Type/Sig/"),
    ));
    for kind in ["adbe.x509.rsa_sha1", "adbe.pkcs7.sha1", "Unknown"] {
        files.push((
            format!("A18 {kind}"),
            replaced(b"ETSI.CAdES.detached", kind.as_bytes()),
        ));
    }
    for (what, file) in files {
        let answer = look(&file).answer;
        assert!(
            matches!(answer, Answer::Altered | Answer::NotOurs),
            "{what}: {answer:?}"
        );
    }
}

#[test]
fn a22_a23_a24_files_of_another_kind() {
    let pdf = genuine();
    let at = pdf.windows(8).rposition(|w| w == b"trailer\n").unwrap() + 10;
    let encrypted = [&pdf[..at], b"/Encrypt 1 0 R", &pdf[at..]].concat();
    assert_eq!(look(&encrypted).answer, Answer::Altered, "A22");
    // A23: a stream that grows a thousandfold, where an attached file would be, and object streams.
    let bomb = miniz(&vec![0_u8; 64 << 20]);
    let mut file = b"%PDF-1.7\n%\x80\x80\x80\x80\n".to_vec();
    for number in 1..=16 {
        file.extend_from_slice(
            format!(
                "{number} 0 obj\n<</Type/EmbeddedFile/Filter/FlateDecode/Length {}>>\nstream\n",
                bomb.len()
            )
            .as_bytes(),
        );
        file.extend_from_slice(&bomb);
        file.extend_from_slice(b"\nendstream\nendobj\n");
    }
    file.extend_from_slice(
        b"xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1>>\nstartxref\n9\n%%EOF",
    );
    assert_eq!(look(&file).answer, Answer::NotOurs, "A23");
    // A24: two objects of one number, a table with a hole, a free object that is there.
    for (old, new) in [
        (
            &b"\nendobj\n"[..],
            &b"\nendobj\n1 0 obj\nnull\nendobj\n"[..],
        ),
        (b" 00000 n", b" 00001 n"),
        (b"65535 f", b"00000 f"),
        (b"/Size ", b"/XRefStm 9/Size "),
    ] {
        let place = pdf.windows(old.len()).rposition(|w| w == old).unwrap();
        let changed = [&pdf[..place], new, &pdf[place + old.len()..]].concat();
        let answer = look(&changed).answer;
        assert!(
            matches!(answer, Answer::Altered | Answer::NotOurs),
            "A24 {answer:?}"
        );
    }
    let _ = look(b"%PDF-1.7\n%\x80\x80\x80\x80\n");
}

/// zlib.
fn miniz(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut out = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

#[test]
fn i5_placeholders_in_a_claim_confuse_nobody() {
    let register = Register::new();
    let mut order = super::order("张示例");
    order.grant.committee =
        "/ByteRange[0 9999999999 9999999999 9999999999] /Contents<0000> endobj %%EOF".to_owned();
    order.grant.unit = Some(")>> endstream trailer startxref".to_owned());
    let typesetter = crate::support::server::typesetter();
    let check = verify::self_check;
    let issued =
        juanzong::certificate::issue(issuer(), &register.store, &typesetter, order, at(), check);
    let issued = runtime().block_on(issued).unwrap();
    assert_eq!(look(&issued.pdf).answer, Answer::Authentic);
}

#[test]
fn f8_a_clock_set_back_makes_a_list_stale() {
    let register = Register::new();
    let issued = register.issue(issuer(), "张示例");
    let hours = |n: i64| at() + jiff::SignedDuration::from_hours(n);
    let list = runtime()
        .block_on(juanzong::certificate::status_list(
            issuer(),
            &register.store,
            hours(30),
        ))
        .unwrap();
    let words = |now: jiff::Timestamp| {
        let trust = Trust {
            status_list: Some(verify::GivenStatusList {
                note: list.note.clone(),
                file: list.bits.clone(),
                key: issuer().status_key().parse().unwrap(),
            }),
            ..verify::trust(issuer(), now)
        };
        let verification = trust.look(&issued.pdf).verification;
        assert_eq!(verification.answer, Answer::Authentic);
        let unchecked = verification.not_checked.into_iter().map(|w| w.en);
        unchecked.collect::<Vec<_>>().join("; ")
    };
    assert!(words(hours(1)).contains("clock"), "{}", words(hours(1)));
    assert!(!words(hours(31)).contains("clock") && !words(hours(31)).contains("older than"));
    assert!(words(hours(60)).contains("older than 24 hours"));
}

#[test]
fn f7_the_record_is_there_a_day_before_and_gone_on_its_day() {
    use jiff::civil::date;
    let register = Register::new();
    let issued = register.issue(issuer(), "张示例");
    let decision = juanzong::certificate::Decision {
        decided_on: date(2024, 2, 29),
        decision_number: "示人社撤〔2024〕0号".to_owned(),
        reason: "材料不实".to_owned(),
    };
    let (reason, effect) = (ReasonClass::Fraud, Effect::AbInitio);
    let work = revoke(
        issuer(),
        &register.store,
        &issued.number,
        reason,
        effect,
        Some(&decision),
        at(),
    );
    runtime().block_on(work).unwrap();
    let store = &register.store;
    let records = |on| {
        runtime()
            .block_on(store.integrity_records(issued.number.as_str(), on))
            .unwrap()
            .len()
    };
    assert_eq!(
        (records(date(2027, 2, 27)), records(date(2027, 2, 28))),
        (1, 0)
    );
    let purged = |on| {
        runtime()
            .block_on(store.purge_integrity_records(on))
            .unwrap()
    };
    assert_eq!(
        (purged(date(2027, 2, 27)), purged(date(2027, 2, 28))),
        (0, 1)
    );
    // Nothing of it is left in any file of the database; the certificate stays revoked.
    for entry in std::fs::read_dir(store.folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            let words = "材料不实".as_bytes();
            assert!(!bytes.windows(words.len()).any(|w| w == words), "{path:?}");
        }
    }
    let row = runtime()
        .block_on(juanzong::certificate::show(store, &issued.number))
        .unwrap();
    assert!(matches!(
        row.status,
        juanzong::store::CertificateStatus::Revoked { .. }
    ));
}

#[test]
fn g13_no_answer_but_a_yes_says_that_it_is_valid() {
    let register = Register::new();
    let issued = register.issue(issuer(), "张示例");
    let end = issued.pdf.windows(6).position(|w| w == b"%%EOF\n").unwrap() + 5;
    // Unsigned but known text, a hash nobody knows, too few witnesses.
    let known = verify::file_parsed_here(issuer(), &register.store, &issued.pdf[..end], at());
    let unknown = verify::by_sha256(&register.store, Digest::of(b"x"), at());
    let witness = Trust {
        policy: Some(format!("witness w {}\nquorum w\n", {
            let folder = tempfile::tempdir().unwrap();
            juanzong::witness::Witness::init(folder.path(), "w")
                .unwrap()
                .public_line()
        })),
        ..verify::trust(issuer(), at())
    };
    let answers = [
        (Answer::Altered, runtime().block_on(known).unwrap()),
        (Answer::NotOurs, runtime().block_on(unknown).unwrap()),
        (Answer::CouldNotTell, witness.look(&issued.pdf).verification),
    ];
    for (wanted, verification) in answers {
        assert_eq!(verification.answer, wanted);
        let (zh, en) = (
            &verification.message.zh,
            verification.message.en.to_lowercase(),
        );
        assert!(!zh.contains("真实") && !zh.contains("有效"), "{zh}");
        assert!(!en.contains("valid") && !en.contains("authentic"), "{en}");
    }
}

/// G12: two different byte strings with one MD5 (a pair that was published long ago) are two files here.
#[test]
fn g12_two_files_that_a_weak_digest_takes_for_one_are_two() {
    let one = data_encoding::HEXLOWER
        .decode(
            b"d131dd02c5e6eec4693d9a0698aff95c2fcab58712467eab4004583eb8fb7f89\
              55ad340609f4b30283e488832571415a085125e8f7cdc99fd91dbdf280373c5b\
              d8823e3156348f5bae6dacd436c919c6dd53e2b487da03fd02396306d248cda0\
              e99f33420f577ee8ce54b67080a80d1ec69821bcb6a8839396f9652b6ff72a70",
        )
        .unwrap();
    let mut other = one.clone();
    for at in [19, 45, 59, 83, 109, 123] {
        other[at] ^= 0x80;
    }
    let seen = |tail: &[u8]| look(&[genuine(), tail].concat());
    let (first, second) = (seen(&one), seen(&other));
    assert_ne!(first.file_sha256, second.file_sha256);
    for verification in [first, second] {
        assert_eq!(verification.answer, Answer::Altered);
    }
    assert_ne!(Digest::of(&one), Digest::of(&other));
}
