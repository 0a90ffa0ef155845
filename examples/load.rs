//! Puts load on a server and says how fast it answers; also a server that answers a constant, to compare with. For `bench/load.sh`.
//!
//! ```text
//! load constant ADDRESS BYTES                        answers every request with that much JSON until it is ended
//! load closed ADDRESS PATH BODY CONNECTIONS SECONDS  as many requests as it can; prints requests a second
//! load open ADDRESS PATH BODY RATE SECONDS           so many a second, whatever the answers do; prints p50 p99 max in milliseconds
//! ```
//! In `open` a request's time begins when it should have been sent, so that a server that stalls cannot hide it.

#![allow(
    clippy::print_stdout,
    reason = "a program of ours for the terminal: what it prints is its result"
)]

use std::{
    io,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
};

/// Connections of an open load: enough that none waits for another unless the server does.
const LANES: u32 = 64;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let number = |text: &str| text.parse::<u32>().map_err(io::Error::other);
    match words.as_slice() {
        ["constant", address, bytes] => constant(address, number(bytes)? as usize),
        ["closed", address, path, body, connections, seconds] => {
            let (connections, seconds) = (number(connections)?, number(seconds)?);
            let request = request(path, body);
            let rate = runtime()?.block_on(closed(address, request, connections, seconds))?;
            println!("{rate:.0}");
            Ok(())
        }
        ["open", address, path, body, rate, seconds] => {
            let (rate, seconds) = (number(rate)?, number(seconds)?);
            let request = request(path, body);
            let mut times = runtime()?.block_on(open(address, request, rate, seconds))?;
            times.sort_unstable();
            let at = |share: f64| {
                let place = (times.len() as f64 * share) as usize;
                times
                    .get(place.min(times.len() - 1))
                    .map_or(0.0, |t| t.as_secs_f64() * 1e3)
            };
            println!("{:.2} {:.2} {:.2}", at(0.5), at(0.99), at(1.0));
            Ok(())
        }
        _ => Err(io::Error::other("see the head of examples/load.rs")),
    }
}

fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
}

fn constant(address: &str, bytes: usize) -> io::Result<()> {
    use actix_web::{App, HttpResponse, HttpServer, web};
    let body = format!(
        "{{\"answer\":\"{}\"}}",
        "a".repeat(bytes.saturating_sub(13))
    );
    let body = web::Bytes::from(body);
    actix_web::rt::System::new().block_on(async move {
        HttpServer::new(move || {
            let body = body.clone();
            App::new().default_service(web::to(move |_: web::Bytes| {
                let body = body.clone();
                async move {
                    HttpResponse::Ok()
                        .content_type("application/json")
                        .body(body)
                }
            }))
        })
        .bind(address)?
        .run()
        .await
    })
}

fn request(path: &str, body: &str) -> Arc<Vec<u8>> {
    let text = format!(
        "POST {path} HTTP/1.1\r\nHost: load\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    Arc::new(text.into_bytes())
}

struct Lane(BufReader<TcpStream>);

impl Lane {
    async fn open(address: &str) -> io::Result<Lane> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Lane(BufReader::new(stream)))
    }
    /// Sends and reads the whole answer, which must be 200.
    async fn ask(&mut self, request: &[u8]) -> io::Result<()> {
        self.0.get_mut().write_all(request).await?;
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.0.read_u8().await?);
        }
        let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
        if !head.starts_with("http/1.1 200") {
            return Err(io::Error::other(head));
        }
        let length = head
            .split("content-length: ")
            .nth(1)
            .and_then(|rest| rest.split('\r').next());
        let length: usize = length
            .and_then(|text| text.parse().ok())
            .ok_or(io::ErrorKind::InvalidData)?;
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await.map(drop)
    }
}

async fn closed(
    address: &str,
    request: Arc<Vec<u8>>,
    connections: u32,
    seconds: u32,
) -> io::Result<f64> {
    let end = Instant::now() + Duration::from_secs(u64::from(seconds));
    let mut lanes = Vec::new();
    for _ in 0..connections {
        let (mut lane, request) = (Lane::open(address).await?, Arc::clone(&request));
        lanes.push(tokio::spawn(async move {
            let mut count = 0_u64;
            while Instant::now() < end {
                lane.ask(&request).await?;
                count += 1;
            }
            Ok::<_, io::Error>(count)
        }));
    }
    let mut count = 0;
    for lane in lanes {
        count += lane.await??;
    }
    Ok(count as f64 / f64::from(seconds))
}

async fn open(
    address: &str,
    request: Arc<Vec<u8>>,
    rate: u32,
    seconds: u32,
) -> io::Result<Vec<Duration>> {
    let start = Instant::now() + Duration::from_millis(100);
    let all = Arc::new(Mutex::new(Vec::new()));
    let mut lanes = Vec::new();
    for lane in 0..LANES {
        let (mut stream, request, all) = (
            Lane::open(address).await?,
            Arc::clone(&request),
            Arc::clone(&all),
        );
        lanes.push(tokio::spawn(async move {
            let mut times = Vec::new();
            let mut n = lane;
            while n < rate * seconds {
                let due = start + Duration::from_secs_f64(f64::from(n) / f64::from(rate));
                tokio::time::sleep_until(due.into()).await;
                stream.ask(&request).await?;
                times.push(due.elapsed());
                n += LANES;
            }
            let mut all = all.lock().map_err(|_| io::Error::other("a lane failed"))?;
            all.extend(times);
            Ok::<_, io::Error>(())
        }));
    }
    for lane in lanes {
        lane.await??;
    }
    let mut all = all.lock().map_err(|_| io::Error::other("a lane failed"))?;
    Ok(std::mem::take(&mut *all))
}
