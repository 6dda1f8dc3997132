//! Commitments over HTTP.

mod answers;
mod context;
mod read;
mod write;

use crate::app::Routes;

/// The routes.
pub fn routes(config: &mut impl Routes) {
    config
        .service(read::list_commitments)
        .service(write::create_commitment)
        .service(read::get_commitment)
        .service(write::update_commitment)
        .service(answers::confirm_commitment)
        .service(answers::counter_commitment)
        .service(answers::decline_commitment)
        .service(answers::fulfil_commitment)
        .service(answers::withdraw_commitment);
}
