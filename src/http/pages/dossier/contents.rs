//! `GET /dossiers/{id}/contents/{volume}/{page}.png`: the contents page of a volume as it will be printed, before anything is bound.

use std::io::Write as _;

use actix_web::{HttpRequest, HttpResponse, http::header::CACHE_CONTROL, web::Data};

use super::standing;
use crate::{
    bind::{BindError, contents_page},
    dossier::CheckedDossier,
    error_code::ErrorCode,
    http::{
        Services,
        access::OpenDossier,
        body, json,
        problem::{Answer, Problem},
        v1::bind_dossier,
    },
    sandbox::RenderRequest,
    store::StoreError,
    units::PageNumber,
};

/// Fine enough to read small type on a phone that zooms in.
const DPI: f64 = 96.0;

/// A contents page as a picture.
pub(in crate::http) async fn picture(
    request: HttpRequest,
    services: Data<Services>,
    OpenDossier(row): OpenDossier,
) -> Answer {
    let volume: u8 = body::variable(&request, "volume")?;
    let page: u32 = body::variable(&request, "page")?;
    let page = PageNumber::new(page).ok_or_else(Problem::not_found)?;
    let standing = standing::of(&services, &row).await?;
    let dossier = CheckedDossier::unchecked_only_to_preview(
        &standing.statement,
        &standing.pack,
        standing.papers,
        standing.on,
    );
    let (typesetter, pool) = (services.typesetter.clone(), services.pool.clone());
    let drawn = services.permits.run(move || {
        let typeset = contents_page(&dossier, &typesetter, volume).map_err(refused)?;
        let typeset = typeset.filter(|typeset| page.value() <= typeset.pages);
        let typeset = typeset.ok_or_else(Problem::not_found)?;
        let mut file = tempfile::tempfile().map_err(StoreError::from)?;
        file.write_all(&typeset.pdf).map_err(StoreError::from)?;
        let wanted = RenderRequest {
            page: page.index(),
            dpi: DPI,
            marks: Vec::new(),
        };
        pool.render(&file, &wanted).map_err(Problem::from)
    });
    let png = drawn.await??;
    let mut response = HttpResponse::Ok();
    response.insert_header((CACHE_CONTROL, "private, no-cache"));
    Ok(json::finish(response, "image/png", png))
}

fn refused(error: BindError) -> Problem {
    let problem = bind_dossier::problem(error);
    if problem.code() == ErrorCode::Internal {
        problem
    } else {
        problem.because(
            "目录里有字库中没有的字，请检查姓名和材料名称",
            "the contents page has a character that is in none of the fonts: look at the name and the titles",
        )
    }
}
