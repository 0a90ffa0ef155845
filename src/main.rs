//! The `juanzong` program; see [`juanzong::cli`].

fn main() -> std::process::ExitCode {
    juanzong::cli::run()
}
