//! What a reader is to many commitments, read at once.

use std::collections::HashMap;
use std::sync::Arc;

use super::model::CommitmentWithParties;
use super::policy::PartyRole;
use crate::access::Actor;
use crate::agreements::agreement::load_many::load_many;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::sections::model::SectionState;
use crate::db::Conn;
use crate::error::Result;
use crate::organisation::{self, Organisation};
use crate::types::Id;

/// The agreements around some commitments, as far as the reader may know of them.
pub struct Surroundings<'a> {
    actor: &'a Actor,
    loaded: HashMap<Id, LoadedAgreement>,
    states: HashMap<(Id, String), SectionState>,
    organisation: Arc<Organisation>,
}

impl<'a> Surroundings<'a> {
    /// Reads them.
    ///
    /// # Errors
    /// When the database fails.
    pub fn of(conn: &mut Conn, actor: &'a Actor, commitments: &[CommitmentWithParties]) -> Result<Self> {
        let mut ids: Vec<Id> = commitments.iter().map(|(row, _)| row.agreement_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let (loaded, sections) = load_many(conn, actor, &ids)?;
        let states = sections.into_iter().map(|one| ((one.agreement_id, one.key), one.state)).collect();
        Ok(Surroundings { actor, loaded, states, organisation: organisation::current(conn)? })
    }

    /// What the reader is to a commitment; none where they do not see it.
    ///
    /// # Errors
    /// When what is stored cannot be read: a fault of ours.
    pub fn role(&self, commitment: &CommitmentWithParties) -> Result<Option<PartyRole<'_>>> {
        let (row, _) = commitment;
        let loaded = self.loaded.get(&row.agreement_id);
        let role = match (loaded, self.states.get(&(row.agreement_id, row.section_key.clone()))) {
            (Some(loaded), _) => PartyRole::of(loaded, self.actor, &row.section_key)?,
            (None, Some(state)) => PartyRole::of_party(self.actor, &self.organisation, *state),
            (None, None) => return Ok(None),
        };
        Ok(role.shows(commitment, loaded).then_some(role))
    }
}
