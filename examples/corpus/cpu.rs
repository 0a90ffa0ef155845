//! Processor time: of our workers and of `qpdf --check`, both as the kernel counts children that have ended.

use std::{
    fs::File,
    path::PathBuf,
    process::{Command, Stdio},
};

use juanzong::{inspect::facts::Opening, limits::Limits};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::pool;

/// What a phase cost.
pub(super) struct Cost {
    /// Milliseconds a file.
    pub(super) mean_ms: f64,
}

/// User and system time of all children that have ended, in milliseconds.
fn of_children() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat
        .rsplit_once(')')
        .unwrap()
        .1
        .split_whitespace()
        .collect();
    // `cutime` and `cstime`, in hundredths of a second.
    [13, 14]
        .iter()
        .map(|i| fields[*i].parse::<u64>().unwrap() * 10)
        .sum()
}

fn spent(what: &str, files: usize, before: u64) -> Cost {
    let mean_ms = (of_children() - before) as f64 / files.max(1) as f64;
    println!("  {what:<36} {mean_ms:8.2} ms");
    Cost { mean_ms }
}

/// All files through one worker that is started before and ended after; the start of it counts, once.
pub(super) fn through_pool(what: &str, limits: Limits, files: &[PathBuf]) -> Cost {
    let before = of_children();
    let pool = pool(limits);
    let mut opened = 0;
    for file in files {
        let got = pool.inspect(&File::open(file).unwrap()).unwrap();
        opened += usize::from(got.inspection.opening == Opening::Opened);
    }
    let state = pool.state();
    let alive = files.iter().find(|file| {
        pool.inspect(&File::open(file).unwrap())
            .is_ok_and(|got| got.inspection.opening == Opening::Opened)
    });
    drop(pool);
    let cost = spent(what, files.len(), before);
    println!(
        "    {opened} opened, {} workers died, {}",
        state.deaths,
        if alive.is_some() {
            "alive after all of them"
        } else {
            "DEAD after them"
        }
    );
    cost
}

/// All files through `qpdf --check`, each with 10 s of processor time and 4 GB at most.
pub(super) fn of_qpdf(files: &[PathBuf]) -> Option<Cost> {
    let set = |resource, current| {
        let maximum = getrlimit(resource).maximum;
        let _ = setrlimit(resource, Rlimit { current, maximum });
    };
    let (cpu, memory) = (
        getrlimit(Resource::Cpu).current,
        getrlimit(Resource::As).current,
    );
    // Children inherit the limits; this process itself uses far less than ten seconds from here on.
    let used = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime)
        .tv_sec
        .cast_unsigned();
    set(Resource::Cpu, Some(used + 10));
    set(Resource::As, Some(4 << 30));
    let before = of_children();
    let mut ran = true;
    for file in files {
        let run = Command::new("qpdf")
            .arg("--check")
            .arg(file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        ran &= run.is_ok();
    }
    set(Resource::Cpu, cpu);
    set(Resource::As, memory);
    ran.then(|| spent("qpdf --check", files.len(), before))
}
