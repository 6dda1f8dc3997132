//! What travels of log-ins.

pub mod logins;
pub mod own_password;

use crate::app::Routes;

/// The routes.
pub fn routes(config: &mut impl Routes) {
    config
        .service(logins::list_users)
        .service(logins::create_user)
        .service(logins::get_user)
        .service(logins::update_user)
        .service(logins::create_one_time_code)
        .service(logins::delete_user)
        .service(own_password::change_password);
}
