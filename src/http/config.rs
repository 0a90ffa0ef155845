//! Settings of the HTTP face.

use std::{sync::Arc, time::Duration};

use super::ForeignTokens;

/// Settings of the HTTP face.
#[derive(Clone, Debug)]
pub struct Config {
    /// Pieces of heavy work (inspecting, drawing, binding) that run at once.
    pub heavy_at_once: usize,
    /// Pieces of heavy work that may wait; beyond that a request is answered 503 at once.
    pub heavy_waiting: usize,
    /// Longest wait for a turn; then 503.
    pub heavy_patience: Duration,
    /// Longest wait for the next bytes of an upload.
    pub upload_patience: Duration,
    /// Whether anyone may validate and make dossiers without a token: for an office that lets applicants in, and
    /// for the sample.
    pub open_to_applicants: bool,
    /// Whether scans are laid before the recogniser, when one is installed.
    pub recognise: bool,
    /// Most files in one slot.
    pub files_in_slot: usize,
    /// Most files in one dossier.
    pub files_in_dossier: usize,
    /// Largest JSON body.
    pub json_bytes: usize,
    /// Threads that serve connections; `None` for one a core.
    pub threads: Option<usize>,
    /// Questions about certificates that one caller may ask in a minute; 0 for as many as he likes.
    pub verifications_per_minute: u32,
    /// Files that one caller may send in a minute; 0 for as many as he likes.
    pub uploads_per_minute: u32,
    /// Proxies of ours, whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// Another platform whose tokens are taken.
    pub foreign_tokens: Option<Arc<ForeignTokens>>,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            heavy_at_once: std::thread::available_parallelism().map_or(2, usize::from),
            heavy_waiting: 64,
            heavy_patience: Duration::from_mins(1),
            upload_patience: Duration::from_secs(30),
            open_to_applicants: false,
            recognise: false,
            files_in_slot: 60,
            files_in_dossier: 400,
            json_bytes: 1 << 20,
            threads: None,
            verifications_per_minute: 60,
            uploads_per_minute: 240,
            trusted_proxies: Vec::new(),
            foreign_tokens: None,
        }
    }
}
