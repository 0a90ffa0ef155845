//! Decoding of streams with a bound on what comes out (ISO 32000-2, 7.4).
//!
//! The PDF library decodes without a bound, so everything that is decoded on our behalf is either decoded
//! here, or measured here first.

use std::io::Read as _;

use hayro_syntax::object::{Array, Dict, Name, Object, Stream};

/// What came out of a stream.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Decoded {
    /// Everything.
    Whole(Vec<u8>),
    /// The data is damaged; this much could be read.
    Damaged(Vec<u8>),
    /// More than is allowed.
    TooLarge,
    /// A picture, or a filter nobody knows.
    NotData,
}

impl Decoded {
    /// What could be read, if it is not too large.
    pub(crate) fn bytes(self) -> Option<Vec<u8>> {
        match self {
            Decoded::Whole(bytes) | Decoded::Damaged(bytes) => Some(bytes),
            Decoded::TooLarge | Decoded::NotData => None,
        }
    }
}

/// One filter with the parameters that matter here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    filter: Filter,
    predictor: Predictor,
    early_change: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Filter {
    AsciiHex,
    Ascii85,
    Lzw,
    Flate,
    RunLength,
    Crypt,
    Picture,
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Predictor {
    kind: u32,
    colors: usize,
    bits: usize,
    columns: usize,
}

/// The filters of a stream, in order.
pub(crate) fn steps(dict: &Dict<'_>) -> Vec<Step> {
    let filters = dict
        .get::<Object<'_>>("Filter")
        .or_else(|| dict.get::<Object<'_>>("F"));
    let params = dict
        .get::<Object<'_>>("DecodeParms")
        .or_else(|| dict.get::<Object<'_>>("DP"));
    let names: Vec<Name<'_>> = match filters {
        Some(Object::Name(name)) => vec![name],
        Some(Object::Array(array)) => array.iter::<Name<'_>>().take(32).collect(),
        _ => Vec::new(),
    };
    let params: Vec<Dict<'_>> = match params {
        Some(Object::Dict(dict)) => vec![dict],
        Some(Object::Array(array)) => array
            .iter::<Object<'_>>()
            .take(32)
            .map(|object| object.into_dict().unwrap_or_default())
            .collect(),
        _ => Vec::new(),
    };
    names
        .iter()
        .enumerate()
        .map(|(i, name)| step(name, params.get(i)))
        .collect()
}

fn step(name: &Name<'_>, params: Option<&Dict<'_>>) -> Step {
    let filter = match name.as_ref() {
        b"ASCIIHexDecode" | b"AHx" => Filter::AsciiHex,
        b"ASCII85Decode" | b"A85" => Filter::Ascii85,
        b"LZWDecode" | b"LZW" => Filter::Lzw,
        b"FlateDecode" | b"Fl" => Filter::Flate,
        b"RunLengthDecode" | b"RL" => Filter::RunLength,
        b"Crypt" => Filter::Crypt,
        b"DCTDecode" | b"DCT" | b"JPXDecode" | b"JBIG2Decode" | b"CCITTFaxDecode" | b"CCF" => {
            Filter::Picture
        }
        _ => Filter::Unknown,
    };
    let number = |key: &str, default: u32| {
        params
            .and_then(|dict| dict.get::<u32>(key))
            .unwrap_or(default)
    };
    Step {
        filter,
        predictor: Predictor {
            kind: number("Predictor", 1),
            colors: number("Colors", 1).clamp(1, 32) as usize,
            bits: number("BitsPerComponent", 8).clamp(1, 16) as usize,
            columns: number("Columns", 1).clamp(1, 1 << 20) as usize,
        },
        early_change: number("EarlyChange", 1) != 0,
    }
}

/// The bytes of a stream that is not a picture, at most `allowed` of them after any filter.
pub(crate) fn stream(stream: &Stream<'_>, allowed: u64) -> Decoded {
    let dict = stream.dict();
    // Data in another file is never read.
    if matches!(
        dict.get::<Object<'_>>("F"),
        Some(Object::String(_) | Object::Dict(_))
    ) {
        return Decoded::NotData;
    }
    raw(stream.raw_data().into_owned(), &steps(dict), allowed)
}

/// Whether a stream surely stays within `allowed`, without decoding it: Deflate gives at most 1032 bytes
/// for one, LZW 1365 (a 12-bit code for a string of at most 4096 bytes), the others no more than 128.
pub(crate) fn surely_within(raw_len: usize, steps: &[Step], allowed: u64) -> bool {
    let mut len = raw_len as u64;
    for step in steps {
        len = len.saturating_mul(match step.filter {
            Filter::Flate => 1_040,
            Filter::Lzw => 2_800,
            Filter::RunLength => 128,
            // `z` stands for four zero bytes.
            Filter::Ascii85 => 4,
            Filter::AsciiHex | Filter::Crypt | Filter::Picture | Filter::Unknown => 1,
        });
        if len > allowed {
            return false;
        }
    }
    true
}

/// Applies `steps` to `data`.
pub(crate) fn raw(data: Vec<u8>, steps: &[Step], allowed: u64) -> Decoded {
    let mut data = data;
    let mut damaged = false;
    for (i, step) in steps.iter().enumerate() {
        let (out, whole) = match step.filter {
            Filter::Crypt if i == 0 => continue,
            Filter::Picture | Filter::Unknown | Filter::Crypt => return Decoded::NotData,
            Filter::AsciiHex => (ascii_hex(&data), true),
            Filter::Ascii85 => (ascii_85(&data), true),
            Filter::RunLength => run_length(&data, allowed),
            Filter::Flate => flate(&data, allowed),
            Filter::Lzw => lzw(&data, step.early_change, allowed),
        };
        if out.len() as u64 > allowed {
            return Decoded::TooLarge;
        }
        damaged |= !whole;
        data = unpredict(out, step.predictor);
    }
    if data.len() as u64 > allowed {
        Decoded::TooLarge
    } else if damaged {
        Decoded::Damaged(data)
    } else {
        Decoded::Whole(data)
    }
}

/// Whether a picture's stream gives at most `allowed` bytes before its picture filter, if it has one.
///
/// A single Deflate stream, which is what pictures have, is counted without being kept.
pub(crate) fn picture_fits(stream: &Stream<'_>, allowed: u64) -> bool {
    let mut steps = steps(stream.dict());
    if let Some(at) = steps.iter().position(|step| step.filter == Filter::Picture) {
        steps.truncate(at);
    }
    let data = stream.raw_data();
    if surely_within(data.len(), &steps, allowed) {
        return true;
    }
    if let [only] = steps.as_slice()
        && only.filter == Filter::Flate
    {
        let mut decoder = flate2::read::ZlibDecoder::new(data.as_ref()).take(allowed + 1);
        let counted = std::io::copy(&mut decoder, &mut std::io::sink());
        // Damaged data ends early; what came before it is within the limit, or the copy would have ended well.
        return counted.is_err() || counted.is_ok_and(|n| n <= allowed);
    }
    raw(data.into_owned(), &steps, allowed) != Decoded::TooLarge
}

fn flate(data: &[u8], allowed: u64) -> (Vec<u8>, bool) {
    let mut out = Vec::new();
    let result = flate2::read::ZlibDecoder::new(data)
        .take(allowed + 1)
        .read_to_end(&mut out);
    if result.is_ok() {
        return (out, true);
    }
    // A damaged zlib header or checksum: the deflated data behind it may still be sound.
    let mut plain = Vec::new();
    let body = data.get(2..).unwrap_or_default();
    for candidate in [body, data] {
        plain.clear();
        let result = flate2::read::DeflateDecoder::new(candidate)
            .take(allowed + 1)
            .read_to_end(&mut plain);
        if result.is_ok() && !plain.is_empty() {
            return (plain, true);
        }
        if plain.len() > out.len() {
            std::mem::swap(&mut plain, &mut out);
        }
    }
    (out, false)
}

fn lzw(data: &[u8], early_change: bool, allowed: u64) -> (Vec<u8>, bool) {
    use weezl::{BitOrder, LzwStatus, decode::Configuration};
    let order = BitOrder::Msb;
    let mut decoder = if early_change {
        Configuration::with_tiff_size_switch(order, 8).build()
    } else {
        Configuration::new(order, 8).build()
    };
    let mut out = Vec::new();
    let mut chunk = vec![0; 16 * 1024];
    let mut rest = data;
    loop {
        let result = decoder.decode_bytes(rest, &mut chunk);
        out.extend_from_slice(chunk.get(..result.consumed_out).unwrap_or_default());
        rest = rest.get(result.consumed_in..).unwrap_or_default();
        if out.len() as u64 > allowed {
            return (out, true);
        }
        match result.status {
            Ok(LzwStatus::Done) => return (out, true),
            Ok(LzwStatus::NoProgress) => return (out, rest.is_empty()),
            Ok(LzwStatus::Ok) if result.consumed_in == 0 && result.consumed_out == 0 => {
                return (out, rest.is_empty());
            }
            Ok(LzwStatus::Ok) => {}
            Err(_) => return (out, false),
        }
    }
}

fn run_length(data: &[u8], allowed: u64) -> (Vec<u8>, bool) {
    let mut out = Vec::new();
    let mut bytes = data.iter().copied();
    while let Some(length) = bytes.next() {
        match length {
            128 => return (out, true),
            0..128 => out.extend(bytes.by_ref().take(usize::from(length) + 1)),
            129.. => match bytes.next() {
                Some(byte) => out.extend(std::iter::repeat_n(byte, 257 - usize::from(length))),
                None => return (out, false),
            },
        }
        if out.len() as u64 > allowed {
            return (out, true);
        }
    }
    (out, true)
}

fn ascii_hex(data: &[u8]) -> Vec<u8> {
    let mut digits = data
        .iter()
        .take_while(|b| **b != b'>')
        .filter_map(|b| char::from(*b).to_digit(16));
    let mut out = Vec::with_capacity(data.len() / 2);
    while let Some(high) = digits.next() {
        out.push((high * 16 + digits.next().unwrap_or(0)) as u8);
    }
    out
}

fn ascii_85(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len() / 5 * 4);
    let mut group: u32 = 0;
    let mut count = 0;
    for byte in data.iter().copied() {
        match byte {
            b'~' => break,
            b'z' if count == 0 => out.extend_from_slice(&[0; 4]),
            b'!'..=b'u' => {
                group = group.wrapping_mul(85).wrapping_add(u32::from(byte - b'!'));
                count += 1;
                if count == 5 {
                    out.extend_from_slice(&group.to_be_bytes());
                    (group, count) = (0, 0);
                }
            }
            _ => {}
        }
    }
    if count > 1 {
        for _ in count..5 {
            group = group.wrapping_mul(85).wrapping_add(84);
        }
        out.extend(group.to_be_bytes().iter().take(count - 1));
    }
    out
}

fn unpredict(data: Vec<u8>, predictor: Predictor) -> Vec<u8> {
    let Predictor {
        kind,
        colors,
        bits,
        columns,
    } = predictor;
    let pixel = (colors * bits).div_ceil(8);
    let row = (colors * bits * columns).div_ceil(8);
    match kind {
        10.. => png(&data, row, pixel),
        2 if bits == 8 => tiff(data, row, pixel),
        _ => data,
    }
}

fn tiff(mut data: Vec<u8>, row: usize, pixel: usize) -> Vec<u8> {
    for line in data.chunks_mut(row) {
        for i in pixel..line.len() {
            let left = line.get(i - pixel).copied().unwrap_or(0);
            if let Some(byte) = line.get_mut(i) {
                *byte = byte.wrapping_add(left);
            }
        }
    }
    data
}

#[expect(
    clippy::indexing_slicing,
    reason = "every index is below the length of the two lines, which are equally long"
)]
fn png(data: &[u8], row: usize, pixel: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len());
    let mut above = vec![0_u8; row];
    for line in data.chunks(row + 1) {
        let Some((filter, values)) = line.split_first() else {
            break;
        };
        let mut current = vec![0_u8; row];
        for (i, value) in values.iter().enumerate() {
            let left = if i >= pixel { current[i - pixel] } else { 0 };
            let up = above[i];
            let corner = if i >= pixel { above[i - pixel] } else { 0 };
            let base = match filter {
                1 => left,
                2 => up,
                3 => u8::midpoint(left, up),
                4 => paeth(left, up, corner),
                _ => 0,
            };
            current[i] = value.wrapping_add(base);
        }
        out.extend(current.iter().take(values.len()));
        above = current;
    }
    out
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let (a, b, c) = (i16::from(left), i16::from(up), i16::from(corner));
    let p = a + b - c;
    let (pa, pb, pc) = ((p - a).abs(), (p - b).abs(), (p - c).abs());
    if pa <= pb && pa <= pc {
        left
    } else if pb <= pc {
        up
    } else {
        corner
    }
}

/// The entries of an array that are names, for callers that look at filters only.
pub(crate) fn filter_names(dict: &Dict<'_>) -> Vec<String> {
    let name = |name: Name<'_>| name.as_str().to_owned();
    match dict
        .get::<Object<'_>>("Filter")
        .or_else(|| dict.get::<Object<'_>>("F"))
    {
        Some(Object::Name(only)) => vec![name(only)],
        Some(Object::Array(array)) => {
            let array: Array<'_> = array;
            array.iter::<Name<'_>>().take(32).map(name).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn plain(filter: Filter) -> Step {
        Step {
            filter,
            predictor: Predictor {
                kind: 1,
                colors: 1,
                bits: 8,
                columns: 1,
            },
            early_change: true,
        }
    }

    fn zeros(len: usize) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&vec![0; len]).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_stream_just_inside_the_limit_is_decoded_and_one_byte_more_is_not() {
        let data = zeros(1000);
        let steps = [plain(Filter::Flate)];
        assert_eq!(
            raw(data.clone(), &steps, 1000),
            Decoded::Whole(vec![0; 1000])
        );
        assert_eq!(raw(data, &steps, 999), Decoded::TooLarge);
    }

    #[test]
    fn what_is_surely_within_is_within() {
        let data = zeros(1_000_000);
        let steps = [plain(Filter::Flate)];
        assert!(surely_within(data.len(), &steps, 1_040 * data.len() as u64));
        assert!(
            raw(data.clone(), &steps, 1_040 * data.len() as u64)
                .bytes()
                .is_some()
        );
        assert!(!surely_within(
            data.len(),
            &[plain(Filter::Flate), plain(Filter::Flate)],
            1 << 20
        ));
    }

    #[test]
    fn the_text_filters_agree_with_the_standard() {
        assert_eq!(ascii_hex(b"48 65 6C 6c 6F 7>"), b"Hellop");
        assert_eq!(ascii_85(b"87cURD]i,\"Ebo80~>"), b"Hello World!");
        assert_eq!(
            run_length(&[2, b'a', b'b', b'c', 254, b'x', 128, 9], 99).0,
            b"abcxxx"
        );
    }

    #[test]
    fn a_cut_stream_gives_what_came_before() {
        let mut data = zeros(50_000);
        data.truncate(data.len() - 8);
        assert!(
            matches!(raw(data, &[plain(Filter::Flate)], 1 << 20), Decoded::Damaged(out) if !out.is_empty())
        );
    }

    #[test]
    fn png_rows_are_unpredicted() {
        // Up (2): the second row adds to the first.
        assert_eq!(png(&[0, 1, 2, 2, 1, 1], 2, 1), [1, 2, 2, 3]);
    }
}
