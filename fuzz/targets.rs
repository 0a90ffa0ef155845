//! What each fuzz target does with its bytes: any input is answered, within the limits, without a panic.
//!
//! Shared by `fuzz_targets/` and by `tests/it/hostile.rs`, which replays the seeds and every crasher there ever was.

use juanzong::{
    bind::Manifest, certificate::Claims, dossier, inspect, limits::Limits, rulepack, verify,
};

/// A target: its name, and what it does.
pub type Target = (&'static str, fn(&[u8]));

/// All targets; seeds and crashers stand in folders of the same names.
pub const TARGETS: &[Target] = &[
    ("inspect", inspect),
    ("pack", pack),
    ("manifest", manifest),
    ("dossier", dossier),
    ("verify", verify),
];

/// Small limits, so that a lucky mutation does not turn the run into a wait.
pub const LIMITS: Limits = Limits {
    page_operators: 20_000,
    total_operators: 50_000,
    pages: 50,
    measured_pixels: 4_000_000,
    measured_pixels_per_byte: 0,
    measured_page_pixels: 3_000_000,
    ..Limits::DEFAULT
};

/// Facts of an uploaded file; they cross the border of the sandbox as JSON and must come back the same way.
pub fn inspect(data: &[u8]) {
    let facts = inspect::inspect(data.to_vec(), &LIMITS);
    let sent = serde_json::to_string(&facts).expect("facts are plain data");
    let back: inspect::Inspection = serde_json::from_str(&sent).expect("what was written is read");
    assert_eq!(back.pages.len(), facts.pages.len());
}

/// A rule pack: loaded, or all its problems with their places.
pub fn pack(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Err(problems) = rulepack::load("fuzz.toml", "fuzz", text) {
        assert!(!problems.is_empty(), "refused without a reason");
    }
}

/// A manifest of a bound dossier: what is read is written the same.
pub fn manifest(data: &[u8]) {
    if let Ok(manifest) = serde_json::from_slice::<Manifest>(data) {
        let text = serde_json::to_string(&manifest).expect("a manifest is plain data");
        assert_eq!(serde_json::from_str::<Manifest>(&text).ok(), Some(manifest));
    }
}

/// A dossier file of the command line; the papers it names are not there.
pub fn dossier(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = dossier::read_text("fuzz.toml", text, std::path::Path::new("/nonexistent"));
    }
}

/// What a verifier drops: never authentic, unless it is the certificate the seed came from.
pub fn verify(data: &[u8]) {
    let _ = Claims::read(data);
    let now = jiff::Timestamp::UNIX_EPOCH;
    let anchors = verify::Anchors::new(include_str!("seeds/issuer.pem"), &[], now)
        .expect("the issuer of the seeds");
    let _ = verify::offline(data, &anchors);
}
