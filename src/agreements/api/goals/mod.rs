//! Goals and indicators over HTTP.

mod goals;
mod indicators;

use crate::app::Routes;

/// The routes.
pub fn routes(config: &mut impl Routes) {
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
