//! A commitment with what its reader is to it: somebody in its agreement, or a party who sees it alone.

use std::sync::Arc;

use crate::access::Actor;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::commitments::model::CommitmentWithParties;
use crate::agreements::commitments::model::unconfirmed_in;
use crate::agreements::commitments::policy::PartyRole;
use crate::agreements::commitments::store::{self};
use crate::agreements::sections;
use crate::agreements::sections::model::SectionState;
use crate::agreements::views::commitment::view;
use crate::db::{Conn, Tx};
use crate::error::{Code, Result};
use crate::http::Reply;
use crate::organisation::{self, Organisation};
use crate::text::Lang;
use crate::types::Id;

/// A commitment that its reader may see.
pub(super) struct CommitmentContext {
    pub commitment: CommitmentWithParties,
    /// Its agreement, for whoever may know of it.
    pub loaded: Option<LoadedAgreement>,
    pub organisation: Arc<Organisation>,
    section: SectionState,
}

impl CommitmentContext {
    /// For reading; 404 when the reader may not know of it.
    pub fn read(conn: &mut Conn, actor: &Actor, id: Id) -> Result<Self> {
        let commitment = store::find(conn, id)?;
        let loaded = known(LoadedAgreement::read(conn, actor, commitment.0.agreement_id))?;
        Self::of(conn, actor, commitment, loaded)
    }

    /// For a change: its agreement stays locked until the commit, whether or not the actor may know of it.
    pub fn lock(tx: &mut Tx, actor: &Actor, id: Id) -> Result<Self> {
        let agreement_id = store::find(tx, id)?.0.agreement_id;
        let loaded = known(LoadedAgreement::lock(tx, actor, agreement_id))?;
        let commitment = store::find(tx, id)?;
        Self::of(tx, actor, commitment, loaded)
    }

    fn of(
        conn: &mut Conn,
        actor: &Actor,
        commitment: CommitmentWithParties,
        loaded: Option<LoadedAgreement>,
    ) -> Result<Self> {
        let section = sections::store::find(conn, commitment.0.agreement_id, &commitment.0.section_key)?.state;
        let found = CommitmentContext { commitment, loaded, organisation: organisation::current(conn)?, section };
        if found.is_seen_by(actor)? { Ok(found) } else { Err(Code::NotFound.into()) }
    }

    fn is_seen_by(&self, actor: &Actor) -> Result<bool> {
        let role = self.role(actor)?;
        Ok(role.shows(&self.commitment, self.loaded.as_ref()))
    }

    /// What the actor is to it.
    pub fn role<'a>(&'a self, actor: &'a Actor) -> Result<PartyRole<'a>> {
        match &self.loaded {
            Some(loaded) => PartyRole::of(loaded, actor, &self.commitment.0.section_key),
            None => Ok(PartyRole::of_party(actor, &self.organisation, self.section)),
        }
    }

    /// Its agreement, for whoever writes in it.
    ///
    /// # Errors
    /// 403: the actor is a party who does not know of the agreement.
    pub fn loaded_mut(&mut self) -> Result<&mut LoadedAgreement> {
        self.loaded.as_mut().ok_or_else(|| Code::NotHolder.into())
    }

    /// Counts anew who has not confirmed, beside a section that is not changed by an answer.
    pub fn count_aside(&self, tx: &mut Tx) -> Result<()> {
        let (agreement_id, key) = (self.commitment.0.agreement_id, &self.commitment.0.section_key);
        let mut section = sections::store::find(tx, agreement_id, key)?;
        section.unconfirmed_partners = unconfirmed_in(&store::of_agreement(tx, agreement_id)?, key);
        sections::store::save_aside(tx, &section)
    }

    /// The answer with it.
    pub fn reply(&self, actor: &Actor, lang: Lang) -> Result<Reply> {
        Reply::item(self.commitment.0.version, &view(&self.commitment, &self.role(actor)?, lang))
    }
}

/// A loaded unless the actor may not know of it.
fn known(opened: Result<LoadedAgreement>) -> Result<Option<LoadedAgreement>> {
    match opened {
        Ok(loaded) => Ok(Some(loaded)),
        Err(error) if error.code() == Code::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
