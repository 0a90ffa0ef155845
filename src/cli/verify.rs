//! `juanzong verify`: one answer for a file or a code, online against the register or offline with the issuer's keys only.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use super::{Exit, Format, OnDay, Scene, Trouble, certificate, output};
use crate::{
    certificate::FaceCode,
    lang::Lang,
    store::{Store, StoreConfig},
    verify::{self, Anchors, Answer, Verification},
};

/// Verify a certificate: a file, or the code on its face
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("what").required(true).args(["file", "code"]))]
pub(super) struct Arguments {
    /// The PDF
    file: Option<PathBuf>,
    /// The 20 signs on its face
    #[arg(long)]
    code: Option<String>,
    /// The issuer's certificate, for verifying without the register
    #[arg(
        long,
        value_name = "ISSUER.pem",
        requires = "log_key",
        requires = "file"
    )]
    issuer: Option<PathBuf>,
    /// The log's public key: the line itself or a file that holds it
    #[arg(long, value_name = "KEY")]
    log_key: Option<String>,
    /// Ask nobody; the status stays unknown
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
    let verification = match (&arguments.file, &arguments.issuer) {
        (Some(file), Some(issuer)) => {
            let key = arguments.log_key.as_deref().unwrap_or_default();
            offline(
                &read(file)?,
                &text(issuer)?,
                key,
                arguments.day.clock().now(),
            )?
        }
        _ => super::block_on(online(arguments))?,
    };
    match arguments.format {
        Format::Json => output::print_json(&verification)?,
        Format::Text => output::print(&describe(&verification, scene.lang))?,
    }
    Ok(exit(&verification))
}

fn offline(
    bytes: &[u8],
    issuer_pem: &str,
    log_key: &str,
    now: jiff::Timestamp,
) -> Result<Verification, Trouble> {
    let key = if Path::new(log_key).is_file() {
        text(Path::new(log_key))?
    } else {
        log_key.to_owned()
    };
    let anchors = Anchors::new(issuer_pem, &[key.trim()], now)
        .map_err(|wrong| Trouble::because(wrong.message.en))?;
    Ok(verify::offline(bytes, &anchors))
}

async fn online(arguments: &Arguments) -> Result<Verification, Trouble> {
    let now = arguments.day.clock().now();
    let issuer = certificate::issuer(&arguments.data)?;
    let folder = arguments.data.clone();
    let store = Store::open(&StoreConfig::configured(folder))
        .await
        .map_err(Trouble::new)?;
    let verification = match (&arguments.file, &arguments.code) {
        (Some(file), _) => {
            let bytes = read(file)?;
            verify::file(&issuer, &store, &bytes, now)
                .await
                .map_err(Trouble::new)
        }
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

fn read(path: &Path) -> Result<Vec<u8>, Trouble> {
    let trouble = |error: std::io::Error| Trouble::because(format!("{}: {error}", path.display()));
    let length = std::fs::metadata(path).map_err(trouble)?.len();
    if length > MOST_BYTES {
        return Err(Trouble::because(format!(
            "{}: {} is more than a certificate has",
            path.display(),
            crate::units::ByteLen(length)
        )));
    }
    std::fs::read(path).map_err(trouble)
}

fn text(path: &Path) -> Result<String, Trouble> {
    std::fs::read_to_string(path)
        .map_err(|error| Trouble::because(format!("{}: {error}", path.display())))
}
