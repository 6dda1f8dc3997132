//! What was seen of effects, and how they go, over HTTP.

mod imports;
mod measurement;
mod observation;
mod status;

use crate::app::Routes;

/// The routes.
pub fn routes(config: &mut impl Routes) {
    config
        .service(observation::list_observations)
        .service(observation::create_observation)
        .service(observation::get_observation)
        .service(observation::update_observation)
        .service(observation::delete_observation)
        .service(measurement::get_measurement)
        .service(measurement::put_measurement)
        .service(measurement::delete_measurement)
        .service(imports::import_observations)
        .service(imports::export_observations)
        .service(status::get_indicator_series)
        .service(status::get_agreement_effects);
}
