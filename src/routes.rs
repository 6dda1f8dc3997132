//! Every route of the API.

use crate::accounts::{clients, sessions, users};
use crate::app::Routes;
use crate::{agreements, cycles, events, letters, me, organisation, tasks, templates};

/// One line per feature, in the order of the document.
pub fn routes(config: &mut impl Routes) {
    sessions::api::routes(config);
    clients::api::token_routes(config);
    me::api::routes(config);
    tasks::api::routes(config);
    organisation::api::routes(config);
    users::api::routes(config);
    clients::api::routes(config);
    letters::api::routes(config);
    templates::api::routes(config);
    cycles::api::routes(config);
    agreements::api::routes(config);
    events::api::routes(config);
}

/// The application with its routes, in the form that a server and a test both start.
#[macro_export]
macro_rules! service {
    ($app:expr) => {{
        let app: std::sync::Arc<$crate::app::App> = $app;
        let other_origins = $crate::app::other_origins(&app);
        actix_web::App::new()
            .app_data(actix_web::web::Data::from(app))
            .configure(|config| $crate::routes::routes(config))
            .configure($crate::pages::routes)
            .default_service(actix_web::web::to($crate::app::unknown_path))
            .wrap(actix_web::middleware::from_fn($crate::app::gate))
            .wrap(other_origins)
            .wrap(actix_web::middleware::from_fn($crate::app::dress))
            .wrap(actix_web::middleware::Compress::default())
    }};
}
