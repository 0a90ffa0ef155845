//! Every limit in one table: unit, default, and what it guards against.

use crate::units::ByteLen;

/// The limits in force.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct Limits {
    /// Largest upload accepted. Guards disk and memory; 200 A4 pages at 300 dpi stay below it.
    #[schema(value_type = u64)]
    pub file_bytes: ByteLen,
    /// Most pages looked at in one file. Guards time.
    pub pages: u32,
    /// Most indirect objects walked. Guards time against files made of millions of tiny objects.
    pub objects: u64,
    /// Deepest nesting followed (arrays, page tree, form XObjects, outlines). Guards the stack.
    pub depth: u32,
    /// Most bytes one stream may give when decoded. Guards against decompression bombs.
    #[schema(value_type = u64)]
    pub decoded_stream_bytes: ByteLen,
    /// Most bytes one stream that is not a picture may give when decoded: page content, object streams, fonts, maps.
    #[schema(value_type = u64)]
    pub decoded_content_bytes: ByteLen,
    /// Most bytes all streams of a file may give when decoded.
    #[schema(value_type = u64)]
    pub decoded_total_bytes: ByteLen,
    /// Most pixels one image may have.
    pub image_pixels: u64,
    /// Most content operators run on one page. Guards time.
    pub page_operators: u64,
    /// Most content operators run in a whole file. Guards time against many pages that share one long content.
    pub total_operators: u64,
    /// Pixels of pages and pictures that legibility is measured on, for any file; what is beyond is said to be not checked. Guards time.
    pub measured_pixels: u64,
    /// More of them for each byte of the file: a scan that is stored with care has the bytes to show for it.
    pub measured_pixels_per_byte: u64,
    /// No more than this, however large the file is. Guards the deadline: a long file is accepted with pages not measured, not refused for taking too long.
    pub measured_pixels_at_most: u64,
    /// Most of them for one page (A3 at 600 dpi has 70 million, and 6 for itself as drawn). Guards memory.
    pub measured_page_pixels: u64,
    /// Memory that drawing a page may take: the page at 100 dpi, and once more for each soft mask. A page beyond it is not measured.
    #[schema(value_type = u64)]
    pub drawn_page_bytes: ByteLen,
    /// Most pieces of text and images noted in a whole file. Guards memory and the size of the answer.
    pub noted_items: u64,
    /// Address space of a worker (`RLIMIT_AS`).
    #[schema(value_type = u64)]
    pub worker_memory: ByteLen,
    /// Processor seconds of one job in a worker.
    pub worker_cpu_seconds: u64,
    /// Wall clock of one job of an inspection (reading a file, measuring a share of its pages); then the worker is killed.
    pub inspect_deadline_ms: u64,
    /// Wall clock of binding one volume, for each started 100 pages.
    pub bind_deadline_ms_per_100_pages: u64,
    /// Most pages of one file whose print is recognised. Guards time: a page takes one to three seconds.
    pub recognised_pages: u32,
    /// Wall clock of recognising one page; then the recogniser is killed.
    pub recognise_deadline_ms: u64,
    /// Address space of the recogniser (`RLIMIT_AS`).
    #[schema(value_type = u64)]
    pub recognise_memory: ByteLen,
    /// Largest output of a worker that is not a file.
    #[schema(value_type = u64)]
    pub answer_bytes: ByteLen,
}

impl Limits {
    /// The defaults.
    pub const DEFAULT: Limits = Limits {
        file_bytes: ByteLen::mib(200),
        pages: 2_000,
        objects: 500_000,
        depth: 64,
        decoded_stream_bytes: ByteLen::mib(256),
        decoded_content_bytes: ByteLen::mib(32),
        decoded_total_bytes: ByteLen::mib(384),
        image_pixels: 100_000_000,
        page_operators: 2_000_000,
        total_operators: 12_000_000,
        measured_pixels: 80_000_000,
        measured_pixels_per_byte: 16,
        measured_pixels_at_most: 600_000_000,
        measured_page_pixels: 80_000_000,
        drawn_page_bytes: ByteLen::mib(128),
        noted_items: 300_000,
        worker_memory: ByteLen::mib(1024),
        worker_cpu_seconds: 10,
        inspect_deadline_ms: 10_000,
        bind_deadline_ms_per_100_pages: 30_000,
        recognised_pages: 4,
        recognise_deadline_ms: 60_000,
        recognise_memory: ByteLen::mib(1024),
        answer_bytes: ByteLen::mib(64),
    };
}

impl Default for Limits {
    fn default() -> Limits {
        Limits::DEFAULT
    }
}
