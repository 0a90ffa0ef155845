//! The table of committees of a notice.

use super::{
    super::shape::{Field, Shape, optional, required},
    BILINGUAL, CLAUSE, TEXTS, tables,
};

const ROW_NUMBER: Shape = Shape::Whole { min: 1, max: 999 };
const COLUMNS: Shape = Shape::List {
    of: &Shape::Choice(&["office", "phone", "address", "accepts", "reviews"]),
    at_least: 1,
};
const COMMITTEE: &[Field] = &[
    required("number", ROW_NUMBER, "序号"),
    required("specialty", Shape::Text, "专业名称"),
    optional("office", Shape::Text, "评委会办事机构"),
    optional("phone", TEXTS, "联系电话, of the office"),
    optional("address", Shape::Text, "材料报送地址"),
    optional("accepts", Shape::Text, "申报材料受理时间, as printed"),
    optional("reviews", Shape::Text, "计划评审时间, as printed"),
    optional(
        "merged",
        COLUMNS,
        "columns whose value stands in a merged cell printed beside another row",
    ),
    optional("lost", COLUMNS, "columns that the copy does not show"),
    optional("note", BILINGUAL, "what is to be known about the row"),
];
const MISSING_ROWS: &[Field] = &[
    required("from", ROW_NUMBER, "first row that the copy lacks"),
    required("to", ROW_NUMBER, "last row that the copy lacks"),
    required("why", BILINGUAL, "why"),
];
pub(super) const COMMITTEES: &[Field] = &[
    required("rows", ROW_NUMBER, "rows of the printed table"),
    optional("missing", tables!(MISSING_ROWS), "rows that the copy lacks"),
    required("row", tables!(COMMITTEE), "rows, by number"),
    CLAUSE,
];
