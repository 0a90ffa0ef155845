//! Where words go: data to standard output, talk to standard error. A closed pipe ends quietly.

use std::io::{self, IsTerminal as _, Write as _};

use serde::Serialize;

use super::{Exit, Trouble};

/// Prints a line of data.
pub(super) fn print(line: &str) -> Result<(), Trouble> {
    let mut out = io::stdout().lock();
    let written = writeln!(out, "{line}").and_then(|()| out.flush());
    written.map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Trouble::because(""),
        _ => Trouble::new(error),
    })
}

/// Prints a value as one line of JSON.
pub(super) fn print_json(value: &impl Serialize) -> Result<(), Trouble> {
    print(&serde_json::to_string(value).map_err(Trouble::new)?)
}

/// Says something to the person at the terminal.
pub(super) fn say(line: &str) {
    // Nobody listens on a closed standard error.
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// A progress bar on a terminal, nothing elsewhere.
pub(super) fn progress(length: u64, message: &str) -> indicatif::ProgressBar {
    if !io::stderr().is_terminal() || length < 2 {
        return indicatif::ProgressBar::hidden();
    }
    let bar = indicatif::ProgressBar::new(length);
    if let Ok(style) = indicatif::ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}") {
        bar.set_style(style);
    }
    bar.set_message(message.to_owned());
    bar
}

/// The end of a subcommand that prints one value.
pub(super) fn done() -> Result<Exit, Trouble> {
    Ok(Exit::Good)
}
