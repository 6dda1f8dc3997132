//! What is measured of every request, in the form Prometheus reads, and the access log.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use metrics::{counter, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::db::Db;
use crate::error::Code;

static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();

static ANSWERED: AtomicUsize = AtomicUsize::new(0);

/// Each duration is kept until it is added up. Nobody may ever ask for what is measured, so that this happens after so
/// many answers in any case.
const ADD_UP_AFTER: usize = 1024;

const SECONDS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];

/// Starts to measure; once per process.
pub fn install() {
    HANDLE.get_or_init(|| {
        let builder = PrometheusBuilder::new();
        let duration = Matcher::Full("http_request_duration_seconds".to_owned());
        let builder = match builder.set_buckets_for_metric(duration, SECONDS) {
            Ok(builder) => builder,
            Err(_) => PrometheusBuilder::new(),
        };
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        // A second recorder in one process is refused; the first one goes on measuring.
        let _ = metrics::set_global_recorder(recorder);
        handle
    });
}

/// Everything measured so far, with the pools and the requests that wait for events as they are now.
pub fn render(db: &Db) -> String {
    for (pool, busy, idle) in db.pools() {
        gauge!("database_connections", "pool" => pool, "state" => "busy").set(f64::from(busy));
        gauge!("database_connections", "pool" => pool, "state" => "idle").set(f64::from(idle));
    }
    gauge!("event_requests_waiting").set(u32::try_from(db.commit_signal().waiting()).map_or(f64::MAX, f64::from));
    let Some(handle) = HANDLE.get() else { return String::new() };
    handle.run_upkeep();
    handle.render()
}

/// One request that is being answered. What is measured is kept for ever, so its labels are texts of the program, and
/// never what somebody sent.
pub struct Measured {
    began: Instant,
    method: &'static str,
    route: &'static str,
}

impl Measured {
    /// A request begins; unknown methods count together, and so do unknown addresses.
    pub fn begin(method: Option<&'static str>, route: Option<&'static str>) -> Self {
        gauge!("http_requests_in_flight").increment(1.0);
        #[expect(clippy::disallowed_methods, reason = "a duration is measured, no time is told")]
        let began = Instant::now();
        Measured { began, method: method.unwrap_or("other"), route: route.unwrap_or("other") }
    }

    /// It is answered.
    pub fn end(self, status: u16, request_id: &str, refusal: Option<Code>) {
        let seconds = self.began.elapsed().as_secs_f64();
        let class = match status {
            200..300 => "2xx",
            300..400 => "3xx",
            400..500 => "4xx",
            _ => "5xx",
        };
        histogram!("http_request_duration_seconds", "method" => self.method, "route" => self.route).record(seconds);
        counter!("http_requests_total", "method" => self.method, "route" => self.route, "status" => class).increment(1);
        if ANSWERED.fetch_add(1, Ordering::Relaxed).is_multiple_of(ADD_UP_AFTER)
            && let Some(handle) = HANDLE.get()
        {
            handle.run_upkeep();
        }
        let code = refusal.map(Code::as_str).unwrap_or_default();
        tracing::info!(target: "access", %request_id, method = self.method, route = self.route, status, code,
            milliseconds = seconds * 1000.0, "answered");
    }
}

/// A request is under way no more, also when nobody waited for its answer.
impl Drop for Measured {
    fn drop(&mut self) {
        gauge!("http_requests_in_flight").decrement(1.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_that_nobody_waits_for_any_more_is_under_way_no_more() {
        let recorder = PrometheusBuilder::new().build_recorder();
        let _measuring = metrics::set_default_local_recorder(&recorder);
        let (answered, given_up) = (Measured::begin(Some("GET"), None), Measured::begin(Some("GET"), None));
        assert!(recorder.handle().render().contains("http_requests_in_flight 2"));
        answered.end(200, "1", None);
        drop(given_up);
        let measured = recorder.handle().render();
        assert!(measured.contains("http_requests_in_flight 0"), "{measured}");
        assert!(measured.contains(r#"http_requests_total{method="GET",route="other",status="2xx"} 1"#), "{measured}");
    }
}
