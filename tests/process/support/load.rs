//! Several clients that write at once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use aftalestyring::types::Id;
use serde_json::Value;

use super::place::unit;
use super::{Server, send, wait_until};

const WRITERS: usize = 4;

/// Clients that write units until nobody answers any more.
pub struct Load {
    count: Arc<AtomicUsize>,
    acknowledged: Arc<Mutex<Vec<Id>>>,
    writers: Vec<JoinHandle<()>>,
}

impl Load {
    /// Begins to write.
    pub fn on(server: &Server, token: &str) -> Self {
        let (count, acknowledged) = (Arc::<AtomicUsize>::default(), Arc::<Mutex<Vec<Id>>>::default());
        let writers = (0..WRITERS).map(|_| {
            let (address, token) = (server.address, token.to_owned());
            let (count, acknowledged) = (count.clone(), acknowledged.clone());
            std::thread::spawn(move || {
                loop {
                    let id = Id::new();
                    let place = ("PUT", &*format!("/api/v1/org-units/{id}"));
                    match send(address, place, &token, Some(&unit("Enheden", &Value::Null))) {
                        Ok((201, _)) => {
                            acknowledged.lock().expect("a list").push(id);
                            count.fetch_add(1, Ordering::SeqCst);
                        }
                        Ok((status, answer)) => panic!("{status} {answer}"),
                        Err(_) => return,
                    }
                }
            })
        });
        let writers = writers.collect();
        Load { count, acknowledged, writers }
    }

    /// Waits until so many writes were acknowledged.
    pub fn wait_for(&self, enough: usize) {
        wait_until("the clients write", || self.count.load(Ordering::SeqCst) >= enough);
    }

    /// What was acknowledged, once nobody answers any more.
    pub fn finish(self) -> Vec<Id> {
        for writer in self.writers {
            writer.join().expect("no answer but 201");
        }
        std::mem::take(&mut *self.acknowledged.lock().expect("a list"))
    }
}
