//! `juanzong demo`: the whole story on the built-in sample dossier, without a server.
//!
//! Sample attachments → reports → two volumes and print pack → certificate → verification. Everything in it is invented, the keys
//! are for demonstration only, and the same day gives the same bytes.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::civil::Date;

use super::{
    Exit, OnDay, Scene, Trouble, bind as bind_command, filing, output, report_text,
    verify as verify_command,
};
use crate::{
    bind::{self, BindOptions, Bound},
    certificate::{self, Grant, Issued, Issuer, Level, Method, Office, Order},
    clock::Clock,
    digest::{Digest, write_atomically},
    dossier::{CheckedDossier, sample},
    finding::Verdict,
    lang::Lang,
    store::{Secret, Store, StoreConfig},
    typeset::Typesetter,
    verify::{self, Anchors, Verification},
};

/// The whole story on a sample dossier: reports, volumes, certificate, verification
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Folder to write into
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    day: OnDay,
}

pub(super) fn run(scene: &Scene, arguments: &Arguments) -> Result<Exit, Trouble> {
    let on = arguments.day.on.unwrap_or(sample::ON);
    let out = &arguments.out;
    let told = |zh: &str, en: &str| output::print(if scene.lang == Lang::Zh { zh } else { en });

    told(
        "一、核验样例附件",
        "1. The sample attachments are validated",
    )?;
    let attachments = tempfile::tempdir().map_err(Trouble::new)?;
    sample::unpack(attachments.path()).map_err(Trouble::new)?;
    let packs = scene.packs()?;
    let pool = Scene::pool()?;
    pool.warm();
    let dossier_file = attachments.path().join(sample::DOSSIER_FILE);
    // Without a recogniser: the demo shows the same on every machine.
    let judged = filing::judge(&dossier_file, &packs, &pool, None, on, None)?;
    write_reports(&judged, out)?;
    for paper in &judged.papers {
        if paper.report.verdict != Verdict::Accepted {
            output::print(&report_text::render(&paper.report, scene.lang))?;
        }
    }
    let accepted = judged
        .papers
        .iter()
        .filter(|p| p.report.verdict == Verdict::Accepted)
        .count();
    let count = format!("{accepted}/{}", judged.papers.len());
    told(&format!("  {count} 份通过"), &format!("  {count} accepted"))?;

    told(
        "二、按通知顺序装订",
        "2. The dossier is bound in the notice's order",
    )?;
    let checked = match judged.check(on) {
        Ok(checked) => checked,
        Err(incomplete) => {
            output::print(&filing::missing(&incomplete, scene.lang))?;
            return Ok(Exit::Refused);
        }
    };
    let typesetter = scene.typesetter()?;
    let bound = bind::bind(&checked, &typesetter, &pool, out, &BindOptions::default())
        .map_err(Trouble::new)?;
    output::print(&bind_command::describe(&bound, scene.lang))?;

    told("三、签发证书", "3. A certificate is issued")?;
    let (issuer, issued) = super::block_on(issue(&checked, &bound, &typesetter, on))?;
    write(&out.join("certificate.pdf"), &issued.pdf)?;
    write(&out.join("issuer.pem"), issuer.issuer_pem().as_bytes())?;
    write(
        &out.join("log-key.txt"),
        format!("{}\n", issuer.log_key()).as_bytes(),
    )?;
    output::print(&format!(
        "  {}  {}",
        issued.number.as_str(),
        issued.code.grouped()
    ))?;

    told(
        "四、离线核验证书",
        "4. The certificate is verified, offline",
    )?;
    let at = Clock::fixed_on(on).now();
    let verification = verified(&issuer, &issued.pdf, at)?;
    let json = serde_json::to_vec_pretty(&verification).map_err(Trouble::new)?;
    write(&out.join("verification.json"), &json)?;
    output::print(&verify_command::describe(&verification, scene.lang))?;

    let mut altered = issued.pdf.clone();
    if let Some(byte) = altered.get_mut(issued.pdf.len() / 2) {
        *byte ^= 1;
    }
    told(
        "五、改动一个字节再核验",
        "5. One byte is changed and it is verified again",
    )?;
    let refused = verified(&issuer, &altered, at)?;
    output::print(&verify_command::describe(&refused, scene.lang))?;
    if refused.is_authentic() {
        return Err(Trouble::because(
            "an altered certificate was taken for authentic",
        ));
    }
    Ok(verify_command::exit(&verification))
}

fn write_reports(judged: &filing::Judged, out: &Path) -> Result<(), Trouble> {
    let folder = out.join("reports");
    std::fs::create_dir_all(&folder).map_err(Trouble::new)?;
    let mut seen = std::collections::BTreeMap::<&str, u32>::new();
    for paper in &judged.papers {
        let n = seen.entry(&paper.slot).or_default();
        *n += 1;
        let json = serde_json::to_vec_pretty(&*paper.report).map_err(Trouble::new)?;
        write(&folder.join(format!("{}-{n}.json", paper.slot)), &json)?;
    }
    Ok(())
}

/// Issues the sample's certificate with keys that exist for this demonstration only.
async fn issue(
    checked: &CheckedDossier,
    bound: &Bound,
    typesetter: &Typesetter,
    on: Date,
) -> Result<(Arc<Issuer>, Issued), Trouble> {
    let at = Clock::fixed_on(on).now();
    let folder = tempfile::tempdir().map_err(Trouble::new)?;
    let store = Store::open(&StoreConfig::in_folder(folder.path().to_owned()))
        .await
        .map_err(Trouble::new)?;
    let issuer = Issuer::for_demonstration(Office::sample(), b"juanzong demo", at);
    let issuer = Arc::new(issuer.map_err(Trouble::new)?);
    let applicant = checked.applicant();
    let grant = Grant {
        name: applicant.name.clone(),
        sex: applicant.sex.clone(),
        born: applicant
            .born
            .map(|born| born.strftime("%Y-%m").to_string()),
        unit: applicant.unit.clone(),
        id_number: applicant.id_number.clone(),
        series: "工程技术".to_owned(),
        specialty: applicant.specialty.clone().unwrap_or_default(),
        title: applicant
            .applied_title
            .clone()
            .unwrap_or_else(|| "工程师".to_owned()),
        level: Level::Intermediate,
        method: Method::Recognition,
        committee: "示例市工业和信息化领域高层次和急需紧缺人才考核认定中级评委会".to_owned(),
        doc_no: Some("示工信职称〔2024〕0号".to_owned()),
        obtained_on: on,
        supersedes: None,
        dossier_sha256: Some(bound.manifest.merkle_root),
        pack_sha256: Some(checked.pack().sha256),
    };
    let order = Order {
        grant,
        photo: None,
        holder: Secret::random().hash(),
    };
    let salt = Digest::of(b"juanzong demo salt");
    let issued = certificate::issue_with_salt(
        &issuer,
        &store,
        typesetter,
        order,
        at,
        verify::self_check,
        salt,
    )
    .await
    .map_err(Trouble::new);
    store.close().await;
    Ok((issuer, issued?))
}

fn verified(issuer: &Issuer, pdf: &[u8], at: jiff::Timestamp) -> Result<Verification, Trouble> {
    let anchors = Anchors::new(&issuer.issuer_pem(), &[&issuer.log_key()], at)
        .map_err(|wrong| Trouble::because(wrong.message.en))?;
    Ok(verify::offline(pdf, &anchors))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Trouble> {
    write_atomically(path, bytes).map_err(Trouble::new)
}
