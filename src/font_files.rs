//! The fonts of `fonts/`, built in: what pages are printed with, and what stands in where a paper brings no font of its own.

/// 宋
pub static SONG: &[u8] = include_bytes!("../fonts/song-regular.otf");
/// 宋, bold
pub static SONG_BOLD: &[u8] = include_bytes!("../fonts/song-bold.otf");
/// 黑
pub static HEI: &[u8] = include_bytes!("../fonts/hei-regular.otf");
/// 黑, bold
pub static HEI_BOLD: &[u8] = include_bytes!("../fonts/hei-bold.otf");
/// 仿宋
pub static FANG: &[u8] = include_bytes!("../fonts/fang-regular.otf");
/// 楷
pub static KAI: &[u8] = include_bytes!("../fonts/kai-regular.ttf");
/// Rare characters of names.
pub static RARE: &[u8] = include_bytes!("../fonts/rare-regular.ttf");
