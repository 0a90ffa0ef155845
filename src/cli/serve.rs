//! `juanzong serve`: the service on embedded SQLite and local disk, with a sample to look at when asked.

use std::{
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{Exit, Scene, Trouble, certificate, output};
use crate::{
    certificate::{Issuer, Office},
    clock::Clock,
    http::{
        self, Config, ForeignTokens, Services,
        sample::{self, Preloaded},
    },
    lang::Lang,
    store::{Retention, Store, StoreConfig},
    verify,
};

/// The service: validation, dossiers, binding, certificates, verification over HTTP
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT")]
    listen: SocketAddr,
    /// Folder for everything that is kept
    #[arg(long, default_value = "data", value_name = "DIR")]
    data: PathBuf,
    /// Preload a sample dossier and certificate, all invented, with an office of the sample's own, open to everybody
    #[arg(long)]
    sample: bool,
    /// Questions about certificates one caller may ask in a minute; 0 for as many as he likes
    #[arg(long, default_value_t = 60, value_name = "N")]
    verifications_per_minute: u32,
    /// Files one caller may send in a minute; 0 for as many as he likes
    #[arg(long, default_value_t = 240, value_name = "N")]
    uploads_per_minute: u32,
    /// Settings of another platform whose tokens are taken (OpenID Connect): docs/security.md
    #[arg(long, value_name = "FILE.toml")]
    oidc: Option<PathBuf>,
    #[command(flatten)]
    keep: super::purge::Keep,
    /// Address of a proxy of ours, whose X-Forwarded-For is believed; may be given several times
    #[arg(long, value_name = "ADDRESS")]
    trusted_proxy: Vec<std::net::IpAddr>,
}

pub(super) fn run(scene: &Scene, arguments: &Arguments) -> Result<Exit, Trouble> {
    log();
    let listener = TcpListener::bind(arguments.listen)
        .map_err(|error| Trouble::because(format!("{}: {error}", arguments.listen)))?;
    let address = listener.local_addr().map_err(Trouble::new)?;
    let issuer = issuer(&arguments.data, address, arguments.sample)?;
    let pool = Scene::pool()?;
    pool.warm();
    let foreign_tokens = match &arguments.oidc {
        Some(path) => Some(Arc::new(ForeignTokens::read(path).map_err(Trouble::new)?)),
        None => None,
    };
    let config = Config {
        foreign_tokens,
        open_to_applicants: arguments.sample,
        verifications_per_minute: arguments.verifications_per_minute,
        uploads_per_minute: arguments.uploads_per_minute,
        trusted_proxies: arguments.trusted_proxy.clone(),
        ..Config::default()
    };
    let packs = Arc::new(scene.packs()?);
    let typesetter = scene.typesetter()?;
    let mut services = super::block_on(async {
        let folder = arguments.data.clone();
        let store = Store::open(&StoreConfig::configured(folder))
            .await
            .map_err(Trouble::new)?;
        let issuer = Arc::new(issuer);
        Ok(Services::new(
            store,
            pool,
            packs,
            typesetter,
            issuer,
            Clock::System,
            config,
        ))
    })?;
    if arguments.sample {
        let sample =
            super::block_on(async { sample::preload(&services).await.map_err(Trouble::new) })?;
        output::print(&tour(&sample, address, &arguments.data, scene.lang))?;
    } else {
        output::print(&format!("http://{address}"))?;
    }
    services.config.recognise = true;
    finish_what_waits(&services);
    forget_what_is_old(&services, arguments.keep.retention());
    http::serve(services, listener).map_err(Trouble::new)?;
    output::done()
}

/// Finishes certificates that a crash or a silent witness left in the log, now and every half minute.
fn finish_what_waits(services: &Services) {
    let (issuer, store) = (Arc::clone(&services.issuer), services.store.clone());
    std::thread::spawn(move || {
        let work = super::block_on(async {
            loop {
                match crate::certificate::publish(&issuer, &store, verify::self_check).await {
                    Ok(finished) if finished.is_empty() => {}
                    Ok(finished) => tracing::info!(count = finished.len(), "certificates finished"),
                    Err(error) => tracing::warn!(%error, "certificates wait"),
                }
                tokio::time::sleep(std::time::Duration::from_secs(30)).await;
            }
        });
        let _: Result<(), Trouble> = work;
    });
}

/// Forgets what has been kept long enough, a minute after the start and then every hour.
fn forget_what_is_old(services: &Services, keep: Retention) {
    let (store, clock) = (services.store.clone(), services.clock);
    std::thread::spawn(move || {
        let work = super::block_on(async {
            tokio::time::sleep(std::time::Duration::from_mins(1)).await;
            loop {
                match store.purge(&keep, clock.now(), clock.today()).await {
                    Ok(forgotten) if forgotten.is_anything() => {
                        tracing::info!(?forgotten, "what was kept long enough is forgotten");
                    }
                    Ok(_) => {}
                    Err(error) => {
                        tracing::warn!(%error, "what was kept long enough is still there")
                    }
                }
                tokio::time::sleep(std::time::Duration::from_hours(1)).await;
            }
        });
        let _: Result<(), Trouble> = work;
    });
}

/// The office whose keys lie in the data folder; the sample makes itself one.
fn issuer(data: &Path, address: SocketAddr, sample: bool) -> Result<Issuer, Trouble> {
    let folder = data.join("keys");
    if sample && !folder.join("office.toml").exists() {
        std::fs::create_dir_all(&folder).map_err(Trouble::new)?;
        let office = Office {
            base_url: format!("http://{address}"),
            ..Office::sample()
        };
        return Issuer::init(&folder, &office, Clock::System.now()).map_err(Trouble::new);
    }
    certificate::issuer(data)
}

/// Where to look first.
fn tour(sample: &Preloaded, address: SocketAddr, data: &Path, lang: Lang) -> String {
    let base = format!("http://{address}");
    let env = data.join("sample.env");
    let code = &sample.code;
    let dossier = &sample.dossier;
    let office = &sample.office_token;
    match lang {
        Lang::Zh => format!(
            "卷宗已启动，样例均为虚构：\n  首页        {base}/\n  样例第一分册 {base}/v1/dossiers/{dossier}/volumes/1.pdf\n  核验证书    {base}/verify（样例 {base}/v/{code}）\n  发证机关    {base}/office  令牌 {office}\n  接口说明    {base}/docs\n  令牌与密钥  {}",
            env.display()
        ),
        Lang::En => format!(
            "juanzong runs; everything in the sample is invented:\n  start page      {base}/\n  first volume    {base}/v1/dossiers/{dossier}/volumes/1.pdf\n  verify          {base}/verify (sample: {base}/v/{code})\n  the office      {base}/office  token {office}\n  the API         {base}/docs\n  tokens, secrets {}",
            env.display()
        ),
    }
}

/// Structured lines on standard error; `JUANZONG_LOG` sets what is told (default `info`).
fn log() {
    let wanted = crate::config::variable("JUANZONG_LOG").unwrap_or_else(|| "info".to_owned());
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_writer(std::io::stderr)
        .with_env_filter(tracing_subscriber::EnvFilter::new(wanted))
        .finish();
    // Set before only when two services run in one process.
    let _ = tracing::subscriber::set_global_default(subscriber);
}
