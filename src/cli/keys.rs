//! `juanzong keys`: the keys and settings of an issuing office.

use std::path::PathBuf;

use super::{Exit, Trouble, output};
use crate::{
    certificate::{Issuer, Office},
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
    },
}

pub(super) fn run(arguments: &Arguments) -> Result<Exit, Trouble> {
    let Action::Init {
        data,
        office,
        base_url,
        log_origin,
    } = &arguments.action;
    let office = Office {
        name: office.clone(),
        base_url: base_url.clone(),
        log_origin: log_origin.clone(),
        ..Office::sample()
    };
    let folder = data.join("keys");
    std::fs::create_dir_all(&folder).map_err(Trouble::new)?;
    let issuer = Issuer::init(&folder, &office, Clock::System.now()).map_err(Trouble::new)?;
    output::say(&format!(
        "keys of {} are in {}; take root-key away from this computer; give verifiers this:",
        issuer.office().name,
        folder.display()
    ));
    output::print(issuer.issuer_pem().trim_end())?;
    output::print(&issuer.log_key())?;
    output::done()
}
