//! Whether an agreement can be submitted, as it is told.

use serde::Serialize;
use utoipa::ToSchema;

use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::approval::submit::all_gaps;
use crate::agreements::draft::contents::Contents;
use crate::agreements::draft::readiness::Gap;
use crate::db::Conn;
use crate::error::{FaultView, Result};

/// Whether an agreement can be submitted.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Readiness {
    /// Whether nothing blocks.
    pub ready: bool,
    /// All that must be mended first; the pointers point into the draft.
    #[schema(max_items = 10000)]
    pub blocking: Vec<FaultView>,
    /// All that is merely advised.
    #[schema(max_items = 10000)]
    pub advice: Vec<FaultView>,
}

impl Readiness {
    /// Tells what was found, in the reader's language.
    ///
    /// # Errors
    /// When what is stored cannot be read: a fault of ours.
    pub fn of(conn: &mut Conn, loaded: &LoadedAgreement, contents: &Contents) -> Result<Self> {
        let gaps = all_gaps(loaded, contents, conn.lang())?;
        let (blocking, advice): (Vec<Gap>, Vec<Gap>) = gaps.into_iter().partition(|gap| gap.blocking);
        let told = |gaps: Vec<Gap>| gaps.iter().map(|gap| gap.fault.view(conn.lang())).collect::<Vec<_>>();
        Ok(Readiness { ready: blocking.is_empty(), blocking: told(blocking), advice: told(advice) })
    }
}
