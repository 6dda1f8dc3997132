//! The reader over HTTP: who they are, and what the year asks of them.

mod line_of_sight;
mod reader;

use crate::app::Routes;

/// The routes.
pub fn routes(config: &mut impl Routes) {
    config.service(reader::get_me).service(line_of_sight::get_line_of_sight);
}
