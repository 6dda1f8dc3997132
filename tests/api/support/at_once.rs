//! Requests at the same time: each in a thread of its own, let go together.

use std::sync::Barrier;

use serde_json::Value;

use super::{Client, let_go};

/// A change that somebody makes to what they have seen.
pub struct Change {
    pub client: Client,
    pub method: &'static str,
    pub address: String,
    pub etag: String,
    pub key: Option<&'static str>,
    pub body: Value,
}

/// A change of what stands at an address now, and where it is sent.
pub async fn change(client: Client, seen: &str, (method, address): (&'static str, String), body: Value) -> Change {
    let etag = client.get(seen).await.header("etag").to_owned();
    Change { client, method, address, etag, key: None, body }
}

/// Lets all go at once; gives the status and body of each answer, in their order.
pub fn at_once(changes: Vec<Change>) -> Vec<(u16, Value)> {
    let barrier = Barrier::new(changes.len());
    std::thread::scope(|threads| {
        let started = changes.into_iter().map(|change| {
            let barrier = &barrier;
            threads.spawn(move || {
                barrier.wait();
                actix_web::rt::System::new().block_on(async move {
                    let request = change.client.request(change.method, &change.address).if_match(&change.etag);
                    let patches = change.method == "PATCH";
                    let request = if patches { request.merge_patch(change.body) } else { request.json(change.body) };
                    let request = match change.key {
                        Some(key) => request.header("idempotency-key", key),
                        None => request,
                    };
                    let answer = request.send().await;
                    let_go();
                    (answer.status, answer.body)
                })
            })
        });
        let started: Vec<_> = started.collect();
        started.into_iter().map(|thread| thread.join().expect("an answer")).collect()
    })
}
