//! What travels of agreements.

pub mod approval;
pub mod comments;
pub mod commitments;
pub mod draft;
pub mod effects;
pub mod goals;
pub mod history;
pub mod read;
pub mod sections;
pub mod write;

use crate::app::Routes;

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
    sections::routes(config);
    goals::routes(config);
    effects::routes(config);
    commitments::routes(config);
    comments::routes(config);
    approval::routes(config);
}
