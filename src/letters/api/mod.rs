//! What travels of strategy letters and their themes.

mod coverage;
pub mod letters;
pub mod list;
pub mod themes;

use crate::app::Routes;

/// The routes.
pub fn routes(config: &mut impl Routes) {
    config
        .service(list::list_strategy_letters)
        .service(letters::create_strategy_letter)
        .service(letters::get_strategy_letter)
        .service(letters::update_strategy_letter)
        .service(letters::publish_strategy_letter)
        .service(coverage::get_coverage)
        .service(themes::create_theme)
        .service(themes::get_theme)
        .service(themes::update_theme)
        .service(themes::delete_theme);
}
