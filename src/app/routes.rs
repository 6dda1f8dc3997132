//! Where a feature registers its operations: a server takes the handlers, the document takes what they say of
//! themselves. There is one registration for both, so that none is served undocumented.

use actix_web::dev::HttpServiceFactory;
use actix_web::web::ServiceConfig;
use utoipa_actix_web::OpenApiFactory;
use utoipa_actix_web::service_config::ServiceConfig as DocumentedConfig;

/// Takes operations.
pub trait Routes {
    /// Takes one.
    fn service<F: HttpServiceFactory + OpenApiFactory + 'static>(&mut self, operation: F) -> &mut Self;
}

/// A server: what its workers would build of the document, each for itself, is much and of no use to them.
impl Routes for ServiceConfig {
    fn service<F: HttpServiceFactory + OpenApiFactory + 'static>(&mut self, operation: F) -> &mut Self {
        ServiceConfig::service(self, operation)
    }
}

/// The document.
impl Routes for DocumentedConfig<'_> {
    fn service<F: HttpServiceFactory + OpenApiFactory + 'static>(&mut self, operation: F) -> &mut Self {
        DocumentedConfig::service(self, operation)
    }
}
