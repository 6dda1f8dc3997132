//! What travels of agreements.

pub mod actions;
pub mod draft;
pub mod expand;
pub mod history;
pub mod read;
pub mod view;
pub mod write;

use crate::http::Routes;

/// The routes.
pub fn routes(config: &mut impl Routes) {
    config
        .service(read::list_agreements)
        .service(write::create_agreement)
        .service(read::get_agreement)
        .service(write::update_agreement)
        .service(write::share_agreement)
        .service(draft::get_draft)
        .service(draft::put_draft)
        .service(read::get_readiness)
        .service(history::get_agreement_history);
}
