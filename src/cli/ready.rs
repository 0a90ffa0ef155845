//! `juanzong ready`: asks a running service whether it can do its work; for health checks where there is no other client.

use std::time::Duration;

use super::{Exit, Trouble, output};

/// Ask a running service whether it can do its work: exit 0 it can, 1 it cannot, 2 it does not answer
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Where it listens
    #[arg(long, default_value = "http://127.0.0.1:8080", value_name = "URL")]
    url: String,
    /// Longest wait for an answer, in seconds
    #[arg(long, default_value_t = 5, value_name = "SECONDS")]
    patience: u64,
}

pub(super) fn run(arguments: &Arguments) -> Result<Exit, Trouble> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(Duration::from_secs(arguments.patience.max(1))))
        .build()
        .into();
    let address = format!("{}/readyz", arguments.url.trim_end_matches('/'));
    let mut answer = agent.get(&address).call().map_err(Trouble::new)?;
    if answer.status() == 200 {
        return output::done();
    }
    let body = answer.body_mut().read_to_string().map_err(Trouble::new)?;
    output::print(&body)?;
    Ok(Exit::Refused)
}
