//! Spans at a collector: of the caller's trace, with the route's pattern, and nothing of the address.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    time::{Duration, Instant},
};

use super::jobs::Served;
use crate::support::program::juanzong;

/// The bodies a collector gets until one holds these words.
fn collected(listener: &TcpListener, wanted: &str) -> String {
    let mut all = String::new();
    let until = Instant::now() + Duration::from_mins(1);
    listener.set_nonblocking(true).unwrap();
    while !all.contains(wanted) && Instant::now() < until {
        let Ok((mut stream, _)) = listener.accept() else {
            std::thread::sleep(Duration::from_millis(20));
            continue;
        };
        stream.set_nonblocking(false).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        let mut request = Vec::new();
        let mut buffer = [0; 4096];
        let length = |request: &[u8]| {
            let text = String::from_utf8_lossy(request).to_ascii_lowercase();
            let (head, _) = text.split_once("\r\n\r\n")?;
            let length = head
                .split("content-length: ")
                .nth(1)?
                .split("\r\n")
                .next()?;
            Some(head.len() + 4 + length.parse::<usize>().ok()?)
        };
        while length(&request).is_none_or(|length| request.len() < length) {
            let read = stream.read(&mut buffer).unwrap();
            assert!(read > 0, "the spans were cut off");
            request.extend_from_slice(&buffer[..read]);
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}").unwrap();
        all += &String::from_utf8_lossy(&request);
    }
    all
}

#[test]
fn a_collector_gets_a_span_of_each_request_without_its_address() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    juanzong(&[
        "keys",
        "init",
        "--data",
        data,
        "--office",
        "示例市职称办",
        "--base-url",
        "https://a.example",
        "--log-origin",
        "a.example/log",
    ]);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let served = Served::traced(data, &endpoint);
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into();
    let get = |path: &str, trace: &str| {
        let get = agent
            .get(format!("{}{path}", served.1))
            .header("traceparent", trace);
        get.call().unwrap().status().as_u16()
    };
    get(
        "/v/ABCDEFGHJKLMNPQRSTUV",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    );
    get(
        "/livez",
        "00-11111111111111111111111111111111-2222222222222222-00",
    );
    get(
        "/livez",
        "00-33333333333333333333333333333333-4444444444444444-01",
    );
    let spans = collected(&listener, "33333333333333333333333333333333");
    for wanted in [
        "POST /v1/traces",
        "\"traceId\":\"0af7651916cd43dd8448eb211c80319c\"",
        "\"parentSpanId\":\"b7ad6b7169203331\"",
        "\"stringValue\":\"/v/{code}\"",
        "\"stringValue\":\"juanzong\"",
    ] {
        assert!(spans.contains(wanted), "{wanted} is not in {spans}");
    }
    assert!(!spans.contains("ABCDEFGHJKLMNPQRSTUV"), "{spans}");
    assert!(
        !spans.contains("11111111111111111111111111111111"),
        "nobody samples this one"
    );
}
