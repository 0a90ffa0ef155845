//! The sandbox against tasks that mean harm: each ends with the limit it met, and the pool goes on.

use std::{fs::File, io::Write as _, os::fd::AsFd as _, time::Duration};

use juanzong::{
    inspect,
    limits::Limits,
    sandbox::{self, Answer, AnswerBody, Handler, Pool, PoolConfig, SandboxError},
    units::ByteLen,
};

use crate::support::raw_pdf::{PageSpec, RawPdf};

const TASKS: &[(&str, Handler)] = &[
    ("echo", |input, files, _| {
        let mut said = input.to_vec();
        said.extend(files.read(0).unwrap_or_default());
        Ok(AnswerBody::Bytes(said))
    }),
    (sandbox::INSPECT, |_, files, limits| {
        let begun = inspect::begin(files.read(0).unwrap(), limits, true);
        Ok(AnswerBody::Json(serde_json::to_vec(&begun).unwrap()))
    }),
    (sandbox::MEASURE, |_, _, _| spin()),
    ("refuse", |_, _, _| Err("not today".to_owned())),
    ("panic", |_, _, _| panic!("as asked")),
    ("spin", |_, _, _| spin()),
    ("sleep", |_, _, _| {
        std::thread::sleep(Duration::from_mins(5));
        Ok(AnswerBody::Bytes(Vec::new()))
    }),
    ("eat", |_, _, _| {
        let mut all = Vec::new();
        loop {
            all.push(vec![1_u8; 16 << 20]);
            std::hint::black_box(&all);
        }
    }),
    ("talk", |_, _, _| Ok(AnswerBody::Bytes(talk()))),
    ("talk-and-eat", |_, _, _| {
        std::hint::black_box(talk().repeat(1 << 30));
        Ok(AnswerBody::Bytes(Vec::new()))
    }),
    ("nest", |_, _, _| {
        Ok(AnswerBody::Bytes(nest(1).to_string().into_bytes()))
    }),
    ("open", |_, _, _| {
        seen(File::open("/etc/hostname").map(|_| ()))
    }),
    ("create", |_, _, _| {
        seen(File::create("/tmp/made-by-a-worker").map(|_| ()))
    }),
    ("thread", |_, _, _| {
        seen(std::thread::Builder::new().spawn(|| ()).map(|_| ()))
    }),
    ("run", |_, _, _| {
        seen(std::process::Command::new("/bin/true").status().map(|_| ()))
    }),
    ("connect", |_, _, _| {
        seen(std::net::TcpStream::connect("127.0.0.1:9").map(|_| ()))
    }),
    ("take", |input, _, _| {
        let mebibytes: usize = serde_json::from_slice(input).map_err(|e| e.to_string())?;
        std::hint::black_box(vec![1_u8; mebibytes << 20]);
        Ok(AnswerBody::Bytes(b"taken".to_vec()))
    }),
    ("work", |input, _, _| {
        let milliseconds: u64 = serde_json::from_slice(input).map_err(|e| e.to_string())?;
        let used = || {
            Duration::try_from(rustix::time::clock_gettime(
                rustix::time::ClockId::ProcessCPUTime,
            ))
            .unwrap()
        };
        let until = used() + Duration::from_millis(milliseconds);
        while used() < until {}
        Ok(AnswerBody::Bytes(b"done".to_vec()))
    }),
    ("answer", |input, _, _| {
        let bytes: usize = serde_json::from_slice(input).map_err(|e| e.to_string())?;
        Ok(AnswerBody::Bytes(vec![0; bytes]))
    }),
    ("flood", |_, _, limits| {
        Ok(AnswerBody::Bytes(vec![
            0;
            limits.answer_bytes.value() as usize
                + 1
        ]))
    }),
];

/// As much on standard error as a file says whose every line of pixels ends in a panic that is caught.
fn talk() -> Vec<u8> {
    let mut heard = std::io::stderr();
    for line in 0..5_000 {
        let words = "of what nobody asked to hear, as long as the words of a panic";
        writeln!(heard, "line {line} {words}").unwrap();
    }
    b"said".to_vec()
}

fn spin() -> Answer {
    let mut n = 0_u64;
    loop {
        n = std::hint::black_box(n.wrapping_add(1));
    }
}

#[expect(unconditional_recursion, reason = "that is the harm")]
fn nest(depth: u64) -> u64 {
    let room = std::hint::black_box([depth; 512]);
    nest(depth + 1) + room[(depth % 512) as usize]
}

#[expect(clippy::unnecessary_wraps, reason = "the shape of a handler")]
fn seen(result: std::io::Result<()>) -> Answer {
    Ok(AnswerBody::Bytes(match result {
        Ok(()) => b"it worked".to_vec(),
        Err(error) => error.kind().to_string().into_bytes(),
    }))
}

/// Not a test of its own: the pool starts this binary with this name as filter, and only then is standard input a socket.
#[test]
fn worker_entry() {
    let stdin = std::io::stdin();
    let kind = rustix::fs::fstat(stdin.as_fd()).map(|stat| stat.st_mode & libc::S_IFMT);
    if kind == Ok(libc::S_IFSOCK) {
        sandbox::serve(sandbox::socket_from_stdin().unwrap(), TASKS).unwrap();
    }
}

fn pool(workers: usize) -> Pool {
    let limits = Limits {
        worker_memory: ByteLen::mib(512),
        worker_cpu_seconds: 1,
        answer_bytes: ByteLen::mib(1),
        ..Limits::DEFAULT
    };
    Pool::start(PoolConfig {
        program: std::env::current_exe().unwrap(),
        arguments: ["sandbox::worker_entry", "--exact", "--nocapture"]
            .map(str::to_owned)
            .to_vec(),
        workers,
        limits,
    })
    .unwrap()
}

/// Long enough on a busy machine that only the limit a task means to meet is met first.
const PATIENCE: Duration = Duration::from_mins(2);

fn ask(pool: &Pool, task: &str) -> Result<String, SandboxError> {
    let deadline = match task {
        "sleep" => Duration::from_secs(2),
        _ => PATIENCE,
    };
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(b" and a file").unwrap();
    let done = pool.call_bytes(task, &"a word", &[&file], deadline)?;
    Ok(String::from_utf8(done.answer).unwrap())
}

/// After any harm the pool must answer the next job.
fn still_answers(pool: &Pool) {
    assert_eq!(ask(pool, "echo").unwrap(), "\"a word\" and a file");
}

fn limit_of(result: Result<String, SandboxError>) -> String {
    match result {
        Err(SandboxError::LimitMet { limit, .. }) => limit.to_owned(),
        other => panic!("expected a limit, got {other:?}"),
    }
}

#[test]
fn a_job_gets_its_input_and_files_and_answers() {
    let pool = pool(1);
    still_answers(&pool);
    assert!(matches!(ask(&pool, "refuse"), Err(SandboxError::Refused(why)) if why == "not today"));
    assert!(matches!(
        ask(&pool, "no-such"),
        Err(SandboxError::Refused(_))
    ));
    still_answers(&pool);
    assert_eq!(pool.state().deaths, 0);
}

#[test]
fn workers_are_locked_down_in_every_layer() {
    assert_eq!(pool(1).state().lockdown.missing(), Vec::<&str>::new());
}

#[test]
fn each_harm_ends_with_the_limit_it_met() {
    let pool = pool(1);
    assert_eq!(limit_of(ask(&pool, "spin")), "worker_cpu_seconds");
    still_answers(&pool);
    assert_eq!(limit_of(ask(&pool, "eat")), "worker_memory");
    still_answers(&pool);
    assert_eq!(limit_of(ask(&pool, "nest")), "depth");
    still_answers(&pool);
    assert_eq!(limit_of(ask(&pool, "sleep")), "deadline_ms");
    still_answers(&pool);
    assert_eq!(limit_of(ask(&pool, "flood")), "answer_bytes");
    still_answers(&pool);
    assert!(
        matches!(ask(&pool, "panic"), Err(SandboxError::Died { how }) if how.contains("as asked"))
    );
    still_answers(&pool);
    assert_eq!(pool.state().deaths, 6);
}

#[test]
fn a_worker_may_say_much_and_its_last_words_are_heard() {
    let pool = pool(1);
    for _ in 0..3 {
        assert_eq!(ask(&pool, "talk").unwrap(), "said");
    }
    assert_eq!(limit_of(ask(&pool, "talk-and-eat")), "worker_memory");
    still_answers(&pool);
    assert_eq!(pool.state().deaths, 1);
}

#[test]
fn files_programs_threads_and_the_network_are_out_of_reach() {
    let pool = pool(1);
    for task in ["open", "create", "thread"] {
        assert_eq!(ask(&pool, task).unwrap(), "permission denied", "{task}");
    }
    assert!(!std::path::Path::new("/tmp/made-by-a-worker").exists());
    for task in ["connect", "run"] {
        match ask(&pool, task) {
            Err(SandboxError::Died { .. }) => {}
            Ok(said) => assert_eq!(said, "permission denied", "{task}"),
            Err(other) => panic!("{task}: {other:?}"),
        }
        still_answers(&pool);
    }
}

#[test]
fn more_jobs_than_workers_wait_their_turn() {
    let pool = pool(2);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| still_answers(&pool));
        }
    });
    assert_eq!(pool.state().jobs, 8);
}

#[test]
fn a_file_is_read_from_its_start_wherever_its_cursor_stands() {
    let pool = pool(1);
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(b"whole").unwrap();
    for _ in 0..2 {
        let done = pool.call_bytes("echo", &1, &[&file], PATIENCE).unwrap();
        assert_eq!(done.answer, b"1whole");
    }
}

/// Asks for `amount` of `task`: the length of the answer, or the limit that was met.
fn amount(pool: &Pool, task: &str, amount: u64, deadline: Duration) -> Result<usize, String> {
    match pool.call_bytes(task, &amount, &[], deadline) {
        Ok(done) => Ok(done.answer.len()),
        Err(SandboxError::LimitMet { limit, .. }) => Err(limit.to_owned()),
        Err(other) => panic!("{task} {amount}: {other:?}"),
    }
}

#[test]
fn each_limit_of_a_worker_just_inside_and_just_outside() {
    let pool = pool(1);
    // 512 MiB of address space, of which the program itself needs some.
    assert_eq!(amount(&pool, "take", 128, PATIENCE), Ok(5));
    assert_eq!(
        amount(&pool, "take", 512, PATIENCE),
        Err("worker_memory".to_owned())
    );
    // One second of processor time, counted in whole seconds from the next one on.
    assert_eq!(amount(&pool, "work", 800, PATIENCE), Ok(4));
    assert_eq!(
        amount(&pool, "work", 2_100, PATIENCE),
        Err("worker_cpu_seconds".to_owned())
    );
    let most = 1 << 20;
    assert_eq!(amount(&pool, "answer", most, PATIENCE), Ok(1 << 20));
    assert_eq!(
        amount(&pool, "answer", most + 1, PATIENCE),
        Err("answer_bytes".to_owned())
    );
    assert_eq!(amount(&pool, "work", 100, PATIENCE), Ok(4));
    assert_eq!(
        amount(&pool, "work", 1_000, Duration::from_millis(200)),
        Err("deadline_ms".to_owned())
    );
    still_answers(&pool);
}

/// A shell in the recogniser's place: what it was given, and what it could reach.
#[test]
fn a_confined_program_sees_its_input_and_nothing_else() {
    let outside = tempfile::tempdir().unwrap();
    let secret = outside.path().join("secret");
    juanzong::digest::write_atomically(&secret, b"secret").unwrap();
    let program = juanzong::sandbox::Program {
        launcher: env!("CARGO_BIN_EXE_juanzong").into(),
        program: "/bin/sh".into(),
        readable: vec![],
        environment: vec![("GIVEN".to_owned(), "yes".to_owned())],
        memory_bytes: 512 << 20,
        deadline: std::time::Duration::from_mins(1),
        answer_bytes: 10_000,
    };
    let script = format!(
        "cat; echo given=$GIVEN home=$HOME path=$CARGO_MANIFEST_DIR; \
         read x < {secret} && echo read || echo no-read; \
         (echo x > {}/new) && echo written || echo not-written; \
         read x < /proc/self/status && echo proc || echo no-proc",
        outside.path().display(),
        secret = secret.display(),
    );
    let said = program.run(&["-c", &script], b"input\n".to_vec()).unwrap();
    let said = String::from_utf8(said).unwrap();
    assert_eq!(
        said,
        "input\ngiven=yes home= path=\nno-read\nnot-written\nno-proc\n"
    );
    assert!(!outside.path().join("new").exists());
    // One that does not end is ended, and one that says too much is cut short.
    let slow = juanzong::sandbox::Program {
        deadline: std::time::Duration::from_millis(300),
        ..program.clone()
    };
    let late = slow.run(&["-c", "while :; do :; done"], Vec::new());
    assert!(matches!(
        late,
        Err(juanzong::sandbox::SandboxError::LimitMet {
            limit: "recognise_deadline_ms",
            ..
        })
    ));
    let loud = program.run(&["-c", "while :; do echo x; done"], Vec::new());
    assert!(matches!(
        loud,
        Err(juanzong::sandbox::SandboxError::LimitMet {
            limit: "answer_bytes",
            ..
        })
    ));
}

/// A string that doubles in a shell: what fits is said, what does not fit ends the shell and nothing else.
#[test]
fn a_confined_program_has_its_memory_and_no_more() {
    let program = juanzong::sandbox::Program {
        launcher: env!("CARGO_BIN_EXE_juanzong").into(),
        program: "/bin/sh".into(),
        readable: vec![],
        environment: vec![],
        memory_bytes: 256 << 20,
        deadline: Duration::from_mins(1),
        answer_bytes: 10_000,
    };
    let doubled = |times: u32| {
        let script = format!(
            "x=aaaaaaaaaaaaaaaa; i=0; while [ $i -lt {times} ]; do x=$x$x; i=$((i+1)); done; echo done"
        );
        program
            .run(&["-c", &script], Vec::new())
            .is_ok_and(|said| said == b"done\n")
    };
    assert!(doubled(10), "16 KiB do not fit");
    assert!(!doubled(26), "1 GiB fits into 256 MiB");
}

#[test]
fn a_page_that_kills_its_worker_is_a_limit_met_by_the_file() {
    let pool = pool(3);
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&RawPdf::pages(&[PageSpec::default(); 40]))
        .unwrap();
    let inspection = pool.inspect(&file).unwrap().inspection;
    let met = inspection.limits_met.first().map(|met| met.limit.as_str());
    assert_eq!(met, Some("worker_cpu_seconds"));
    assert!(inspection.pages.is_empty());
    assert!(pool.state().deaths >= 2);
    still_answers(&pool);
}
