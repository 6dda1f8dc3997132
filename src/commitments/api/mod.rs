//! Commitments over HTTP.

mod view;

pub use view::{CommitmentView, DraftCommitment, Partner, PartyView, standing, view};

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes.
pub fn routes(_config: &mut ServiceConfig) {}
