//! The reader: what waits for them.

pub mod tasks;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(tasks::list_my_tasks);
}
