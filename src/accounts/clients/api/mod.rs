//! What travels of machine clients.

pub mod machines;
pub mod secrets;
pub mod token;
pub mod well_known;

use crate::app::Routes;

/// The routes of administrators.
pub fn routes(config: &mut impl Routes) {
    config
        .service(machines::list_clients)
        .service(machines::create_client)
        .service(machines::get_client)
        .service(machines::update_client)
        .service(machines::delete_client)
        .service(secrets::create_client_secret)
        .service(secrets::delete_client_secret);
}

/// The routes of the clients themselves.
pub fn token_routes(config: &mut impl Routes) {
    config.service(token::create_token).service(well_known::get_jwks).service(well_known::get_authorization_server);
}
