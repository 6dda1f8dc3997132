//! Goals and indicators over HTTP.

mod corporate;
mod goal;
mod indicators;
mod inherited;

pub use goal::find_goal;

use crate::app::Routes;

/// The routes.
pub fn routes(config: &mut impl Routes) {
    config
        .service(goal::list_goals)
        .service(goal::create_goal)
        .service(inherited::inherit_goal)
        .service(inherited::get_goal_roll_up)
        .service(corporate::list_corporate_goals)
        .service(corporate::create_corporate_goal)
        .service(corporate::get_corporate_goal)
        .service(corporate::update_corporate_goal)
        .service(corporate::delete_corporate_goal)
        .service(corporate::get_corporate_goal_roll_up)
        .service(goal::get_goal)
        .service(goal::update_goal)
        .service(goal::delete_goal)
        .service(indicators::create_indicator)
        .service(indicators::get_indicator)
        .service(indicators::update_indicator)
        .service(indicators::delete_indicator);
}
