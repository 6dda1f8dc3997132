//! Goals and indicators over HTTP.

mod goal;
mod indicators;

pub use goal::{find_goal, shows};

use crate::app::Routes;

/// The routes.
pub fn routes(config: &mut impl Routes) {
    config
        .service(goal::list_goals)
        .service(goal::create_goal)
        .service(goal::get_goal)
        .service(goal::update_goal)
        .service(goal::delete_goal)
        .service(indicators::create_indicator)
        .service(indicators::get_indicator)
        .service(indicators::update_indicator)
        .service(indicators::delete_indicator);
}
