//! `juanzong witness`: sign the logs of other offices, so that none of them can show two people two logs.

use std::{
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    sync::Arc,
};

use super::{Exit, Trouble, output};
use crate::{http, witness::Witness};

/// Be a witness for the certificate logs of other offices (C2SP tlog-witness)
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Make a key; print the line that others write into their policy
    Init {
        /// Folder for the key and for what the witness remembers: never go back to an older copy of it
        #[arg(long, value_name = "DIR")]
        state: PathBuf,
        /// Name of the witness, for example a host name
        #[arg(long)]
        name: String,
    },
    /// Answer `POST /add-checkpoint`
    Run {
        /// Folder of the witness
        #[arg(long, value_name = "DIR")]
        state: PathBuf,
        /// Public key line of a log to be witnessed; one each
        #[arg(long = "log", value_name = "KEY", required = true)]
        logs: Vec<String>,
        /// Address to listen on; port 0 takes a free one
        #[arg(long, default_value = "127.0.0.1:8090", value_name = "ADDRESS:PORT")]
        listen: SocketAddr,
    },
}

pub(super) fn run(arguments: &Arguments) -> Result<Exit, Trouble> {
    match &arguments.action {
        Action::Init { state, name } => {
            let witness = Witness::init(state, name).map_err(Trouble::new)?;
            output::print(&witness.public_line())?;
        }
        Action::Run {
            state,
            logs,
            listen,
        } => {
            let witness = Arc::new(Witness::open(state, logs).map_err(Trouble::new)?);
            let listener = TcpListener::bind(listen)
                .map_err(|error| Trouble::because(format!("{listen}: {error}")))?;
            let address = listener.local_addr().map_err(Trouble::new)?;
            output::print(&format!("http://{address}"))?;
            http::serve_witness(witness, listener).map_err(Trouble::new)?;
        }
    }
    output::done()
}
