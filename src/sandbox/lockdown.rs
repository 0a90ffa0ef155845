//! What a worker gives up before it sees a foreign byte.
//!
//! Three layers, each of which holds alone: landlock (no path can be opened, no port reached), seccomp (a short list of
//! system calls; starting programs, opening files or sockets and tracing kill the process), rlimits (address space, core
//! dumps, open files). Where the kernel lacks a layer the worker says so and [`Lockdown`] carries it to `/readyz`.

use std::{collections::BTreeMap, io, path::PathBuf};

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetStatus, Scope, path_beneath_rules,
};
use rustix::process::{Resource, Rlimit, setrlimit};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};
use serde::{Deserialize, Serialize};

use crate::limits::Limits;

/// How far a worker is locked down.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lockdown {
    /// `full`, `partial` (an older kernel), or `none`.
    pub landlock: String,
    /// Whether the list of system calls is in force.
    pub seccomp: bool,
    /// Whether memory and the rest are limited.
    pub rlimits: bool,
}

impl Lockdown {
    /// Whether every layer is in force.
    pub fn is_complete(&self) -> bool {
        self.landlock != "none" && self.seccomp && self.rlimits
    }
    /// The layers that are missing, for people.
    pub fn missing(&self) -> Vec<&'static str> {
        [
            (self.landlock == "none", "landlock"),
            (!self.seccomp, "seccomp"),
            (!self.rlimits, "rlimits"),
        ]
        .into_iter()
        .filter_map(|(missing, name)| missing.then_some(name))
        .collect()
    }
}

/// Gives up paths, ports and limits; called first, on the main thread, so that every later thread inherits it.
pub(super) fn paths_and_limits(limits: &Limits) -> Lockdown {
    Lockdown {
        landlock: landlock(),
        seccomp: false,
        rlimits: rlimits(limits),
    }
}

fn landlock() -> String {
    let abi = ABI::V6;
    let restricted = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(abi))
        .and_then(|rules| rules.handle_access(AccessNet::from_all(abi)))
        .and_then(|rules| rules.scope(Scope::from_all(abi)))
        .and_then(landlock::Ruleset::create)
        .and_then(landlock::RulesetCreated::restrict_self);
    match restricted.map(|status| status.ruleset) {
        Ok(RulesetStatus::FullyEnforced) => "full",
        Ok(RulesetStatus::PartiallyEnforced) => "partial",
        Ok(RulesetStatus::NotEnforced) | Err(_) => "none",
    }
    .to_owned()
}

fn rlimits(limits: &Limits) -> bool {
    let set = |resource, value| {
        setrlimit(
            resource,
            Rlimit {
                current: Some(value),
                maximum: Some(value),
            },
        )
        .is_ok()
    };
    set(Resource::As, limits.worker_memory.value())
        && set(Resource::Core, 0)
        && set(Resource::Nofile, 64)
}

/// Where programs and their libraries live, and what the loader reads.
const SYSTEM: &[&str] = &["/usr", "/bin", "/lib", "/lib64", "/etc/ld.so.cache"];

/// Gives up what a program of somebody else's does not need, just before this process becomes it: it may read `readable` and
/// the system's libraries, write nowhere, and reach nobody.
pub(super) fn for_program(
    readable: &[PathBuf],
    memory_bytes: u64,
    cpu_seconds: u64,
) -> io::Result<()> {
    let abi = ABI::V6;
    let paths = SYSTEM.iter().map(PathBuf::from);
    let rules = path_beneath_rules(
        paths.chain(readable.iter().cloned()),
        AccessFs::from_read(abi),
    );
    // Where the kernel has no landlock the other fences stand; `/readyz` says so, as for the workers.
    Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(abi))
        .and_then(|set| set.handle_access(AccessNet::from_all(abi)))
        .and_then(|set| set.scope(Scope::from_all(abi)))
        .and_then(landlock::Ruleset::create)
        .and_then(|set| set.add_rules(rules))
        .and_then(landlock::RulesetCreated::restrict_self)
        .map_err(io::Error::other)?;
    for (resource, value) in [
        (Resource::As, memory_bytes),
        (Resource::Cpu, cpu_seconds),
        (Resource::Core, 0),
        (Resource::Fsize, 0),
        (Resource::Nofile, 64),
    ] {
        let limit = Rlimit {
            current: Some(value),
            maximum: Some(value),
        };
        setrlimit(resource, limit)?;
    }
    let arch = std::env::consts::ARCH
        .try_into()
        .map_err(io::Error::other)?;
    let calls = FATAL
        .iter()
        // It has yet to become the program.
        .filter(|call| ![libc::SYS_execve, libc::SYS_execveat].contains(call))
        .map(|call| (*call, Vec::new()))
        .collect();
    let refuse = SeccompAction::Errno(libc::EPERM as u32);
    let filter = SeccompFilter::new(calls, SeccompAction::Allow, refuse, arch);
    let program: BpfProgram = filter
        .and_then(TryInto::try_into)
        .map_err(io::Error::other)?;
    seccompiler::apply_filter_all_threads(&program).map_err(io::Error::other)
}

/// Gives up all system calls but a short list, on every thread.
pub(super) fn system_calls() -> bool {
    let Ok(arch) = std::env::consts::ARCH.try_into() else {
        return false;
    };
    let everything = |calls: &[libc::c_long]| -> BTreeMap<i64, Vec<_>> {
        calls.iter().map(|call| (*call, Vec::new())).collect()
    };
    // What is not on the list fails with EPERM, so that a library that merely asks goes on without …
    let only_these = SeccompFilter::new(
        everything(ALLOWED),
        SeccompAction::Errno(libc::EPERM as u32),
        SeccompAction::Allow,
        arch,
    );
    // … but nothing honest ever tries these, so they end the worker.
    let never_these = SeccompFilter::new(
        everything(FATAL),
        SeccompAction::Allow,
        SeccompAction::KillProcess,
        arch,
    );
    for filter in [never_these, only_these] {
        let program: Result<BpfProgram, _> = filter.and_then(TryInto::try_into);
        let Ok(program) = program else { return false };
        if seccompiler::apply_filter_all_threads(&program).is_err() {
            return false;
        }
    }
    true
}

/// Memory, the descriptors already open, time and the end: all a parser needs.
const ALLOWED: &[libc::c_long] = &[
    libc::SYS_brk,
    libc::SYS_clock_getres,
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_close,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_fcntl,
    libc::SYS_fdatasync,
    libc::SYS_fstat,
    libc::SYS_fsync,
    libc::SYS_ftruncate,
    libc::SYS_futex,
    libc::SYS_getpid,
    libc::SYS_getrandom,
    libc::SYS_getrlimit,
    libc::SYS_getrusage,
    libc::SYS_gettid,
    libc::SYS_gettimeofday,
    libc::SYS_lseek,
    libc::SYS_madvise,
    libc::SYS_mmap,
    libc::SYS_mprotect,
    libc::SYS_mremap,
    libc::SYS_munmap,
    libc::SYS_nanosleep,
    libc::SYS_pread64,
    libc::SYS_prlimit64,
    libc::SYS_pwrite64,
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_recvfrom,
    libc::SYS_recvmsg,
    libc::SYS_restart_syscall,
    libc::SYS_rseq,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sched_getaffinity,
    libc::SYS_sched_yield,
    libc::SYS_sendmsg,
    libc::SYS_sendto,
    libc::SYS_set_robust_list,
    libc::SYS_setrlimit,
    libc::SYS_sigaltstack,
    libc::SYS_tgkill,
    libc::SYS_write,
    libc::SYS_writev,
];

/// Programs, other processes, files, sockets: the signs of a parser taken over.
const FATAL: &[libc::c_long] = &[
    libc::SYS_bpf,
    libc::SYS_connect,
    libc::SYS_execve,
    libc::SYS_execveat,
    libc::SYS_init_module,
    libc::SYS_io_uring_setup,
    libc::SYS_kexec_load,
    libc::SYS_mount,
    libc::SYS_pivot_root,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_ptrace,
    libc::SYS_setns,
    libc::SYS_socket,
    libc::SYS_unshare,
];
