//! `client`: machine clients.

use clap::Subcommand;

use super::database::open;
use super::terminal::{failed, say, taken};
use super::user::id;
use crate::accounts::clients::model::{is_foreign_source, new_secret};
use crate::accounts::clients::store::{self, ClientRow, SecretRow};
use crate::auth::ClientScope;
use crate::config::Config;
use crate::db::journal::{Event, EventKind};
use crate::db::{Author, Scope};
use crate::error::Result;
use crate::organisation::store as organisation;
use crate::types::Id;

/// What is done to machine clients.
#[derive(Subcommand)]
pub enum Command {
    /// Make a machine client, and print its secret once.
    Add {
        /// The municipality's id, as `municipality add` printed it.
        #[arg(long, value_parser = id)]
        municipality: Id,
        /// The id by which it asks for tokens, such as `hr`.
        #[arg(long)]
        key: String,
        /// What it is called.
        #[arg(long)]
        name: String,
        /// The source whose rows it writes; its key when absent.
        #[arg(long)]
        source: Option<String>,
        /// What it may do; may be given several times.
        #[arg(long = "scope", value_parser = scope, required = true)]
        scopes: Vec<ClientScope>,
    },
}

fn scope(text: &str) -> Result<ClientScope, String> {
    let known: Vec<&str> = ClientScope::ALL.iter().map(|scope| scope.as_str()).collect();
    ClientScope::parse(text).ok_or_else(|| format!("may be {}", known.join(", ")))
}

/// Makes it.
///
/// # Errors
/// When the database cannot be reached, the municipality is unknown or the key is taken.
pub fn run(command: Command, config: &Config) -> Result<()> {
    let Command::Add { municipality, key, name, source, scopes } = command;
    let source = source.unwrap_or_else(|| key.clone());
    is_foreign_source(&source).map_err(|_| failed("the source local is for people"))?;
    let scope = Scope::of_command(municipality);
    let (secret, secret_hash) = new_secret(scope)?;
    open(config)?.write(&Author::system(scope, "client add"), |tx| {
        organisation::municipality(tx).map_err(|_| failed("there is no such municipality"))?;
        let row =
            ClientRow { source: source.clone(), ..ClientRow::new(tx.new_row(), Id::new(), (&key, &name), &scopes) };
        store::insert(tx, &row).map_err(|error| taken(error, format!("there is a client with the key {key}")))?;
        let secret = SecretRow::new(tx.new_row(), row.id, &secret_hash);
        store::insert_secret(tx, &secret)?;
        tx.record(Event::of(EventKind::ClientCreated, row.id).version(1));
        Ok(())
    })?;
    say(&format!("{key}\nsecret  {secret}"));
    Ok(())
}
