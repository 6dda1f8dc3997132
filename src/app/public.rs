//! A request of somebody who is not known yet: logging in, tokens, and what anybody may read.

use std::future::{Ready, ready};
use std::net::IpAddr;

use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, web};

use super::operations::Operation;
use super::request::{address_of, blocking, request_id};
use super::shared::App;
use crate::access::table;
use crate::db::{Author, Scope};
use crate::error::{Code, Error, Result};
use crate::http::Reply;
use crate::text::Lang;
use crate::types::Id;

/// A request without a known caller. The only way from a handler of an anonymous operation to the application.
#[derive(Clone)]
pub struct PublicContext {
    app: web::Data<App>,
    lang: Lang,
    request_id: String,
    /// Where the request comes from.
    pub address: IpAddr,
    /// The `Authorization` header, empty when there is none.
    pub authorization: String,
}

impl FromRequest for PublicContext {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(PublicContext::of(req))
    }
}

impl PublicContext {
    fn of(req: &HttpRequest) -> Result<Self> {
        let operation = req.extensions().get::<&'static Operation>().copied().ok_or(Code::UnknownPath)?;
        let lang = req.extensions().get::<Lang>().copied().unwrap_or_default();
        let app = req.app_data::<web::Data<App>>().cloned().ok_or_else(|| Error::unexpected("no application state"))?;
        if !table::is_anonymous(operation.id) {
            return Err(Code::NotAuthenticated.into());
        }
        operation.refuse_unknown_parameters(req.query_string())?;
        let authorization = req.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let address = address_of(&app, req);
        Ok(PublicContext { app, lang, request_id: request_id(req), address, authorization: authorization.to_owned() })
    }

    /// The application.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// A unit of work for this request, in the municipality that its credentials name, by the person once known.
    pub fn author(&self, scope: Scope, person: Option<Id>) -> Author {
        Author { scope, person, client: None, request_id: self.request_id.clone(), lang: self.lang }
    }

    /// Works on the blocking pool, where the database may be asked.
    ///
    /// # Errors
    /// 503 when it is not done in time; whatever the work refuses.
    pub async fn work<F>(self, work: F) -> Result<Reply>
    where
        F: FnOnce(&Self) -> Result<Reply> + Send + 'static,
    {
        let db = self.app.db.clone();
        db.in_time(blocking(move || work(&self))).await
    }
}
