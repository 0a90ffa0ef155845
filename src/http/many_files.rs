//! A form with many files: each streams to disk while it is hashed; one that cannot be taken does not stop the others.

use std::collections::BTreeMap;

use actix_multipart::Multipart;
use actix_web::{HttpRequest, web};
use futures_util::StreamExt as _;

use super::{
    Services,
    body::{self, Upload},
    problem::Problem,
};
use crate::{
    error_code::ErrorCode,
    intake::{self, FileName, IntakeError, Terms},
};

/// What a form brought.
#[derive(Debug, Default)]
pub(super) struct ManyFiles {
    /// Files that are on disk, in the order they came.
    pub(super) files: Vec<Upload>,
    /// Files that could not be taken, and why.
    pub(super) refused: Vec<(FileName, Problem)>,
    /// The other fields.
    pub(super) fields: BTreeMap<String, String>,
}

/// Fields of a form that are no files.
const MOST_FIELDS: usize = 16;

/// Takes all files of the form's field `file`, `most` of them at the most.
pub(super) async fn receive(
    request: &HttpRequest,
    payload: web::Payload,
    services: &Services,
    most: usize,
) -> Result<ManyFiles, Problem> {
    body::expect_type(request, &["multipart/form-data"])?;
    let mut form = Multipart::new(request.headers(), payload);
    let mut many = ManyFiles::default();
    while let Some(field) = form.next().await {
        let field = field.map_err(body::broken_form)?;
        let name = field.name().unwrap_or_default().to_owned();
        if name != "file" {
            if many.fields.len() >= MOST_FIELDS {
                return Err(Problem::new(ErrorCode::BodyUnreadable)
                    .because("表单字段过多", "the form has too many fields"));
            }
            let value = body::text_field(field, &name, services).await?;
            many.fields.insert(name, value);
            continue;
        }
        if many.files.len() + many.refused.len() >= most {
            return Err(too_many(most));
        }
        let disposition = field.content_disposition();
        let given = disposition
            .and_then(|d| d.get_filename())
            .unwrap_or_default();
        // A browser sends an empty file without a name when none was chosen.
        let none_chosen = given.is_empty();
        let file_name = FileName::shown(given);
        let terms = Terms {
            limit: services.limits.file_bytes,
            patience: services.config.upload_patience,
            sha256: body::promised(field.headers())?,
        };
        let chunks = field.map(|chunk| chunk.map_err(|error| IntakeError::from(body::Form(error))));
        match intake::receive(chunks, services.store.blobs(), terms).await {
            Ok(bytes) if none_chosen && bytes.size_bytes() == 0 => {}
            Ok(bytes) => many.files.push(Upload {
                bytes,
                file_name,
                fields: BTreeMap::new(),
            }),
            // What is left of the field is passed over, and the next file begins.
            Err(error @ (IntakeError::TooLarge { .. } | IntakeError::DigestMismatch { .. })) => {
                many.refused.push((file_name, error.into()));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(many)
}

fn too_many(most: usize) -> Problem {
    Problem::new(ErrorCode::TooManyFiles).because(
        format!("还能放入 {most} 个文件，请分开或先删去一些"),
        format!("there is room for {most} more files; remove some first"),
    )
}
