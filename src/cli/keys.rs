//! `juanzong keys`: the keys and settings of an issuing office.

use std::path::{Path, PathBuf};

use super::{Exit, Trouble, output};
use crate::{
    certificate::{Issuer, Office, TokenPlace},
    clock::Clock,
};

/// Keys of the issuing office
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Make new keys and `office.toml`; keys are never overwritten
    Init {
        /// Data folder of the service; the keys go to its folder `keys`
        #[arg(long, default_value = "data")]
        data: PathBuf,
        /// Name of the office, as on its seal
        #[arg(long)]
        office: String,
        /// Where its certificates are verified, without a slash at the end
        #[arg(long, value_name = "URL")]
        base_url: String,
        /// Name of its certificate log: a host and path without a scheme
        #[arg(long, value_name = "HOST/PATH")]
        log_origin: String,
        /// Where to put the root's key instead: a medium that is taken away and locked up
        #[arg(long, value_name = "FILE")]
        root_key: Option<PathBuf>,
    },
    /// A key file to seal stored files with (`JUANZONG_BLOB_KEY_FILE`); without it they cannot be read again: keep a copy elsewhere
    Blob {
        /// The file; it must not be there yet
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// A new signer, valid two years, under the same root; certificates issued before stay as they are
    RollOver {
        #[command(flatten)]
        root: Root,
        #[command(flatten)]
        into: Into,
    },
    /// Put a signer on the list of those not to be believed any more (`issuer.crl`); the present one is replaced first
    RevokeSigner {
        #[command(flatten)]
        root: Root,
        /// Its certificate; without it the list is only dated anew
        #[arg(long, value_name = "SIGNER.pem")]
        signer: Option<PathBuf>,
    },
}

#[derive(Debug, clap::Args)]
struct Root {
    /// Data folder of the service
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// The root's key, from where it is kept; it is read and written nowhere
    #[arg(long, value_name = "FILE")]
    root_key: PathBuf,
}

/// A token or hardware module that makes the new signer's key and never gives it out
#[derive(Debug, clap::Args)]
struct Into {
    /// PKCS#11 library of the token's maker; without it the key is a file
    #[arg(long, value_name = "FILE.so", requires_all = ["pkcs11_token", "pkcs11_pin_file"])]
    pkcs11_module: Option<PathBuf>,
    /// Label of the token
    #[arg(long, value_name = "LABEL", requires = "pkcs11_module")]
    pkcs11_token: Option<String>,
    /// File with the user's PIN, readable by its owner only; it is read again at each start
    #[arg(long, value_name = "FILE", requires = "pkcs11_module")]
    pkcs11_pin_file: Option<PathBuf>,
}

impl Into {
    fn place(&self) -> Option<TokenPlace> {
        Some(TokenPlace {
            module: self.pkcs11_module.clone()?,
            token: self.pkcs11_token.clone()?,
            pin_file: self.pkcs11_pin_file.clone()?,
        })
    }
}

pub(super) fn run(arguments: &Arguments) -> Result<Exit, Trouble> {
    match &arguments.action {
        Action::Init {
            data,
            office,
            base_url,
            log_origin,
            root_key,
        } => init(data, office, base_url, log_origin, root_key.as_deref()),
        Action::Blob { out } => blob_key(out),
        Action::RollOver { root, into } => {
            let folder = root.data.join("keys");
            let now = Clock::System.now();
            let into = into.place();
            let sha256 = Issuer::roll_over(&folder, &root.root_key, into.as_ref(), now)
                .map_err(Trouble::new)?;
            output::say("restart the service: it goes on with the old signer until then");
            output::print(&sha256.to_hex())?;
            output::done()
        }
        Action::RevokeSigner { root, signer } => {
            let folder = root.data.join("keys");
            let now = Clock::System.now();
            Issuer::revoke_signer(&folder, &root.root_key, signer.as_deref(), now)
                .map_err(Trouble::new)?;
            output::print(&folder.join("issuer.crl").display().to_string())?;
            output::done()
        }
    }
}

fn blob_key(out: &Path) -> Result<Exit, Trouble> {
    use std::{io::Write as _, os::unix::fs::OpenOptionsExt as _};
    let trouble = |error: std::io::Error| Trouble::because(format!("{}: {error}", out.display()));
    let key: [u8; 32] = rand::random();
    let mut file = std::fs::File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(out)
        .map_err(trouble)?;
    let text = data_encoding::HEXLOWER.encode(&key);
    writeln!(file, "{text}").map_err(trouble)?;
    file.sync_all().map_err(trouble)?;
    output::say(
        "files stored from now on are sealed with it; those there already stay as they are",
    );
    output::done()
}

fn init(
    data: &Path,
    office: &str,
    base_url: &str,
    log_origin: &str,
    root_key: Option<&Path>,
) -> Result<Exit, Trouble> {
    let office = Office {
        name: office.to_owned(),
        base_url: base_url.to_owned(),
        log_origin: log_origin.to_owned(),
        ..Office::sample()
    };
    let folder = data.join("keys");
    if let Some(to) = root_key
        && to.exists()
    {
        return Err(Trouble::because(format!(
            "`{}` is there already: keys are never overwritten",
            to.display()
        )));
    }
    std::fs::create_dir_all(&folder).map_err(Trouble::new)?;
    let issuer = Issuer::init(&folder, &office, Clock::System.now()).map_err(Trouble::new)?;
    let made = folder.join("root-key.pem");
    let advice = match root_key {
        Some(to) => {
            move_away(&made, to)?;
            format!("the root's key is in {}: keep it offline", to.display())
        }
        None => format!("take {} away from this computer", made.display()),
    };
    output::say(&format!(
        "keys of {} are in {}; {advice}; give verifiers this:",
        issuer.office().name,
        folder.display()
    ));
    output::print(issuer.issuer_pem().trim_end())?;
    output::print(&issuer.log_key())?;
    output::done()
}

/// To another file system too: copied with the same rights, synced, then deleted here.
fn move_away(from: &Path, to: &Path) -> Result<(), Trouble> {
    let trouble = |error: std::io::Error| Trouble::because(format!("{}: {error}", to.display()));
    std::fs::copy(from, to).map_err(trouble)?;
    let synced = std::fs::File::open(to).and_then(|file| file.sync_all());
    synced.map_err(trouble)?;
    std::fs::remove_file(from).map_err(Trouble::new)
}
