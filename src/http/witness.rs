//! The HTTP side of a witness: `POST /add-checkpoint` (C2SP tlog-witness) and nothing else.

use std::{io, net::TcpListener, sync::Arc, time::Duration};

use actix_web::{
    App, HttpResponse, HttpServer,
    http::{StatusCode, header::CONTENT_TYPE},
    web::{self, Bytes, Data, PayloadConfig},
};

use crate::{clock::Clock, witness::Witness};

/// Largest request: 63 hashes and a checkpoint.
const REQUEST_BYTES: usize = 32 * 1024;

/// Serves a witness on `listener` until the process is told to end.
pub fn serve_witness(witness: Arc<Witness>, listener: TcpListener) -> io::Result<()> {
    let data = Data::from(witness);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(data.clone())
            .app_data(PayloadConfig::new(REQUEST_BYTES))
            .route("/add-checkpoint", web::post().to(add_checkpoint))
    });
    let server = server
        .workers(2)
        .client_request_timeout(Duration::from_secs(10))
        .tcp_nodelay(true)
        .shutdown_timeout(5)
        .listen(listener)?
        .run();
    actix_web::rt::System::new().block_on(server)
}

async fn add_checkpoint(witness: Data<Witness>, body: Bytes) -> HttpResponse {
    // It writes its memory to disk before it answers.
    let reply = web::block(move || witness.add_checkpoint(&body, Clock::System.now())).await;
    match reply {
        Ok(reply) => {
            let status = StatusCode::from_u16(reply.status);
            HttpResponse::build(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
                .insert_header((CONTENT_TYPE, reply.media_type))
                .body(reply.body)
        }
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}
