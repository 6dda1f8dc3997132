//! Submitting, deciding and signing over HTTP.

mod agreement;
mod bulk;
mod machine;
mod section;

use crate::app::Routes;

/// The routes.
pub fn routes(config: &mut impl Routes) {
    config
        .service(agreement::submit_agreement)
        .service(agreement::recall_agreement)
        .service(agreement::sign_agreement)
        .service(section::approve_section)
        .service(section::return_section)
        .service(section::reopen_section)
        .service(bulk::decide_sections)
        .service(machine::get_workflow);
}
