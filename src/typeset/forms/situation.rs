//! 专业技术人员情况表 as a spreadsheet: one row a person, which is what the office puts together from the mails.

use jiff::civil::Date;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, XlsxError,
};

use crate::{dossier::Applicant, rulepack::Pack};

/// Paper size number of A4 in the spreadsheet format.
const A4: u8 = 9;

/// The columns: head, width in characters, value.
type Column = (&'static str, f64, fn(&Applicant, &Pack) -> Option<String>);

const COLUMNS: &[Column] = &[
    ("姓名", 10.0, |a, _| Some(a.name.clone())),
    ("性别", 6.0, |a, _| a.sex.clone()),
    ("出生年月", 12.0, |a, _| a.born.map(month)),
    ("身份证号", 22.0, |a, _| a.id_number.clone()),
    ("工作单位", 28.0, |a, _| a.unit.clone()),
    ("行政职务", 12.0, |a, _| more(a, "行政职务")),
    ("参加工作时间", 14.0, |a, _| more(a, "参加工作时间")),
    ("学历", 10.0, |a, _| more(a, "学历")),
    ("学位", 10.0, |a, _| more(a, "学位")),
    ("毕业院校", 18.0, |a, _| more(a, "毕业院校")),
    ("毕业时间", 12.0, |a, _| more(a, "毕业时间")),
    ("所学专业", 18.0, |a, _| more(a, "所学专业")),
    ("现有资格", 14.0, |a, _| a.current_title.clone()),
    ("取得时间", 12.0, |a, _| more(a, "现资格取得时间")),
    ("聘任时间", 12.0, |a, _| more(a, "聘任时间")),
    ("申报专业", 18.0, |a, _| a.specialty.clone()),
    ("申报资格", 12.0, |a, _| a.applied_title.clone()),
    ("申报类型", 12.0, |a, pack| {
        more(a, "申报类型").or_else(|| Some(pack.way.name().zh))
    }),
    ("继续教育", 18.0, |a, _| more(a, "继续教育")),
    ("年度考核", 18.0, |a, _| more(a, "年度考核")),
    ("主要业绩", 44.0, |a, _| more(a, "主要业绩")),
    ("联系电话", 15.0, |a, _| a.phone.clone()),
];

/// The workbook's bytes; the same applicant, notice and day give the same bytes.
///
/// # Errors
/// When a text is longer than a cell may be (32,767 characters).
pub fn situation_workbook(
    pack: &Pack,
    applicant: &Applicant,
    on: Date,
) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let made = ExcelDateTime::from_ymd(
        on.year().unsigned_abs(),
        on.month().unsigned_abs(),
        on.day().unsigned_abs(),
    )?;
    let properties = DocProperties::new()
        .set_title("专业技术人员情况表")
        .set_author("juanzong")
        .set_creation_datetime(&made);
    workbook.set_properties(&properties);

    let plain = Format::new()
        .set_font_name("宋体")
        .set_font_size(10)
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap()
        .set_border(FormatBorder::Thin);
    let head = plain.clone().set_bold();
    let title = Format::new()
        .set_font_name("宋体")
        .set_font_size(18)
        .set_bold()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter);

    let sheet = workbook.add_worksheet();
    sheet.set_name("情况表")?;
    sheet.set_landscape();
    sheet.set_paper_size(A4);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(1, 1)?;
    let last = COLUMNS.len() as u16;
    sheet.merge_range(0, 0, 0, last, "专业技术人员情况表", &title)?;
    sheet.set_row_height(0, 34)?;
    sheet.set_row_height(1, 30)?;
    sheet.set_row_height(2, 72)?;
    sheet.set_column_width(0, 6)?;
    sheet.write_string_with_format(1, 0, "序号", &head)?;
    sheet.write_string_with_format(2, 0, "1", &plain)?;
    for (index, (name, width, value)) in COLUMNS.iter().enumerate() {
        let column = index as u16 + 1;
        sheet.set_column_width(column, *width)?;
        sheet.write_string_with_format(1, column, *name, &head)?;
        // Every value is text: an identity number must not lose its last digits to a float.
        let value = value(applicant, pack).unwrap_or_default();
        sheet.write_string_with_format(2, column, value, &plain)?;
    }
    workbook.save_to_buffer()
}

fn more(applicant: &Applicant, field: &str) -> Option<String> {
    applicant.more.get(field).cloned()
}

fn month(date: Date) -> String {
    format!("{}年{}月", date.year(), date.month())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulepack::Packs;
    use jiff::civil::date;
    use std::io::Read as _;

    #[test]
    fn the_workbook_reproduces_and_keeps_every_digit() {
        let packs = Packs::builtin();
        let pack = packs.get("lianyungang-gongxin-kaohe-2024").unwrap();
        let applicant = Applicant {
            name: "张三".into(),
            id_number: Some("320700199204180036".into()),
            ..Applicant::default()
        };
        let make = || situation_workbook(pack, &applicant, date(2024, 8, 20)).unwrap();
        let bytes = make();
        assert!(bytes == make());
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let mut strings = String::new();
        let mut part = archive.by_name("xl/sharedStrings.xml").unwrap();
        part.read_to_string(&mut strings).unwrap();
        for words in ["320700199204180036", "张三", "考核认定", "申报专业"] {
            assert!(strings.contains(words), "{words}");
        }
    }
}
