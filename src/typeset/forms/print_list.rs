//! 打印清单: what to print, on what, how often, how thick it becomes, and where it goes.

use serde::Serialize;

use crate::{
    inspect::facts::Paper,
    rulepack::Sides,
    typeset::{PdfForm, Typeset, TypesetError, Typesetter},
};

/// One file to print.
#[derive(Clone, Debug, Serialize)]
pub struct PrintRow {
    /// As people call it.
    pub title: String,
    /// Its path in the folder of the bound dossier.
    pub file: String,
    /// Its pages.
    pub pages: u32,
    /// Paper it is printed on.
    pub paper: Paper,
    /// How it is printed.
    pub sides: Sides,
    /// How often.
    pub copies: u16,
    /// What else to do: bind, stamp, put into a bag.
    pub notes: Vec<String>,
}

impl PrintRow {
    /// Sheets of paper one copy takes.
    pub fn sheets(&self) -> u32 {
        match self.sides {
            Sides::Single => self.pages,
            Sides::Duplex => self.pages.div_ceil(2),
        }
    }
}

/// Sheets of paper of the whole list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SheetCount {
    /// A4
    pub a4: u32,
    /// A3
    pub a3: u32,
}

/// The list, in the order in which things are printed.
#[derive(Clone, Debug, Serialize)]
pub struct PrintList<'d> {
    /// Who applies.
    pub applicant: ListedApplicant<'d>,
    /// For what.
    pub notice: ListedNotice<'d>,
    /// What to print.
    pub rows: Vec<PrintRow>,
    sheets: SheetCount,
    /// Sentences below the table.
    pub advice: Vec<String>,
}

/// The name below the title.
#[derive(Clone, Debug, Serialize)]
pub struct ListedApplicant<'d> {
    /// 姓名
    pub name: &'d str,
}

/// The notice below the title.
#[derive(Clone, Debug, Serialize)]
pub struct ListedNotice<'d> {
    /// Its title.
    pub title: &'d str,
}

impl<'d> PrintList<'d> {
    /// The list of these rows.
    pub fn new(name: &'d str, notice: &'d str, rows: Vec<PrintRow>, advice: Vec<String>) -> Self {
        let sheets = count(&rows);
        PrintList {
            applicant: ListedApplicant { name },
            notice: ListedNotice { title: notice },
            rows,
            sheets,
            advice,
        }
    }

    /// How many sheets it takes in all.
    pub fn sheets(&self) -> SheetCount {
        self.sheets
    }

    /// Prints it.
    pub fn print(&self, typesetter: &Typesetter) -> Result<Typeset, TypesetError> {
        typesetter.typeset("print_list", self, &PdfForm::plain("打印清单", None))
    }
}

fn count(rows: &[PrintRow]) -> SheetCount {
    let mut sheets = SheetCount::default();
    for row in rows {
        let all = row.sheets().saturating_mul(u32::from(row.copies));
        match row.paper {
            Paper::A3 => sheets.a3 = sheets.a3.saturating_add(all),
            _ => sheets.a4 = sheets.a4.saturating_add(all),
        }
    }
    sheets
}

/// How thick the spine of a bound volume becomes, in millimetres: 0.1 mm a sheet of 80 g paper and 0.3 mm for each cover,
/// rounded up to half millimetres.
pub fn spine_mm(sheets: u32) -> f64 {
    let tenths = u64::from(sheets) + 6;
    tenths.div_ceil(5) as f64 / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::typeset::TemplateSource;

    fn row(pages: u32, paper: Paper, sides: Sides, copies: u16) -> PrintRow {
        PrintRow {
            title: "评审表".into(),
            file: "评审表.pdf".into(),
            pages,
            paper,
            sides,
            copies,
            notes: vec![],
        }
    }

    #[test]
    fn sheets_are_counted_by_paper_side_and_copy() {
        let rows = vec![
            row(3, Paper::A4, Sides::Duplex, 2),
            row(1, Paper::A3, Sides::Single, 20),
            row(7, Paper::A4, Sides::Single, 1),
        ];
        let list = PrintList::new("张三", "通知", rows, vec![]);
        assert_eq!(list.sheets(), SheetCount { a4: 11, a3: 20 });
    }

    #[test]
    fn a_spine_is_rounded_up() {
        assert_eq!(spine_mm(0).to_string(), "1");
        assert_eq!(spine_mm(4).to_string(), "1");
        assert_eq!(spine_mm(5).to_string(), "1.5");
        assert_eq!(spine_mm(200).to_string(), "21");
    }

    #[test]
    fn a_long_list_goes_on_with_its_head() {
        let rows = vec![row(2, Paper::A4, Sides::Single, 1); 60];
        let list = PrintList::new(
            "张三",
            "关于报送材料的通知",
            rows,
            vec!["两个材料袋分开装。".into()],
        );
        let made = list
            .print(&Typesetter::new(&TemplateSource::BuiltIn).unwrap())
            .unwrap();
        assert!(made.pages >= 3);
    }
}
