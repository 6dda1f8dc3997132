//! The program: one file per subcommand. What a command says goes to standard output, why it failed to standard
//! error in one line; it ends with 0, with 1 when it failed, with 2 when it was asked or configured wrongly.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::clock::Clock;
use crate::config::{Config, Flags};
use crate::db::{DatabaseUrl, Db, Link, PoolSizes, migrate};
use crate::error::{Error, Result};

mod audit;
mod backup;
mod check_config;
mod client;
mod healthcheck;
mod keys;
mod log;
mod migrations;
mod municipality;
mod openapi;
mod restore;
mod serve;
mod user;

/// The agreement-management system of Danish municipalities.
#[derive(Parser)]
#[command(name = "aftalestyring", version, about, after_help = "Every setting is described by --help.")]
struct Arguments {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Bring the database up to date and serve the API until told to stop.
    Serve(serve::Arguments),
    /// Bring the database up to date, take the newest migration back, or show how it stands.
    Migrate(migrations::Arguments),
    /// Make a municipality.
    #[command(subcommand)]
    Municipality(municipality::Command),
    /// Give somebody a log-in.
    #[command(subcommand)]
    User(user::Command),
    /// Let a machine client in.
    #[command(subcommand)]
    Client(client::Command),
    /// Change the keys that sign access tokens.
    #[command(subcommand)]
    Keys(keys::Command),
    /// Copy everything into a file while the server goes on working; any database can be restored from it.
    Backup(backup::Arguments),
    /// Restore such a copy into an empty database, all of it or nothing.
    Restore(restore::Arguments),
    /// Check that nobody has changed what is recorded.
    #[command(subcommand)]
    Audit(audit::Command),
    /// Print the OpenAPI document.
    Openapi,
    /// Say what is configured and where each setting comes from.
    CheckConfig,
    /// Ask the server on this machine whether it can work: for containers.
    Healthcheck,
}

/// Runs the program.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    if let Command::Openapi = arguments.command {
        return ended(openapi::run());
    }
    match Config::read(&arguments.flags) {
        Ok(config) => ended(obey(arguments.command, &config)),
        Err(faults) => {
            complain(&format!("the configuration is wrong:\n{faults}"));
            ExitCode::from(2)
        }
    }
}

fn obey(command: Command, config: &Config) -> Result<()> {
    match command {
        Command::Serve(arguments) => serve::run(&arguments, config),
        Command::Migrate(arguments) => migrations::run(&arguments, config),
        Command::Municipality(command) => municipality::run(command, config),
        Command::User(command) => user::run(command, config),
        Command::Client(command) => client::run(command, config),
        Command::Keys(command) => keys::run(&command, config),
        Command::Backup(arguments) => backup::run(&arguments, config),
        Command::Restore(arguments) => restore::run(&arguments, config),
        Command::Audit(command) => audit::run(&command, config),
        Command::Openapi => openapi::run(),
        Command::CheckConfig => check_config::run(config),
        Command::Healthcheck => healthcheck::run(config),
    }
}

fn ended(result: Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The databases' own reasons have several lines.
            let words: Vec<String> = error.to_string().split_whitespace().map(str::to_owned).collect();
            complain(&words.join(" "));
            ExitCode::FAILURE
        }
    }
}

/// A reader that has gone away is no failure.
fn complain(text: &str) {
    let _ = writeln!(std::io::stderr(), "aftalestyring: {text}");
}

fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

fn failed(why: impl Into<String>) -> Error {
    Error::unexpected(why.into())
}

/// One connection; an SQLite file is made when it is not there.
fn connect(config: &Config) -> Result<Link> {
    let place = match &config.database_url {
        DatabaseUrl::Postgres(_) => "PostgreSQL".to_owned(),
        DatabaseUrl::Sqlite(path) => format!("the SQLite file {path}"),
    };
    if let DatabaseUrl::Sqlite(path) = &config.database_url {
        // People's names are in it: nobody but its owner reads it. SQLite gives its other files the same mode, and
        // tells better than we could why a file cannot be made.
        drop(OpenOptions::new().write(true).create_new(true).mode(0o600).open(path));
    }
    config.database_url.connect().map_err(|error| failed(format!("the database cannot be reached: {place}: {error}")))
}

/// One connection to a database that is there and up to date.
fn connect_existing(config: &Config) -> Result<Link> {
    if let DatabaseUrl::Sqlite(path) = &config.database_url
        && !Path::new(path).exists()
    {
        return Err(failed(format!("there is no SQLite file {path}; make it with: aftalestyring migrate")));
    }
    let mut link = connect(config)?;
    match migrate::pending(&mut link)?.len() {
        0 => Ok(link),
        pending => Err(failed(format!("the database lacks {pending} migrations; run: aftalestyring migrate"))),
    }
}

/// A database that is there and up to date.
fn open(config: &Config) -> Result<Db> {
    drop(connect_existing(config)?);
    let sizes = PoolSizes { connections: 1, ..config.pool };
    Ok(Db::open_for_command(config.database_url.clone(), sizes, Clock::system()))
}
