//! Credentials: passwords, tokens and their keys, opaque secrets, and how often they may be tried.

pub mod keys;
pub mod lockout;
pub mod opaque;
pub mod password;
pub mod rate;
pub mod strength;
pub mod tokens;

crate::text_enum! {
    /// What a machine client may do.
    pub enum ClientScope {
        /// Read units, people and appointments.
        OrganisationRead = "organisation:read",
        /// Write units, people and appointments of its source.
        OrganisationWrite = "organisation:write",
        /// Read approved agreements.
        AgreementsRead = "agreements:read",
        /// Read the change feed.
        EventsRead = "events:read",
    }
}
