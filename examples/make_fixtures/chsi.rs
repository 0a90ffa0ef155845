//! 学信网 reports in the layout of since about 2022 (DOMAIN §1.2, generation c), written object by object.
//!
//! They imitate the places and words a reader must find; the people, numbers and codes are invented, and the page says it is a sample.

use std::fmt::Write as _;

use image::{ExtendedColorType, RgbImage, codecs::jpeg::JpegEncoder};

use crate::{
    raw_pdf::RawPdf,
    text_font::{Embedding, HEI, SONG, TextFont},
};

/// One report.
#[derive(Clone)]
pub struct Report<'a> {
    pub title: &'a str,
    /// The line below the title, for example `更新日期：2024年7月12日`; empty for none.
    pub updated: &'a str,
    /// Label and value, top to bottom; a value with a line break wraps.
    pub rows: &'a [(&'a str, &'a str)],
    /// 在线验证码
    pub code: &'a str,
    /// 注意事项
    pub notes: &'a [&'a str],
    pub embedding: Embedding,
    /// Whether there is a photograph.
    pub photo: bool,
}

/// 注意事项 of the current reports.
pub const NOTES: &[&str] = &[
    "1、本报告是夹具样本，其中的姓名、编号和验证码均为虚构，不能用于任何验证。",
    "2、报告内容如有修改，请以最新在线验证的内容为准。",
    "3、未经本人同意，不得将本报告用于违背本人意愿之用途。",
    "4、报告在线验证有效期由报告权属人设置（1～6个月），报告权属人可在报告到期前再次延长验证有效期。",
];

/// 教育部学历证书电子注册备案表 of the sample's applicant.
pub fn education_rows() -> [(&'static str, &'static str); 14] {
    [
        ("姓名", "沈知远"),
        ("性别", "男"),
        ("出生日期", "1992年04月18日"),
        ("入学日期", "2011年09月01日"),
        ("毕（结）业日期", "2015年06月20日"),
        ("学校名称", "苏北理工大学"),
        ("专业", "化学工程与工艺"),
        ("学制", "4 年"),
        ("层次", "本科"),
        ("学历类别", "普通高等教育"),
        ("学习形式", "普通全日制"),
        ("毕（结）业", "毕业"),
        ("证书编号", "993201201505001234"),
        ("校（院）长姓名", "顾维桢"),
    ]
}

/// 中国高等教育学位在线验证报告 of the sample's applicant.
pub fn degree_rows() -> [(&'static str, &'static str); 8] {
    [
        ("姓名", "沈知远"),
        ("性别", "男"),
        ("出生日期", "1992年04月18日"),
        ("获学位日期", "2015年06月20日"),
        ("学位授予单位", "苏北理工大学"),
        ("所授学位", "工学学士学位"),
        ("学科/专业", "化学工程与工艺"),
        ("学位证书编号", "9932042015001234"),
    ]
}

/// Writes the report.
pub fn report(report: &Report<'_>) -> Vec<u8> {
    let mut pdf = RawPdf::new();
    pdf.version("1.6");
    let mut letters: String = report.rows.iter().flat_map(|(a, b)| [*a, *b]).collect();
    letters += &[report.title, report.updated, report.code].concat();
    letters += &report.notes.concat();
    letters += HINTS.concat().as_str();
    let song = TextFont::add(&mut pdf, report.embedding, SONG, "SimSun", &letters);
    let hei = TextFont::add(&mut pdf, report.embedding, HEI, "SimHei", &letters);
    let latin = pdf.add(
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
    );
    let ground = background(&mut pdf);
    let photo = portrait(&mut pdf);
    let code_image = qr(&mut pdf, report.code);

    let mut content = String::from("q 595 0 0 842 0 0 cm /Bg Do Q\n");
    let centred = |font: &TextFont, text: &str, size: f64| 297.5 - font.width(text) * size / 2.0;
    let mut show =
        |name: &str, font: &TextFont, size: f64, x: f64, y: f64, grey: f64, text: &str| {
            let string = font.string(text);
            let _ = writeln!(
                content,
                "BT /{name} {size} Tf {grey} g 1 0 0 1 {x:.2} {y:.2} Tm {string} Tj ET"
            );
        };
    show(
        "H",
        &hei,
        18.0,
        centred(&hei, report.title, 18.0),
        770.0,
        0.0,
        report.title,
    );
    if !report.updated.is_empty() {
        let x = centred(&song, report.updated, 10.0);
        show("S", &song, 10.0, x, 745.0, 0.35, report.updated);
    }
    let mut y = 710.0;
    for (label, value) in report.rows {
        show("S", &song, 11.0, 60.0, y, 0.4, label);
        for (n, line) in value.split('\n').enumerate() {
            if n > 0 {
                y -= 16.0;
            }
            show("S", &song, 11.0, 179.0, y, 0.0, line);
        }
        y -= 28.0;
    }
    show("S", &song, 10.0, 140.0, 200.0, 0.2, HINTS[0]);
    show("S", &song, 9.0, 140.0, 150.0, 0.4, HINTS[1]);
    show("S", &song, 9.0, 140.0, 136.0, 0.4, HINTS[2]);
    show("S", &song, 9.0, 60.0, 110.0, 0.2, HINTS[3]);
    let mut y = 96.0;
    for note in report.notes {
        show("S", &song, 7.5, 60.0, y, 0.45, note);
        y -= 13.0;
    }
    let spaced = report.code.to_owned();
    let _ = writeln!(
        content,
        "BT /L 14 Tf 0 g 1 0 0 1 140 173 Tm ({spaced}) Tj ET"
    );
    let _ = writeln!(content, "0.75 G 0.6 w 56 124 483 98 re S");
    let _ = writeln!(content, "q 68 0 0 68 62 140 cm /Qr Do Q");
    if report.photo {
        let _ = writeln!(content, "q 79.5 0 0 106 440 600 cm /Ph Do Q");
    }
    let resources = format!(
        "/Font << /S {} 0 R /H {} 0 R /L {latin} 0 R >> /XObject << /Bg {ground} 0 R /Ph {photo} 0 R /Qr {code_image} 0 R >>",
        song.object, hei.object
    );
    let tree = pdf.reserve();
    let content = pdf.stream("", content.as_bytes());
    let page = pdf.add(format!(
        "<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 595 842] /Resources << {resources} >> /Contents {content} 0 R >>"
    ));
    pdf.set(
        tree,
        format!("<< /Type /Pages /Kids [{page} 0 R] /Count 1 >>"),
    );
    let info =
        pdf.add("<< /Producer (SampleReport 2.1) /CreationDate (D:20240712101500+08'00') >>");
    pdf.trailer(&format!("/Info {info} 0 R"));
    let root = pdf.add(format!("<< /Type /Catalog /Pages {tree} 0 R >>"));
    pdf.finish(root)
}

const HINTS: [&str; 4] = [
    "在线验证码",
    "①登录网址：https://www.chsi.com.cn/xlcx/bgcx.jsp，输入在线验证码进行查验",
    "②使用学信网App扫描左侧二维码进行查验",
    "注意事项：",
];

/// The pale full-page picture behind the text, 150 dpi.
fn background(pdf: &mut RawPdf) -> usize {
    let mut image = RgbImage::new(1241, 1754);
    for (x, y, pixel) in image.enumerate_pixels_mut() {
        let wave = ((x as f32 * 0.025).sin() + (y as f32 * 0.02 + x as f32 * 0.006).cos()) * 2.0;
        pixel.0 = [246, 250, 253].map(|base: u8| (f32::from(base) + wave).clamp(0.0, 255.0) as u8);
    }
    add_jpeg(pdf, &image, 40)
}

/// A photograph of nobody: head and shoulders before blue.
pub fn portrait(pdf: &mut RawPdf) -> usize {
    let (width, height) = (240_u32, 320_u32);
    let mut image = RgbImage::new(width, height);
    let inside = |x: f32, y: f32, cx: f32, cy: f32, rx: f32, ry: f32| {
        ((x - cx) / rx).powi(2) + ((y - cy) / ry).powi(2) < 1.0
    };
    for (x, y, pixel) in image.enumerate_pixels_mut() {
        let (x, y) = (x as f32, y as f32);
        pixel.0 = if inside(x, y, 120.0, 140.0, 52.0, 68.0) && y > 108.0 {
            [238, 200, 170]
        } else if inside(x, y, 120.0, 122.0, 60.0, 66.0) && y < 150.0 {
            [30, 27, 26]
        } else if inside(x, y, 120.0, 230.0, 26.0, 44.0) {
            [226, 184, 152]
        } else if inside(x, y, 120.0, 350.0, 118.0, 112.0) {
            if (x - 120.0).abs() < (y - 240.0) * 0.45 {
                [246, 246, 246]
            } else {
                [40, 50, 68]
            }
        } else {
            [74, 144, 214]
        };
    }
    add_jpeg(pdf, &image, 78)
}

fn add_jpeg(pdf: &mut RawPdf, image: &RgbImage, quality: u8) -> usize {
    let (width, height) = image.dimensions();
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, quality)
        .encode(image.as_raw(), width, height, ExtendedColorType::Rgb8)
        .unwrap();
    pdf.stream(
        &format!("/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode"),
        &jpeg,
    )
}

/// The code's address as QR, one bit a pixel.
fn qr(pdf: &mut RawPdf, code: &str) -> usize {
    let url = format!("https://www.chsi.com.cn/xlcx/bg.do?vcode={code}&srcid=bgcx");
    let symbol = qrcode::QrCode::with_error_correction_level(url, qrcode::EcLevel::M).unwrap();
    let (modules, colours) = (symbol.width(), symbol.to_colors());
    let (scale, quiet) = (4, 2);
    let side = (modules + 2 * quiet) * scale;
    let mut bits = vec![0xFF_u8; side.div_ceil(8) * side];
    for (y, x) in (0..side).flat_map(|y| (0..side).map(move |x| (y, x))) {
        let (mx, my) = (
            (x / scale).wrapping_sub(quiet),
            (y / scale).wrapping_sub(quiet),
        );
        if mx < modules && my < modules && colours[my * modules + mx] == qrcode::Color::Dark {
            bits[y * side.div_ceil(8) + x / 8] &= !(0x80 >> (x % 8));
        }
    }
    pdf.stream(
        &format!("/Type /XObject /Subtype /Image /Width {side} /Height {side} /ColorSpace /DeviceGray /BitsPerComponent 1"),
        &bits,
    )
}
