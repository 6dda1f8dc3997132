//! One request on its way to the database: who asks, in which language, for which operation, and how often.

use std::future::{Ready, ready};
use std::net::IpAddr;
use std::sync::Arc;

use actix_web::http::header::HeaderMap;
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, web};
use sha2::{Digest, Sha256};

use super::dry_run::{DryRun, Rehearsed};
use super::idempotency::{Claim, Kept};
use super::naming::with_names;
use super::operations::Operation;
use super::request::{address_of, request_id};
use super::shared::App;
use crate::access::{Actor, table};
use crate::accounts::authenticate;
use crate::accounts::names::Names;
use crate::app::dry_run;
use crate::db::{Author, Conn, Db, Tx};
use crate::error::{Code, Error, Fault, Result};
use crate::http::{Address, BodyDigest, Known, Reply, if_match_of, is_dry_run, prefers};
use crate::text::Lang;
use crate::types::Date;

/// A request of somebody who is known. The only way from a handler to the database: it asks the authorization
/// table, answers repeated idempotency keys, and rehearses dry runs.
pub struct RequestContext {
    req: HttpRequest,
    app: web::Data<App>,
    operation: &'static Operation,
    /// Who asks.
    pub actor: Arc<Actor>,
    /// The reader's language.
    pub lang: Lang,
}

impl FromRequest for RequestContext {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(RequestContext::of(req))
    }
}

impl RequestContext {
    fn of(req: &HttpRequest) -> Result<Self> {
        let extensions = req.extensions();
        let actor = extensions.get::<Arc<Actor>>().cloned().ok_or(Code::NotAuthenticated)?;
        let operation = *extensions.get::<&'static Operation>().ok_or(Code::UnknownPath)?;
        let lang = extensions.get::<Lang>().copied().unwrap_or_default();
        drop(extensions);
        let app = req.app_data::<web::Data<App>>().cloned().ok_or_else(|| Error::unexpected("no application state"))?;
        operation.refuse_unknown_parameters(req.query_string())?;
        Ok(RequestContext { req: req.clone(), app, operation, actor, lang })
    }

    /// The application.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// A number in the path.
    ///
    /// # Errors
    /// 404 when it is no number: such a thing does not exist.
    pub fn path_number(&self, name: &str) -> Result<i64> {
        self.req.match_info().get(name).and_then(|text| text.parse().ok()).ok_or_else(|| Code::NotFound.into())
    }

    /// A day in the path.
    ///
    /// # Errors
    /// 404 when it is no day: there is nothing on it.
    pub fn path_date(&self, name: &str) -> Result<Date> {
        self.req.match_info().get(name).and_then(Date::parse).ok_or_else(|| Code::NotFound.into())
    }

    /// Whether the caller would rather have a media type than JSON.
    pub fn prefers(&self, media_type: &str) -> bool {
        prefers(header(self.req.headers(), "accept"), media_type)
    }

    /// Where the request comes from.
    pub fn peer(&self) -> IpAddr {
        address_of(&self.app, &self.req)
    }

    /// Asks the authorization table, where something dear is done before the transaction that asks it again.
    ///
    /// # Errors
    /// 403 by the table.
    pub fn permitted(&self) -> Result<()> {
        table::permits(self.operation.id, &self.actor)
    }

    /// The same request with the rights that its caller has by now: for one that waited.
    ///
    /// # Errors
    /// 401 when the token has expired or the session has ended meanwhile.
    pub async fn renewed(&self) -> Result<Self> {
        let app = &self.app;
        let actor = authenticate(&app.db, &app.tokens, header(self.req.headers(), "authorization")).await?.into();
        Ok(RequestContext {
            req: self.req.clone(),
            app: self.app.clone(),
            operation: self.operation,
            actor,
            lang: self.lang,
        })
    }

    /// The address of this request, to say where the next page is.
    pub fn address(&self) -> Address {
        Address::of(&self.req)
    }

    /// What the reader has already.
    pub fn known(&self) -> Known {
        Known::of(&self.req)
    }

    /// Brings up to date what follows from what is stored, before it is read: nobody has changed anything by it, and no
    /// event tells of it.
    ///
    /// # Errors
    /// 403 by the table; whatever the closure refuses.
    pub async fn keep_up(&self, work: impl FnOnce(&Db, &Author) -> Result<()> + Send + 'static) -> Result<()> {
        table::permits(self.operation.id, &self.actor)?;
        let author = self.author();
        self.app.db.to_write(move |db| work(db, &author)).await
    }

    /// Reads in one snapshot.
    ///
    /// # Errors
    /// 403 by the table; whatever the closure refuses.
    pub async fn read<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn, &Actor) -> Result<T> + Send + 'static,
    {
        table::permits(self.operation.id, &self.actor)?;
        let (author, actor) = (self.author(), self.actor.clone());
        self.app.db.to_read(move |db| db.read(&author, |conn| work(conn, &actor))).await
    }

    /// Writes in one transaction, once per idempotency key; a dry run is taken back and told. A retry is told the first
    /// answer when its caller would still be let through: the work is done again and taken back, to see what it refuses.
    ///
    /// # Errors
    /// 403 by the table; 422 for a key that was used for something else; whatever the closure refuses.
    pub async fn write<F>(&self, work: F) -> Result<Reply>
    where
        F: Fn(&mut Tx, &Actor) -> Result<Reply> + Send + 'static,
    {
        if is_dry_run(&self.req) {
            // What is sent wrongly is refused like any request; a key that is right has nothing to keep.
            self.claim()?;
            return self.dry_run(work).await;
        }
        table::permits(self.operation.id, &self.actor)?;
        let claim = self.claim()?;
        let (author, actor) = (self.author(), self.actor.clone());
        let work = move |db: &Db| {
            let done = |tx: &mut Tx| work(tx, &actor).map_err(|error| with_names(tx, error));
            let Some(claim) = &claim else { return db.write(&author, done) };
            let answer = db.write(&author, |tx| match claim.take(tx)? {
                Some(first) => Ok(Answer::Kept(first)),
                None => {
                    let reply = done(tx)?;
                    claim.keep(tx, &reply)?;
                    Ok(Answer::Given(reply))
                }
            })?;
            match answer {
                Answer::Given(reply) => Ok(reply),
                Answer::Kept(first) => first.reply_unless_refused(db.dry_run(&author, done)),
            }
        };
        self.app.db.to_write(work).await
    }

    /// Writes in one transaction and remembers neither request nor answer, because one of them holds a secret: the
    /// hash of a body with a password in it would be one that is quickly guessed.
    ///
    /// # Errors
    /// 403 by the table; whatever the closure refuses.
    pub async fn write_secret<F>(&self, work: F) -> Result<Reply>
    where
        F: Fn(&mut Tx, &Actor) -> Result<Reply> + Send + 'static,
    {
        table::permits(self.operation.id, &self.actor)?;
        let (author, actor) = (self.author(), self.actor.clone());
        self.app
            .db
            .to_write(move |db| db.write(&author, |tx| work(tx, &actor).map_err(|error| with_names(tx, error))))
            .await
    }

    async fn dry_run<F>(&self, work: F) -> Result<Reply>
    where
        F: Fn(&mut Tx, &Actor) -> Result<Reply> + Send + 'static,
    {
        let (author, actor, operation) = (self.author(), self.actor.clone(), self.operation.id);
        let rehearsal = move |db: &Db| {
            let outcome = table::permits(operation, &actor).and_then(|()| {
                db.dry_run(&author, |tx| {
                    let reply = work(tx, &actor).map_err(|error| with_names(tx, error))?;
                    Ok(Rehearsed {
                        events: tx.recorded().to_vec(),
                        refused: tx.refused().to_vec(),
                        outcomes: reply.outcomes().to_vec(),
                        names: Names::read(tx)?,
                    })
                })
            });
            let told = DryRun::of(outcome, author.lang, &author.request_id)?;
            Ok(Reply::json(&told)?.of_type(dry_run::MEDIA_TYPE))
        };
        self.app.db.to_write(rehearsal).await
    }

    fn author(&self) -> Author {
        Author {
            scope: self.actor.scope,
            person: self.actor.person_id(),
            client: self.actor.client_id(),
            request_id: request_id(&self.req),
            lang: self.lang,
        }
    }

    /// The idempotency key, bound to the caller, the method, the address, the body and `If-Match`.
    fn claim(&self) -> Result<Option<Claim>> {
        let Some(key) = self.req.headers().get("idempotency-key") else { return Ok(None) };
        let key = key.to_str().unwrap_or_default();
        if key.is_empty() || key.len() > 255 {
            let place = Fault::at("Idempotency-Key", "length").with("min", 1).with("max", 255);
            return Err(Code::InvalidParameter.refuse().fault(place).into());
        }
        let caller = self.actor.id().to_string();
        let digest = hash(&[caller.as_bytes(), self.req.method().as_str().as_bytes(), uri(&self.req), key.as_bytes()]);
        let body = self.req.extensions().get::<BodyDigest>().map_or([0; 32], |digest| digest.0);
        let if_match = if_match_of(&self.req).unwrap_or_default();
        Ok(Some(Claim { digest, request_hash: hash(&[&body, if_match.as_bytes()]) }))
    }
}

/// What a write with an idempotency key is answered with.
enum Answer {
    /// What was done just now.
    Given(Reply),
    /// What was done when the key was used first.
    Kept(Kept),
}

fn uri(req: &HttpRequest) -> &[u8] {
    req.uri().path_and_query().map_or(&[], |uri| uri.as_str().as_bytes())
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn hash(parts: &[&[u8]]) -> String {
    use std::fmt::Write as _;
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    let digest: [u8; 32] = hasher.finalize().into();
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
