//! D: what stands on the page.

use super::*;
use crate::{certificate::Finished, digest::write_atomically};

/// A typesetter whose certificate shows something else than its data; `other.svg` is the QR code of `address`.
fn other_template(from: &str, to: &str, address: &str) -> Typesetter {
    let folder = tempfile::tempdir().unwrap();
    let text = include_str!("../../../templates/print/certificate.typ");
    assert!(text.contains(from), "{from}");
    let write = |name: &str, text: String| {
        write_atomically(&folder.path().join(name), text.as_bytes()).unwrap();
    };
    write("certificate.typ", text.replace(from, to));
    let qr = qrcode::QrCode::new(address).unwrap();
    let (width, colors) = (qr.width(), qr.to_colors());
    let dark = (0..width * width).filter(|i| colors[*i] == qrcode::Color::Dark);
    let path: String = dark
        .map(|i| format!("M{} {}h1v1h-1z", i % width + 4, i / width + 4))
        .collect();
    let size = width + 8;
    write(
        "other.svg",
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\"><path d=\"{path}\"/></svg>"
        ),
    );
    Typesetter::new(&TemplateSource::Folder(folder.path().to_owned())).unwrap()
}

const QR: &str = "image(bytes(data.qr_svg), format: \"svg\", width: 31mm, height: 31mm, alt: \"查验二维码：\" + data.url)";
const OTHER_QR: &str = "image(\"other.svg\", width: 31mm, height: 31mm, alt: \"查验二维码\")";
const NO_QR: &str = "box(width: 31mm, height: 31mm)";
const CODE: &str = "tracking: 0.04em, data.code)";

#[tokio::test]
async fn d5_d8_a_template_that_shows_something_else_issues_nothing() {
    let elsewhere = "http://127.0.0.1:8080/v/0000000000000000000Y";
    for (from, to, why) in [
        (
            CODE,
            "tracking: 0.04em)[0000-0000]",
            "the page does not say the claim `code`",
        ),
        (
            QR,
            OTHER_QR,
            "the QR code on the page does not belong to this certificate",
        ),
        (QR, NO_QR, "the page has no QR code that can be read"),
    ] {
        let registry = Registry::new().await;
        let typesetter = other_template(from, to, elsewhere);
        let order = order(grant("欧阳示例"));
        let made = issue(
            issuer(),
            &registry.store,
            &typesetter,
            order,
            at(),
            self_check,
        )
        .await;
        match made {
            Err(IssueError::SelfCheck(said)) => assert_eq!(said, why),
            other => panic!("{other:?}"),
        }
        assert!(registry.store.log_head().await.unwrap().is_none());
    }
}

#[tokio::test]
async fn d8_a_signed_page_with_the_qr_of_another_certificate_is_refused_offline() {
    let careless = |_: &Issuer, _: Finished<'_>, _: jiff::Timestamp| Ok(());
    let registry = Registry::new().await;
    let verified = async |to: &str| {
        let typesetter = other_template(QR, to, "http://127.0.0.1:8080/v/0000000000000000000Y");
        let order = order(grant("欧阳示例"));
        let made = issue(
            issuer(),
            &registry.store,
            &typesetter,
            order,
            at(),
            careless,
        );
        offline(&made.await.unwrap().pdf, &anchors())
    };
    let other = verified(OTHER_QR).await;
    assert_ne!(other.answer, Answer::Authentic);
    assert_eq!(other.reason.unwrap().code, "qr");
    // One that is not drawn as squares is said not to have been read.
    let none = verified(NO_QR).await;
    assert_eq!(none.answer, Answer::Authentic);
    assert!(
        none.not_checked
            .iter()
            .any(|words| words.en.starts_with("the QR code"))
    );
    let good = offline(&sample().pdf, &anchors());
    assert!(
        good.checked
            .iter()
            .any(|words| words.en.contains("QR code"))
    );
}

#[test]
fn d5_the_page_says_what_the_claims_say() {
    let parts = crate::verify::revisions::read(&sample().pdf).unwrap();
    let page = parts.page.unwrap().text;
    let claims = crate::certificate::Claims::read(&parts.claims).unwrap();
    crate::verify::face::check(&page, &claims, &sample().code).unwrap();
    for (_, value) in claims.on_the_face() {
        let other = page.replace(value, "…");
        crate::verify::face::check(&other, &claims, &sample().code).unwrap_err();
    }
    let wrong =
        crate::verify::face::check(&page.replace('-', ""), &claims, &sample().code).unwrap_err();
    assert!(wrong.message.en.contains("`code`"));
}

#[tokio::test]
async fn d4_rare_characters_reach_the_page_and_come_back() {
    let registry = Registry::new().await;
    for name in ["𠮷野䶮", "阿卜杜拉·买买提", "镕喆堃玥"] {
        let issued = registry.issue(grant(name)).await;
        let parts = crate::verify::revisions::read(&issued.pdf).unwrap();
        assert!(parts.page.unwrap().text.contains(name), "{name}");
    }
}
