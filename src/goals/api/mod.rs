//! Goals and indicators over HTTP.

mod goals;
mod indicators;
mod shape;
mod view;

pub use shape::{Goal, Indicator};
pub use view::{GoalView, IndicatorView};

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(goals::list_goals)
        .service(goals::create_goal)
        .service(goals::get_goal)
        .service(goals::update_goal)
        .service(goals::delete_goal)
        .service(indicators::create_indicator)
        .service(indicators::get_indicator)
        .service(indicators::update_indicator)
        .service(indicators::delete_indicator);
}
