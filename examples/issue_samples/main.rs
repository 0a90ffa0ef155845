//! Issues sample certificates into a folder, for judges of other makes: `cargo run --release --example issue_samples -- DIR`.
//!
//! Leaves `plain.pdf`, `photo.pdf`, `rare.pdf`, `issuer.pem`, `log-key.txt`, and `face-a1b.pdf`: the page alone as PDF/A-1b. All names and numbers are invented; keys come from a
//! fixed seed, so a second run gives the same bytes.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::exit,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program of ours for the terminal: a fault shall stop it"
)]

mod speed;

use std::{path::Path, sync::Arc};

use juanzong::{
    certificate::{Grant, Issuer, Level, Method, Office, Order, issue_with_salt},
    digest::{Digest, write_atomically},
    store::{SecretHash, Store, StoreConfig},
    typeset::{PdfForm, Standard, TemplateSource, Typesetter},
};

type Failed = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let mut arguments = std::env::args_os().skip(1);
    let out = arguments.next().ok_or("wants a folder, or --speed N")?;
    let data = tempfile::tempdir()?;
    let store = Store::open(&StoreConfig::in_folder(data.path().to_owned())).await?;
    let at = "2026-11-20T04:00:00Z".parse()?;
    let office = Office {
        base_url: "https://zhicheng.example.invalid".to_owned(),
        ..Office::sample()
    };
    let issuer = Arc::new(Issuer::for_demonstration(office, b"samples", at)?);
    let typesetter = Typesetter::new(&TemplateSource::BuiltIn)?;
    if out == "--speed" {
        let numbers: Vec<u64> = arguments.filter_map(|n| n.to_str()?.parse().ok()).collect();
        let count = numbers
            .first()
            .map_or(200, |n| u32::try_from(*n).unwrap_or(u32::MAX));
        let leaves = numbers.get(1).copied().unwrap_or_default();
        let now = jiff::Timestamp::now();
        let issuer = Issuer::for_demonstration(issuer.office().clone(), b"samples", now)?;
        let measured = speed::measure(&Arc::new(issuer), &typesetter, count, leaves).await;
        for folder in speed::WITNESS_FOLDERS
            .lock()
            .map_err(|_| "poisoned")?
            .drain(..)
        {
            std::fs::remove_dir_all(folder)?;
        }
        return measured;
    }
    let out = Path::new(&out);
    std::fs::create_dir_all(out)?;
    let mut rare = grant("䶮𠮷·买买提");
    rare.unit = Some("示例精密电子（集团）股份有限公司第二研究所".to_owned());
    let samples = [
        ("plain.pdf", grant("欧阳示例"), None),
        ("photo.pdf", grant("张示例"), Some(portrait()?)),
        ("rare.pdf", rare, None),
    ];
    for (file, grant, photo) in samples {
        let order = Order {
            grant,
            photo,
            holder: SecretHash::of_text(file),
        };
        let salt = Digest::of(file.as_bytes());
        let check = juanzong::verify::self_check;
        let issued = issue_with_salt(&issuer, &store, &typesetter, order, at, check, salt).await?;
        write_atomically(&out.join(file), &issued.pdf)?;
    }
    let form = PdfForm {
        standard: Standard::PdfA1b,
        ..PdfForm::plain("专业技术资格证书", Some(jiff::civil::date(2026, 11, 20)))
    };
    let face = typesetter.typeset_sample("certificate", &form)?;
    write_atomically(&out.join("face-a1b.pdf"), &face.pdf)?;
    write_atomically(&out.join("issuer.pem"), issuer.issuer_pem().as_bytes())?;
    write_atomically(&out.join("log-key.txt"), issuer.log_key().as_bytes())?;
    Ok(())
}

fn grant(name: &str) -> Grant {
    Grant {
        name: name.to_owned(),
        sex: Some("女".to_owned()),
        born: Some("1990-01".to_owned()),
        unit: Some("示例精密电子有限公司".to_owned()),
        id_number: Some("000000199001010000".to_owned()),
        series: "工程技术".to_owned(),
        specialty: "电子信息".to_owned(),
        title: "工程师".to_owned(),
        level: Level::Intermediate,
        method: Method::Recognition,
        committee: "示例市工程系列中级职称考核认定委员会".to_owned(),
        doc_no: Some("示工信职称〔2026〕99号".to_owned()),
        obtained_on: jiff::civil::date(2026, 10, 30),
        supersedes: None,
        dossier_sha256: None,
        pack_sha256: None,
    }
}

/// A face drawn from two circles.
fn portrait() -> Result<Vec<u8>, Failed> {
    let picture = image::RgbImage::from_fn(295, 413, |x, y| {
        let within = |cx: i64, cy: i64, rx: i64, ry: i64| {
            let (dx, dy) = (i64::from(x) - cx, i64::from(y) - cy);
            dx * dx * ry * ry + dy * dy * rx * rx < rx * rx * ry * ry
        };
        if within(147, 160, 58, 72) {
            image::Rgb([236, 202, 172])
        } else if within(147, 400, 120, 160) {
            image::Rgb([30, 32, 44])
        } else {
            image::Rgb([70, 130, 200])
        }
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Jpeg)?;
    Ok(bytes.into_inner())
}
