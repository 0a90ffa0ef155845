//! Titles of papers by kind, in Chinese and English, and the words that tell a paper whose title is missing.

use super::DocumentKind as K;

/// How a title is recognised, squeezed.
pub(super) struct Title {
    pub(super) kind: K,
    /// The line ends with this.
    pub(super) ends: &'static str,
    /// And holds this somewhere.
    pub(super) holds: &'static str,
    /// At most this many characters stand before.
    pub(super) before: usize,
}

const fn title(kind: K, ends: &'static str) -> Title {
    Title {
        kind,
        ends,
        holds: "",
        before: 24,
    }
}
const fn exact(kind: K, ends: &'static str) -> Title {
    Title {
        kind,
        ends,
        holds: "",
        before: 0,
    }
}
const fn holding(kind: K, holds: &'static str, ends: &'static str) -> Title {
    Title {
        kind,
        ends,
        holds,
        before: 40,
    }
}

/// All titles; where several fit, the one with the longest `ends` and `holds` wins.
pub(super) const TITLES: &[Title] = &[
    title(K::ChsiEducationRecord, "学历证书电子注册备案表"),
    title(K::ChsiStudentRecord, "学籍在线验证报告"),
    title(K::ChsiDegreeReport, "学位在线验证报告"),
    title(K::ChsiEducationCertification, "学历认证报告"),
    title(K::ChsiDegreeCertification, "学位认证报告"),
    title(K::CdgdcDegreeCertification, "学位证书认证报告"),
    title(K::CscseForeign, "国外学历学位认证书"),
    title(K::CscseForeign, "国(境)外学历学位认证书"),
    holding(K::CscseHongkong, "香港", "学历学位认证书"),
    holding(K::CscseHongkong, "澳门", "学历学位认证书"),
    holding(K::CscseTaiwan, "台湾", "学历学位认证书"),
    holding(K::CscseTaiwan, "台湾", "认证书"),
    title(K::Diploma, "毕业证书"),
    title(K::DegreeCertificate, "学位证书"),
    title(K::DegreeCertificate, "学位证"),
    title(K::QualificationCertificate, "资格证书"),
    title(K::QualificationCertificate, "技能等级证书"),
    title(K::QualificationCertificate, "职称证书"),
    title(K::QualificationCertificate, "执业证书"),
    title(K::QualificationCertificate, "职称电子证书"),
    exact(K::Appointment, "聘书"),
    exact(K::Appointment, "聘任书"),
    exact(K::Appointment, "聘任证书"),
    title(K::Appointment, "聘用合同"),
    title(K::Appointment, "聘用合同书"),
    title(K::Appointment, "劳动合同"),
    title(K::Appointment, "劳动合同书"),
    title(K::Appointment, "专业技术职务聘书"),
    holding(K::Appointment, "聘任", "的通知"),
    holding(K::Appointment, "聘任", "的决定"),
    title(K::AnnualAssessment, "年度考核表"),
    title(K::AnnualAssessment, "年度考核登记表"),
    holding(K::AnnualAssessment, "年度考核", "表"),
    holding(K::ContinuingEducationProof, "继续教育", "证明"),
    holding(K::ContinuingEducationProof, "继续教育", "证书"),
    holding(K::ContinuingEducationProof, "继续教育", "成绩汇总表"),
    holding(K::ContinuingEducationProof, "公共科目", "证明"),
    holding(K::ContinuingEducationProof, "公需科目", "证明"),
    title(K::ContinuingEducationProof, "培训合格证书"),
    title(K::ContinuingEducationProof, "培训合格证明"),
    title(K::Award, "获奖证书"),
    title(K::Award, "荣誉证书"),
    title(K::Award, "奖励证书"),
    exact(K::Award, "奖状"),
    title(K::Patent, "发明专利证书"),
    title(K::Patent, "实用新型专利证书"),
    title(K::Patent, "外观设计专利证书"),
    exact(K::Patent, "专利证书"),
    title(K::IdentityCard, "居民身份证"),
    holding(K::SocialInsuranceProof, "社会保险", "证明"),
    holding(K::SocialInsuranceProof, "社会保险", "权益记录单"),
    holding(K::SocialInsuranceProof, "社保", "证明"),
    holding(K::SocialInsuranceProof, "参保", "证明"),
    title(K::SocialInsuranceProof, "社会保险权益单"),
    title(K::Consent, "单位同意证明"),
    title(K::Consent, "同意申报证明"),
    title(K::Consent, "单位同意申报的证明"),
    holding(K::Consent, "同意", "申报职称的证明"),
    title(K::PublicNoticeProof, "公示证明"),
    title(K::PublicNoticeProof, "公示情况证明"),
    title(K::PublicNoticeProof, "公示情况说明"),
    title(K::PublicNoticeProof, "公示结果"),
    title(K::PublicNoticeProof, "公示表"),
    holding(K::PublicNoticeProof, "公示", "的证明"),
    holding(K::PublicNoticeProof, "关于", "的公示"),
    exact(K::PublicNoticeProof, "公示"),
    title(K::CommitmentLetter, "承诺书"),
    title(K::CommitmentLetter, "真实性保证书"),
    exact(K::WorkSummary, "工作总结"),
    title(K::WorkSummary, "专业技术工作总结"),
    title(K::WorkSummary, "技术工作总结"),
    title(K::WorkSummary, "业务工作总结"),
    title(K::WorkSummary, "业务总结"),
    title(K::WorkSummary, "专题业务报告"),
    holding(K::WorkSummary, "工作经历", "工作总结"),
    title(K::ApplicationFormInitial, "资格初定申报表"),
    title(K::ApplicationFormInitial, "职称初定申报表"),
    title(K::ApplicationFormInitial, "初定申报表"),
    title(K::ReviewForm, "评审申报表"),
    title(K::ReviewForm, "任职资格评审表"),
    title(K::ReviewForm, "资格评审表"),
    title(K::SituationSheet, "专业技术人员情况表"),
    title(K::SituationSheet, "人员情况表"),
    title(K::ProfileTable, "专业技术人员简介表"),
    title(K::ProfileTable, "人员简介表"),
    title(K::ProfileTable, "情况一览表"),
];

/// English titles: lower case, no spaces; the line, or it and the next two, hold this.
pub(super) const ENGLISH: &[(K, &str)] = &[
    (
        K::ChsiEducationRecordEn,
        "onlineverificationreportofhighereducationqualificationcertificate",
    ),
    (
        K::ChsiStudentRecordEn,
        "onlineverificationreportofstudentrecord",
    ),
    (
        K::ChsiStudentRecordEn,
        "onlineverificationreportofhighereducationstudentrecord",
    ),
    (
        K::ChsiDegreeReportEn,
        "onlineverificationreportofhighereducationdegreecertificate",
    ),
];

/// Words of which `enough` together say what a paper without a title is.
pub(super) const WORDS: &[(K, &[&str], usize)] = &[
    (
        K::ChsiEducationRecord,
        &[
            "毕(结)业日期",
            "校(院)长姓名",
            "学历类别",
            "学习形式",
            "在线验证码",
            "层次",
            "证书编号",
        ],
        5,
    ),
    (
        K::ChsiStudentRecord,
        &[
            "学籍状态",
            "预计毕业日期",
            "学历类别",
            "学习形式",
            "在线验证码",
            "层次",
        ],
        5,
    ),
    (
        K::ChsiDegreeReport,
        &[
            "学位授予单位",
            "所授学位",
            "获学位日期",
            "学位证书编号",
            "在线验证码",
        ],
        4,
    ),
    (
        K::IdentityCard,
        &[
            "公民身份号码",
            "住址",
            "姓名",
            "民族",
            "出生",
            "签发机关",
            "有效期限",
        ],
        3,
    ),
    (
        K::Paper,
        &[
            "摘要",
            "关键词",
            "中图分类号",
            "文章编号",
            "文献标识码",
            "参考文献",
            "DOI",
        ],
        3,
    ),
    // The cover and contents of a journal, handed in before the article.
    (
        K::Paper,
        &[
            "ISSN",
            "国内统一",
            "国际标准",
            "主办",
            "编辑部",
            "目次",
            "邮发代号",
        ],
        3,
    ),
    (
        K::Patent,
        &["专利号", "授权公告日", "专利权人", "发明人", "证书号第"],
        3,
    ),
    (
        K::SocialInsuranceProof,
        &[
            "社会保险",
            "缴费基数",
            "参保单位",
            "缴费起止",
            "个人缴费",
            "缴费月数",
        ],
        4,
    ),
    (
        K::AnnualAssessment,
        &["考核等次", "个人总结", "主管领导", "德能勤绩廉", "年度考核"],
        3,
    ),
];
