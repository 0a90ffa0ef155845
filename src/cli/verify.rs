//! `juanzong verify`: one answer for a file or a code, online against the register or offline with the issuer's keys only.

use std::{
    fmt::Write as _,
    fs::File,
    path::{Path, PathBuf},
};

use super::{Exit, Format, OnDay, Scene, Trouble, certificate, export_verifier, output};
use crate::{
    certificate::{FaceCode, Issuer},
    digest::HashingWriter,
    lang::Lang,
    store::{Store, StoreConfig},
    verify::{self, Answer, GivenStatusList, LookedAt, Trust, Verification},
};

/// Verify a certificate: a file, or the code on its face
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("what").required(true).args(["file", "code", "export_html"]))]
pub(super) struct Arguments {
    /// The PDF
    file: Option<PathBuf>,
    /// The 20 signs on its face
    #[arg(long)]
    code: Option<String>,
    /// Write a page that checks certificates of this issuer without any network, and opens from disk
    #[arg(long, value_name = "FILE.html")]
    export_html: Option<PathBuf>,
    /// The issuer's certificate, for verifying without the register
    #[arg(
        long,
        value_name = "ISSUER.pem",
        requires = "keys",
        conflicts_with = "code"
    )]
    issuer: Option<PathBuf>,
    /// The log's public key: the line itself or a file that holds it
    #[arg(long, value_name = "KEY", group = "keys")]
    log_key: Option<String>,
    /// Logs, witnesses, and how many of them must have seen the log (C2SP tlog-policy)
    #[arg(long, value_name = "FILE", group = "keys", requires = "issuer")]
    policy: Option<PathBuf>,
    /// Signers' certificates that the issuer has revoked (PEM)
    #[arg(long, value_name = "ISSUER.crl", requires = "issuer")]
    crl: Option<PathBuf>,
    /// A status list: the signed note; the list itself lies beside it with `.gz` at the end
    #[arg(
        long,
        value_name = "FILE",
        requires = "issuer",
        requires = "status_key"
    )]
    status_list: Option<PathBuf>,
    /// The status list's public key: the line itself or a file that holds it
    #[arg(long, value_name = "KEY")]
    status_key: Option<String>,
    /// Ask nobody; without a status list the status stays unknown
    #[arg(long, requires = "issuer")]
    offline: bool,
    /// Data folder of the service whose register is asked
    #[arg(long, default_value = "data")]
    data: PathBuf,
    #[command(flatten)]
    day: OnDay,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Largest certificate file read.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

pub(super) fn run(scene: &Scene, arguments: &Arguments) -> Result<Exit, Trouble> {
    if let Some(to) = &arguments.export_html {
        return export(arguments, to);
    }
    let verification = match (&arguments.file, &arguments.issuer) {
        (Some(file), Some(issuer)) => {
            let trust = given(arguments, text(issuer)?)?;
            // What was given is read here, so that its faults are told as such.
            trust
                .anchors()
                .map_err(|wrong| Trouble::because(wrong.message.in_lang(scene.lang)))?;
            look(&trust, &open(file)?)?.verification
        }
        _ => super::block_on(online(arguments))?,
    };
    match arguments.format {
        Format::Json => output::print_json(&verification)?,
        Format::Text => output::print(&describe(&verification, scene.lang))?,
    }
    Ok(exit(&verification))
}

/// The page for what was given, or for the office whose register this is, with a status list of now.
fn export(arguments: &Arguments, to: &Path) -> Result<Exit, Trouble> {
    if let Some(issuer) = &arguments.issuer {
        let trust = given(arguments, text(issuer)?)?;
        return export_verifier::export(to, &trust, "");
    }
    let now = arguments.day.clock().now();
    let issuer = certificate::issuer(&arguments.data)?;
    let list = super::block_on(async {
        let folder = arguments.data.clone();
        let store = Store::open(&StoreConfig::configured(folder))
            .await
            .map_err(Trouble::new)?;
        let list = crate::certificate::status_list(&issuer, &store, now).await;
        store.close().await;
        list.map_err(Trouble::new)
    })?;
    let trust = Trust {
        status_list: Some(GivenStatusList {
            note: list.note,
            file: list.bits,
            key: issuer.status_key().parse().map_err(Trouble::new)?,
        }),
        ..verify::trust(&issuer, now)
    };
    export_verifier::export(to, &trust, &issuer.office().name)
}

/// What the verifier was given on the command line.
fn given(arguments: &Arguments, issuer_pem: String) -> Result<Trust, Trouble> {
    let line = |given: &String| -> Result<String, Trouble> {
        let path = Path::new(given);
        let key = if path.is_file() {
            text(path)?
        } else {
            given.clone()
        };
        Ok(key.trim().to_owned())
    };
    let status_list = match (&arguments.status_list, &arguments.status_key) {
        (Some(note), Some(key)) => {
            let mut list = note.clone().into_os_string();
            list.push(".gz");
            Some(GivenStatusList {
                note: text(note)?,
                file: bytes(Path::new(&list))?,
                key: line(key)?.parse().map_err(Trouble::new)?,
            })
        }
        _ => None,
    };
    Ok(Trust {
        issuer_pem,
        log_keys: arguments
            .log_key
            .iter()
            .map(line)
            .collect::<Result<_, _>>()?,
        policy: arguments.policy.as_deref().map(text).transpose()?,
        revoked_signers: arguments.crl.as_deref().map(text).transpose()?,
        status_list,
        now: arguments.day.clock().now(),
    })
}

/// Looks at a file in a worker: whatever stands in it, this process does not read it.
fn look(trust: &Trust, file: &File) -> Result<LookedAt, Trouble> {
    trust.look_in(&Scene::pool()?, file).map_err(Trouble::new)
}

async fn online(arguments: &Arguments) -> Result<Verification, Trouble> {
    let now = arguments.day.clock().now();
    let issuer = certificate::issuer(&arguments.data)?;
    let folder = arguments.data.clone();
    let store = Store::open(&StoreConfig::configured(folder))
        .await
        .map_err(Trouble::new)?;
    let verification = match (&arguments.file, &arguments.code) {
        (Some(path), _) => by_file(&issuer, &store, path, now).await,
        (None, Some(code)) => {
            let code: FaceCode = code.parse().map_err(Trouble::new)?;
            verify::by_code(&issuer, &store, &code, now)
                .await
                .map_err(Trouble::new)
        }
        (None, None) => Err(Trouble::because("give a file or --code")),
    };
    store.close().await;
    verification
}

async fn by_file(
    issuer: &Issuer,
    store: &Store,
    path: &Path,
    now: jiff::Timestamp,
) -> Result<Verification, Trouble> {
    let file = open(path)?;
    let mut hash = HashingWriter::new(std::io::sink());
    std::io::copy(&mut &file, &mut hash).map_err(Trouble::new)?;
    let (_, sha256) = hash.finish();
    let registered = verify::registered(store, sha256, now).await;
    if let Some(verification) = registered.map_err(Trouble::new)? {
        return Ok(verification);
    }
    let looked = look(&verify::trust(issuer, now), &file)?;
    verify::unregistered(store, sha256, looked, now)
        .await
        .map_err(Trouble::new)
}

/// The exit code of an answer.
pub(super) fn exit(verification: &Verification) -> Exit {
    match verification.answer {
        Answer::Authentic => Exit::Good,
        Answer::CouldNotTell => Exit::CouldNotTell,
        Answer::Superseded | Answer::Revoked | Answer::Altered | Answer::NotOurs => Exit::Refused,
    }
}

/// An answer for people: the answer first, then what it rests on.
pub(super) fn describe(verification: &Verification, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let sign = match exit(verification) {
        Exit::Good => "✓",
        Exit::CouldNotTell => "?",
        Exit::Refused | Exit::CouldNot => "✗",
    };
    let mut out = format!("{sign} {}", verification.message.in_lang(lang));
    if let Some(reason) = &verification.reason {
        let _ = write!(out, "\n  {}", reason.message.in_lang(lang));
    }
    if let Some(shown) = &verification.certificate {
        let _ = write!(
            out,
            "\n  {} · {} · {} · {}",
            shown.number, shown.name_masked, shown.title, shown.issuer
        );
    }
    for what in &verification.checked {
        let _ = write!(
            out,
            "\n  {}  {}",
            if zh { "已查" } else { "checked" },
            what.in_lang(lang)
        );
    }
    for what in &verification.not_checked {
        let _ = write!(
            out,
            "\n  {}  {}",
            if zh { "未查" } else { "not checked" },
            what.in_lang(lang)
        );
    }
    match verification.status_as_of {
        Some(at) if zh => write!(out, "\n  状态截至 {at:.0}"),
        Some(at) => write!(out, "\n  status as of {at:.0}"),
        None if zh => write!(out, "\n  状态未知（离线）"),
        None => write!(out, "\n  status unknown (offline)"),
    }
    .unwrap_or_default();
    out
}

/// Opens a certificate file that is not too large to be one.
fn open(path: &Path) -> Result<File, Trouble> {
    let trouble = |error: std::io::Error| Trouble::because(format!("{}: {error}", path.display()));
    let file = File::open(path).map_err(trouble)?;
    let length = file.metadata().map_err(trouble)?.len();
    if length > MOST_BYTES {
        return Err(Trouble::because(format!(
            "{}: {} is more than a certificate has",
            path.display(),
            crate::units::ByteLen(length)
        )));
    }
    Ok(file)
}

fn bytes(path: &Path) -> Result<Vec<u8>, Trouble> {
    std::fs::read(path).map_err(|error| Trouble::because(format!("{}: {error}", path.display())))
}

fn text(path: &Path) -> Result<String, Trouble> {
    std::fs::read_to_string(path)
        .map_err(|error| Trouble::because(format!("{}: {error}", path.display())))
}
