//! What kind of paper it is: by its title, else by its labels, else unknown.
//!
//! A title is a line of its own that ends like the title of a kind and says little more. A sentence that
//! mentions a paper is no title. Where two kinds are equally likely the answer is unknown: never a guess.

use super::{
    DocumentKind as K,
    lines::Line,
    titles::{ENGLISH, TITLES, Title, WORDS},
};

/// A title found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Found {
    pub(super) kind: K,
    /// Index of its line.
    pub(super) line: usize,
    weight: f64,
}

/// The kind of the paper whose lines these are (all pages, from the top), and the line of its title.
pub(super) fn classify(lines: &[Line]) -> (K, Option<usize>) {
    let mut found = titles(lines);
    found.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.line.cmp(&b.line)));
    let Some(best) = found.first().copied() else {
        return (by_words(lines), None);
    };
    // Two titles of unlike kinds in type of one size on one page: unsure.
    let rival = found.iter().any(|other| {
        other.kind != best.kind
            && (other.weight - best.weight).abs() < 0.5
            && page(lines, other.line) == page(lines, best.line)
            && other.line.abs_diff(best.line) > 1
    });
    // A report of 学信网 says so itself; what else stands in the file is a copy beside it.
    if rival && !is_report(best.kind) {
        return (K::Unknown, None);
    }
    (best.kind, Some(best.line))
}

fn page(lines: &[Line], i: usize) -> Option<u32> {
    lines.get(i).map(|line| line.page.value())
}

/// Whether a kind is one of the reports on degrees and student status.
pub(super) fn is_report(kind: K) -> bool {
    matches!(
        kind,
        K::ChsiEducationRecord
            | K::ChsiEducationRecordEn
            | K::ChsiStudentRecord
            | K::ChsiStudentRecordEn
            | K::ChsiDegreeReport
            | K::ChsiDegreeReportEn
            | K::ChsiEducationCertification
            | K::ChsiDegreeCertification
            | K::CdgdcDegreeCertification
            | K::CscseForeign
            | K::CscseHongkong
            | K::CscseTaiwan
    )
}

/// All lines that are titles.
pub(super) fn titles(lines: &[Line]) -> Vec<Found> {
    lines
        .iter()
        .enumerate()
        .filter_map(|(i, line)| title_at(lines, i, line))
        .collect()
}

fn title_at(lines: &[Line], i: usize, line: &Line) -> Option<Found> {
    let kind = english(lines, i).or_else(|| chinese(lines, i, line))?;
    // Larger type and a higher place weigh more; reports of 学信网 outweigh what they stand beside.
    let report = if is_report(kind) { 100.0 } else { 0.0 };
    let first_page = if line.page.value() == 1 { 20.0 } else { 0.0 };
    Some(Found {
        kind,
        line: i,
        weight: report + first_page + line.size,
    })
}

fn chinese(lines: &[Line], i: usize, line: &Line) -> Option<K> {
    let bare = line.text.trim_matches(|c: char| "《》〈〉\"“”".contains(c));
    let mut text = bare.to_owned();
    // 附件3 before a title, a year or 参考格式 after it.
    for after in [
        "(参考格式)",
        "(样表)",
        "(复印件)",
        "(存根)",
        "(个人)",
        "(A3)",
        "(样本)",
        "(副本)",
    ] {
        if let Some(rest) = text.strip_suffix(after) {
            text = rest.to_owned();
        }
    }
    let length = text.chars().count();
    let best = TITLES
        .iter()
        .filter(|t| {
            text.ends_with(t.ends)
                && text.contains(t.holds)
                && length <= t.ends.chars().count() + t.before
                && !text.contains(['。', ',', ';'])
                && !text.contains(':')
        })
        .max_by_key(|t| t.ends.len() + t.holds.len());
    let Some(best) = best else {
        return misread(line, &text);
    };
    // The centre's name stands in the head, the title says only 认证报告.
    if best.kind == K::ChsiDegreeCertification || best.kind == K::ChsiEducationCertification {
        let head = lines.get(i.saturating_sub(3)..=i).unwrap_or_default();
        if head
            .iter()
            .any(|l| l.text.contains("学位与研究生教育发展中心"))
        {
            return Some(K::CdgdcDegreeCertification);
        }
    }
    Some(best.kind)
}

/// A recognised title with a character or two misread; where two kinds are equally near, it is neither.
fn misread(line: &Line, text: &str) -> Option<K> {
    if !line.recognised {
        return None;
    }
    let text: Vec<char> = text.chars().collect();
    let slips = |t: &Title| -> Option<usize> {
        let ends: Vec<char> = t.ends.chars().collect();
        let from = text.len().checked_sub(ends.len())?;
        let tail = text.get(from..)?;
        let other = tail.iter().zip(&ends).filter(|(a, b)| a != b).count();
        let allowed = if ends.len() >= 10 { 2 } else { 1 };
        (ends.len() >= 6 && from <= t.before && t.holds.is_empty() && other <= allowed)
            .then_some(other)
    };
    let near: Vec<(usize, K)> = TITLES
        .iter()
        .filter_map(|t| slips(t).map(|n| (n, t.kind)))
        .collect();
    let least = near.iter().map(|(n, _)| *n).min()?;
    let mut kinds = near.iter().filter(|(n, _)| *n == least).map(|(_, k)| *k);
    let kind = kinds.next()?;
    kinds.all(|other| other == kind).then_some(kind)
}

fn english(lines: &[Line], i: usize) -> Option<K> {
    let line = lines.get(i)?;
    let first = line.text.to_ascii_lowercase();
    if !first.starts_with("onlineverification") {
        return None;
    }
    let joined: String = lines
        .get(i..lines.len().min(i + 3))?
        .iter()
        .filter(|l| l.page == line.page)
        .map(|l| l.text.to_ascii_lowercase())
        .collect();
    ENGLISH
        .iter()
        .find(|(_, title)| joined.starts_with(title))
        .map(|(kind, _)| *kind)
}

fn by_words(lines: &[Line]) -> K {
    // The head of 教育部学位与研究生教育发展中心 with a bare 认证报告 under it.
    let cdgdc = lines
        .iter()
        .any(|l| l.text.contains("学位与研究生教育发展中心"))
        && lines.iter().any(|l| l.text == "认证报告");
    if cdgdc {
        return K::CdgdcDegreeCertification;
    }
    let text: String = lines
        .iter()
        .map(|l| l.text.as_str())
        .collect::<Vec<_>>()
        .join("\n");
    let mut fits = WORDS.iter().filter_map(|(kind, words, enough)| {
        let count = words.iter().filter(|word| text.contains(**word)).count();
        (count >= *enough).then_some((*kind, count * 100 / words.len()))
    });
    let Some(first) = fits.next() else {
        return K::Unknown;
    };
    let mut best = first;
    let mut tie = false;
    for fit in fits {
        tie = fit.1 == best.1;
        if fit.1 > best.1 {
            best = fit;
        }
    }
    if tie { K::Unknown } else { best.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::document::lines::{lines_of, tests::page_of};

    fn kind(texts: &[(f64, &str)]) -> K {
        let runs: Vec<_> = texts
            .iter()
            .enumerate()
            .map(|(i, (size, text))| (80.0, 780.0 - 40.0 * i as f64, *size, *text))
            .collect();
        classify(&lines_of(&page_of(1, &runs), |_| true)).0
    }

    #[test]
    fn titles_of_all_kinds() {
        for (text, want) in [
            ("教育部学历证书电子注册备案表", K::ChsiEducationRecord),
            ("教 育 部 学 籍 在 线 验 证 报 告", K::ChsiStudentRecord),
            ("中国高等教育学位在线验证报告", K::ChsiDegreeReport),
            ("中国高等教育学历认证报告", K::ChsiEducationCertification),
            ("中国高等教育学位认证报告", K::ChsiDegreeCertification),
            ("国外学历学位认证书", K::CscseForeign),
            ("香港特别行政区学历学位认证书", K::CscseHongkong),
            ("澳门特别行政区学历学位认证书", K::CscseHongkong),
            ("台湾地区学历学位认证书", K::CscseTaiwan),
            ("普通高等学校毕业证书", K::Diploma),
            ("学士学位证书", K::DegreeCertificate),
            ("专业技术资格证书", K::QualificationCertificate),
            ("职业技能等级证书", K::QualificationCertificate),
            ("聘 书", K::Appointment),
            ("关于聘任林知远等同志专业技术职务的通知", K::Appointment),
            ("专业技术人员年度考核表（参考格式）", K::AnnualAssessment),
            (
                "继续教育公共科目培训考核合格证明",
                K::ContinuingEducationProof,
            ),
            ("荣誉证书", K::Award),
            ("实用新型专利证书", K::Patent),
            ("江苏省社会保险权益记录单", K::SocialInsuranceProof),
            ("单位同意证明", K::Consent),
            ("职称申报公示证明", K::PublicNoticeProof),
            ("申报材料真实性承诺书", K::CommitmentLetter),
            ("专业技术工作总结", K::WorkSummary),
            ("任现职以来工作经历和专业技术工作总结", K::WorkSummary),
            ("专业技术资格初定申报表", K::ApplicationFormInitial),
            ("专业技术资格评审申报表", K::ReviewForm),
            ("专业技术职务任职资格评审表", K::ReviewForm),
            ("专业技术人员情况表", K::SituationSheet),
            ("专业技术人员简介表", K::ProfileTable),
            (
                "Online Verification Report of Student Record",
                K::ChsiStudentRecordEn,
            ),
        ] {
            assert_eq!(kind(&[(18.0, text)]), want, "{text}");
        }
        let english = [
            (16.0, "Online Verification Report of"),
            (16.0, "Higher Education Qualification Certificate"),
        ];
        assert_eq!(kind(&english), K::ChsiEducationRecordEn);
        let head = [(14.0, "教育部学位与研究生教育发展中心"), (18.0, "认证报告")];
        assert_eq!(kind(&head), K::CdgdcDegreeCertification);
    }

    #[test]
    fn a_mention_is_no_title() {
        assert_eq!(
            kind(&[(
                12.0,
                "大专及以上学历须提供《教育部学历证书电子注册备案表》,逾期不予受理"
            )]),
            K::Unknown
        );
    }

    #[test]
    fn two_titles_of_one_size_are_unsure() {
        assert_eq!(
            kind(&[
                (18.0, "荣誉证书"),
                (12.0, "林知远"),
                (18.0, "专业技术资格证书")
            ]),
            K::Unknown
        );
        assert_eq!(
            kind(&[
                (18.0, "荣誉证书"),
                (12.0, "林知远"),
                (12.0, "专业技术资格证书")
            ]),
            K::Award
        );
    }
}
