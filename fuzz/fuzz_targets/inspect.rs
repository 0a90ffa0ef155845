//! Any bytes are answered by `inspect`, within its limits.

#![no_main]

use juanzong::{inspect::inspect, limits::Limits};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let limits = Limits {
        page_operators: 20_000,
        total_operators: 50_000,
        pages: 50,
        ..Limits::DEFAULT
    };
    let _ = inspect(data.to_vec(), &limits);
});
