//! What travels of templates.

pub mod list;
pub mod read;
pub mod write;

use crate::app::Routes;

/// The routes.
pub fn routes(config: &mut impl Routes) {
    config
        .service(list::list_templates)
        .service(write::create_template)
        .service(read::get_template)
        .service(write::update_template)
        .service(write::delete_template)
        .service(write::publish_template)
        .service(read::get_template_schema);
}
