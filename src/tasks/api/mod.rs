//! What waits for a person: computed when it is read, so that a change of people moves it at once.

mod approval;
mod comments;
mod commitments;
pub mod task;
mod viewer;
mod writing;

use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;

use self::task::{Task, TaskKind};
use self::viewer::Viewer;
use crate::access::Actor;
use crate::app::{RequestContext, Routes};
use crate::db::Conn;
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
    /// How many there are.
    pub counts: TaskCounts,
}

/// How many tasks there are.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskCounts {
    /// How many tasks wait in all.
    pub total: usize,
    /// Past their day.
    pub overdue: usize,
    /// Of each kind of which there are some.
    #[schema(max_items = 20)]
    pub kinds: Vec<KindCount>,
}

/// How many tasks there are of a kind.
#[derive(Debug, Serialize, ToSchema)]
pub struct KindCount {
    /// The kind.
    pub kind: TaskKind,
    /// How many tasks of that kind wait.
    #[schema(minimum = 1, example = 3)]
    pub count: usize,
}

impl TaskCounts {
    fn of(tasks: &[Task]) -> Self {
        let of_kind = |kind: &TaskKind| tasks.iter().filter(|task| task.kind == *kind).count();
        let kinds = TaskKind::ALL.iter().map(|kind| KindCount { kind: *kind, count: of_kind(kind) });
        TaskCounts {
            total: tasks.len(),
            overdue: tasks.iter().filter(|task| task.overdue).count(),
            kinds: kinds.filter(|counted| counted.count > 0).collect(),
        }
    }
}

/// What finds the tasks of a kind, for a person, in a number of statements that does not grow with them.
type Provider = fn(&mut Conn, &Viewer<'_>) -> Result<Vec<Task>>;

/// What waits for those who hold an agreement.
const OF_HOLDERS: [Provider; 3] = [writing::to_write, commitments::to_confirm, comments::to_answer];

/// What may wait for anybody.
const OF_EVERYBODY: [Provider; 2] = [approval::to_decide, approval::to_sign];

/// Everything that waits for a person.
fn all(conn: &mut Conn, actor: &Actor) -> Result<Vec<Task>> {
    let viewer = Viewer::of(conn, actor)?;
    let mut tasks = Vec::new();
    let of_holders = OF_HOLDERS.into_iter().filter(|_| !viewer.held.is_empty());
    for provider in of_holders.chain(OF_EVERYBODY) {
        tasks.extend(provider(conn, &viewer)?);
    }
    Ok(tasks)
}

/// What waits for the reader, and how much of it.
///
/// What to do next, the most urgent first: agreements to write, sections to decide on, commitments to answer, agreements
/// to sign.
#[utoipa::path(tag = "me", responses((status = 200, description = "The tasks.", body = Tasks)))]
#[get("/api/v1/me/tasks")]
pub async fn list_my_tasks(call: RequestContext) -> Result<Reply> {
    call.read(|conn, actor| {
        let mut items = all(conn, actor)?;
        items.sort_by(|a, b| (a.due.is_none(), a.due, a.since, &a.id).cmp(&(b.due.is_none(), b.due, b.since, &b.id)));
        let counts = TaskCounts::of(&items);
        Reply::json(&Tasks { items, counts })
    })
    .await
}
