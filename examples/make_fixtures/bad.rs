//! One bad twin for each first check: each file shows one fault only.

use std::path::Path;

use serde_json::json;

use crate::{
    chsi::{self, Report},
    raw_pdf::{PageSpec, RawPdf},
    sample::Pages,
    scan::{self, Scanner},
    text_font::Embedding,
    write,
};

pub fn make(fixtures: &Path) {
    let folder = fixtures.join("bad");
    let put = |name: &str, bytes: &[u8]| write(&folder.join(name), bytes);
    let pages = Pages::open();
    let none = json!({});
    let scanned = |name: &str, scanner: Scanner| pages.scanned(name, &none, scanner);

    let mut small = Scanner::new(31).dpi(100.0);
    small.quality = 40;
    let picture = scanned("commitment", small).remove(0);
    put("not-a-pdf.pdf", &picture.jpeg);

    let whole = scan::to_pdf(&[picture]);
    put("truncated.pdf", &whole[..whole.len() * 6 / 10]);

    let letter = "BT /F1 20 Tf 72 700 Td (Annual assessment, sample) Tj ET";
    let font = "/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>";
    let page = PageSpec {
        content: letter,
        resources: font,
        ..PageSpec::default()
    };
    put("encrypted.pdf", &encrypted(letter, b"sample"));

    let mut pdf = RawPdf::new();
    let action = pdf.add("<< /Type /Action /S /JavaScript /JS (app.alert\\(\"sample\"\\);) >>");
    let root = pdf.add_pages(&[page], &format!("/OpenAction {action} 0 R"));
    put("javascript.pdf", &pdf.finish(root));

    let us = PageSpec {
        media_box: "0 0 612 792",
        ..page
    };
    put("letter-paper.pdf", &RawPdf::pages(&[us]));

    // text that runs up an upright sheet; `/Rotate 90` shows it as a landscape page, so nothing is wrong
    let turned = "BT /F1 20 Tf 0 1 -1 0 300 120 Tm (Landscape table, shown upright by /Rotate) Tj ET 0.8 w 60 60 475 720 re S";
    let turned = PageSpec {
        content: turned,
        extra: "/Rotate 90",
        ..page
    };
    put("good-a4-rotate-90.pdf", &RawPdf::pages(&[turned]));
    // the same text without `/Rotate`: it lies on its side
    let lying = PageSpec {
        extra: "",
        ..turned
    };
    put("lying-on-its-side.pdf", &RawPdf::pages(&[lying]));
    // an upright scan that `/Rotate 180` turns upside down
    let mut low = Scanner::new(33).dpi(150.0);
    low.quality = 35;
    put(
        "upside-down.pdf",
        &scan::to_pdf_turned(&scanned("commitment", low), 180),
    );

    let mut coarse = Scanner::new(34).dpi(60.0);
    coarse.quality = 60;
    put(
        "scan-60-dpi.pdf",
        &scan::to_pdf(&scanned("commitment", coarse)),
    );

    let mut soft = Scanner::new(35);
    soft.blur_px = 4;
    soft.quality = 50;
    put(
        "scan-blurred.pdf",
        &scan::to_pdf(&scanned("commitment", soft)),
    );

    let blank = PageSpec::default();
    put("blank-page.pdf", &RawPdf::pages(&[page, blank]));

    let report = Report {
        title: "教育部学历证书电子注册备案表",
        updated: "更新日期：2024年03月02日",
        rows: &chsi::education_rows(),
        code: "ASAMPLE0K7Q2M9X4",
        notes: chsi::NOTES,
        embedding: Embedding::Named,
        photo: false,
    };
    put("expired-report.pdf", &chsi::report(&report));
}

/// Encrypted with RC4, 40 bit: it opens with the password `user`, and without one when that is empty.
pub(crate) fn encrypted(content: &str, user: &[u8]) -> Vec<u8> {
    const PAD: [u8; 32] = *b"\x28\xBF\x4E\x5E\x4E\x75\x8A\x41\x64\x00\x4E\x56\xFF\xFA\x01\x08\x2E\x2E\x00\xB6\xD0\x68\x3E\x80\x2F\x0C\xA9\xFE\x64\x53\x69\x7A";
    let padded =
        |password: &[u8]| -> Vec<u8> { password.iter().chain(&PAD).take(32).copied().collect() };
    let id = b"juanzong-sample!";
    let permissions: i32 = -4;
    // ISO 32000-1, 7.6.3: algorithms 3 (O), 2 (key), 4 (U) and 1 (each stream), revision 2
    let owner = rc4(&md5(&padded(b"owner"))[..5], &padded(user));
    let mut seed = padded(user);
    seed.extend(&owner);
    seed.extend(permissions.to_le_bytes());
    seed.extend(id);
    let key = md5(&seed)[..5].to_vec();
    let user = rc4(&key, &PAD);
    let hex = |bytes: &[u8]| data_encoding::HEXUPPER.encode(bytes);

    let mut pdf = RawPdf::new();
    pdf.version("1.4");
    let number = 1_u32;
    let mut object_key = key.clone();
    object_key.extend(&number.to_le_bytes()[..3]);
    object_key.extend([0, 0]);
    let content = rc4(&md5(&object_key)[..10], content.as_bytes());
    let content = pdf.stream("", &content);
    assert_eq!(content, number as usize);
    let tree = pdf.reserve();
    let page = pdf.add(format!("<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 595.276 841.89] /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> /Contents {content} 0 R >>"));
    pdf.set(
        tree,
        format!("<< /Type /Pages /Kids [{page} 0 R] /Count 1 >>"),
    );
    let root = pdf.add(format!("<< /Type /Catalog /Pages {tree} 0 R >>"));
    let encrypt = pdf.add(format!(
        "<< /Filter /Standard /V 1 /R 2 /O <{}> /U <{}> /P {permissions} >>",
        hex(&owner),
        hex(&user)
    ));
    pdf.trailer(&format!(
        "/Encrypt {encrypt} 0 R /ID [<{0}> <{0}>]",
        hex(id)
    ));
    pdf.finish(root)
}

fn rc4(key: &[u8], data: &[u8]) -> Vec<u8> {
    let mut state: Vec<u8> = (0..=255).collect();
    let mut j = 0_usize;
    for i in 0..256 {
        j = (j + usize::from(state[i]) + usize::from(key[i % key.len()])) % 256;
        state.swap(i, j);
    }
    let (mut i, mut j) = (0_usize, 0_usize);
    data.iter()
        .map(|byte| {
            i = (i + 1) % 256;
            j = (j + usize::from(state[i])) % 256;
            state.swap(i, j);
            byte ^ state[(usize::from(state[i]) + usize::from(state[j])) % 256]
        })
        .collect()
}

/// MD5 (RFC 1321), which only this old encryption still needs.
fn md5(message: &[u8]) -> [u8; 16] {
    let turns = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
    let mut state = [0x6745_2301_u32, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476];
    let mut data = message.to_vec();
    data.push(0x80);
    while data.len() % 64 != 56 {
        data.push(0);
    }
    data.extend((message.len() as u64 * 8).to_le_bytes());
    for block in data.chunks(64) {
        let words: Vec<u32> = block
            .chunks(4)
            .map(|word| u32::from_le_bytes(word.try_into().unwrap()))
            .collect();
        let [mut a, mut b, mut c, mut d] = state;
        for i in 0..64 {
            let (f, word) = match i / 16 {
                0 => ((b & c) | (!b & d), i),
                1 => ((d & b) | (!d & c), (5 * i + 1) % 16),
                2 => (b ^ c ^ d, (3 * i + 5) % 16),
                _ => (c ^ (b | !d), (7 * i) % 16),
            };
            let constant = (f64::from(i as u32 + 1).sin().abs() * 4_294_967_296.0) as u32;
            let sum = a
                .wrapping_add(f)
                .wrapping_add(constant)
                .wrapping_add(words[word]);
            let turn = turns[i / 16 * 4 + i % 4];
            (a, d, c, b) = (d, c, b, b.wrapping_add(sum.rotate_left(turn)));
        }
        for (total, part) in state.iter_mut().zip([a, b, c, d]) {
            *total = total.wrapping_add(part);
        }
    }
    let bytes: Vec<u8> = state.iter().flat_map(|word| word.to_le_bytes()).collect();
    bytes.try_into().unwrap()
}
