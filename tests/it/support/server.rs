//! A real server on 127.0.0.1:0 with its own store and a fixed clock.

use std::{
    net::TcpListener,
    path::PathBuf,
    sync::{Arc, OnceLock},
    time::Duration,
};

use juanzong::{
    certificate::{Issuer, Office},
    clock::Clock,
    digest::Digest,
    http::{self, Config, Running, Services},
    limits::Limits,
    rulepack::Packs,
    sandbox::{Pool, PoolConfig},
    store::{NewToken, Scope, Scopes, Store, StoreConfig},
    typeset::{TemplateSource, Typesetter},
    units::ByteLen,
};

use super::client::Ask;

/// The day every test server thinks it is.
pub const TODAY: &str = "2024-08-20";
/// The largest upload test servers take.
pub const FILE_BYTES: u64 = 2 << 20;

/// A running server.
pub struct TestServer {
    pub services: Services,
    running: Option<Running>,
    store_config: StoreConfig,
    folder: tempfile::TempDir,
    base: String,
    agent: ureq::Agent,
}

/// How a test server differs from the usual.
#[derive(Default)]
pub struct Setup {
    pub open_to_applicants: bool,
    pub config: Option<Config>,
    /// Largest upload; 2 MiB when not said.
    pub file_bytes: Option<u64>,
    /// The notices; those built in when not said.
    pub packs: Option<Packs>,
}

/// The runtime tests use for the store's own functions.
pub fn runtime() -> &'static tokio::runtime::Runtime {
    static RUNTIME: OnceLock<tokio::runtime::Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| tokio::runtime::Runtime::new().unwrap())
}

/// Fonts are loaded once for all tests.
pub fn typesetter() -> Typesetter {
    static TYPESETTER: OnceLock<Typesetter> = OnceLock::new();
    let made = TYPESETTER.get_or_init(|| Typesetter::new(&TemplateSource::BuiltIn).unwrap());
    made.clone()
}

impl TestServer {
    pub fn start() -> TestServer {
        TestServer::with(Setup::default())
    }

    pub fn with(setup: Setup) -> TestServer {
        let folder = tempfile::tempdir().unwrap();
        let store_config = super::engines::store_config(folder.path().join("data"));
        let store = runtime().block_on(Store::open(&store_config)).unwrap();
        let pool = Pool::start(PoolConfig {
            program: PathBuf::from(env!("CARGO_BIN_EXE_juanzong")),
            arguments: vec!["worker".to_owned()],
            workers: 2,
            limits: Limits {
                file_bytes: ByteLen(setup.file_bytes.unwrap_or(FILE_BYTES)),
                ..Limits::DEFAULT
            },
        })
        .unwrap();
        let clock = Clock::fixed_on(TODAY.parse().unwrap());
        let mut config = setup.config.unwrap_or_default();
        config.open_to_applicants |= setup.open_to_applicants;
        config.upload_patience = Duration::from_secs(3);
        config.threads = Some(2);
        let issuer = Issuer::for_demonstration(Office::sample(), b"test", clock.now()).unwrap();
        let services = Services::new(
            store,
            pool,
            Arc::new(setup.packs.unwrap_or_else(Packs::builtin)),
            typesetter(),
            Arc::new(issuer),
            clock,
            config,
        );
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let running = http::start(services.clone(), listener).unwrap();
        let base = format!("http://{}", running.address());
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_mins(1)))
            .build();
        TestServer {
            services,
            running: Some(running),
            store_config,
            folder,
            base,
            agent: agent.into(),
        }
    }

    /// A token with these scopes.
    pub fn token(&self, scopes: &[Scope]) -> String {
        let new = NewToken {
            label: "test".into(),
            scopes: Scopes::of(scopes.iter().copied()),
            expires_at: None,
        };
        let now = self.services.clock.now();
        let made = runtime().block_on(self.services.store.create_token(&new, now));
        made.unwrap().1
    }

    /// What the browser holds of a sign-in to the office's pages with a token.
    pub fn session(&self, token: &str) -> String {
        let (store, now) = (&self.services.store, self.services.clock.now());
        let begun = async {
            let token = store.token(token, now).await.unwrap().unwrap();
            store.begin_session(&token, now).await.unwrap().1
        };
        runtime().block_on(begun)
    }

    pub fn address(&self) -> std::net::SocketAddr {
        self.running.as_ref().unwrap().address()
    }

    /// Ends it; the data folder stays until this is dropped.
    pub fn stop(&mut self) {
        self.running.take().unwrap().stop().unwrap();
        runtime().block_on(self.services.store.close());
    }

    /// The same server stopped and started again with other notices.
    pub fn again_with(mut self, packs: Packs) -> TestServer {
        self.running.take().unwrap().stop().unwrap();
        self.services.packs = Arc::new(packs);
        // Connections belong to the threads of the server that has just ended: a new process would open its own.
        self.services.store = runtime().block_on(Store::open(&self.store_config)).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let running = http::start(self.services.clone(), listener).unwrap();
        self.base = format!("http://{}", running.address());
        self.running = Some(running);
        self
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn get(&self, path: &str) -> Ask<'_> {
        self.ask("GET", path)
    }

    pub fn post(&self, path: &str) -> Ask<'_> {
        self.ask("POST", path)
    }

    pub fn ask(&self, method: &'static str, path: &str) -> Ask<'_> {
        Ask::new(&self.agent, &self.base, method, path)
    }

    /// Stops the server and looks at what it leaves: nothing in the spool, these blobs and no others.
    pub fn leaves(mut self, mut blobs: Vec<Digest>) {
        self.running.take().unwrap().stop().unwrap();
        blobs.sort();
        let kept = self.services.store.blobs().all().unwrap();
        assert_eq!(kept, blobs, "blobs left");
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            let stopped = running.stop();
            if !std::thread::panicking() {
                stopped.unwrap();
            }
        }
        if !std::thread::panicking() {
            let spooled = self.services.store.blobs().spooled().unwrap();
            assert_eq!(spooled, Vec::<String>::new(), "the spool is not empty");
        }
    }
}
