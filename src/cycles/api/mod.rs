//! What travels of cycles.

pub mod collaboration;
mod open;
pub mod overview;
pub mod read;
pub mod write;

use crate::app::Routes;

/// The routes.
pub fn routes(config: &mut impl Routes) {
    config
        .service(read::list_cycles)
        .service(write::create_cycle)
        .service(read::get_cycle)
        .service(write::update_cycle)
        .service(open::open_cycle)
        .service(overview::get_cycle_overview)
        .service(collaboration::get_collaboration_graph);
}
