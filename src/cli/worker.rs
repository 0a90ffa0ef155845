//! `juanzong worker`: what a locked-down process can be asked to do.

use super::{Exit, Trouble};
use crate::{
    bind, certificate, inspect,
    sandbox::{self, Answer, AnswerBody, Files, Handler, RenderRequest},
    verify,
};

const TASKS: &[(&str, Handler)] = &[
    (sandbox::INSPECT, |input, files, limits| {
        let others = serde_json::from_slice(input).map_err(|e| e.to_string())?;
        json(&inspect::begin(bytes(files)?, limits, others))
    }),
    (sandbox::MEASURE, |input, files, limits| {
        let pages: Vec<_> = serde_json::from_slice(input).map_err(|e| e.to_string())?;
        json(&inspect::measured(bytes(files)?, &pages, limits))
    }),
    (sandbox::RENDER, |input, files, limits| {
        let request: RenderRequest = serde_json::from_slice(input).map_err(|e| e.to_string())?;
        let bytes = bytes(files)?;
        inspect::raster::marked_png(bytes, request.page, request.dpi, &request.marks, limits)
            .map(AnswerBody::Bytes)
            .map_err(|error| error.to_string())
    }),
    (sandbox::READABLE, |input, files, limits| {
        let frame = serde_json::from_slice(input).map_err(|e| e.to_string())?;
        inspect::raster::grey_for_reading(bytes(files)?, &frame, limits)
            .map(|grey| AnswerBody::Bytes(inspect::raster::pgm(&grey)))
            .map_err(|error| error.to_string())
    }),
    (sandbox::STRIPS, |input, files, limits| {
        let request = serde_json::from_slice(input).map_err(|e| e.to_string())?;
        let (strips, tiff) = inspect::raster::strips(bytes(files)?, &request, limits)
            .map_err(|error| error.to_string())?;
        let mut answer = serde_json::to_vec(&strips).map_err(|e| e.to_string())?;
        answer.push(b'\n');
        answer.extend_from_slice(&tiff);
        Ok(AnswerBody::Bytes(answer))
    }),
    (sandbox::QR_CODES, |input, files, limits| {
        let pages: Vec<_> = serde_json::from_slice(input).map_err(|e| e.to_string())?;
        json(&inspect::codes_of(bytes(files)?, &pages, limits))
    }),
    (sandbox::MARGINS, |_, files, limits| {
        json(&inspect::margins_of(bytes(files)?, limits))
    }),
    (bind::BIND, bind::bind_task),
    (verify::VERIFY, verify::verify_task),
    (certificate::TABLE, certificate::table_task),
];

pub(super) fn run() -> Result<Exit, Trouble> {
    let socket = sandbox::socket_from_stdin().map_err(Trouble::new)?;
    sandbox::serve(socket, TASKS).map_err(Trouble::new)?;
    Ok(Exit::Good)
}

/// The hidden subcommand `confined`.
pub(super) fn confined(job: &str) -> Result<Exit, Trouble> {
    match sandbox::confined(job) {
        Ok(never) => match never {},
        Err(error) => Err(Trouble::new(error)),
    }
}

fn bytes(files: &Files<'_>) -> Result<Vec<u8>, String> {
    files.read(0).map_err(|error| error.to_string())
}

fn json(value: &impl serde::Serialize) -> Answer {
    serde_json::to_vec(value)
        .map(AnswerBody::Json)
        .map_err(|error| error.to_string())
}
