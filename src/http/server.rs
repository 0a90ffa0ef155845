//! The server itself: on a listener somebody else opened, so that tests take port 0.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    time::Duration,
};

use actix_web::{
    App, HttpServer, ResponseError as _,
    dev::ServerHandle,
    middleware::from_fn,
    web::{self, Data},
};

use super::{Services, endpoints, jobs::Hands, metrics, observe, problem::Problem};

/// A server that runs on threads of its own until it is stopped.
pub struct Running {
    address: SocketAddr,
    handle: ServerHandle,
    thread: std::thread::JoinHandle<io::Result<()>>,
}

impl Running {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
    /// Takes no more requests, lets those under way finish, and waits for that.
    pub fn stop(self) -> io::Result<()> {
        drop(self.handle.stop(true));
        self.join()
    }
    /// Waits until it ends by itself.
    pub fn join(self) -> io::Result<()> {
        let ended = self.thread.join();
        ended.unwrap_or_else(|_| Err(io::Error::other("the server's thread panicked")))
    }
}

/// Serves on `listener` until the process is told to end (`SIGTERM`, Ctrl-C); requests under way are finished.
pub fn serve(services: Services, listener: TcpListener) -> io::Result<()> {
    actix_web::rt::System::new().block_on(async move {
        let hands = services.clone();
        let server = server(services, listener, true)?;
        until_ended(server, &hands).await
    })
}

/// Serves on `listener` in the background and leaves signals alone; for tests and for programs that embed us.
pub fn start(services: Services, listener: TcpListener) -> io::Result<Running> {
    let address = listener.local_addr()?;
    let (ready, started) = std::sync::mpsc::channel();
    let thread = std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let hands = services.clone();
            let server = server(services, listener, false)?;
            // Nobody listens only when the caller is gone already.
            let _ = ready.send(server.handle());
            until_ended(server, &hands).await
        })
    });
    match started.recv() {
        Ok(handle) => Ok(Running {
            address,
            handle,
            thread,
        }),
        Err(_) => Err(thread
            .join()
            .ok()
            .and_then(Result::err)
            .unwrap_or_else(|| io::Error::other("the server did not start"))),
    }
}

/// Serves, and has hands for long work, until the server ends; then work under way is ended or given back.
async fn until_ended(server: actix_web::dev::Server, services: &Services) -> io::Result<()> {
    if let Err(error) = services.store.take_up_jobs(services.clock.now()).await {
        tracing::warn!(%error, "work of before waits until its lease has run out");
    }
    services.known_answers.start(&services.store);
    metrics::look_after();
    let hands = Hands::start(services);
    let ended = server.await;
    hands.stop().await;
    ended
}

fn server(
    services: Services,
    listener: TcpListener,
    signals: bool,
) -> io::Result<actix_web::dev::Server> {
    services
        .store
        .blobs()
        .sweep_spool()
        .map_err(io::Error::other)?;
    metrics::start();
    let threads = services.config.threads;
    let data = Data::new(services);
    let mut server = HttpServer::new(move || {
        App::new()
            .app_data(data.clone())
            .wrap(from_fn(observe::observe))
            .configure(endpoints::register)
            .default_service(web::to(|| async { Problem::not_found().error_response() }))
    })
    .client_request_timeout(Duration::from_secs(15))
    .client_disconnect_timeout(Duration::from_secs(5))
    .keep_alive(Duration::from_secs(75))
    // The end of an answer does not wait until the client has acknowledged what came before it (RFC 896).
    .tcp_nodelay(true)
    .shutdown_timeout(30)
    .listen(listener)?;
    if let Some(threads) = threads {
        server = server.workers(threads);
    }
    if !signals {
        server = server.disable_signals();
    }
    Ok(server.run())
}
