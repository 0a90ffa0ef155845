//! The command line face: clap lives only here. One file a subcommand.
//!
//! Data goes to standard output, talk to standard error. Exit codes: see [`exit::Exit`].

mod backup;
mod bind;
mod bind_options;
mod certificate;
mod certificate_batch;
mod demo;
mod eligible;
mod exit;
mod explain;
mod export_log;
mod export_verifier;
mod filing;
mod fonts;
mod fsck;
mod inspect;
mod jobs;
mod keys;
mod migrate;
mod notices;
mod output;
mod purge;
mod ready;
mod report_text;
mod serve;
mod token;
mod validate;
mod verify;
mod witness;
mod worker;

use std::{
    io,
    path::PathBuf,
    process::ExitCode,
    sync::{Arc, OnceLock},
};

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
use tokio::runtime::{Builder, Runtime};

use crate::{
    clock::Clock,
    config,
    lang::Lang,
    rulepack::Packs,
    sandbox::{Pool, PoolConfig},
    typeset::{TemplateSource, Typesetter},
};
pub use exit::Exit;

/// 卷宗 juanzong: from upload to certificate, the paperwork of Chinese professional titles (职称).
#[derive(Debug, Parser)]
#[command(version, max_term_width = 110, disable_help_subcommand = true)]
#[command(
    after_help = "Exit codes: 0 accepted or authentic · 1 refused or not authentic · 2 could not do it · 3 could not tell. \
Of several files the worst decides."
)]
struct Arguments {
    /// Language of messages; codes and JSON keys never change with it [default: from LANG]
    #[arg(long, global = true, value_enum)]
    lang: Option<LangArgument>,
    /// Folder with rule packs that add to the built-in ones or replace them by id
    #[arg(long, global = true, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// Folder with print templates that replace the built-in ones by name
    #[arg(long, global = true, value_name = "DIR")]
    templates: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Arguments),
    Ready(ready::Arguments),
    Validate(validate::Arguments),
    Inspect(inspect::Arguments),
    Bind(bind::Arguments),
    Certificate(certificate::Arguments),
    Verify(verify::Arguments),
    Demo(demo::Arguments),
    Eligible(eligible::Arguments),
    Notices(notices::Arguments),
    Explain(explain::Arguments),
    Fonts(fonts::Arguments),
    Token(token::Arguments),
    Jobs(jobs::Arguments),
    Purge(purge::Arguments),
    Keys(keys::Arguments),
    Migrate(migrate::Arguments),
    Fsck(fsck::Arguments),
    Backup(backup::BackupArguments),
    Restore(backup::RestoreArguments),
    Witness(witness::Arguments),
    ExportLog(export_log::Arguments),
    /// The locked-down process that parses foreign files; started by the others, not by people
    #[command(hide = true)]
    Worker,
    /// Gives up everything and becomes the program named in `JOB`; started by the others, not by people
    #[command(hide = true)]
    Confined {
        /// What to become, and how far it is let, as JSON
        job: String,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LangArgument {
    Zh,
    En,
}

/// How a result is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Text,
    /// One object a line, one a file, in the order given
    Json,
}

/// The day everything is judged at.
#[derive(Clone, Copy, Debug, Args)]
struct OnDay {
    /// The day to judge at [default: today in Asia/Shanghai]
    #[arg(long, value_name = "YYYY-MM-DD")]
    on: Option<Date>,
}

impl OnDay {
    /// A clock that stands at noon of that day, or the computer's.
    fn clock(self) -> Clock {
        self.on.map_or(Clock::System, Clock::fixed_on)
    }
    fn date(self) -> Date {
        self.on.unwrap_or_else(|| Clock::System.today())
    }
}

/// What every subcommand needs to know.
#[derive(Clone, Debug)]
struct Scene {
    lang: Lang,
    rules: Option<PathBuf>,
    templates: Option<PathBuf>,
}

impl Scene {
    /// The packs: built in, and those of `--rules`.
    fn packs(&self) -> Result<Packs, Trouble> {
        match &self.rules {
            Some(folder) => Packs::with_folder(folder).map_err(Trouble::new),
            None => Ok(Packs::builtin()),
        }
    }
    /// The typesetter with the built-in templates, or those of `--templates` in their place.
    fn typesetter(&self) -> Result<Typesetter, Trouble> {
        let source = match &self.templates {
            Some(folder) => TemplateSource::Folder(folder.clone()),
            None => TemplateSource::BuiltIn,
        };
        Typesetter::new(&source).map_err(Trouble::new)
    }
    /// The sandbox, or why there is none.
    fn pool() -> Result<Pool, Trouble> {
        let config = PoolConfig::new().map_err(Trouble::new)?;
        let pool = Pool::start(config).map_err(Trouble::new)?;
        let missing = pool.state().lockdown.missing();
        if !missing.is_empty() {
            output::say(&format!(
                "warning: this kernel lacks {}: foreign files are parsed with fewer fences",
                missing.join(", ")
            ));
        }
        Ok(pool)
    }
}

/// Why a subcommand could not do its work: exit 2, with these words on standard error.
#[derive(Debug)]
struct Trouble(String);

impl Trouble {
    fn new(error: impl std::error::Error) -> Trouble {
        let mut words = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            words.push_str(": ");
            words.push_str(&cause.to_string());
            source = cause.source();
        }
        Trouble(words)
    }
    fn because(words: impl Into<String>) -> Trouble {
        Trouble(words.into())
    }
}

/// Runs a future to its end on this thread.
///
/// One runtime serves the whole process and is never dropped: a connection to PostgreSQL works only as long as the
/// runtime it was opened on, and `serve` goes on using those that were opened before the server began.
fn block_on<T>(future: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
    static RUNTIME: OnceLock<io::Result<Runtime>> = OnceLock::new();
    let runtime = RUNTIME.get_or_init(|| {
        Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
    });
    match runtime {
        Ok(runtime) => runtime.block_on(future),
        Err(error) => Err(Trouble::because(error.to_string())),
    }
}

/// Reads the arguments, runs the subcommand, gives the exit code.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let lang = match arguments.lang {
        Some(LangArgument::Zh) => Lang::Zh,
        Some(LangArgument::En) => Lang::En,
        None => config::lang_of_environment(),
    };
    let scene = Arc::new(Scene {
        lang,
        rules: arguments.rules,
        templates: arguments.templates,
    });
    let ended = match arguments.command {
        Command::Serve(arguments) => serve::run(&scene, &arguments),
        Command::Ready(arguments) => ready::run(&arguments),
        Command::Validate(arguments) => validate::run(&scene, &arguments),
        Command::Inspect(arguments) => inspect::run(&arguments),
        Command::Bind(arguments) => bind::run(&scene, &arguments),
        Command::Certificate(arguments) => certificate::run(&scene, &arguments),
        Command::Verify(arguments) => verify::run(&scene, &arguments),
        Command::Demo(arguments) => demo::run(&scene, &arguments),
        Command::Eligible(arguments) => eligible::run(&scene, &arguments),
        Command::Notices(arguments) => notices::run(&scene, &arguments),
        Command::Explain(arguments) => explain::run(&scene, &arguments),
        Command::Fonts(arguments) => fonts::run(&arguments),
        Command::Token(arguments) => token::run(&arguments),
        Command::Jobs(arguments) => jobs::run(&arguments),
        Command::Purge(arguments) => purge::run(&arguments),
        Command::Keys(arguments) => keys::run(&arguments),
        Command::Migrate(arguments) => migrate::run(&arguments),
        Command::Fsck(arguments) => fsck::run(&scene, &arguments),
        Command::Backup(arguments) => backup::back_up(&arguments),
        Command::Restore(arguments) => backup::restore(&arguments),
        Command::Witness(arguments) => witness::run(&arguments),
        Command::ExportLog(arguments) => export_log::run(&arguments),
        Command::Worker => worker::run(),
        Command::Confined { job } => worker::confined(&job),
    };
    ended
        .unwrap_or_else(|Trouble(words)| {
            // Without words: whoever read standard output has gone.
            if !words.is_empty() {
                output::say(&format!("juanzong: {words}"));
            }
            Exit::CouldNot
        })
        .into()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_arguments_are_well_formed() {
        super::Arguments::command().debug_assert();
    }

    /// Connections to PostgreSQL belong to the runtime they were opened on: it must outlive the call that opened them.
    #[test]
    fn what_was_begun_on_the_runtime_goes_on_after_the_call() {
        let (tell, told) = std::sync::mpsc::channel();
        let begun: Result<(), super::Trouble> = super::block_on(async move {
            tokio::spawn(async move {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                tell.send("done").unwrap();
            });
            Ok(())
        });
        begun.unwrap();
        assert_eq!(
            told.recv_timeout(std::time::Duration::from_secs(20)),
            Ok("done")
        );
    }
}
