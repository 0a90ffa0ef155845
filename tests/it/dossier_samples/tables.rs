//! What is changed in the sample of each notice, and the one error that follows.

use jiff::civil::date;
use juanzong::rulepack::Circumstance;

use super::twin::Twin;

/// What is changed in the sample, the one error that follows, and what it shows.
pub(super) type Row = (&'static str, fn(&mut Twin), &'static str);

pub(super) const HAIZHOU: &[Row] = &[
    (
        "身份证复印件未交",
        |t| t.remove("identity"),
        "DS101 identity",
    ),
    (
        "申报表未交",
        |t| t.remove("review_form"),
        "DS101 review_form",
    ),
    (
        "劳务派遣人员未交三方协议",
        |t| t.remove("dispatch"),
        "DS101 dispatch",
    ),
    (
        "鉴定意见只有“同意”",
        |t| t.replace("form.pdf", "sample/initial/bad/form-only-agreed.pdf"),
        "TX102 review_form",
    ),
    (
        "身份证只有正面",
        |t| {
            t.replace(
                "identity-card.pdf",
                "sample/initial/bad/card-front-only.pdf",
            )
        },
        "ID101 identity",
    ),
    (
        "备案表是他人的",
        |t| {
            t.replace(
                "record-2023.pdf",
                "sample/initial/bad/record-of-another.pdf",
            )
        },
        "DS205 degree|ID102 degree",
    ),
    (
        "备案表只有上半页",
        |t| t.replace("record-2023.pdf", "sample/initial/bad/record-half.pdf"),
        "CH104 degree",
    ),
    (
        "大专及以上未交备案表",
        |t| t.remove_file("record-2023.pdf"),
        "DS108 degree",
    ),
    (
        "材料放错位置",
        |t| t.add("awards", "sample/initial/diploma.pdf"),
        "DS102",
    ),
    (
        "申报表为 Letter 纸",
        |t| t.replace("form.pdf", "bad/letter-paper.pdf"),
        "PG101 review_form",
    ),
    (
        "未声明申报人情形",
        |t| t.dossier.applicant.circumstances = None,
        "DS107",
    ),
    (
        "以缺项说明代替必交材料",
        |t| {
            t.remove("continuing_education");
            t.absent("continuing_education");
        },
        "DS103 continuing_education",
    ),
    ("逾期", |t| t.on = date(2023, 6, 21), "DS301"),
    (
        "同一文件传了两次",
        |t| t.add("dispatch", "sample/initial/dispatch.pdf"),
        "DS202 dispatch",
    ),
];

pub(super) const NANTONG: &[Row] = &[
    (
        "诚信承诺书未交",
        |t| t.remove("commitment"),
        "DS101 commitment",
    ),
    ("国外学位未交认证书", |t| t.remove("degree"), "DS101 degree"),
    (
        "认证书换成了国内毕业证书",
        |t| t.replace("cscse.pdf", "sample/initial/diploma.pdf"),
        "DS108 degree",
    ),
    (
        "认证书是他人的",
        |t| t.replace("cscse.pdf", "sample/initial/bad/cscse-of-another.pdf"),
        "ID102 degree",
    ),
    (
        "准入行业未交执业资格证书",
        |t| t.circumstances(|c| c.push(Circumstance::LicensedSeries)),
        "DS101 qualification",
    ),
    (
        "学信网数据未能读取而未交证书原件",
        |t| t.circumstances(|c| c.push(Circumstance::ChsiNotReadable)),
        "DS108 degree",
    ),
    (
        "未声明申报人情形",
        |t| {
            t.remove("degree");
            t.dossier.applicant.circumstances = None;
        },
        "DS107",
    ),
    (
        "材料放错位置",
        |t| t.add("awards", "sample/initial/diploma.pdf"),
        "DS102",
    ),
    (
        "承诺书加了密",
        |t| t.replace("pledge.pdf", "bad/encrypted.pdf"),
        "FM103 commitment",
    ),
    (
        "承诺书不是 PDF",
        |t| t.replace("pledge.pdf", "bad/not-a-pdf.pdf"),
        "FM101 commitment",
    ),
    (
        "总结里有脚本",
        |t| t.replace("summary.pdf", "bad/javascript.pdf"),
        "AC101+AC109 summary",
    ),
    (
        "以缺项说明代替承诺书",
        |t| {
            t.remove("commitment");
            t.absent("commitment");
        },
        "DS103 commitment",
    ),
];

pub(super) const REVIEW: &[Row] = &[
    ("承诺书未交", |t| t.remove("commitment"), "DS101 commitment"),
    (
        "业绩成果未交",
        |t| t.remove("achievements"),
        "DS101 achievements",
    ),
    (
        "平台不能查验而未交社保证明",
        |t| t.circumstances(Vec::clear),
        "DS101 social_insurance",
    ),
    (
        "单位公示只有四个工作日",
        |t| {
            t.replace(
                "004/02-单位公示证明.pdf",
                "sample/002/bad/notice-four-days.pdf",
            )
        },
        "DT101 public_notice",
    ),
    (
        "业绩晚于截止日期",
        |t| t.add("achievements", "sample/002/bad/award-after-the-day.pdf"),
        "DT105 achievements",
    ),
    (
        "未交学信网证明",
        |t| t.remove_file("004/05-学历证书电子注册备案表.pdf"),
        "DS108 degree",
    ),
    (
        "学信网证明只有上半页",
        |t| {
            t.replace(
                "004/05-学历证书电子注册备案表.pdf",
                "sample/002/bad/record-half.pdf",
            )
        },
        "CH104 degree",
    ),
    (
        "学信网证明是他人的",
        |t| {
            t.replace(
                "004/05-学历证书电子注册备案表.pdf",
                "sample/002/bad/record-of-another.pdf",
            )
        },
        "DS205 degree|ID102 degree",
    ),
    (
        "年度考核表缺而未说明",
        |t| t.remove("annual_assessment"),
        "DS105 annual_assessment",
    ),
    ("有材料又写缺项", |t| t.absent("papers"), "DS104 papers"),
    (
        "承诺书截断",
        |t| t.replace("004/01-真实性承诺书.pdf", "bad/truncated.pdf"),
        "FM102 commitment",
    ),
    (
        "获奖证书放错位置",
        |t| t.add("awards", "sample/004/12-行业科技进步奖.pdf"),
        "DS102",
    ),
];

pub(super) const SUZHOU: &[Row] = &[
    ("备案表未交", |t| t.remove("degree"), "DS101 degree"),
    ("单位同意证明未交", |t| t.remove("consent"), "DS101 consent"),
    (
        "查不到社保而未交缴费证明",
        |t| t.remove("social_insurance"),
        "DS101 social_insurance",
    ),
    (
        "社保中断，不足连续三个月",
        |t| {
            t.replace(
                "insurance.pdf",
                "sample/initial/bad/insurance-with-a-gap.pdf",
            )
        },
        "DT104 social_insurance",
    ),
    (
        "总结不足 800 字",
        |t| t.replace("summary.pdf", "sample/initial/bad/summary-too-short.pdf"),
        "TX101 summary",
    ),
    (
        "备案表只有上半页",
        |t| t.replace("record-2024.pdf", "sample/initial/bad/record-2024-half.pdf"),
        "CH104 degree",
    ),
    (
        "备案表是他人的",
        |t| {
            t.replace(
                "record-2024.pdf",
                "sample/initial/bad/record-2024-of-another.pdf",
            )
        },
        "DS205 social_insurance|ID102 degree",
    ),
    (
        "只传了毕业证书",
        |t| t.replace("record-2024.pdf", "sample/initial/diploma.pdf"),
        "DS108 degree",
    ),
    (
        "准入行业未交执业资格证书",
        |t| t.circumstances(|c| c.push(Circumstance::LicensedSeries)),
        "DS101 qualification",
    ),
    (
        "同意证明不是 PDF",
        |t| t.replace("consent.pdf", "bad/not-a-pdf.pdf"),
        "FM101 consent",
    ),
    (
        "同意证明换成了社保证明",
        |t| t.replace("consent.pdf", "sample/initial/bad/insurance-with-a-gap.pdf"),
        "CH101 consent",
    ),
    (
        "未声明申报人情形",
        |t| {
            t.remove("social_insurance");
            t.dossier.applicant.circumstances = None;
        },
        "DS107",
    ),
];

pub(super) const KAOHE: &[Row] = &[
    (
        "公示证明未交",
        |t| t.remove("public_notice"),
        "DS101 public_notice",
    ),
    ("承诺书未交", |t| t.remove("commitment"), "DS101 commitment"),
    (
        "备案表超过三个月",
        |t| t.replace("05-学历证书电子注册备案表.pdf", "bad/expired-report.pdf"),
        "CH102 degree",
    ),
    (
        "备案表是他人的",
        |t| {
            t.replace(
                "05-学历证书电子注册备案表.pdf",
                "sample/002/bad/record-of-another.pdf",
            )
        },
        "DS205 degree|ID102 degree",
    ),
    ("获奖证书缺而未说明", |t| t.remove("awards"), "DS105 awards"),
    (
        "单位公示只有四个工作日",
        |t| t.replace("02-单位公示证明.pdf", "sample/002/bad/notice-four-days.pdf"),
        "DT101 public_notice",
    ),
    (
        "承诺书为 Letter 纸",
        |t| t.replace("01-真实性承诺书.pdf", "bad/letter-paper.pdf"),
        "PG101 commitment",
    ),
    (
        "获奖证书只有 60 dpi",
        |t| t.replace("12-行业科技进步奖.pdf", "bad/scan-60-dpi.pdf"),
        "LG101 awards",
    ),
    (
        "总结里有脚本",
        |t| t.replace("13-专业技术工作总结.pdf", "bad/javascript.pdf"),
        "AC101+AC109 summary",
    ),
    (
        "申报专业不在所列之内",
        |t| t.dossier.applicant.specialty = Some("建设工程".to_owned()),
        "DS109",
    ),
    ("逾期", |t| t.on = date(2024, 9, 11), "DS301"),
    (
        "上传了原件",
        |t| t.add("originals", "sample/004/03-毕业证书.pdf"),
        "DS106 originals",
    ),
];
