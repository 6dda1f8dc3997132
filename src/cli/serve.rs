//! `serve`: the server itself.

use std::any::Any;
use std::future::{Future, pending};
use std::net::{SocketAddr, TcpListener};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpServer;
use actix_web::dev::Extensions;
use actix_web::rt::System;
use actix_web::rt::net::TcpStream;
use actix_web::rt::signal::unix::{SignalKind, signal};
use clap::Args;
use futures_util::future::select;
use socket2::SockRef;

use super::database::connect;
use super::log;
use super::terminal::{failed, say};
use crate::app::{App, Document, Place, Settings};
use crate::clock::Clock;
use crate::config::Config;
use crate::db::{DatabaseUrl, Db, migrate};
use crate::demo::{self, Secrets};
use crate::error::{Error, Result};
use crate::organisation::store::all_municipalities;
use crate::{metrics, openapi};

/// Longer than the usual proxies keep a connection, so that they close it and not we, while a request is on its way.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// How long the head of a request may take.
const HEAD_WITHIN: Duration = Duration::from_secs(10);

/// How long a client may take to close its side.
const CLOSE_WITHIN: Duration = Duration::from_secs(5);

/// How long nothing of an answer may be taken.
const TAKEN_WITHIN: Duration = Duration::from_secs(30);

/// For each worker; more wait in the system's queue.
const MOST_CONNECTIONS: usize = 10_000;

/// How to serve.
#[derive(Args)]
pub struct Arguments {
    /// Load the demonstration: a municipality made from a real strategy letter.
    #[arg(long)]
    demo: bool,
}

/// Serves until told to stop.
///
/// # Errors
/// When the port is taken, or the database cannot be reached or brought up to date; when the demonstration would be
/// open to others with a password that nobody chose.
pub fn run(arguments: &Arguments, config: &Config) -> Result<()> {
    if arguments.demo && !config.listen.ip().is_loopback() && config.demo_password.is_none() {
        let why =
            "the demonstration is served beyond this machine only with a password that was chosen: set demo_password";
        return Err(failed(format!("{why} (AFTALESTYRING_DEMO_PASSWORD)")));
    }
    log::begin(config);
    metrics::install();
    // The port comes first: a second server must not migrate the database under the first one.
    let taken = |error| failed(format!("cannot listen on {}: {error}", config.listen));
    let listener = TcpListener::bind(config.listen).map_err(taken)?;
    let address = listener.local_addr().map_err(taken)?;
    let listeners = beside(listener, config)?;
    let mut link = connect(config)?;
    let sealing = config.sealing_key()?;
    let migrated = migrate::up(&mut link)?;
    drop(link);
    tracing::info!(migrations = migrated.len(), "the database is up to date");
    let db = Db::open(config.database_url.clone(), config.pool, Clock::system());
    let demo = if arguments.demo {
        is_for_demonstrations(&db)?;
        Some(demo::load(&db, config.demo_password.as_deref(), config.demo_client_secret.as_deref())?)
    } else {
        None
    };
    let public_url = config.public_url.clone().unwrap_or_else(|| reachable(address));
    let document = openapi::document();
    let app = App::new(Settings {
        db,
        sealing,
        public_url: public_url.clone(),
        allowed_origins: config.allowed_origins.clone(),
        places: config.places,
        proxies: config.proxies.clone(),
        requests_per_minute: config.requests_per_minute,
        operations: openapi::operations(&document),
        document: Document::of(&document)?,
    })?;
    System::new().block_on(async {
        let told = told_to_stop()?;
        greet(&app, &public_url, address)?;
        if let Some(loaded) = &demo {
            tell_log_ins(loaded.as_ref());
        }
        listen(app, listeners, config, told).await
    })
}

/// A municipality that works must not find invented people and log-ins beside it.
fn is_for_demonstrations(db: &Db) -> Result<()> {
    let there = db.global(all_municipalities)?;
    if there.is_empty() || there.iter().any(|(known, _)| *known == demo::scope()) {
        return Ok(());
    }
    let names: Vec<String> = there.into_iter().map(|(_, name)| name).collect();
    let names = names.join(", ");
    let why = "the demonstration belongs into a database of its own, for which --database-url can name a new place";
    Err(failed(format!("the database holds {names}: {why}")))
}

/// The listener of the API, and those that pages have for themselves.
fn beside(listener: TcpListener, config: &Config) -> Result<Vec<TcpListener>> {
    let mut all = vec![listener];
    for address in config.places.own() {
        all.push(TcpListener::bind(address).map_err(|error| failed(format!("cannot listen on {address}: {error}")))?);
    }
    Ok(all)
}

async fn listen(
    app: Arc<App>,
    listeners: Vec<TcpListener>,
    config: &Config,
    told: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let waited_on = app.clone();
    let told = async move {
        told.await;
        waited_on.db.commit_signal().close();
    };
    let mut server = HttpServer::new(move || crate::service!(app.clone()))
        .workers(config.workers)
        .keep_alive(KEEP_ALIVE)
        .client_request_timeout(HEAD_WITHIN)
        .client_disconnect_timeout(CLOSE_WITHIN)
        .on_connect(give_up_who_does_not_read)
        .max_connections(MOST_CONNECTIONS)
        .tcp_nodelay(true)
        .shutdown_timeout(config.shutdown_seconds)
        .shutdown_signal(told);
    for listener in listeners {
        server = server.listen(listener).map_err(Error::unexpected)?;
    }
    server.run().await.map_err(Error::unexpected)?;
    tracing::info!("stopped");
    Ok(())
}

/// Nobody reaches a server at the address that means all of its addresses.
fn reachable(address: SocketAddr) -> String {
    if !address.ip().is_unspecified() {
        return format!("http://{address}");
    }
    let url = format!("http://localhost:{}", address.port());
    tracing::warn!("public_url is not set: tokens and addresses name {url}, which others cannot reach");
    url
}

/// A connection is given up when nothing of what was sent is taken for a while: its answer would be kept for ever.
fn give_up_who_does_not_read(connection: &dyn Any, _: &mut Extensions) {
    let Some(stream) = connection.downcast_ref::<TcpStream>() else { return };
    if let Err(error) = SockRef::from(stream).set_tcp_user_timeout(Some(TAKEN_WITHIN)) {
        tracing::warn!(%error, "a connection without a limit for writing");
    }
}

/// Waits for SIGTERM or SIGINT; both are heard from here on.
fn told_to_stop() -> Result<impl Future<Output = ()> + Send + 'static> {
    let mut terminate = signal(SignalKind::terminate()).map_err(Error::unexpected)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Error::unexpected)?;
    Ok(async move {
        let (terminated, interrupted) = (pin!(terminate.recv()), pin!(interrupt.recv()));
        if select(terminated, interrupted).await.factor_first().0.is_none() {
            pending::<()>().await;
        }
        tracing::info!("told to stop: requests under way are finished first");
    })
}

fn greet(app: &App, public_url: &str, address: SocketAddr) -> Result<()> {
    let database = match app.db.url() {
        DatabaseUrl::Postgres(_) => "PostgreSQL".to_owned(),
        DatabaseUrl::Sqlite(path) => format!("SQLite, {path}"),
    };
    let municipalities: Vec<String> =
        app.db.global(all_municipalities)?.into_iter().map(|(_, municipality)| municipality).collect();
    let municipalities = match municipalities.as_slice() {
        [] => "none yet; make one with: aftalestyring municipality add".to_owned(),
        names => names.join(", "),
    };
    say(&format!("aftalestyring {} listens on {address}", env!("CARGO_PKG_VERSION")));
    say(&format!("  API             {public_url}/api/v1"));
    match app.places.docs {
        Place::Here => say(&format!("  documentation   {public_url}/docs/")),
        Place::At(own) => say(&format!("  documentation   http://{own}/docs/")),
        Place::Nowhere => {}
    }
    say(&format!("  database        {database}"));
    say(&format!("  municipalities  {municipalities}"));
    Ok(())
}

fn tell_log_ins(loaded: Option<&Secrets>) {
    let emails: Vec<String> = demo::logins().map(|login| format!("{login}@demo.example")).collect();
    say("  log-ins         the demonstration's people, all with one password:");
    for line in emails.chunks(3) {
        say(&format!("                  {}", line.join("  ")));
    }
    match loaded {
        Some(secrets) => {
            // What the operator chose they know; nobody else is to read it in what is printed and kept.
            let told = |made: &Option<String>| made.clone().unwrap_or_else(|| "as it was configured".to_owned());
            say(&format!("  password        {}", told(&secrets.password)));
            say(&format!("  HR client       {}, secret {}", demo::HR_CLIENT, told(&secrets.client_secret)));
        }
        None => say("  password        as printed when the demonstration was loaded, or as it was configured then"),
    }
}
