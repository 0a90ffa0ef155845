//! What each kind of paper is called.

use super::DocumentKind as K;
use crate::lang::Bilingual;

/// The name of a kind, as people know the paper.
pub fn kind_name(kind: K) -> Bilingual {
    let (zh, en) = match kind {
        K::ChsiEducationRecord => (
            "教育部学历证书电子注册备案表",
            "CHSI record of an education certificate (学历备案表)",
        ),
        K::ChsiEducationRecordEn => (
            "教育部学历证书电子注册备案表（英文版）",
            "CHSI record of an education certificate, in English",
        ),
        K::ChsiStudentRecord => (
            "教育部学籍在线验证报告",
            "CHSI report of student status (学籍报告)",
        ),
        K::ChsiStudentRecordEn => (
            "教育部学籍在线验证报告（英文版）",
            "CHSI report of student status, in English",
        ),
        K::ChsiDegreeReport => (
            "中国高等教育学位在线验证报告",
            "CHSI degree report (学位报告)",
        ),
        K::ChsiDegreeReportEn => (
            "中国高等教育学位在线验证报告（英文版）",
            "CHSI degree report, in English",
        ),
        K::ChsiEducationCertification => (
            "中国高等教育学历认证报告",
            "education certification report (学历认证报告)",
        ),
        K::ChsiDegreeCertification => (
            "中国高等教育学位认证报告",
            "degree certification report (学位认证报告)",
        ),
        K::CdgdcDegreeCertification => (
            "教育部学位与研究生教育发展中心认证报告",
            "CDGDC degree certification report",
        ),
        K::CscseForeign => (
            "国外学历学位认证书",
            "CSCSE certificate of a foreign degree (留服认证)",
        ),
        K::CscseHongkong => (
            "香港、澳门特别行政区学历学位认证书",
            "CSCSE certificate of a Hong Kong or Macao degree",
        ),
        K::CscseTaiwan => (
            "台湾地区学历学位认证书",
            "CSCSE certificate of a Taiwan degree",
        ),
        K::Diploma => ("毕业证书", "diploma (毕业证书)"),
        K::DegreeCertificate => ("学位证书", "degree certificate (学位证书)"),
        K::QualificationCertificate => (
            "专业技术资格（职业资格、技能等级）证书",
            "qualification certificate (资格证书)",
        ),
        K::Appointment => (
            "聘书、聘文或聘用合同",
            "appointment or contract of employment",
        ),
        K::AnnualAssessment => ("年度考核表", "annual assessment (年度考核表)"),
        K::ContinuingEducationProof => ("继续教育合格证明", "proof of continuing education"),
        K::Award => ("获奖证书", "award certificate"),
        K::Paper => ("论文", "paper or article"),
        K::Patent => ("专利证书", "patent certificate"),
        K::IdentityCard => ("居民身份证", "identity card"),
        K::SocialInsuranceProof => ("社保缴费证明", "proof of social insurance"),
        K::Consent => ("单位同意证明", "consent of the employer"),
        K::PublicNoticeProof => ("单位公示证明", "proof of public notice"),
        K::CommitmentLetter => ("申报材料真实性承诺书", "letter of commitment"),
        K::WorkSummary => ("专业技术工作总结", "summary of professional work"),
        K::ApplicationFormInitial => (
            "专业技术资格初定申报表",
            "application form for a first title",
        ),
        K::ReviewForm => ("专业技术资格评审申报表", "review form"),
        K::SituationSheet => ("专业技术人员情况表", "situation sheet"),
        K::ProfileTable => ("专业技术人员简介表", "profile table"),
        K::Unknown => ("无法识别的材料", "a paper that could not be told"),
    };
    Bilingual::new(zh, en)
}
