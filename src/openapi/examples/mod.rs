//! Examples: each request's body is written by hand and can be sent to the demonstration ([`story`]).

use utoipa::openapi::OpenApi;

use super::walk;
use crate::http::{CSV, NDJSON};

mod requests;
mod story;

pub(super) use story::of_path;

/// Gives every request body an example of its own; files are told of in words. What an answer looks like, the examples of
/// its fields tell.
pub(super) fn add(api: &mut OpenApi) {
    for (_, _, operation) in walk::operations(api) {
        let id = operation.operation_id.clone().unwrap_or_default();
        for (_, body) in walk::sent(operation).filter(|(media_type, _)| ![CSV, NDJSON].contains(media_type)) {
            body.example = requests::of(&id);
        }
    }
}
