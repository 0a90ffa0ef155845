//! The sample's office: a token to sign in with, and certificates that stand in every way a certificate can.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    Services,
    access::{Caller, HOLDER_PREFIX},
    idempotency::OneTimeSecret,
    problem::Problem,
    services::SampleCertificate,
    v1::{
        issue_certificate,
        revoke_certificate::{RevocationOrder, revoke_now},
    },
};
use crate::{
    certificate::{Decision, Effect, Grant, Level, Method, Number, ReasonClass},
    dossier::sample,
    error_code::ErrorCode,
    lang::Bilingual,
    store::{NewToken, Scope, Scopes},
};

/// Made-up people: name, sex, born, employer, specialty, title, level, method.
const PEOPLE: [(&str, &str, &str, &str, &str, &str, Level, Method); 6] = [
    (
        "顾明舟",
        "男",
        "1991-04",
        "示例市智造装备有限公司",
        "机械设计",
        "工程师",
        Level::Intermediate,
        Method::Review,
    ),
    (
        "陆青禾",
        "女",
        "1994-11",
        "示例市新材料研究院",
        "高分子材料",
        "助理工程师",
        Level::Junior,
        Method::Initial,
    ),
    (
        "阿依古丽·示例",
        "女",
        "1988-02",
        "示例市云计算中心",
        "软件工程",
        "高级工程师",
        Level::AssociateSenior,
        Method::Review,
    ),
    (
        "欧阳示例",
        "男",
        "1990-09",
        "示例市智造装备有限公司",
        "电气自动化",
        "工程师",
        Level::Intermediate,
        Method::Recognition,
    ),
    (
        "林晚照",
        "女",
        "1997-06",
        "示例市海洋工程有限公司",
        "船舶工程",
        "技术员",
        Level::Technician,
        Method::Initial,
    ),
    (
        "周行之",
        "男",
        "1979-12",
        "示例市化工设计院",
        "石油化工工程",
        "正高级工程师",
        Level::Senior,
        Method::Review,
    ),
];

/// What the office of the sample offers.
pub(super) struct SampleOffice {
    /// A token that may issue, revoke, and see who did what.
    pub(super) token: String,
    /// Certificates a verifier may try.
    pub(super) certificates: Vec<SampleCertificate>,
}

/// A token to sign in to the office's pages with.
async fn token(services: &Services) -> Result<String, Problem> {
    let new = NewToken {
        label: "样例发证员 sample office".to_owned(),
        scopes: Scopes::of([Scope::Issue, Scope::Revoke, Scope::Admin]),
        expires_at: None,
    };
    let (_, text) = services
        .store
        .create_token(&new, services.clock.now())
        .await?;
    Ok(text)
}

/// Fills the register beside the sample's own certificate, which has this number and code.
pub(super) async fn fill(
    services: &Services,
    caller: &Caller,
    number: &str,
    code: &str,
) -> Result<SampleOffice, Problem> {
    let mut issued = BTreeMap::new();
    for person in PEOPLE {
        issued.insert(
            person.0,
            issue(services, caller, grant(person), None).await?,
        );
    }
    let of = |name: &str| {
        let found = issued.get(name).cloned();
        found.ok_or_else(|| Problem::new(ErrorCode::Internal))
    };
    let (revoked, superseded) = (of("顾明舟")?, of("陆青禾")?);
    let order = RevocationOrder {
        reason: ReasonClass::Fraud,
        effect: Effect::AbInitio,
        decision: Some(Decision {
            decided_on: sample::ON,
            decision_number: "示人社撤〔2024〕0号".to_owned(),
            reason: "样例：业绩材料虚假".to_owned(),
        }),
    };
    revoke_now(services, caller, &revoked.number, &order).await?;
    let mut better = PEOPLE
        .into_iter()
        .filter(|person| person.0 == "陆青禾")
        .map(grant);
    if let Some(mut grant) = better.next() {
        grant.specialty = "高分子材料与工程".to_owned();
        issue(services, caller, grant, Some(superseded.number.clone())).await?;
    }
    let shown = |number: String, code: String, zh: &str, en: &str| SampleCertificate {
        number,
        code,
        what: Bilingual::new(zh, en),
    };
    Ok(SampleOffice {
        token: token(services).await?,
        certificates: vec![
            shown(
                number.to_owned(),
                code.to_owned(),
                "有效的证书",
                "one in force",
            ),
            shown(
                revoked.number.to_string(),
                revoked.code,
                "已撤销的证书",
                "one that was revoked",
            ),
            shown(
                superseded.number.to_string(),
                superseded.code,
                "被替代的证书",
                "one that was superseded",
            ),
        ],
    })
}

#[derive(Clone)]
struct Issued {
    number: Number,
    code: String,
}

async fn issue(
    services: &Services,
    caller: &Caller,
    mut grant: Grant,
    supersedes: Option<Number>,
) -> Result<Issued, Problem> {
    grant.supersedes = supersedes;
    let holder = OneTimeSecret::new("holder_secret", HOLDER_PREFIX);
    let made = issue_certificate::make(services, caller, grant, &holder).await?;
    let text = |name: &str| {
        made.body
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    Ok(Issued {
        number: text("number").parse().map_err(Problem::internal)?,
        code: text("code").to_owned(),
    })
}

fn grant(
    (name, sex, born, unit, specialty, title, level, method): (
        &str,
        &str,
        &str,
        &str,
        &str,
        &str,
        Level,
        Method,
    ),
) -> Grant {
    Grant {
        name: name.to_owned(),
        sex: Some(sex.to_owned()),
        born: Some(born.to_owned()),
        unit: Some(unit.to_owned()),
        id_number: None,
        series: "工程技术".to_owned(),
        specialty: specialty.to_owned(),
        title: title.to_owned(),
        level,
        method,
        committee: "示例市工程技术专业职称评审委员会".to_owned(),
        doc_no: Some("示人社职称〔2024〕0号".to_owned()),
        obtained_on: sample::ON,
        supersedes: None,
        dossier_sha256: None,
        pack_sha256: None,
    }
}
