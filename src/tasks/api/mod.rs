//! What waits for a person: computed when it is read, so that a change of people moves it at once.

mod collect;
mod task;

use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;

use self::task::Task;
use crate::app::{RequestContext, Routes};
use crate::error::Result;
use crate::http::Reply;

/// The routes.
pub fn routes(config: &mut impl Routes) {
    config.service(list_my_tasks);
}

/// What waits for the reader.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tasks {
    /// The tasks, what is due first coming first.
    #[schema(max_items = 10000)]
    pub items: Vec<Task>,
}

/// What waits for the reader.
#[utoipa::path(tag = "me", responses((status = 200, description = "The tasks.", body = Tasks)))]
#[get("/api/v1/me/tasks")]
pub async fn list_my_tasks(call: RequestContext) -> Result<Reply> {
    call.read(|conn, actor| {
        let mut items = collect::of(conn, actor)?;
        items.sort_by(|a, b| (a.due.is_none(), a.due, a.since, &a.id).cmp(&(b.due.is_none(), b.due, b.since, &b.id)));
        Reply::json(&Tasks { items })
    })
    .await
}
