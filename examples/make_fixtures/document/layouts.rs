//! How reports look: three generations of 学信网, the English version, and the old certification reports.

use super::draw::Page;

/// A report's kind as the wire says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Education,
    Student,
    Degree,
    EducationCertification,
    DegreeCertification,
    Cdgdc,
    Foreign,
    Hongkong,
    Taiwan,
}

/// A generation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// About 2014–2018: bordered table, 制表日期, 验证期至.
    A,
    /// About 2018–2022: table of two columns, code under it.
    B,
    /// Since about 2022: one column.
    C,
    English,
}

/// What is printed: field, label, value as printed, and the value that must be read.
#[derive(Clone, Debug)]
pub struct Row {
    pub field: &'static str,
    pub label: String,
    pub printed: String,
    /// `None` for what is printed but not read (分院), or withheld (＊).
    pub read: Option<String>,
}

/// A report to draw.
#[derive(Clone, Debug)]
pub struct Report {
    pub kind: Kind,
    pub layout: Layout,
    pub title: String,
    pub issued: (String, String),
    pub issued_label: &'static str,
    pub expires: Option<(String, String)>,
    pub rows: Vec<Row>,
    pub code: String,
    pub link: String,
    pub colon: char,
}

impl Report {
    pub fn row(&mut self, field: &str) -> &mut Row {
        self.rows
            .iter_mut()
            .find(|row| row.field == field)
            .expect("a row")
    }
    pub fn set(&mut self, field: &str, printed: &str, read: &str) -> &mut Report {
        let row = self.row(field);
        row.printed = printed.to_owned();
        row.read = Some(read.to_owned());
        self
    }
    pub fn wire_kind(&self) -> &'static str {
        match (self.kind, self.layout) {
            (Kind::Education, Layout::English) => "chsi_education_record_en",
            (Kind::Education, _) => "chsi_education_record",
            (Kind::Student, Layout::English) => "chsi_student_record_en",
            (Kind::Student, _) => "chsi_student_record",
            (Kind::Degree, Layout::English) => "chsi_degree_report_en",
            (Kind::Degree, _) => "chsi_degree_report",
            (Kind::EducationCertification, _) => "chsi_education_certification",
            (Kind::DegreeCertification, _) => "chsi_degree_certification",
            (Kind::Cdgdc, _) => "cdgdc_degree_certification",
            (Kind::Foreign, _) => "cscse_foreign",
            (Kind::Hongkong, _) => "cscse_hongkong",
            (Kind::Taiwan, _) => "cscse_taiwan",
        }
    }
    /// Fields that must be read.
    pub fn expected(&self) -> std::collections::BTreeMap<String, String> {
        let mut all = std::collections::BTreeMap::new();
        all.insert("issued_on".to_owned(), self.issued.1.clone());
        if let Some((_, read)) = &self.expires {
            all.insert("expires_on".to_owned(), read.clone());
        }
        for row in &self.rows {
            if let Some(read) = row.read.as_ref().filter(|_| !row.field.is_empty()) {
                all.insert(row.field.to_owned(), read.clone());
            }
        }
        if !self.code.is_empty() {
            let head: String = self
                .code
                .chars()
                .filter(|c| !c.is_whitespace())
                .take(2)
                .collect();
            all.insert(
                "verification_code_masked".to_owned(),
                format!("{}**…", head.to_uppercase()),
            );
        }
        all
    }
    pub fn draw(&self) -> Page {
        match self.layout {
            Layout::A => self.draw_a(),
            Layout::B => self.draw_b(),
            Layout::C => self.draw_c(),
            Layout::English => self.draw_english(),
        }
    }

    fn draw_a(&self) -> Page {
        let mut page = Page::default();
        page.centred(780.0, 18.0, &self.title);
        page.text(
            390.0,
            752.0,
            10.5,
            &format!("{}：{}", self.issued_label, self.issued.0),
        );
        let mut y = 722.0;
        for pair in self.rows.chunks(2) {
            page.rules.push([50.0, y + 17.0, 545.0, y + 17.0]);
            for (row, x) in pair.iter().zip([58.0, 305.0]) {
                page.text(x, y, 10.5, &row.label);
                page.text(x + 78.0, y, 10.5, &row.printed);
            }
            y -= 25.0;
        }
        page.rules.push([50.0, y + 17.0, 545.0, y + 17.0]);
        for x in [50.0, 130.0, 297.0, 378.0, 545.0] {
            page.rules.push([x, y + 17.0, x, 739.0]);
        }
        if !self.code.is_empty() {
            page.text(58.0, 300.0, 10.5, "二维验证码");
            page.text(136.0, 300.0, 10.5, &self.code);
        }
        if let Some((printed, _)) = &self.expires {
            page.text(58.0, 275.0, 10.5, &format!("验证期至：{printed}"));
        }
        page.text(58.0, 200.0, 9.0, "注意事项：");
        page.text(58.0, 185.0, 9.0, "1、在验证期内可免费打印、验证。");
        page
    }

    fn draw_b(&self) -> Page {
        let mut page = Page::default();
        page.centred(785.0, 16.0, &self.title);
        page.centred(
            762.0,
            10.0,
            &format!("{}{}{}", self.issued_label, self.colon, self.issued.0),
        );
        page.photo(450.0, 640.0, 79.5, 106.0);
        let mut y = 730.0;
        let mut rows = self.rows.iter();
        if let Some(first) = rows.next() {
            page.text(60.0, y, 11.0, &first.label);
            page.text(140.0, y, 11.0, &first.printed);
        }
        y -= 30.0;
        let rest: Vec<&Row> = rows.collect();
        for pair in rest.chunks(2) {
            // The longest value on the left has ten characters.
            for (row, x) in pair.iter().zip([60.0, 265.0]) {
                page.text(x, y, 11.0, &row.label.replace('（', "(").replace('）', ")"));
                page.text(x + 80.0, y, 11.0, &row.printed);
            }
            page.rules.push([50.0, y - 10.0, 440.0, y - 10.0]);
            y -= 30.0;
        }
        if !self.code.is_empty() {
            page.text(60.0, 400.0, 11.0, "在线验证");
            page.text(170.0, 412.0, 10.0, "在线验证码");
            page.latin(240.0, 411.0, 13.0, &self.code);
            page.qr(460.0, 370.0, 68.0, &self.link);
        }
        page.text(60.0, 330.0, 9.0, "注意事项：");
        for (i, note) in notes().iter().enumerate() {
            page.text(60.0, 314.0 - 16.0 * i as f64, 9.0, note);
        }
        page
    }

    fn draw_c(&self) -> Page {
        let mut page = Page::default();
        page.centred(770.0, 18.0, &self.title);
        page.centred(
            745.0,
            10.0,
            &format!("{}{}{}", self.issued_label, self.colon, self.issued.0),
        );
        page.photo(450.0, 600.0, 79.5, 106.0);
        let mut y = 710.0;
        for row in &self.rows {
            page.text(60.0, y, 12.0, &row.label);
            // A value too long for its column goes on under itself.
            let mut lines = vec![String::new()];
            for c in row.printed.chars() {
                if lines
                    .last()
                    .is_some_and(|line| super::draw::width(line, 1.0) >= 19.0)
                {
                    lines.push(String::new());
                }
                lines.last_mut().expect("one").push(c);
            }
            for (i, line) in lines.iter().enumerate() {
                if !line.is_empty() {
                    page.text(179.0, y - 15.0 * i as f64, 12.0, line);
                }
            }
            y -= 28.0 + 15.0 * (lines.len() - 1) as f64;
        }
        if !self.code.is_empty() {
            page.qr(60.0, 140.0, 68.0, &self.link);
            page.text(150.0, 174.0, 10.0, "在线验证码");
            page.latin(215.0, 173.0, 14.0, &self.code);
            page.text(
                150.0,
                158.0,
                8.0,
                "①登录 https://www.chsi.com.cn/xlcx/bgcx.jsp，输入在线验证码进行验证；",
            );
            page.text(
                150.0,
                146.0,
                8.0,
                "②使用学信网App扫描二维码进行验证，请勿使用其他软件扫描。",
            );
        }
        page.text(60.0, 110.0, 9.0, "注意事项：");
        for (i, note) in notes().iter().enumerate() {
            page.text(60.0, 96.0 - 14.0 * i as f64, 8.0, note);
        }
        page
    }

    fn draw_english(&self) -> Page {
        let mut page = Page::default();
        let (first, second) = self.title.split_once('|').unwrap_or((&self.title, ""));
        page.latin(130.0, 785.0, 15.0, first);
        if !second.is_empty() {
            page.latin(100.0, 765.0, 15.0, second);
        }
        page.latin(
            200.0,
            740.0,
            10.0,
            &format!("Date of Renewal: {}", self.issued.0),
        );
        if let Some((printed, _)) = &self.expires {
            page.latin(200.0, 725.0, 10.0, &format!("Date of Expiry: {printed}"));
        }
        page.photo(470.0, 600.0, 79.5, 106.0);
        let mut y = 690.0;
        for row in &self.rows {
            page.latin(60.0, y, 10.0, &row.label);
            page.latin(250.0, y, 10.0, &row.printed);
            y -= 24.0;
        }
        page.latin(150.0, 200.0, 10.0, "Online Verification Code");
        page.latin(310.0, 200.0, 13.0, &self.code);
        page.latin(60.0, 150.0, 8.0, "Notes:");
        page.latin(60.0, 138.0, 8.0, "1. The report is valid for the period set by its owner; what is shown online prevails.");
        page
    }
}

fn notes() -> [&'static str; 4] {
    [
        "1、备案表依据教育部有关规定，按照学校上报的信息出具，在线验证码供第三方查验。",
        "2、报告内容验证办法：登录网站验证页、扫描二维码或使用官方应用。",
        "3、报告内容如有修改，请以最新在线验证的内容为准。",
        "4、报告在线验证有效期由报告权属者设置（1~6个月），报告权属者可在报告验证到期前再次延长验证有效期。",
    ]
}
