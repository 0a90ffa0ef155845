//! How long issuing and verifying takes: `--example issue_samples -- --speed N`.

use std::{sync::Arc, time::Instant};

use juanzong::{
    certificate::{Issuer, Order, issue},
    store::{SecretHash, Store, StoreConfig},
    typeset::Typesetter,
    verify,
};

/// Issues `count` certificates one after the other, then verifies one of them, and prints the rates.
#[expect(clippy::print_stdout, reason = "a measurement prints its numbers")]
pub(crate) async fn measure(
    issuer: &Arc<Issuer>,
    typesetter: &Typesetter,
    count: u32,
    at: jiff::Timestamp,
) -> Result<(), super::Failed> {
    let data = tempfile::tempdir_in(".")?;
    let store = Store::open(&StoreConfig::in_folder(data.path().to_owned())).await?;
    let order = |i: u32| Order {
        grant: super::grant(&format!(
            "张示例{}",
            char::from_u32(0x4e00 + i % 2000).unwrap_or('一')
        )),
        photo: None,
        holder: SecretHash::of_text("speed"),
    };
    let check = verify::self_check;
    let mut last = issue(issuer, &store, typesetter, order(0), at, check).await?;
    let begin = Instant::now();
    for i in 0..count {
        last = issue(issuer, &store, typesetter, order(i), at, check).await?;
    }
    let each = begin.elapsed().as_secs_f64() / f64::from(count);
    println!(
        "issue              {:8.3} ms each, {:.0}/s",
        each * 1e3,
        1.0 / each
    );

    let anchors = verify::anchors(issuer, at).map_err(|wrong| wrong.message.en)?;
    let begin = Instant::now();
    for _ in 0..1000 {
        if !verify::offline(&last.pdf, &anchors).is_authentic() {
            return Err("not authentic".into());
        }
    }
    println!(
        "verify offline     {:8.3} ms",
        begin.elapsed().as_secs_f64()
    );
    let begin = Instant::now();
    for _ in 0..1000 {
        verify::by_code(issuer, &store, &last.code, at).await?;
    }
    println!(
        "verify by code     {:8.3} ms",
        begin.elapsed().as_secs_f64()
    );
    println!(
        "file               {:8} bytes, log of {} leaves",
        last.pdf.len(),
        last.leaf_index + 1
    );
    Ok(())
}
