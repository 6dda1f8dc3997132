//! What waits for a person: computed when it is read, so that a change of people moves it at once.

mod approval;
mod comments;
mod commitments;
mod found;
pub mod task;
mod viewer;
mod writing;

use actix_web::get;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use self::approval::Counted;
use self::found::{Found, Key, id_of, kind_of};
use self::task::{Task, TaskKind};
use self::viewer::Viewer;
use crate::app::{RequestContext, Routes};
use crate::db::Conn;
use crate::error::Result;
use crate::http::{Paging, Query, Reply};
use crate::types::Date;

/// The routes.
pub fn routes(config: &mut impl Routes) {
    config.service(list_my_tasks);
}

/// How many tasks a page holds, and where it begins.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TaskQuery {
    /// Items on a page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// Where the page begins: `next_cursor` of the page before.
    #[param(max_length = 500, pattern = "^[A-Za-z0-9_-]+$")]
    cursor: Option<String>,
}

/// What waits for the reader.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tasks {
    /// The tasks of the page, what is due first coming first.
    #[schema(max_items = 200)]
    pub items: Vec<Task>,
    /// Where the next page begins; null on the last page.
    #[schema(required = true, max_length = 500, example = "WyIyMDE1Il0")]
    pub next_cursor: Option<String>,
    /// How many there are, on all pages.
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
    /// Of tasks that are found, and of decisions that are counted alone.
    fn of(found: &[(Key, Found)], counted: &[Counted], today: Date) -> Self {
        let found = found.iter().map(|(_, one)| (one.kind(), one.due(), 1));
        let counted = counted.iter().map(|one| (kind_of(one.waiting.duty), one.due, one.waiting.count));
        let all: Vec<(TaskKind, Option<Date>, usize)> = found.chain(counted).collect();
        let sum = |wanted: &dyn Fn(TaskKind, Option<Date>) -> bool| {
            all.iter().filter(|(kind, due, _)| wanted(*kind, *due)).map(|(.., count)| count).sum()
        };
        let kinds = TaskKind::ALL.iter().map(|one| KindCount { kind: *one, count: sum(&|kind, _| kind == *one) });
        TaskCounts {
            total: sum(&|_, _| true),
            overdue: sum(&|_, due| due.is_some_and(|day| day < today)),
            kinds: kinds.filter(|counted| counted.count > 0).collect(),
        }
    }
}

/// What finds the tasks of a kind, for a person, in a number of statements that does not grow with them.
type Provider = fn(&mut Conn, &Viewer) -> Result<Vec<Found>>;

/// What waits for those who hold an agreement.
const OF_HOLDERS: [Provider; 4] =
    [writing::to_write, commitments::to_answer, commitments::to_keep, comments::to_answer];

/// What may wait for anybody, besides decisions.
const OF_EVERYBODY: [Provider; 1] = [approval::to_sign];

/// What waits for a person besides decisions of their own, of which there may be thousands.
fn few(conn: &mut Conn, viewer: &Viewer) -> Result<Vec<Found>> {
    let mut found = Vec::new();
    let of_holders = OF_HOLDERS.into_iter().filter(|_| !viewer.held.is_empty());
    for provider in of_holders.chain(OF_EVERYBODY) {
        found.extend(provider(conn, viewer)?);
    }
    Ok(found)
}

fn with_keys(found: Vec<Found>) -> impl Iterator<Item = (Key, Found)> {
    found.into_iter().map(|one| (one.key(), one))
}

/// The tasks of a page, told.
fn tell(conn: &mut Conn, viewer: &Viewer, page: Vec<(Key, Found)>) -> Result<Vec<Task>> {
    let decisions = page.iter().filter_map(|(_, one)| match one {
        Found::Decision { place, .. } => Some(place.clone()),
        Found::Told(_) => None,
    });
    let mut decisions = approval::decisions(conn, viewer, &decisions.collect::<Vec<_>>())?;
    let told = page.into_iter().filter_map(|(_, one)| match one {
        Found::Told(task) => Some(*task),
        Found::Decision { place, .. } => decisions.remove(&id_of(&place)),
    });
    Ok(told.collect())
}

/// What waits for the reader, and how much of it.
///
/// What to do next, the most urgent first: agreements to write, sections to decide on, commitments to answer, agreements
/// to sign. The counts are of all pages.
#[utoipa::path(tag = "me", params(TaskQuery), responses((status = 200, description = "The tasks.", body = Tasks)))]
#[get("/api/v1/me/tasks")]
pub async fn list_my_tasks(call: RequestContext, query: Query<TaskQuery>) -> Result<Reply> {
    let (paging, address) = (Paging::<Key>::of(query.limit, query.cursor.as_deref())?, call.address());
    call.read(move |conn, actor| {
        let viewer = Viewer::of(conn, actor)?;
        let decisions = approval::to_decide(conn, &viewer, (paging.after.as_ref(), paging.fetch()))?;
        let mut found: Vec<(Key, Found)> =
            with_keys(few(conn, &viewer)?).chain(with_keys(decisions.taken_over)).collect();
        let counts = TaskCounts::of(&found, &decisions.counted, viewer.organisation.today);
        found.extend(with_keys(decisions.own));
        if let Some(after) = &paging.after {
            found.retain(|(key, _)| key > after);
        }
        found.sort_by(|(a, _), (b, _)| a.cmp(b));
        let (page, next_cursor) = paging.cut(found, |(key, _)| key.clone());
        let next = next_cursor.as_ref().map(|cursor| address.with_cursor(cursor));
        Ok(Reply::json(&Tasks { items: tell(conn, &viewer, page)?, next_cursor, counts })?.next(next))
    })
    .await
}
