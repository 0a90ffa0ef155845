//! `serve --sample`: the sample dossier with its files, reports and volumes, and a certificate, all invented.
//!
//! Goes through the same functions as requests do. What was made is written to `sample.env` in the data folder, so
//! that a second start finds it again and the examples of the documentation can be pasted.

use std::{collections::BTreeMap, path::Path};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::Value;

use super::{
    Services, Showcase,
    access::{Caller, DOSSIER_PREFIX, HOLDER_PREFIX},
    idempotency::OneTimeSecret,
    problem::Problem,
    sample_office,
    services::SampleCertificate,
    v1::{bind_dossier, create_dossier, issue_certificate, slot},
};
use crate::{
    certificate::{Grant, Level, Method},
    digest::write_atomically,
    dossier::{Dossier, Item, sample},
    intake::FileName,
    store::{DossierRow, Id, NewToken, Scope, Scopes},
};

/// The file in the data folder that says what was made.
const ENV_FILE: &str = "sample.env";

/// The variable of that file that lists certificates to try.
const CERTIFICATES: &str = "JUANZONG_CERTIFICATES";

/// What the sample offers; print it, it is made up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preloaded {
    /// A token that may validate, bind, issue and revoke.
    pub token: String,
    /// Id of the dossier.
    pub dossier: String,
    /// The secret that opens it.
    pub dossier_secret: String,
    /// Number of the certificate.
    pub certificate: String,
    /// Its face code.
    pub code: String,
    /// Its holder's secret.
    pub holder_secret: String,
    /// A token that signs in to the office's pages.
    pub office_token: String,
    /// Certificates a verifier may try, as JSON.
    certificates: Vec<SampleCertificate>,
}

/// The sample could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the sample could not be made: {0}")]
pub struct PreloadError(String);

impl From<Problem> for PreloadError {
    fn from(problem: Problem) -> PreloadError {
        PreloadError(format!("{problem:?}"))
    }
}

/// Makes the sample, or finds the one made before, and lets anyone look at it.
pub async fn preload(services: &Services) -> Result<Preloaded, PreloadError> {
    let file = services.store.folder().join(ENV_FILE);
    let found = match Preloaded::read(&file) {
        Some(found) if exists(services, &found).await? => found,
        _ => {
            let made = make(services).await?;
            let text = made.to_env();
            write_atomically(&file, text.as_bytes()).map_err(|e| PreloadError(e.to_string()))?;
            made
        }
    };
    let dossier = found.dossier.parse();
    // Set before: the same sample again.
    let _ = services.showcase.set(Showcase {
        dossier: dossier.map_err(|e| PreloadError(format!("{e}")))?,
        certificate: Some(found.certificate.clone()),
        code: Some(found.code.clone()),
        certificates: found.certificates.clone(),
    });
    Ok(found)
}

async fn exists(services: &Services, found: &Preloaded) -> Result<bool, PreloadError> {
    let Ok(id) = found.dossier.parse() else {
        return Ok(false);
    };
    let row = services.store.dossier(&id).await.map_err(Problem::from)?;
    let token = services.store.token(&found.token, services.clock.now());
    let token = token.await.map_err(Problem::from)?;
    Ok(row.is_some() && token.is_some())
}

async fn make(services: &Services) -> Result<Preloaded, PreloadError> {
    let caller = Caller::of("sample");
    let new = NewToken {
        label: "sample".to_owned(),
        scopes: Scopes::of([Scope::Validate, Scope::Bind, Scope::Issue, Scope::Revoke]),
        expires_at: None,
    };
    let now = services.clock.now();
    let token = services.store.create_token(&new, now).await;
    let (_, token) = token.map_err(Problem::from)?;
    let mut statement = statement()?;
    let items = std::mem::take(&mut statement.items);
    let secret = OneTimeSecret::new("secret", DOSSIER_PREFIX);
    let on = Some(sample::ON);
    let made =
        create_dossier::make(services, &caller, Id::random(), &statement, on, &secret).await?;
    let id = made
        .dossier
        .ok_or_else(|| PreloadError("no dossier".to_owned()))?;
    let row = row(services, &id).await?;
    fill(services, &row, &items).await?;
    let row = self::row(services, &id).await?;
    let bound = bind_dossier::bind_now(
        services,
        &caller,
        &row,
        crate::bind::BindOptions::default(),
        &super::jobs::Progress::of_nobody(),
    )
    .await?;
    let _ = bound;
    let holder = OneTimeSecret::new("holder_secret", HOLDER_PREFIX);
    let grant = grant(&statement);
    let issued = issue_certificate::make(services, &caller, grant, &holder).await?;
    let text = |body: &Value, name: &str| body[name].as_str().unwrap_or_default().to_owned();
    let (number, code) = (text(&issued.body, "number"), text(&issued.body, "code"));
    let office = sample_office::fill(services, &caller, &number, &code).await?;
    Ok(Preloaded {
        token,
        dossier: id.to_string(),
        dossier_secret: text(&made.body, "secret"),
        certificate: number,
        code,
        holder_secret: text(&issued.body, "holder_secret"),
        office_token: office.token,
        certificates: office.certificates,
    })
}

fn statement() -> Result<Dossier, PreloadError> {
    let file = sample::files().find(|(name, _)| *name == sample::DOSSIER_FILE);
    let text = file.and_then(|(_, bytes)| std::str::from_utf8(bytes).ok());
    let text = text.ok_or_else(|| PreloadError("no dossier file".to_owned()))?;
    toml::from_str(text).map_err(|error| PreloadError(error.to_string()))
}

async fn row(services: &Services, id: &crate::store::Id) -> Result<DossierRow, PreloadError> {
    let row = services.store.dossier(id).await.map_err(Problem::from)?;
    row.ok_or_else(|| PreloadError("the dossier is gone".to_owned()))
}

/// Judges all files, as many at once as may be, and puts them in their slots in order.
async fn fill(services: &Services, row: &DossierRow, items: &[Item]) -> Result<(), PreloadError> {
    let files: BTreeMap<_, _> = sample::files().collect();
    let arrivals = items.iter().map(|item| {
        let name = item.file.to_string_lossy();
        let bytes = files.get(&*name).copied().unwrap_or_default();
        slot::arrive_built_in(services, row, item, FileName::shown(&name), bytes)
    });
    let at_once = services.config.heavy_at_once.max(1);
    let arrived: Vec<_> = stream::iter(arrivals)
        .buffered(at_once)
        .try_collect()
        .await?;
    for arrived in arrived {
        let now = services.clock.now();
        let kept = &arrived.kept;
        services
            .store
            .add_upload(&arrived.new, arrived.upload.bytes, kept, None, None, now)
            .await
            .map_err(Problem::from)?;
    }
    Ok(())
}

fn grant(statement: &Dossier) -> Grant {
    let applicant = &statement.applicant;
    let born = applicant.born;
    Grant {
        name: applicant.name.clone(),
        sex: applicant.sex.clone(),
        born: born.map(|born| born.strftime("%Y-%m").to_string()),
        unit: applicant.unit.clone(),
        id_number: applicant.id_number.clone(),
        series: "工程技术".to_owned(),
        specialty: applicant.specialty.clone().unwrap_or_default(),
        title: "工程师".to_owned(),
        level: Level::Intermediate,
        method: Method::Recognition,
        committee: "示例市工业和信息化领域高层次和急需紧缺人才考核认定中级评委会".to_owned(),
        doc_no: Some("示工信职称〔2024〕0号".to_owned()),
        obtained_on: sample::ON,
        supersedes: None,
        dossier_sha256: None,
        pack_sha256: None,
    }
}

impl Preloaded {
    fn pairs(&self) -> [(&'static str, &str); 7] {
        [
            ("JUANZONG_TOKEN", &self.token),
            ("JUANZONG_DOSSIER", &self.dossier),
            ("JUANZONG_DOSSIER_SECRET", &self.dossier_secret),
            ("JUANZONG_CERTIFICATE", &self.certificate),
            ("JUANZONG_CODE", &self.code),
            ("JUANZONG_HOLDER_SECRET", &self.holder_secret),
            ("JUANZONG_OFFICE_TOKEN", &self.office_token),
        ]
    }
    /// As lines a shell reads: `. data/sample.env`.
    pub fn to_env(&self) -> String {
        let lines = self
            .pairs()
            .map(|(name, value)| format!("{name}={value}\n"));
        let certificates = serde_json::to_string(&self.certificates).unwrap_or_default();
        format!("{}{CERTIFICATES}='{certificates}'\n", lines.concat())
    }
    fn read(file: &Path) -> Option<Preloaded> {
        let text = std::fs::read_to_string(file).ok()?;
        let pairs: BTreeMap<&str, &str> = text
            .lines()
            .filter_map(|line| line.split_once('='))
            .collect();
        let value = |name: &str| pairs.get(name).map(|value| (*value).to_owned());
        Some(Preloaded {
            token: value("JUANZONG_TOKEN")?,
            dossier: value("JUANZONG_DOSSIER")?,
            dossier_secret: value("JUANZONG_DOSSIER_SECRET")?,
            certificate: value("JUANZONG_CERTIFICATE")?,
            code: value("JUANZONG_CODE")?,
            holder_secret: value("JUANZONG_HOLDER_SECRET")?,
            office_token: value("JUANZONG_OFFICE_TOKEN")?,
            certificates: serde_json::from_str(value(CERTIFICATES)?.trim_matches('\'')).ok()?,
        })
    }
}
