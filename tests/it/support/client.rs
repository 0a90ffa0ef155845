//! A client that looks at every answer: only expected headers, request id, digest, the shape of a refusal.

use juanzong::digest::Digest;
use serde_json::Value;

/// A request in the making.
pub struct Ask<'s> {
    agent: &'s ureq::Agent,
    base: &'s str,
    method: &'static str,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl<'s> Ask<'s> {
    pub fn new(agent: &'s ureq::Agent, base: &'s str, method: &'static str, path: &str) -> Ask<'s> {
        Ask {
            agent,
            base,
            method,
            path: path.to_owned(),
            headers: Vec::new(),
            body: None,
        }
    }
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
    pub fn form(self, file_name: &str, bytes: &[u8], fields: &[(&str, &str)]) -> Self {
        self.files(&[(file_name, bytes)], fields)
    }
    /// [`Ask::fields`], and the answer is wanted as a page.
    pub fn page_form(self, fields: &[(&str, &str)]) -> Self {
        self.fields(fields)
            .header("Accept", "text/html,application/xhtml+xml")
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
        let url = format!("{}{}", self.base, self.path);
        let mut request = ureq::http::Request::builder().method(self.method).uri(url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let response = match self.body {
            Some(body) => self.agent.run(request.body(body).unwrap()),
            None => self.agent.run(request.body(()).unwrap()),
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
