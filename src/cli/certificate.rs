//! `juanzong certificate`: issue, revoke and show, where the office's data and keys lie.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{Exit, Format, Scene, Trouble, output};
use crate::{
    certificate::{self, Effect, Grant, IssueError, Issued, Issuer, Number, Order, ReasonClass},
    clock::Clock,
    store::{CertificateRow, CertificateStatus, Secret, Store, StoreConfig},
    typeset::Typesetter,
    verify::{self, Policy},
    witness::Witnesses,
};

/// Certificates of the office
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Data folder of the service, with the office's keys in its folder `keys`
    #[arg(long, default_value = "data", global = true)]
    data: PathBuf,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Issue one certificate from a TOML file of what is granted
    Issue {
        /// What is granted: name, series, specialty, title, level, method, committee, obtained_on …
        claims: PathBuf,
        /// Where to write the PDF
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// How to print
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Issue one certificate a row of a CSV or .xlsx table
    IssueBatch {
        /// The table; its heading names the columns (姓名 系列 专业 资格名称 级别 取得方式 评审委员会 取得时间 …)
        table: PathBuf,
        /// Folder for the PDFs, one each, named by their numbers
        #[arg(long, value_name = "DIR", required_unless_present = "dry_run")]
        out: Option<PathBuf>,
        /// Only say what would be refused, and issue nothing
        #[arg(long)]
        dry_run: bool,
        /// How to print
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Finish certificates that wait in the log for their witnesses, and clear away files that a crash left without a row
    Finish,
    /// Take a revocation back
    Reinstate {
        /// Its number
        number: String,
    },
    /// Revoke one; it answers "revoked" from then on
    Revoke {
        /// Its number
        number: String,
        /// Class of the reason; goes into the public log
        #[arg(long, value_enum)]
        reason: Reason,
        /// It was never right, instead of ending today
        #[arg(long)]
        from_the_beginning: bool,
    },
    /// What the register holds of one
    Show {
        /// Its number
        number: String,
    },
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Reason {
    Fraud,
    Error,
    Key,
    Other,
}

pub(super) fn run(scene: &Scene, arguments: &Arguments) -> Result<Exit, Trouble> {
    super::block_on(async {
        let folder = arguments.data.clone();
        let store = Store::open(&StoreConfig::configured(folder))
            .await
            .map_err(Trouble::new)?;
        let exit = act(scene, &store, arguments).await;
        store.close().await;
        exit
    })
}

async fn act(scene: &Scene, store: &Store, arguments: &Arguments) -> Result<Exit, Trouble> {
    let now = Clock::System.now();
    match &arguments.action {
        Action::Issue {
            claims,
            out,
            format,
        } => {
            let issuer = Arc::new(issuer(&arguments.data)?);
            let text = std::fs::read_to_string(claims)
                .map_err(|error| Trouble::because(format!("{}: {error}", claims.display())))?;
            let grant: Grant = toml::from_str(&text)
                .map_err(|error| Trouble::because(format!("{}: {error}", claims.display())))?;
            let typesetter = scene.typesetter()?;
            let issued = issue(&issuer, store, &typesetter, grant, now)
                .await
                .map_err(Trouble::new)?;
            crate::digest::write_atomically(out, &issued.pdf).map_err(Trouble::new)?;
            match format {
                Format::Json => output::print_json(&serde_json::json!({
                    "number": issued.number.as_str(),
                    "code": issued.code.grouped(),
                    "sha256": issued.file_sha256,
                    "leaf_index": issued.leaf_index,
                    "file": out,
                }))?,
                Format::Text => output::print(&format!(
                    "✓ {}  {}\n  {}",
                    issued.number.as_str(),
                    issued.code.grouped(),
                    out.display()
                ))?,
            }
        }
        Action::Revoke {
            number,
            reason,
            from_the_beginning,
        } => {
            let issuer = issuer(&arguments.data)?;
            let reason = match reason {
                Reason::Fraud => ReasonClass::Fraud,
                Reason::Error => ReasonClass::Error,
                Reason::Key => ReasonClass::Key,
                Reason::Other => ReasonClass::Other,
            };
            let effect = if *from_the_beginning {
                Effect::AbInitio
            } else {
                Effect::FromDate
            };
            let leaf =
                certificate::revoke(&issuer, store, &parse(number)?, reason, effect, None, now)
                    .await
                    .map_err(Trouble::new)?;
            output::print(&format!("✓ {number}: revoked, leaf {leaf} of the log"))?;
        }
        Action::IssueBatch {
            table,
            out,
            dry_run,
            format,
        } => {
            let issuer = Arc::new(issuer(&arguments.data)?);
            let work = super::certificate_batch::Work {
                scene,
                issuer: &issuer,
                store,
                table,
                out: out.as_deref().filter(|_| !dry_run),
                format: *format,
                now,
            };
            return work.run().await;
        }
        Action::Finish => {
            let issuer = Arc::new(issuer(&arguments.data)?);
            let finished = certificate::publish(&issuer, store, verify::self_check)
                .await
                .map_err(Trouble::new)?;
            for number in finished {
                output::print(&format!("✓ {number}"))?;
            }
            // What a crash left between a file and its row belongs to nobody.
            let all = store.blobs().all().map_err(Trouble::new)?;
            store.delete_unused(all).await.map_err(Trouble::new)?;
        }
        Action::Reinstate { number } => {
            let issuer = issuer(&arguments.data)?;
            let leaf = certificate::reinstate(&issuer, store, &parse(number)?, now)
                .await
                .map_err(Trouble::new)?;
            output::print(&format!("✓ {number}: reinstated, leaf {leaf} of the log"))?;
        }
        Action::Show { number } => {
            let row = certificate::show(store, &parse(number)?)
                .await
                .map_err(Trouble::new)?;
            output::print(&described(&row)?)?;
        }
    }
    output::done()
}

/// What the register holds, as JSON: the claims as issued, the hashes, the status.
fn described(row: &CertificateRow) -> Result<String, Trouble> {
    let claims: serde_json::Value =
        serde_json::from_str(&row.issued.claims).map_err(Trouble::new)?;
    let status = match &row.status {
        CertificateStatus::Valid => serde_json::json!({ "status": "valid" }),
        CertificateStatus::Superseded { by } => {
            serde_json::json!({ "status": "superseded", "by": by })
        }
        CertificateStatus::Revoked { reason, effect } => {
            serde_json::json!({ "status": "revoked", "reason": reason, "effect": effect })
        }
    };
    let described = serde_json::json!({
        "number": row.issued.number,
        "issued_at": row.issued.issued_at,
        "sha256": row.issued.file_sha256,
        "size_bytes": row.issued.file_bytes,
        "commitment": row.issued.commitment,
        "leaf_index": row.issued.leaf_index,
        "status": status,
        "status_at": row.status_at,
        "claims": claims,
    });
    serde_json::to_string_pretty(&described).map_err(Trouble::new)
}

/// Issues one certificate; the holder's secret is not handed out on the command line, where the office has the file.
pub(super) async fn issue(
    issuer: &Arc<Issuer>,
    store: &Store,
    typesetter: &Typesetter,
    grant: Grant,
    at: jiff::Timestamp,
) -> Result<Issued, IssueError> {
    let order = Order {
        grant,
        photo: None,
        holder: Secret::random().hash(),
    };
    certificate::issue(issuer, store, typesetter, order, at, verify::self_check).await
}

/// The office whose keys lie in the data folder.
pub(super) fn issuer(data: &Path) -> Result<Issuer, Trouble> {
    let folder = data.join("keys");
    if !folder.join("office.toml").exists() {
        return Err(Trouble::because(format!(
            "no keys in {}; make them with `juanzong keys init`",
            folder.display()
        )));
    }
    witnessed(Issuer::open(&folder).map_err(Trouble::new)?)
}

/// With the witnesses of its policy, when it has one that wants any.
pub(super) fn witnessed(issuer: Issuer) -> Result<Issuer, Trouble> {
    let Some(text) = issuer.policy().map(str::to_owned) else {
        return Ok(issuer);
    };
    let policy: Policy = text
        .parse()
        .map_err(|wrong: verify::Wrong| Trouble::because(wrong.message.en))?;
    Ok(match Witnesses::of(&policy).map_err(Trouble::new)? {
        Some(witnesses) => issuer.with_witnesses(text, Arc::new(witnesses)),
        None => issuer,
    })
}

fn parse(number: &str) -> Result<Number, Trouble> {
    number.parse().map_err(Trouble::new)
}
