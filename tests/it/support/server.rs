//! A real server on 127.0.0.1:0 with its own store and a fixed clock, and a client that looks at every answer.

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
use serde_json::Value;

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
        Ask {
            server: self,
            method,
            path: path.to_owned(),
            headers: Vec::new(),
            body: None,
        }
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

/// A request in the making.
pub struct Ask<'s> {
    server: &'s TestServer,
    method: &'static str,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Ask<'_> {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
    pub fn bearer(self, credential: &str) -> Self {
        self.header("Authorization", &format!("Bearer {credential}"))
    }
    pub fn pdf(mut self, bytes: &[u8]) -> Self {
        self.body = Some(bytes.to_vec());
        self.header("Content-Type", "application/pdf")
    }
    pub fn json(mut self, value: &Value) -> Self {
        self.body = Some(value.to_string().into_bytes());
        self.header("Content-Type", "application/json")
    }
    pub fn body(mut self, bytes: &[u8]) -> Self {
        self.body = Some(bytes.to_vec());
        self
    }
    /// A form of a page, sent by a page of ours.
    pub fn fields(mut self, fields: &[(&str, &str)]) -> Self {
        let escaped = |text: &str| -> String {
            let byte = |byte: u8| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            };
            text.bytes().map(byte).collect()
        };
        let pairs = fields.iter();
        let pairs = pairs.map(|(name, value)| format!("{}={}", escaped(name), escaped(value)));
        let body = pairs.collect::<Vec<_>>().join("&");
        self.body = Some(body.into_bytes());
        self.header("Content-Type", "application/x-www-form-urlencoded")
            .header("Sec-Fetch-Site", "same-origin")
    }
    /// A form with a file and other fields.
    pub fn form(mut self, file_name: &str, bytes: &[u8], fields: &[(&str, &str)]) -> Self {
        let boundary = "boundary-7f3a";
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend_from_slice(
                format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").as_bytes(),
            );
        }
        body.extend_from_slice(
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\nContent-Type: application/pdf\r\n\r\n").as_bytes(),
        );
        body.extend_from_slice(bytes);
        body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        self.body = Some(body);
        self.header(
            "Content-Type",
            &format!("multipart/form-data; boundary={boundary}"),
        )
    }
    /// A page's form, `application/x-www-form-urlencoded`, as a browser sends it.
    pub fn page_form(mut self, fields: &[(&str, &str)]) -> Self {
        let pairs = fields.iter().map(|(name, value)| {
            let bytes = value.bytes().map(|byte| format!("%{byte:02X}"));
            format!("{name}={}", bytes.collect::<String>())
        });
        self.body = Some(pairs.collect::<Vec<_>>().join("&").into_bytes());
        self.header("Content-Type", "application/x-www-form-urlencoded")
            .browser()
    }
    /// As a browser asks for a page of its own site.
    pub fn browser(self) -> Self {
        self.header("Accept", "text/html,application/xhtml+xml")
            .header("Sec-Fetch-Site", "same-origin")
    }
    /// A form with many files and other fields.
    pub fn files(mut self, files: &[(&str, &[u8])], fields: &[(&str, &str)]) -> Self {
        let boundary = "boundary-9c1e";
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend_from_slice(
                format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").as_bytes(),
            );
        }
        for (name, bytes) in files {
            body.extend_from_slice(
                format!("--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/pdf\r\n\r\n").as_bytes(),
            );
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        self.body = Some(body);
        self.header(
            "Content-Type",
            &format!("multipart/form-data; boundary={boundary}"),
        )
    }
    /// Sends it and looks at the answer: only expected headers, request id, digest, shape of a refusal.
    #[track_caller]
    pub fn send(self) -> Seen {
        let url = format!("{}{}", self.server.base, self.path);
        let mut request = ureq::http::Request::builder().method(self.method).uri(url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let response = match self.body {
            Some(body) => self.server.agent.run(request.body(body).unwrap()),
            None => self.server.agent.run(request.body(()).unwrap()),
        };
        let mut response =
            response.unwrap_or_else(|e| panic!("{} {}: {e}", self.method, self.path));
        let headers: Vec<(String, String)> = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or("?").to_owned()))
            .collect();
        let status = response.status().as_u16();
        let body = response
            .body_mut()
            .with_config()
            .limit(64 << 20)
            .read_to_vec()
            .unwrap();
        let seen = Seen {
            status,
            headers,
            body,
            head: self.method == "HEAD",
        };
        seen.check();
        seen
    }
}

/// An answer that was looked at.
#[derive(Debug)]
pub struct Seen {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    head: bool,
}

const ALWAYS: &[&str] = &[
    "x-request-id",
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
    "content-security-policy",
    "cache-control",
    "cross-origin-resource-policy",
    "cross-origin-opener-policy",
    "permissions-policy",
    "date",
];
const SOMETIMES: &[&str] = &[
    "content-type",
    "content-length",
    "content-digest",
    "repr-digest",
    "etag",
    "location",
    "accept-ranges",
    "content-range",
    "content-disposition",
    "preference-applied",
    "retry-after",
    "allow",
    "www-authenticate",
    "traceparent",
    "x-robots-tag",
    "set-cookie",
    "transfer-encoding",
    "connection",
    "x-accel-buffering",
];

impl Seen {
    #[track_caller]
    fn check(&self) {
        for name in ALWAYS {
            assert!(self.header(name).is_some(), "{name} is missing: {self:?}");
        }
        for (name, _) in &self.headers {
            let known = ALWAYS.contains(&name.as_str()) || SOMETIMES.contains(&name.as_str());
            assert!(known, "unexpected header {name}");
        }
        assert_eq!(self.header("x-content-type-options"), Some("nosniff"));
        if let Some(digest) = self.header("content-digest")
            && !self.head
        {
            assert_eq!(digest, Digest::of(&self.body).to_content_digest());
        }
        let own_page = self.header("content-type") == Some("text/html; charset=utf-8");
        if self.status >= 400 && !self.head {
            if own_page {
                let html = self.text();
                assert!(
                    html.contains("role=\"alert\"") || html.contains("name=\"secret\""),
                    "a page that says what is wrong"
                );
            } else {
                self.check_problem();
            }
        }
        if self.status == 401 {
            assert!(self.header("www-authenticate").is_some());
        }
        if self.status == 503 || self.status == 429 {
            assert!(self.header("retry-after").is_some());
        }
        if self.status == 405 {
            assert!(self.header("allow").is_some());
        }
    }

    #[track_caller]
    fn check_problem(&self) {
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json")
        );
        let body = self.value();
        let members: Vec<&String> = body.as_object().unwrap().keys().collect();
        let mut want = [
            "type",
            "status",
            "code",
            "title",
            "detail",
            "message",
            "errors",
            "request_id",
        ];
        want.sort_unstable();
        assert_eq!(members, want);
        assert_eq!(body["status"], self.status);
        assert_eq!(
            body["type"],
            format!("/problems/{}", body["code"].as_str().unwrap())
        );
        assert_eq!(
            body["request_id"].as_str(),
            self.header("x-request-id"),
            "the id in the body and the header"
        );
        for lang in ["zh", "en"] {
            let text = body["message"][lang].as_str().unwrap();
            assert!(!text.is_empty());
            assert!(!text.ends_with(['.', '。']), "{text}");
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let mut all = self.headers.iter().filter(|(n, _)| n == name);
        let first = all.next().map(|(_, value)| value.as_str());
        assert!(all.next().is_none(), "{name} stands twice");
        first
    }
    #[track_caller]
    pub fn value(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&self.body)))
    }
    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
    /// The answer has this status; gives its body.
    #[track_caller]
    pub fn is(self, status: u16) -> Value {
        assert_eq!(
            self.status,
            status,
            "{}",
            String::from_utf8_lossy(&self.body)
        );
        if self.body.is_empty() {
            return Value::Null;
        }
        self.value()
    }
    /// The answer is a refusal with this status and code; gives its body.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Value {
        let body = self.is(status);
        assert_eq!(body["code"], code, "{body}");
        body
    }
}
