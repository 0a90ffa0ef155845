//! Forgeries that only we could make, because they are signed with our own keys; and every other way to write a signature.
//! Ids are those of the test list in the design. All of them must be refused offline.

use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use lopdf::{Dictionary, Object, Stream, StringFormat, dictionary};
use p256::ecdsa::{Signature, SigningKey, signature::Signer as _};

use super::{
    asn1::{SET, bits, object_id, octets, oid, sequence, tlv, unsigned},
    cms,
    keys::Keys,
    revision::{Update, sign_in_place, update},
    x509::{self, Parts, Revoked},
};
use crate::{
    certificate::{Grant, Issued, Issuer, Level, Method, Office, Order, issue},
    digest::Digest,
    store::{SecretHash, Store, StoreConfig},
    typeset::{TemplateSource, Typesetter},
    verify::{self, Answer, Trust, Verification},
};

fn at() -> Timestamp {
    "2026-11-20T04:00:00Z".parse().unwrap()
}

fn issue_with(issuer: &Arc<Issuer>) -> Issued {
    static TYPESETTER: OnceLock<Typesetter> = OnceLock::new();
    let typesetter = TYPESETTER.get_or_init(|| Typesetter::new(&TemplateSource::BuiltIn).unwrap());
    let grant = Grant {
        name: "欧阳示例".to_owned(),
        sex: None,
        born: None,
        unit: None,
        id_number: None,
        series: "工程技术".to_owned(),
        specialty: "电子信息".to_owned(),
        title: "工程师".to_owned(),
        level: Level::Intermediate,
        method: Method::Recognition,
        committee: "示例市中级职称考核认定委员会".to_owned(),
        doc_no: None,
        obtained_on: jiff::civil::date(2026, 10, 30),
        supersedes: None,
        dossier_sha256: None,
        pack_sha256: None,
    };
    let holder = SecretHash::of_text("holder");
    let order = Order {
        grant,
        photo: None,
        holder,
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let config = StoreConfig::in_folder(folder.path().to_owned());
        let store = Store::open(&config).await.unwrap();
        // Whatever the keys are: here nobody looks before it is handed out.
        issue(issuer, &store, typesetter, order, at(), |_, _, _| Ok(()))
            .await
            .unwrap()
    })
}

fn honest() -> &'static (Arc<Issuer>, Issued) {
    static ONE: OnceLock<(Arc<Issuer>, Issued)> = OnceLock::new();
    ONE.get_or_init(|| {
        let issuer =
            Arc::new(Issuer::for_demonstration(Office::sample(), b"forged", at()).unwrap());
        let issued = issue_with(&issuer);
        (issuer, issued)
    })
}

fn look(bytes: &[u8]) -> Verification {
    verify::trust(&honest().0, at()).look(bytes).verification
}

#[track_caller]
fn refused(bytes: &[u8], what: &str) -> Verification {
    let verification = look(bytes);
    assert!(
        !matches!(
            verification.answer,
            Answer::Authentic | Answer::Superseded | Answer::Revoked
        ),
        "{what}: {verification:?}"
    );
    verification
}

/// Revision 1 and the proof of the honest file.
fn parts() -> (Vec<u8>, String) {
    let pdf = &honest().1.pdf;
    let end = pdf.windows(6).position(|w| w == b"%%EOF\n").unwrap() + 5;
    let mark = b"c2sp.org/tlog-proof@v1\n";
    let begin = pdf.windows(mark.len()).rposition(|w| w == mark).unwrap();
    let length = pdf[begin..]
        .windows(10)
        .position(|w| w == b"\nendstream")
        .unwrap();
    let proof = String::from_utf8(pdf[begin..begin + length].to_vec()).unwrap();
    (pdf[..end].to_vec(), proof)
}

/// A second revision of our own hand, correctly signed.
fn forged(alter: impl FnOnce(Update<'_>)) -> Vec<u8> {
    let (revision_1, proof) = parts();
    let begin = revision_1.len();
    let issuer = &honest().0;
    let office = &issuer.office().name;
    let mut file = update(revision_1, &proof, office, at(), alter).unwrap();
    sign_in_place(&mut file, begin, issuer.keys()).unwrap();
    file
}

#[test]
fn a21_a_second_revision_that_does_more_is_refused_though_our_key_signed_it() {
    assert_eq!(look(&forged(|_| ())).answer, Answer::Authentic);
    let text = |s: &str| Object::String(s.as_bytes().to_vec(), StringFormat::Literal);
    let (revision_1, _) = parts();
    let first = lopdf::Document::load_mem(&revision_1).unwrap();
    let page_id = first.get_pages()[&1];
    let page = first.get_dictionary(page_id).unwrap();
    let content = page.get(b"Contents").unwrap().as_reference().unwrap();
    let resources = page.get(b"Resources").unwrap().clone();
    let files = first.objects.iter().find(|(_, object)| {
        let dict = object.as_stream().map(|stream| &stream.dict);
        dict.is_ok_and(|dict| dict.has_type(b"EmbeddedFile"))
    });
    let claims = *files.unwrap().0;
    type Alter = Box<dyn FnOnce(Update<'_>)>;
    let cases: Vec<(&str, Alter)> = vec![
        (
            "the page's content replaced",
            Box::new(move |u| {
                u.new
                    .set_object(content, Stream::new(dictionary! {}, b"BT ET".to_vec()));
            }),
        ),
        (
            "another content stream",
            Box::new(move |u| {
                let id = u
                    .new
                    .add_object(Stream::new(dictionary! {}, b"BT ET".to_vec()));
                u.page.set("Contents", id);
            }),
        ),
        (
            "other resources",
            Box::new(move |u| {
                let mut resources = resources.as_dict().cloned().unwrap_or_default();
                resources.set("XObject", dictionary! {});
                u.page.set("Resources", resources);
            }),
        ),
        (
            "the claims replaced",
            Box::new(move |u| {
                let dict = dictionary! { "Type" => "EmbeddedFile" };
                u.new.set_object(claims, Stream::new(dict, b"{}".to_vec()));
            }),
        ),
        (
            "a second claims.json",
            Box::new(move |u| {
                let names = u.catalog.get_mut(b"Names").unwrap().as_dict_mut().unwrap();
                let files = names
                    .get_mut(b"EmbeddedFiles")
                    .unwrap()
                    .as_dict_mut()
                    .unwrap();
                let entries = files.get_mut(b"Names").unwrap().as_array_mut().unwrap();
                let again = entries.last().unwrap().clone();
                entries.push(Object::string_literal("claims.json"));
                entries.push(again);
            }),
        ),
        (
            "an open action",
            Box::new(|u| {
                u.catalog.set(
                    "OpenAction",
                    dictionary! { "S" => "JavaScript", "JS" => Object::string_literal("1") },
                );
            }),
        ),
        (
            "layers",
            Box::new(|u| u.catalog.set("OCProperties", dictionary! {})),
        ),
        (
            "another language",
            Box::new(move |u| u.catalog.set("Lang", text("en"))),
        ),
        (
            "the catalog without its structure",
            Box::new(|u| {
                u.catalog.remove(b"StructTreeRoot");
            }),
        ),
        (
            "a cropped page",
            Box::new(|u| {
                u.page
                    .set("CropBox", vec![0.into(), 0.into(), 10.into(), 10.into()]);
            }),
        ),
        ("a turned page", Box::new(|u| u.page.set("Rotate", 180))),
        (
            "a stamp over the page",
            Box::new(|u| {
                let stamp = u
                    .new
                    .add_object(dictionary! { "Type" => "Annot", "Subtype" => "FreeText" });
                let annotations = u.page.get_mut(b"Annots").unwrap().as_array_mut().unwrap();
                annotations.push(Object::Reference(stamp));
            }),
        ),
        (
            "a second field",
            Box::new(|u| {
                let field = u.new.add_object(dictionary! { "FT" => "Tx" });
                let form = u
                    .catalog
                    .get_mut(b"AcroForm")
                    .unwrap()
                    .as_dict_mut()
                    .unwrap();
                form.get_mut(b"Fields")
                    .unwrap()
                    .as_array_mut()
                    .unwrap()
                    .push(Object::Reference(field));
            }),
        ),
        (
            "XFA",
            Box::new(|u| {
                let form = u
                    .catalog
                    .get_mut(b"AcroForm")
                    .unwrap()
                    .as_dict_mut()
                    .unwrap();
                form.set("XFA", vec![]);
            }),
        ),
        (
            "an object nobody needs",
            Box::new(|u| {
                u.new.add_object(Dictionary::new());
            }),
        ),
        (
            "a security store (DSS)",
            Box::new(|u| u.catalog.set("DSS", dictionary! {})),
        ),
        (
            "no DocMDP",
            Box::new(|u| {
                u.catalog.remove(b"Perms");
            }),
        ),
        (
            "usage rights",
            Box::new(|u| {
                let perms = u.catalog.get_mut(b"Perms").unwrap().as_dict_mut().unwrap();
                perms.set("UR3", Dictionary::new());
            }),
        ),
    ];
    for (what, alter) in cases {
        let verification = refused(&forged(alter), what);
        let code = verification.reason.unwrap().code;
        assert!(
            ["revision", "structure"].contains(&code.as_str()),
            "{what}: {code}"
        );
    }
}

// ---- the gap ---------------------------------------------------------------------------------------------------------

/// An ASN.1 element: its tag, and its content or its parts.
#[derive(Clone)]
enum Node {
    Leaf(u8, Vec<u8>),
    Tree(u8, Vec<Node>),
}

impl Node {
    fn read(bytes: &[u8]) -> (Node, &[u8]) {
        let (length, head) = match bytes[1] {
            n @ 0..=0x7f => (usize::from(n), 2),
            0x81 => (usize::from(bytes[2]), 3),
            _ => (usize::from(bytes[2]) << 8 | usize::from(bytes[3]), 4),
        };
        let (body, rest) = (&bytes[head..head + length], &bytes[head + length..]);
        if bytes[0] & 0x20 == 0 {
            return (Node::Leaf(bytes[0], body.to_vec()), rest);
        }
        let (mut parts, mut left) = (Vec::new(), body);
        while !left.is_empty() {
            let (part, after) = Node::read(left);
            parts.push(part);
            left = after;
        }
        (Node::Tree(bytes[0], parts), rest)
    }
    fn write(&self) -> Vec<u8> {
        match self {
            Node::Leaf(tag, body) => tlv(*tag, &[body]),
            Node::Tree(tag, parts) => {
                let parts: Vec<Vec<u8>> = parts.iter().map(Node::write).collect();
                tlv(*tag, &parts.iter().map(Vec::as_slice).collect::<Vec<_>>())
            }
        }
    }
    fn parts(&mut self) -> &mut Vec<Node> {
        match self {
            Node::Tree(_, parts) => parts,
            Node::Leaf(..) => panic!("a leaf"),
        }
    }
    fn at(&mut self, path: &[usize]) -> &mut Node {
        path.iter().fold(self, |node, at| &mut node.parts()[*at])
    }
    fn of(bytes: &[u8]) -> Node {
        Node::read(bytes).0
    }
}

/// Place and length of the gap's digits.
fn gap(pdf: &[u8]) -> (usize, usize) {
    let start = pdf.windows(10).rposition(|w| w == b"/Contents<").unwrap() + 10;
    let length = pdf[start..].iter().position(|b| *b == b'>').unwrap();
    (start, length)
}

fn cms_of(pdf: &[u8]) -> Vec<u8> {
    let (start, length) = gap(pdf);
    let raw = data_encoding::HEXUPPER
        .decode(&pdf[start..start + length])
        .unwrap();
    let (_, rest) = Node::read(&raw);
    raw[..raw.len() - rest.len()].to_vec()
}

fn with_cms(pdf: &[u8], cms: &[u8]) -> Vec<u8> {
    let (start, length) = gap(pdf);
    let mut digits = data_encoding::HEXUPPER.encode(cms).into_bytes();
    assert!(digits.len() <= length, "it does not fit");
    digits.resize(length, b'0');
    [&pdf[..start], &digits, &pdf[start + length..]].concat()
}

/// Paths in the CMS: SignedData, its certificates, its signers, the one signer, its attributes and its value.
const SIGNED: &[usize] = &[1, 0];
const CERTIFICATES: &[usize] = &[1, 0, 3];
const SIGNERS: &[usize] = &[1, 0, 4];
const SIGNER: &[usize] = &[1, 0, 4, 0];
const ATTRIBUTES: &[usize] = &[1, 0, 4, 0, 3];
const VALUE: &[usize] = &[1, 0, 4, 0, 5];

/// Signs the attributes of a CMS again: what a dishonest holder of the key could do.
fn sign_again(cms: &mut Node) {
    let attributes: Vec<Vec<u8>> = cms.at(ATTRIBUTES).parts().iter().map(Node::write).collect();
    let parts: Vec<&[u8]> = attributes.iter().map(Vec::as_slice).collect();
    let key: &SigningKey = honest().0.keys().signer();
    let signature: Signature = key.sign(&tlv(SET, &parts));
    *cms.at(VALUE) = Node::Leaf(0x04, super::asn1::low_s(signature));
}

#[test]
fn b3_to_b10_every_other_way_to_write_the_signature_is_refused() {
    let pdf = &honest().1.pdf;
    let good = cms_of(pdf);
    assert_eq!(Node::of(&good).write(), good);
    assert_eq!(look(&with_cms(pdf, &good)).answer, Answer::Authentic);
    type Alter = Box<dyn Fn(&mut Node)>;
    let attribute =
        |id: &[u8], value: &[u8]| Node::of(&sequence(&[&object_id(id), &tlv(SET, &[value])]));
    // 1.2.840.113549.1.9.5 signing-time.
    let time_id = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x05];
    let time = attribute(&time_id, &tlv(0x17, &[b"261120040000Z"]));
    let null = Node::Leaf(0x05, Vec::new());
    let cases: Vec<(&str, Alter)> = vec![
        (
            // An empty one: a whole certificate would not fit into the gap.
            "B3 a further certificate",
            Box::new(|c| {
                c.at(CERTIFICATES)
                    .parts()
                    .push(Node::Tree(0x30, Vec::new()));
            }),
        ),
        (
            "B4 an unsigned attribute",
            Box::new({
                let time = time.clone();
                move |c| {
                    c.at(SIGNER)
                        .parts()
                        .push(Node::Tree(0xa1, vec![time.clone()]))
                }
            }),
        ),
        (
            "B4 an empty set of unsigned attributes",
            Box::new(|c| {
                c.at(SIGNER).parts().push(Node::Tree(0xa1, Vec::new()));
            }),
        ),
        (
            "B7 NULL with the digest",
            Box::new({
                let null = null.clone();
                move |c| c.at(&[1, 0, 1, 0]).parts().push(null.clone())
            }),
        ),
        (
            "B7 NULL with the signature",
            Box::new(move |c| c.at(&[1, 0, 4, 0, 4]).parts().push(null.clone())),
        ),
        (
            "B8 another order, signed again",
            Box::new(|c| {
                c.at(ATTRIBUTES).parts().reverse();
                sign_again(c);
            }),
        ),
        (
            "B8 an attribute twice, signed again",
            Box::new(|c| {
                let first = c.at(ATTRIBUTES).parts()[0].clone();
                c.at(ATTRIBUTES).parts().push(first);
                sign_again(c);
            }),
        ),
        (
            "B8 signing-time, signed again",
            Box::new(move |c| {
                c.at(ATTRIBUTES).parts().push(time.clone());
                sign_again(c);
            }),
        ),
        (
            "B8 no signingCertificateV2, signed again",
            Box::new(|c| {
                c.at(ATTRIBUTES).parts().pop();
                sign_again(c);
            }),
        ),
        (
            "B9 a CRL inside",
            Box::new(|c| {
                let crl = Node::Tree(0xa1, vec![Node::Tree(0x30, Vec::new())]);
                c.at(SIGNED).parts().insert(4, crl);
            }),
        ),
        (
            "B10 two signers",
            Box::new(|c| {
                // As little of a second one as fits into the gap.
                let mut signer = c.at(SIGNER).clone();
                signer.parts().truncate(2);
                c.at(SIGNERS).parts().push(signer);
            }),
        ),
        (
            "another version",
            Box::new(|c| *c.at(&[1, 0, 0]) = Node::Leaf(0x02, vec![3])),
        ),
        (
            "content inside",
            Box::new(|c| {
                let content = Node::Tree(0xa0, vec![Node::Leaf(0x04, b"x".to_vec())]);
                c.at(&[1, 0, 2]).parts().push(content);
            }),
        ),
    ];
    for (what, alter) in cases {
        let mut cms = Node::of(&good);
        alter(&mut cms);
        refused(&with_cms(pdf, &cms.write()), what);
    }
    // B6: indefinite length, and a length written longer than it must be.
    let body = &good[4..];
    refused(
        &with_cms(pdf, &[&[0x30, 0x80], body, &[0, 0]].concat()),
        "B6 indefinite",
    );
    let long = [&[0x30, 0x83, 0, good[2], good[3]], body].concat();
    refused(&with_cms(pdf, &long), "B6 a long length");
    // B8 proof that signing again works: the same attributes give an authentic file.
    let mut same = Node::of(&good);
    sign_again(&mut same);
    assert_eq!(
        look(&with_cms(pdf, &same.write())).answer,
        Answer::Authentic
    );
}

#[test]
fn c6_b2_numbers_that_are_no_signature() {
    let pdf = &honest().1.pdf;
    let order = data_encoding::HEXUPPER
        .decode(b"FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551")
        .unwrap();
    let good = cms_of(pdf);
    let value = match Node::of(&good).at(VALUE) {
        Node::Leaf(_, bytes) => bytes.clone(),
        Node::Tree(..) => panic!(),
    };
    let signature = Signature::from_der(&value).unwrap();
    let (r, s) = (
        signature.split_bytes().0.to_vec(),
        signature.split_bytes().1.to_vec(),
    );
    // B2: n − s, the other value that everybody else accepts.
    let (scalar_r, scalar_s) = signature.split_scalars();
    let high = Signature::from_scalars(scalar_r.to_bytes(), (-*scalar_s).to_bytes()).unwrap();
    let high_s = high.split_bytes().1.to_vec();
    for (what, r, s) in [
        ("B2 n − s", &r, &high_s),
        ("r = 0", &vec![0], &s),
        ("s = 0", &r, &vec![0]),
        ("r = n", &order, &s),
        ("s = n", &r, &order),
        ("r and s exchanged", &s, &r),
    ] {
        let mut cms = Node::of(&good);
        *cms.at(VALUE) = Node::Leaf(0x04, sequence(&[&unsigned(r), &unsigned(s)]));
        refused(&with_cms(pdf, &cms.write()), what);
    }
    // A leading zero too many, and a negative number.
    for bytes in [
        sequence(&[&tlv(0x02, &[&[0, 0], &r]), &unsigned(&s)]),
        sequence(&[&tlv(0x02, &[&[0x80], &r]), &unsigned(&s)]),
        [value.as_slice(), &[0]].concat(),
    ] {
        let mut cms = Node::of(&good);
        *cms.at(VALUE) = Node::Leaf(0x04, bytes);
        refused(&with_cms(pdf, &cms.write()), "another encoding");
    }
    // C8: a signature over nothing.
    let keys = honest().0.keys();
    let empty = cms::sign(Digest::of(b""), &keys.identity(), keys.signer());
    refused(&with_cms(pdf, &empty), "C8");
}

// ---- keys ------------------------------------------------------------------------------------------------------------

fn key(seed: u8) -> SigningKey {
    SigningKey::from_slice(&[seed; 32]).unwrap()
}

fn ed(seed: u8) -> ed25519_dalek::SigningKey {
    ed25519_dalek::SigningKey::from_bytes(&[seed; 32])
}

const ROOT: u8 = 1;
const SIGNS: u8 = 2;

/// An office with a signer's certificate of one's own making, and a file it issued.
fn office_of(signer: Vec<u8>, signer_key: SigningKey) -> (Issuer, Vec<u8>) {
    let office = Office::sample();
    let root = x509::root(&office.name, &key(ROOT), &[7; 16], at());
    let keys = || {
        Keys::together(
            root.clone(),
            signer.clone(),
            signer_key.clone(),
            ed(3),
            ed(4),
            [5; 32],
        )
        .unwrap()
    };
    let issuer = Arc::new(Issuer::with_keys(office.clone(), keys()));
    let pdf = issue_with(&issuer).pdf;
    (Issuer::with_keys(office, keys()), pdf)
}

fn code_of(issuer: &Issuer, pdf: &[u8], now: Timestamp) -> String {
    let verification = verify::trust(issuer, now).look(pdf).verification;
    match verification.reason {
        None => format!("{:?}", verification.answer),
        Some(reason) => reason.code,
    }
}

fn signer_with(extensions: &[Vec<u8>], issuer_role: &str, years: i32) -> Vec<u8> {
    let office = Office::sample().name;
    let signer_key = key(SIGNS);
    let parts = Parts {
        serial: &[8; 16],
        issuer: &x509::name(&office, issuer_role),
        subject: &x509::name(&office, "证书签发 Signer"),
        years,
        from: at(),
        subject_key: signer_key.verifying_key(),
        extensions,
    };
    x509::certificate(&parts, &key(ROOT))
}

#[test]
fn c3_a_signer_that_is_not_one_is_refused() {
    let usage =
        |unused: u8, bits_: u8| x509::extension(oid::KEY_USAGE, true, &bits(unused, &[bits_]));
    let constraints = |ca: bool| {
        let body: Vec<u8> = if ca {
            sequence(&[&[1, 1, 0xff]])
        } else {
            sequence(&[])
        };
        x509::extension(oid::BASIC_CONSTRAINTS, true, &body)
    };
    let eku = |ids: &[&[u8]]| {
        let ids: Vec<Vec<u8>> = ids.iter().map(|id| object_id(id)).collect();
        let parts: Vec<&[u8]> = ids.iter().map(Vec::as_slice).collect();
        x509::extension(oid::EXT_KEY_USAGE, false, &sequence(&parts))
    };
    let both = || eku(&[oid::EMAIL_PROTECTION, oid::DOCUMENT_SIGNING]);
    let root = "根证书 Root";
    let good = vec![constraints(false), usage(6, 0xc0), both()];
    let (issuer, pdf) = office_of(signer_with(&good, root, 2), key(SIGNS));
    assert_eq!(code_of(&issuer, &pdf, at()), "Authentic");
    // C4: out of its time.
    let years = |n: i64| at() + jiff::SignedDuration::from_hours(24 * 365 * n);
    assert_eq!(code_of(&issuer, &pdf, years(3)), "signer_expired");
    assert_eq!(code_of(&issuer, &pdf, years(-1)), "signer_not_yet_valid");
    let critical = x509::extension(&[0x2a, 0x03, 0x04], true, &octets(b"x"));
    for (what, extensions, role) in [
        ("no key usage", vec![constraints(false), both()], root),
        (
            "digitalSignature alone",
            vec![constraints(false), usage(7, 0x80), both()],
            root,
        ),
        (
            "keyCertSign",
            vec![constraints(false), usage(2, 0xc4), both()],
            root,
        ),
        (
            "a CA itself",
            vec![constraints(true), usage(6, 0xc0), both()],
            root,
        ),
        (
            "documentSigning alone",
            vec![
                constraints(false),
                usage(6, 0xc0),
                eku(&[oid::DOCUMENT_SIGNING]),
            ],
            root,
        ),
        (
            "an unknown critical extension",
            vec![constraints(false), usage(6, 0xc0), both(), critical],
            root,
        ),
        ("C1 another issuer's name", good.clone(), "another"),
    ] {
        let (issuer, pdf) = office_of(signer_with(&extensions, role, 2), key(SIGNS));
        assert_eq!(code_of(&issuer, &pdf, at()), "signer", "{what}");
    }
    // No extended key usage at all is allowed.
    let none = vec![constraints(false), usage(6, 0xc0)];
    let (issuer, pdf) = office_of(signer_with(&none, root, 2), key(SIGNS));
    assert_eq!(code_of(&issuer, &pdf, at()), "Authentic");
    // C7: a leaf in the place of a root.
    let leaf = super::keys::certificate_pem(&signer_with(&good, root, 2));
    assert!(Trust::new(leaf, issuer.log_key(), at()).anchors().is_err());
    // C1: the same names, another CA.
    let other = x509::root(&Office::sample().name, &key(9), &[7; 16], at());
    let foreign = Trust::new(super::keys::certificate_pem(&other), issuer.log_key(), at());
    assert_eq!(
        foreign.look(&pdf).verification.reason.unwrap().code,
        "signer"
    );
}

#[test]
fn c2_another_certificate_for_the_same_key_is_refused() {
    let (issuer, issued) = honest();
    let good = cms_of(&issued.pdf);
    // The root certifies the signer's key a second time; the signature value stays true.
    let keys = issuer.keys();
    let twin = x509::signer(
        &issuer.office().name,
        keys.signer().verifying_key(),
        &key(ROOT),
        &[9; 16],
        at(),
    );
    let mut swapped = Node::of(&good);
    swapped.at(CERTIFICATES).parts()[0] = Node::of(&twin);
    refused(&with_cms(&issued.pdf, &swapped.write()), "C2 swapped");
}

#[test]
fn c5_a_revoked_signer_is_judged_by_the_day_of_its_revocation() {
    let office = Office::sample().name;
    let signer = x509::signer(
        &office,
        key(SIGNS).verifying_key(),
        &key(ROOT),
        &[8; 16],
        at(),
    );
    let (issuer, pdf) = office_of(signer.clone(), key(SIGNS));
    let parsed = Node::of(&signer);
    let serial = match parsed {
        Node::Tree(_, parts) => match parts[0].clone() {
            Node::Tree(_, tbs) => tbs[1].write(),
            Node::Leaf(..) => panic!(),
        },
        Node::Leaf(..) => panic!(),
    };
    let hours = |n: i64| at() + jiff::SignedDuration::from_hours(n);
    let name = x509::name(&office, "根证书 Root");
    let list = |serial: &[u8], since: Timestamp, root: u8| {
        let revoked = [Revoked {
            serial: serial.to_vec(),
            at: since,
        }];
        let list = x509::crl(&name, &key(root), &revoked, since, hours(24 * 30));
        der::pem::encode_string("X509 CRL", der::pem::LineEnding::LF, &list).unwrap()
    };
    let judged = |list: String, now: Timestamp| {
        let trust = Trust {
            revoked_signers: Some(list),
            ..verify::trust(&issuer, now)
        };
        trust.look(&pdf).verification
    };
    let before = judged(list(&serial, hours(-1), ROOT), hours(1));
    assert_eq!(
        (before.answer, before.reason.unwrap().code.as_str()),
        (Answer::CouldNotTell, "signer_revoked")
    );
    // Revoked later than the instant it is judged at.
    let after = judged(list(&serial, hours(5), ROOT), hours(1));
    assert_eq!(after.answer, Answer::Authentic);
    assert!(after.checked.iter().any(|w| w.en.contains("not revoked")));
    // Another serial; a list that is out of date is said to be.
    let other = judged(list(&unsigned(&[1, 2, 3]), hours(-1), ROOT), hours(1));
    assert_eq!(other.answer, Answer::Authentic);
    let old = judged(list(&unsigned(&[1]), hours(-1), ROOT), hours(24 * 40));
    assert!(old.not_checked.iter().any(|w| w.en.contains("out of date")));
    // A list that another key signed, and rubbish.
    for wrong in [
        list(&serial, hours(-1), 9),
        "nonsense".to_owned(),
        String::new(),
    ] {
        let verification = judged(wrong, hours(1));
        assert_eq!(verification.reason.unwrap().code, "revoked_signers");
    }
}

#[test]
fn a_signer_is_rolled_over_and_what_it_signed_stays() {
    let folder = tempfile::tempdir().unwrap();
    let first = Issuer::init(folder.path(), &Office::sample(), at()).unwrap();
    let first = Arc::new(first);
    let old = issue_with(&first).pdf;
    let root_key = folder.path().join("root-key.pem");
    let offline = tempfile::tempdir().unwrap();
    let taken_away = offline.path().join("root-key.pem");
    std::fs::rename(&root_key, &taken_away).unwrap();
    // Without the root's key, or with another, nothing is changed.
    assert!(Issuer::roll_over(folder.path(), &root_key, at()).is_err());
    assert!(Issuer::roll_over(folder.path(), &folder.path().join("signer-key.pem"), at()).is_err());
    let signer_before = folder
        .path()
        .join("signers")
        .join(format!("{}.pem", first.keys().signer_sha256()));
    let sha256 = Issuer::roll_over(folder.path(), &taken_away, at()).unwrap();
    assert!(signer_before.exists());
    let second = Arc::new(Issuer::open(folder.path()).unwrap());
    assert_eq!(second.keys().signer_sha256(), sha256);
    assert_ne!(sha256, first.keys().signer_sha256());
    let new = issue_with(&second).pdf;
    let trust = verify::trust(&second, at());
    for pdf in [&old, &new] {
        assert_eq!(trust.look(pdf).verification.answer, Answer::Authentic);
    }
    // The old one is revoked a day later: what it signed can no longer be told by itself; the new one is believed.
    let day = |n: i64| at() + jiff::SignedDuration::from_hours(24 * n);
    Issuer::revoke_signer(folder.path(), &taken_away, Some(&signer_before), day(1)).unwrap();
    assert!(
        Issuer::revoke_signer(folder.path(), &taken_away, Some(&signer_before), day(1)).is_err()
    );
    Issuer::revoke_signer(folder.path(), &taken_away, None, day(2)).unwrap();
    let third = Issuer::open(folder.path()).unwrap();
    let trust = verify::trust(&third, day(3));
    assert_eq!(
        trust.look(&old).verification.reason.unwrap().code,
        "signer_revoked"
    );
    assert_eq!(trust.look(&new).verification.answer, Answer::Authentic);
}
