//! The state machine, for programs and people: printed from the table that the guards use.

use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;

use crate::agreements::agreement::model::AgreementState;
use crate::agreements::sections::model::{SectionAction, SectionState};
use crate::app::RequestContext;
use crate::error::Result;
use crate::http::Reply;

/// The states of sections and agreements, and what leads from one to another.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Workflow)]
pub struct WorkflowView {
    /// Every state of a section.
    #[schema(max_items = 20)]
    pub section_states: Vec<SectionState>,
    /// Every move of a section.
    #[schema(max_items = 100)]
    pub section_moves: Vec<Move>,
    /// Every state of an agreement. Draft, in review, returned and approved follow from its sections; the last
    /// signature puts it in force.
    #[schema(max_items = 20)]
    pub agreement_states: Vec<AgreementState>,
}

/// A move of a section.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SectionMove)]
pub struct Move {
    /// The state before.
    pub from: SectionState,
    /// What can be done.
    pub action: SectionAction,
    /// The state after.
    pub to: SectionState,
}

/// The state machine of sections, and the states of agreements.
///
/// For a page that explains the process, and for clients that draw it.
#[utoipa::path(tag = "workflow", responses((status = 200, description = "The workflow.", body = WorkflowView)))]
#[get("/api/v1/workflow")]
pub async fn get_workflow(call: RequestContext) -> Result<Reply> {
    call.read(|_, _| {
        let moves = SectionState::ALL.iter().flat_map(|from| {
            let after =
                |action: &SectionAction| Some(Move { from: *from, action: *action, to: from.after(*action).ok()? });
            SectionAction::ALL.iter().filter_map(after)
        });
        Reply::json(&WorkflowView {
            section_states: SectionState::ALL.to_vec(),
            section_moves: moves.collect(),
            agreement_states: AgreementState::ALL.to_vec(),
        })
    })
    .await
}
