//! How long issuing and verifying takes: `--example issue_samples -- --speed N [M]`.
//!
//! One after the other, many at once, many at once with two witnesses on this machine; then, when asked, the same at the end of a
//! log of M leaves. Times are of this run on this machine; the ratios between its lines mean more than the lines.

use std::{net::TcpListener, sync::Arc, time::Instant};

use juanzong::{
    certificate::{Issuer, Office, Order, issue, issue_each, sign_without_leaf, tree::Peaks},
    http,
    store::{LogHead, NewLeaf, Secret, Store, StoreConfig},
    typeset::Typesetter,
    verify,
    witness::{Witness, Witnesses},
};

use super::Failed;

/// How often a short and a long log are measured, in turns.
const ROUNDS: usize = 5;
/// Leaves written in one transaction when a long log is made.
const TOGETHER: u64 = 20_000;

struct Bench<'a> {
    store: Store,
    _folder: tempfile::TempDir,
    typesetter: &'a Typesetter,
    count: u32,
}

impl Bench<'_> {
    async fn new(typesetter: &Typesetter, count: u32) -> Result<Bench<'_>, Failed> {
        let folder = tempfile::tempdir_in(".")?;
        let store = Store::open(&StoreConfig::in_folder(folder.path().to_owned())).await?;
        Ok(Bench {
            store,
            _folder: folder,
            typesetter,
            count,
        })
    }
    fn order(i: u32) -> Order {
        Order {
            grant: super::grant(&format!(
                "张示例{}",
                char::from_u32(0x4e00 + i % 2000).unwrap_or('一')
            )),
            photo: None,
            holder: Secret::random().hash(),
        }
    }
    /// Milliseconds each, when so many requests come at a time and each is for one certificate.
    async fn at_a_time(&self, issuer: &Arc<Issuer>, requests: u32) -> Result<f64, Failed> {
        let begin = Instant::now();
        let each = self.count / requests;
        let tasks: Vec<_> = (0..requests)
            .map(|task| {
                let (issuer, store) = (Arc::clone(issuer), self.store.clone());
                let typesetter = self.typesetter.clone();
                tokio::spawn(async move {
                    for i in 0..each {
                        let (order, now) = (Self::order(task * each + i), jiff::Timestamp::now());
                        let check = verify::self_check;
                        issue(&issuer, &store, &typesetter, order, now, check).await?;
                    }
                    Ok::<(), juanzong::certificate::IssueError>(())
                })
            })
            .collect();
        for task in tasks {
            task.await??;
        }
        Ok(begin.elapsed().as_secs_f64() * 1e3 / f64::from(each * requests))
    }
    /// Milliseconds each.
    async fn together(&self, issuer: &Arc<Issuer>) -> Result<f64, Failed> {
        let check = verify::self_check;
        let (store, typesetter) = (&self.store, self.typesetter);
        let now = jiff::Timestamp::now;
        issue(issuer, store, typesetter, Self::order(0), now(), check).await?;
        let begin = Instant::now();
        let orders = (0..self.count).map(Self::order).collect();
        for issued in issue_each(issuer, store, typesetter, orders, now(), check).await {
            issued?;
        }
        Ok(begin.elapsed().as_secs_f64() * 1e3 / f64::from(self.count))
    }
}

/// Prints the measures.
#[expect(clippy::print_stdout, reason = "a measurement prints its numbers")]
pub(crate) async fn measure(
    issuer: &Arc<Issuer>,
    typesetter: &Typesetter,
    count: u32,
    leaves: u64,
) -> Result<(), Failed> {
    let say =
        |what: &str, each: f64| println!("{what:<34} {each:8.3} ms each, {:6.0}/s", 1e3 / each);
    let check = verify::self_check;
    let mut bench = Bench::new(typesetter, count).await?;
    let now = jiff::Timestamp::now();
    let mut last = issue(
        issuer,
        &bench.store,
        typesetter,
        Bench::order(0),
        now,
        check,
    )
    .await?;
    let begin = Instant::now();
    for i in 0..count {
        last = issue(
            issuer,
            &bench.store,
            typesetter,
            Bench::order(i),
            now,
            check,
        )
        .await?;
    }
    say(
        "issue, one after the other",
        begin.elapsed().as_secs_f64() * 1e3 / f64::from(count),
    );
    let requests = bench.at_a_time(issuer, 8).await?;
    say("issue, eight requests at a time", requests);
    let alone = bench.together(issuer).await?;
    say("issue, many", alone);

    let witnessed = Bench::new(typesetter, count).await?;
    let office = with_two_witnesses(issuer.office())?;
    say(
        "issue, many, two witnesses",
        witnessed.together(&office).await?,
    );

    // The page as it was typeset, given; the increment, the digest and the signature are measured.
    let page = last.pdf.windows(6).position(|w| w == b"%%EOF\n");
    let page = last
        .pdf
        .get(..page.ok_or("no page")? + 5)
        .ok_or("no page")?;
    let begin = Instant::now();
    for _ in 0..200 {
        sign_without_leaf(issuer, page.to_vec(), now)?;
    }
    println!(
        "sign, the page given               {:8.3} ms",
        begin.elapsed().as_secs_f64() * 1e3 / 200.0
    );
    let anchors = verify::anchors(issuer, now).map_err(|wrong| wrong.message.en)?;
    let begin = Instant::now();
    for _ in 0..1000 {
        if !verify::offline(&last.pdf, &anchors).is_authentic() {
            return Err("not authentic".into());
        }
    }
    println!(
        "verify offline                     {:8.3} ms",
        begin.elapsed().as_secs_f64()
    );
    let begin = Instant::now();
    for _ in 0..1000 {
        verify::by_code(issuer, &bench.store, &last.code, now).await?;
    }
    println!(
        "verify by code                     {:8.3} ms",
        begin.elapsed().as_secs_f64()
    );
    if leaves > 0 {
        let begin = Instant::now();
        let long = Bench::new(typesetter, count.div_ceil(ROUNDS as u32)).await?;
        let short = Bench::new(typesetter, long.count).await?;
        long.grow_to(leaves).await?;
        println!(
            "log grown to {leaves} leaves in {:.0} s",
            begin.elapsed().as_secs_f64()
        );
        // In turns, so that what else this machine does weighs on both alike.
        let mut ratios = Vec::new();
        for _ in 0..ROUNDS {
            let in_a_short_log = short.together(issuer).await?;
            let at_the_end = long.together(issuer).await?;
            say("issue, many, at the end of that", at_the_end);
            ratios.push(at_the_end / in_a_short_log);
        }
        ratios.sort_by(f64::total_cmp);
        let median = ratios.get(ROUNDS / 2).copied().unwrap_or_default();
        println!(
            "that is {median:.2} of the cost in a short log (median of {ROUNDS}: {ratios:.2?})"
        );
        bench = long;
        let order = Bench::order(1);
        last = issue(
            issuer,
            &bench.store,
            typesetter,
            order,
            jiff::Timestamp::now(),
            check,
        )
        .await?;
    }
    let proof = last
        .pdf
        .windows(23)
        .rposition(|w| w == b"c2sp.org/tlog-proof@v1\n");
    let end = |from: usize| {
        last.pdf
            .iter()
            .skip(from)
            .collect::<Vec<_>>()
            .windows(10)
            .position(|w| w.iter().copied().eq(b"\nendstream"))
    };
    println!(
        "file {} bytes, its proof {} bytes, in a log of {} leaves",
        last.pdf.len(),
        proof.and_then(end).unwrap_or_default(),
        last.leaf_index + 1
    );
    Ok(())
}

impl Bench<'_> {
    /// Leaves that nobody looks at, so that the log is long.
    async fn grow_to(&self, leaves: u64) -> Result<(), Failed> {
        let head = self.store.log_head().await?;
        let mut peaks = head
            .and_then(|head| Peaks::from_text(&head.peaks))
            .unwrap_or_default();
        while peaks.size() < leaves {
            let mut log = self.store.begin_log().await?;
            for _ in 0..TOGETHER.min(leaves - peaks.size()) {
                let leaf = format!("{:0>330}", peaks.size());
                let appended = peaks.append(leaf.as_bytes());
                let nodes = appended.nodes.iter().map(|n| (n.level, n.index, n.hash));
                let index = appended.index;
                log.append(&NewLeaf {
                    index,
                    leaf,
                    nodes: nodes.collect(),
                })
                .await?;
            }
            let (size, peaks) = (peaks.size(), peaks.to_text());
            let checkpoint = String::new();
            log.set_head(&LogHead {
                size,
                peaks,
                checkpoint,
            })
            .await?;
            log.commit().await?;
        }
        Ok(())
    }
}

/// The same office on keys of its own, with two witnesses on ports of this machine.
fn with_two_witnesses(office: &Office) -> Result<Arc<Issuer>, Failed> {
    let now = jiff::Timestamp::now();
    let issuer = Issuer::for_demonstration(office.clone(), b"speed", now)?;
    let mut policy = String::new();
    for name in ["one", "two"] {
        // Kept for the whole run: the process ends with it.
        let folder = tempfile::tempdir_in(".")?.keep();
        let line = Witness::init(&folder, name)?.public_line();
        let witness = Arc::new(Witness::open(&folder, &[issuer.log_key()])?);
        let listener = TcpListener::bind("127.0.0.1:0")?;
        policy.push_str(&format!(
            "witness {name} {line} http://{}\n",
            listener.local_addr()?
        ));
        std::thread::spawn(move || http::serve_witness(witness, listener));
        WITNESS_FOLDERS.lock().map_err(|_| "poisoned")?.push(folder);
    }
    policy.push_str("group both all one two\nquorum both\n");
    let read = policy
        .parse()
        .map_err(|wrong: verify::Wrong| wrong.message.en)?;
    let witnesses = Witnesses::of(&read)?.ok_or("no witnesses")?;
    Ok(Arc::new(issuer.with_witnesses(policy, Arc::new(witnesses))))
}

/// Folders to be removed at the end.
pub(crate) static WITNESS_FOLDERS: std::sync::Mutex<Vec<std::path::PathBuf>> =
    std::sync::Mutex::new(Vec::new());
