//! `juanzong jobs`: the queue of long work, looked at and put right where its data lie.

use std::path::PathBuf;

use super::{Exit, Format, Trouble, output};
use crate::{
    clock::Clock,
    store::{Id, JobRow, JobState, Store, StoreConfig},
};

/// The queue of long work: what waits, what is dead
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Data folder of the service
    #[arg(long, default_value = "data", global = true)]
    data: PathBuf,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// The newest work and how much there is; exit 1 when something is dead
    List {
        /// Only what was tried too often
        #[arg(long)]
        dead: bool,
        /// How to print
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Try dead work again from its beginning
    Retry {
        /// Its id, from the list
        id: String,
    },
    /// Call work off; what a list has issued stays issued
    Cancel {
        /// Its id, from the list
        id: String,
    },
}

/// Most rows of the list.
const MOST: u32 = 200;

pub(super) fn run(arguments: &Arguments) -> Result<Exit, Trouble> {
    super::block_on(async {
        let store = Store::open(&StoreConfig::configured(arguments.data.clone()))
            .await
            .map_err(Trouble::new)?;
        let now = Clock::System.now();
        let exit = match &arguments.action {
            Action::List { dead, format } => list(&store, *dead, *format).await,
            Action::Retry { id } => {
                let done = store.retry_job(&named(id)?, now).await;
                told(done.map_err(Trouble::new)?, id, "is not dead, or not here")
            }
            Action::Cancel { id } => {
                let done = store.cancel_job(&named(id)?, now).await;
                told(done.map_err(Trouble::new)?, id, "has ended, or is not here")
            }
        };
        store.close().await;
        exit
    })
}

fn named(id: &str) -> Result<Id, Trouble> {
    id.parse().map_err(Trouble::new)
}

fn told(done: bool, id: &str, otherwise: &str) -> Result<Exit, Trouble> {
    if done {
        output::done()
    } else {
        Err(Trouble::because(format!(
            "work `{id}` {otherwise}; `juanzong jobs list` shows what there is"
        )))
    }
}

async fn list(store: &Store, dead: bool, format: Format) -> Result<Exit, Trouble> {
    let counts = store.count_jobs().await.map_err(Trouble::new)?;
    let state = dead.then_some(JobState::Dead);
    for job in store.jobs(state, MOST).await.map_err(Trouble::new)? {
        match format {
            Format::Json => output::print_json(&serde_json::json!({
                "id": job.id, "kind": job.kind, "state": job.state, "attempts": job.attempts,
                "done": job.done, "total": job.total, "trouble": job.trouble,
                "created_at": job.created_at, "moved_at": job.moved_at,
            }))?,
            Format::Text => output::print(&line(&job))?,
        }
    }
    let words: Vec<String> = counts
        .iter()
        .map(|(state, n)| format!("{n} {}", state.as_str()))
        .collect();
    output::say(&words.join(", "));
    let any_dead = counts
        .iter()
        .any(|(state, n)| *state == JobState::Dead && *n > 0);
    Ok(if any_dead { Exit::Refused } else { Exit::Good })
}

fn line(job: &JobRow) -> String {
    format!(
        "{}  {}  {}  {}/{}  attempt {}  {:.0}  {}",
        job.id,
        job.kind.as_str(),
        job.state.as_str(),
        job.done,
        job.total,
        job.attempts,
        job.moved_at,
        job.trouble.as_deref().unwrap_or_default(),
    )
}
