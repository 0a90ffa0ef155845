//! Changes every byte of a certificate with three masks and demands that each changed file is refused offline:
//! `cargo run --release --example flip_every_byte -- FILE.pdf issuer.pem log-key.txt`. Exit 0 when all were refused.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::exit,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program of ours for the terminal: a fault shall stop it"
)]

use std::sync::atomic::{AtomicUsize, Ordering};

use juanzong::verify::{Anchors, Answer, offline};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let [file, issuer, log_key] = arguments.as_slice() else {
        return Err("wants FILE.pdf issuer.pem log-key.txt".into());
    };
    let pdf = std::fs::read(file)?;
    let key = std::fs::read_to_string(log_key)?;
    let now = juanzong::clock::Clock::System.now();
    let anchors = Anchors::new(&std::fs::read_to_string(issuer)?, &[&key], now)
        .map_err(|wrong| wrong.message.en)?;
    if !offline(&pdf, &anchors).is_authentic() {
        return Err("the file itself is not authentic".into());
    }
    let accepted = AtomicUsize::new(0);
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for worker in 0..workers {
            let (mut changed, anchors, accepted) = (pdf.clone(), &anchors, &accepted);
            scope.spawn(move || {
                for at in (worker..changed.len()).step_by(workers) {
                    for mask in [0x01, 0x20, 0x80] {
                        flip(&mut changed, at, mask);
                        if offline(&changed, anchors).answer == Answer::Authentic {
                            accepted.fetch_add(1, Ordering::Relaxed);
                        }
                        flip(&mut changed, at, mask);
                    }
                }
            });
        }
    });
    match accepted.into_inner() {
        0 => {
            println!("{} changed files, each refused offline", pdf.len() * 3);
            Ok(())
        }
        n => Err(format!("{n} changed files were called authentic").into()),
    }
}

fn flip(bytes: &mut [u8], at: usize, mask: u8) {
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= mask;
    }
}
