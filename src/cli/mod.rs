//! The program: one file per subcommand. What a command says goes to standard output, why it failed to standard
//! error in one line; it ends with 0, with 1 when it failed, with 2 when it was asked or configured wrongly.

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::config::{Config, Flags};
use crate::error::Result;

mod audit;
mod backup;
mod check_config;
mod client;
mod database;
mod healthcheck;
mod keys;
mod log;
mod migrations;
mod municipality;
mod openapi;
mod restore;
mod serve;
mod settings;
mod terminal;
mod user;

use terminal::{complain, in_words};

/// The agreement-management system of Danish municipalities.
#[derive(Parser)]
#[command(name = "aftalestyring", version, about)]
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
    /// Make a municipality, or list those there are.
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
    /// Describe every setting: what it is for, what it may be, and where it is given.
    Settings,
    /// Say what is configured and where each setting comes from.
    CheckConfig,
    /// Ask the server on this machine whether it can work: for containers.
    Healthcheck,
}

/// Stands below every help, which would be buried under the settings if it showed them.
const ABOUT_SETTINGS: &str = "\
Settings are given as flags, as variables AFTALESTYRING_\u{2026} or in the file aftalestyring.toml (--config PATH takes\n\
another). 'aftalestyring settings' describes them, 'aftalestyring check-config' says which hold.";

fn told_of_settings(command: clap::Command) -> clap::Command {
    command.after_help(ABOUT_SETTINGS).mut_subcommands(told_of_settings)
}

/// Runs the program.
pub fn run() -> ExitCode {
    let matches = told_of_settings(Arguments::command()).get_matches();
    let arguments = Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    match arguments.command {
        Command::Openapi => return ended(openapi::run()),
        Command::Settings => return ended(settings::run()),
        _ => {}
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
        Command::Settings => settings::run(),
        Command::CheckConfig => check_config::run(config),
        Command::Healthcheck => healthcheck::run(config),
    }
}

fn ended(result: Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The databases' own reasons have several lines.
            let words: Vec<String> = in_words(&error).split_whitespace().map(str::to_owned).collect();
            complain(&words.join(" "));
            ExitCode::FAILURE
        }
    }
}
