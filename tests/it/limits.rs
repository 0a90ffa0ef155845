//! Each limit of an inspection in pairs: a file just inside is read whole, one just outside is told so.

use juanzong::{
    inspect::{Inspection, facts::Opening, inspect},
    limits::Limits,
    units::ByteLen,
};

use crate::support::raw_pdf::{PageSpec, RawPdf};

fn met(bytes: &[u8], limits: Limits) -> Vec<String> {
    read(bytes, limits)
        .limits_met
        .into_iter()
        .map(|met| met.limit)
        .collect()
}

fn read(bytes: &[u8], limits: Limits) -> Inspection {
    inspect(bytes.to_vec(), &limits)
}

fn one_page(content: &str) -> Vec<u8> {
    RawPdf::one_page(
        content,
        "/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>",
    )
}

/// `inside` meets no limit; with `outside` in force the limit `name` is met.
fn pair(bytes: &[u8], name: &str, inside: Limits, outside: Limits) {
    assert_eq!(met(bytes, inside), Vec::<String>::new(), "{name}, inside");
    assert!(
        met(bytes, outside).iter().any(|met| met == name),
        "{name}, outside: {:?}",
        met(bytes, outside)
    );
}

#[test]
fn file_bytes() {
    let file = one_page("q Q");
    let at = |n: usize| Limits {
        file_bytes: ByteLen(n as u64),
        ..Limits::DEFAULT
    };
    pair(&file, "file_bytes", at(file.len()), at(file.len() - 1));
}

#[test]
fn pages() {
    let file = RawPdf::pages(&[PageSpec::default(); 3]);
    let at = |pages| Limits {
        pages,
        ..Limits::DEFAULT
    };
    pair(&file, "pages", at(3), at(2));
    assert_eq!(read(&file, at(2)).pages.len(), 2);
}

#[test]
fn objects() {
    let mut pdf = RawPdf::new();
    let loose: Vec<String> = (0..100)
        .map(|_| format!("{} 0 R", pdf.add("<< /A 1 >>")))
        .collect();
    let root = pdf.add_pages(&[PageSpec::default()], &format!("/X [{}]", loose.join(" ")));
    let file = pdf.finish(root);
    let at = |objects| Limits {
        objects,
        ..Limits::DEFAULT
    };
    pair(&file, "objects", at(110), at(99));
}

#[test]
fn depth_of_objects() {
    let file = |depth: usize| {
        let mut pdf = RawPdf::new();
        let nested = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let root = pdf.add_pages(&[PageSpec::default()], &format!("/X {nested}"));
        pdf.finish(root)
    };
    assert_eq!(met(&file(60), Limits::DEFAULT), Vec::<String>::new());
    assert_eq!(met(&file(70), Limits::DEFAULT), ["depth"]);
}

#[test]
fn depth_of_forms() {
    // A form that shows a form that shows a form …
    let file = |depth: usize| {
        let mut pdf = RawPdf::new();
        let mut inner = pdf.stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9]", b"q Q");
        for _ in 1..depth {
            let dict = format!(
                "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F {inner} 0 R >> >>"
            );
            inner = pdf.stream(&dict, b"/F Do");
        }
        let resources = format!("/XObject << /F {inner} 0 R >>");
        let page = PageSpec {
            content: "/F Do",
            resources: &resources,
            ..PageSpec::default()
        };
        let root = pdf.add_pages(&[page], "");
        pdf.finish(root)
    };
    let limits = Limits {
        depth: 10,
        ..Limits::DEFAULT
    };
    assert_eq!(met(&file(10), limits), Vec::<String>::new());
    assert_eq!(met(&file(11), limits), ["depth"]);
}

#[test]
fn decoded_content_bytes() {
    let file = one_page(&" ".repeat(5_000));
    let at = |n| Limits {
        decoded_content_bytes: ByteLen(n),
        ..Limits::DEFAULT
    };
    pair(&file, "decoded_content_bytes", at(5_002), at(4_999));
}

#[test]
fn decoded_total_bytes() {
    let long = " ".repeat(5_000);
    let page = PageSpec {
        content: &long,
        ..PageSpec::default()
    };
    let file = RawPdf::pages(&[page; 4]);
    let at = |n| Limits {
        decoded_total_bytes: ByteLen(n),
        ..Limits::DEFAULT
    };
    pair(&file, "decoded_total_bytes", at(25_000), at(18_000));
}

#[test]
fn page_and_total_operators() {
    let content = "q Q ".repeat(500);
    let page = PageSpec {
        content: &content,
        ..PageSpec::default()
    };
    let file = RawPdf::pages(&[page; 3]);
    let at = |page_operators, total_operators| Limits {
        page_operators,
        total_operators,
        ..Limits::DEFAULT
    };
    pair(&file, "page_operators", at(1_000, 9_000), at(999, 9_000));
    pair(&file, "total_operators", at(1_000, 3_000), at(1_000, 2_999));
}

#[test]
fn noted_items() {
    let lines: String = (0..50)
        .map(|i| format!("BT /F1 9 Tf 50 {} Td (a) Tj ET ", i * 15))
        .collect();
    let file = one_page(&lines);
    let at = |noted_items| Limits {
        noted_items,
        ..Limits::DEFAULT
    };
    pair(&file, "noted_items", at(50), at(49));
}

#[test]
fn image_pixels() {
    let mut pdf = RawPdf::new();
    let image = pdf.stream(
        "/Type /XObject /Subtype /Image /Width 100 /Height 50 /ColorSpace /DeviceGray /BitsPerComponent 8",
        &[0; 5_000],
    );
    let resources = format!("/XObject << /I {image} 0 R >>");
    let page = PageSpec {
        content: "100 0 0 50 0 0 cm /I Do",
        resources: &resources,
        ..PageSpec::default()
    };
    let root = pdf.add_pages(&[page], "");
    let file = pdf.finish(root);
    let at = |image_pixels| Limits {
        image_pixels,
        ..Limits::DEFAULT
    };
    pair(&file, "image_pixels", at(5_000), at(4_999));
}

#[test]
fn bombs_are_answered_at_once() {
    // Forms that show ten forms each, ten levels deep: ten thousand million operators.
    let mut pdf = RawPdf::new();
    let mut inner = pdf.stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9]", b"q Q");
    for _ in 0..10 {
        let dict = format!(
            "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F {inner} 0 R >> >>"
        );
        inner = pdf.stream(&dict, &b"/F Do ".repeat(10));
    }
    let resources = format!("/XObject << /F {inner} 0 R >>");
    let page = PageSpec {
        content: "/F Do",
        resources: &resources,
        ..PageSpec::default()
    };
    let root = pdf.add_pages(&[page], "");
    let inspection = read(&pdf.finish(root), Limits::DEFAULT);
    assert_eq!(inspection.opening, Opening::Opened);
    // A run that ended exactly at the limit once went on to be drawn, for hours.
    assert_eq!(inspection.limits_met[0].limit, "page_operators");
    assert!(inspection.pages[0].legibility.is_none());
}

#[test]
fn a_picture_that_unpacks_to_more_than_its_size_is_not_drawn() {
    let file = |bytes: usize| {
        let mut pdf = RawPdf::new();
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, &vec![0; bytes]).unwrap();
        let data = encoder.finish().unwrap();
        let image = pdf.stream(
            "/Type /XObject /Subtype /Image /Width 10 /Height 10 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode",
            &data,
        );
        let resources = format!("/XObject << /I {image} 0 R >>");
        let page = PageSpec {
            content: "100 0 0 50 0 0 cm /I Do",
            resources: &resources,
            ..PageSpec::default()
        };
        let root = pdf.add_pages(&[page], "");
        pdf.finish(root)
    };
    assert_eq!(met(&file(4 << 20), Limits::DEFAULT), Vec::<String>::new());
    assert_eq!(
        met(&file((4 << 20) + 1), Limits::DEFAULT),
        ["decoded_stream_bytes"]
    );
}

#[test]
fn measured_pixels() {
    let file = RawPdf::pages(&[PageSpec::default(); 3]);
    // An A4 page drawn at 100 dpi has 967 000 pixels, which count three times.
    let at = |measured_pixels, measured_page_pixels| Limits {
        measured_pixels,
        measured_pixels_per_byte: 0,
        measured_page_pixels,
        ..Limits::DEFAULT
    };
    let measured = |limits| {
        let inspection = read(&file, limits);
        assert!(inspection.limits_met.is_empty());
        let pages = inspection.pages.iter();
        pages.filter(|page| page.legibility.is_some()).count()
    };
    assert_eq!(measured(at(9_000_000, 3_000_000)), 3);
    assert_eq!(measured(at(8_400_000, 3_000_000)), 2);
    assert_eq!(measured(at(9_000_000, 2_880_000)), 0);
}

#[test]
fn measured_pixels_per_byte() {
    let file = RawPdf::pages(&[PageSpec::default()]);
    // One A4 page at 100 dpi: 967 000 pixels, which count three times.
    let at = |measured_pixels_per_byte| Limits {
        measured_pixels: 0,
        measured_pixels_per_byte,
        ..Limits::DEFAULT
    };
    let needed = 2_901_000_u64.div_ceil(file.len() as u64);
    let measured = |limits| read(&file, limits).pages[0].legibility.is_some();
    assert!(measured(at(needed + 1)));
    assert!(!measured(at(needed - 10)));
}

#[test]
fn measured_pixels_at_most() {
    let file = RawPdf::pages(&[PageSpec::default(); 2]);
    let measured = |measured_pixels_at_most| {
        let limits = Limits {
            measured_pixels_at_most,
            ..Limits::DEFAULT
        };
        let pages = read(&file, limits).pages;
        pages
            .iter()
            .filter(|page| page.legibility.is_some())
            .count()
    };
    // Two A4 pages of 2 900 213.
    assert_eq!(measured(5_801_000), 2);
    assert_eq!(measured(5_799_000), 1);
}

#[test]
fn drawn_page_bytes() {
    // Three soft masks on an A4 page: five pictures of 967 000 pixels and four bytes.
    let mut pdf = RawPdf::new();
    let group = pdf.stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 99 99] /Group << /S /Transparency /CS /DeviceGray >>",
        b"0.5 g 0 0 99 99 re f",
    );
    let resources =
        format!("/ExtGState << /M << /SMask << /Type /Mask /S /Luminosity /G {group} 0 R >> >> >>");
    let page = PageSpec {
        content: "q /M gs 0 0 50 50 re f Q q /M gs 50 0 50 50 re f Q q /M gs 0 50 50 50 re f Q",
        resources: &resources,
        ..PageSpec::default()
    };
    let root = pdf.add_pages(&[page], "");
    let file = pdf.finish(root);
    let measured = |bytes| {
        let limits = Limits {
            drawn_page_bytes: ByteLen(bytes),
            ..Limits::DEFAULT
        };
        read(&file, limits).pages[0].legibility.is_some()
    };
    assert!(measured(19_400_000));
    assert!(!measured(19_300_000));
}

/// One page with a picture of a thousand by a thousand pixels in this filter.
fn picture(filter: &str, parameters: &str, data: &[u8]) -> Vec<u8> {
    let mut pdf = RawPdf::new();
    let image = pdf.stream(
        &format!(
            "/Type /XObject /Subtype /Image /Width 1000 /Height 1000 /ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /{filter} {parameters}"
        ),
        data,
    );
    let resources = format!("/XObject << /I {image} 0 R >>");
    let page = PageSpec {
        content: "500 0 0 500 20 20 cm /I Do",
        resources: &resources,
        ..PageSpec::default()
    };
    let root = pdf.add_pages(&[page], "");
    pdf.finish(root)
}

#[test]
fn each_picture_filter_is_spent_by_what_it_costs() {
    // All-white CCITT lines are one bit each; a JBIG2 region and a JPEG 2000 without data still have their pixels.
    let ccitt = picture(
        "CCITTFaxDecode",
        "/DecodeParms << /K -1 /Columns 1000 /Rows 1000 >>",
        &[0xFF; 125],
    );
    let jbig2 = picture("JBIG2Decode", "", &[0; 64]);
    let jpx = picture("JPXDecode", "", b"\xFF\x4F\xFF\x51");
    // The page drawn counts 2 900 213 pixels.
    for (file, pixels) in [(ccitt, 1_000_000), (jbig2, 2_000_000), (jpx, 2_000_000)] {
        let measured = |measured_page_pixels| {
            let limits = Limits {
                measured_page_pixels,
                ..Limits::DEFAULT
            };
            read(&file, limits).pages[0].legibility.is_some()
        };
        assert!(measured(2_901_000 + pixels));
        assert!(!measured(2_899_000 + pixels));
        let at = |image_pixels| Limits {
            image_pixels,
            ..Limits::DEFAULT
        };
        pair(&file, "image_pixels", at(1_000_000), at(999_999));
    }
}

/// Where the pair of each limit stands; a limit without a line here fails the test below.
const PAIRS: &[(&str, &str)] = &[
    (
        "recognise_deadline_ms",
        "a_confined_program_sees_its_input_and_nothing_else",
    ),
    (
        "recognise_memory",
        "a_confined_program_has_its_memory_and_no_more",
    ),
    ("recognised_pages", "recognised_pages"),
    ("file_bytes", "file_bytes"),
    ("pages", "pages"),
    ("objects", "objects"),
    ("depth", "depth_of_objects"),
    (
        "decoded_stream_bytes",
        "a_picture_that_unpacks_to_more_than_its_size_is_not_drawn",
    ),
    ("decoded_content_bytes", "decoded_content_bytes"),
    ("decoded_total_bytes", "decoded_total_bytes"),
    ("image_pixels", "image_pixels"),
    ("page_operators", "page_and_total_operators"),
    ("total_operators", "page_and_total_operators"),
    ("measured_pixels", "measured_pixels"),
    ("measured_pixels_per_byte", "measured_pixels_per_byte"),
    ("measured_pixels_at_most", "measured_pixels_at_most"),
    ("measured_page_pixels", "measured_pixels"),
    ("drawn_page_bytes", "drawn_page_bytes"),
    ("noted_items", "noted_items"),
    (
        "worker_memory",
        "each_limit_of_a_worker_just_inside_and_just_outside",
    ),
    (
        "worker_cpu_seconds",
        "each_limit_of_a_worker_just_inside_and_just_outside",
    ),
    (
        "inspect_deadline_ms",
        "each_limit_of_a_worker_just_inside_and_just_outside",
    ),
    // The same deadline of the pool, by started hundreds of pages.
    (
        "bind_deadline_ms_per_100_pages",
        "each_limit_of_a_worker_just_inside_and_just_outside",
    ),
    (
        "answer_bytes",
        "each_limit_of_a_worker_just_inside_and_just_outside",
    ),
];

#[test]
fn every_limit_has_its_pair() {
    let limits = serde_json::to_value(Limits::DEFAULT).unwrap();
    let tests = concat!(
        include_str!("limits.rs"),
        include_str!("sandbox.rs"),
        include_str!("../../src/recognise/mod.rs")
    );
    for name in limits.as_object().unwrap().keys() {
        let pair = PAIRS.iter().find(|(limit, _)| limit == name);
        let (_, test) = pair.unwrap_or_else(|| panic!("`{name}` has no pair of tests"));
        assert!(
            tests.contains(&format!("fn {test}()")),
            "no test `{test}` of `{name}`"
        );
    }
    assert_eq!(limits.as_object().unwrap().len(), PAIRS.len());
}
