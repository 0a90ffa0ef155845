//! B and C6, C8: every other way to write the signature.

use super::{cms_tree::*, *};

/// Signs the attributes of a CMS again: what a dishonest holder of the key could do.
fn sign_again(cms: &mut Node) {
    let attributes: Vec<Vec<u8>> = cms.at(ATTRIBUTES).parts().iter().map(Node::write).collect();
    let parts: Vec<&[u8]> = attributes.iter().map(Vec::as_slice).collect();
    let signature = honest().0.keys().signer().sign(&tlv(SET, &parts)).unwrap();
    *cms.at(VALUE) = Node::Leaf(0x04, crate::certificate::asn1::low_s(signature));
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
    let empty = cms::sign(Digest::of(b""), &keys.identity(), keys.signer()).unwrap();
    refused(&with_cms(pdf, &empty), "C8");
}
