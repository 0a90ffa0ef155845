//! Unicode from character codes for the predefined CMaps of Chinese documents (ISO 32000-2, 9.7.5.2, table 116).
//!
//! Chinese government PDFs use these without `ToUnicode`: the code itself says the character.

/// How the codes of a predefined CMap are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Codes {
    /// UTF-16BE (`UniGB-UCS2-H`, `UniGB-UTF16-H` and their like for other collections).
    Utf16,
    /// UTF-8.
    Utf8,
    /// UTF-32BE.
    Utf32,
    /// GBK or GB 2312 (`GBK-EUC-H`, `GBKp-EUC-H`, `GB-EUC-H`, `GBpc-EUC-H`).
    Gbk,
    /// GB 18030 (`GBK2K-H`, `GB18030`).
    Gb18030,
    /// Big5 (`ETen-B5-H`, `B5pc-H`, `HKscs-B5-H`).
    Big5,
    /// Shift_JIS (`90ms-RKSJ-H` and others).
    ShiftJis,
    /// EUC-KR and its extension (`KSCms-UHC-H`, `KSC-EUC-H`).
    EucKr,
}

impl Codes {
    /// The reading for the CMap with this name, `None` when the codes are no characters (`Identity-H`).
    pub(crate) fn of(name: &str) -> Option<Codes> {
        let base = name
            .strip_suffix("-H")
            .or_else(|| name.strip_suffix("-V"))
            .unwrap_or(name);
        let base = base.strip_suffix("-HW").unwrap_or(base);
        if base.starts_with("Uni") {
            return if base.contains("UTF8") {
                Some(Codes::Utf8)
            } else if base.contains("UTF32") {
                Some(Codes::Utf32)
            } else {
                Some(Codes::Utf16)
            };
        }
        match base {
            "GBK-EUC" | "GBKp-EUC" | "GB-EUC" | "GBpc-EUC" => Some(Codes::Gbk),
            "GBK2K" | "GB18030" => Some(Codes::Gb18030),
            "ETen-B5" | "ETenms-B5" | "B5pc" | "HKscs-B5" => Some(Codes::Big5),
            "90ms-RKSJ" | "90msp-RKSJ" | "90pv-RKSJ" | "83pv-RKSJ" | "Ext-RKSJ" | "Add-RKSJ" => {
                Some(Codes::ShiftJis)
            }
            "KSCms-UHC" | "KSC-EUC" | "KSCpc-EUC" => Some(Codes::EucKr),
            _ => None,
        }
    }

    /// The character of `code`, which was read from `len` bytes.
    pub(crate) fn character(self, code: u32, len: usize) -> Option<char> {
        let all = code.to_be_bytes();
        let bytes = all.get(4_usize.saturating_sub(len)..)?;
        match self {
            Codes::Utf16 => match len {
                4 => char::decode_utf16([(code >> 16) as u16, (code & 0xFFFF) as u16])
                    .next()?
                    .ok(),
                _ => char::from_u32(code),
            },
            Codes::Utf32 => char::from_u32(code),
            Codes::Utf8 => std::str::from_utf8(bytes).ok()?.chars().next(),
            Codes::Gbk => decode(encoding_rs::GBK, bytes),
            Codes::Gb18030 => decode(encoding_rs::GB18030, bytes),
            Codes::Big5 => decode(encoding_rs::BIG5, bytes),
            Codes::ShiftJis => decode(encoding_rs::SHIFT_JIS, bytes),
            Codes::EucKr => decode(encoding_rs::EUC_KR, bytes),
        }
    }
}

fn decode(encoding: &'static encoding_rs::Encoding, bytes: &[u8]) -> Option<char> {
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    let mut characters = text.chars();
    let first = characters.next()?;
    (!damaged && characters.next().is_none()).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_chinese_cmap_gives_the_character_its_code_says() {
        let cases = [
            ("UniGB-UCS2-H", 0x5F20, 2, '张'),
            ("UniGB-UTF16-V", 0xD840_DC00, 4, '\u{20000}'),
            ("GBK-EUC-H", 0xD5C5, 2, '张'),
            ("GBKp-EUC-H", 0x41, 1, 'A'),
            ("GB-EUC-H", 0xC8FD, 2, '三'),
            ("GBK2K-H", 0x8139_EE39, 4, '\u{3400}'),
            ("GB18030", 0xD5C5, 2, '张'),
        ];
        for (name, code, len, wanted) in cases {
            let codes = Codes::of(name).unwrap();
            assert_eq!(codes.character(code, len), Some(wanted), "{name}");
        }
        assert_eq!(Codes::of("Identity-H"), None);
    }
}
