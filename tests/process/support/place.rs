//! Where the program runs: an empty folder, and a database of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use aftalestyring::auth::ClientScope;
use aftalestyring::auth::keys::SealingKey;
use aftalestyring::auth::tokens::{Claims, Subject, Tokens};
use aftalestyring::clock::Clock;
use aftalestyring::db::{Author, DatabaseUrl, Db, Link, PoolSizes, Scope};
use aftalestyring::types::{Id, Json};
use aftalestyring::{each, schema::clients};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Server, send, setting};

const PROGRAM: &str = env!("CARGO_BIN_EXE_aftalestyring");

const PUBLIC_URL: &str = "http://aftalestyring.test";

/// A folder with what belongs to it.
pub struct Place {
    pub folder: PathBuf,
    environment: Vec<(String, String)>,
    postgres: Option<(String, String)>,
}

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Place {
    /// An empty folder, where the program makes an SQLite file.
    pub fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("aftalestyring-process-{}", Uuid::now_v7().simple()));
        std::fs::create_dir(&folder).expect("a new folder");
        let environment = [
            ("LISTEN", "127.0.0.1:0"),
            ("PUBLIC_URL", PUBLIC_URL),
            ("REQUESTS_PER_MINUTE", "1000000"),
            ("LOG_LEVEL", "debug"),
        ];
        let mut place = Place { folder, environment: Vec::new(), postgres: None };
        for (name, value) in environment {
            place.set(name, value);
        }
        place
    }

    /// An empty folder and an empty PostgreSQL database; none where there is no server.
    pub fn on_postgres() -> Option<Self> {
        let server = setting("AFTALESTYRING_TEST_POSTGRES_URL")?;
        let (mut place, name) = Place::beside(&server);
        place.postgres = Some((server, name));
        Some(place)
    }

    /// An empty folder and an empty database of a server that is removed with the test.
    pub fn on_server(server: &str) -> Self {
        Place::beside(server).0
    }

    fn beside(server: &str) -> (Self, String) {
        let name = format!("process_{}", Uuid::now_v7().simple());
        administrate(server, &format!("CREATE DATABASE {name}"));
        let (head, _) = server.rsplit_once('/').expect("a URL with a database name");
        let mut place = Place::new();
        place.set("DATABASE_URL", &format!("{head}/{name}"));
        place.set("SECRET_KEY", &"5e".repeat(32));
        (place, name)
    }

    /// A place on each database there is.
    pub fn each() -> Vec<Place> {
        std::iter::once(Place::new()).chain(Place::on_postgres()).collect()
    }

    /// Gives a setting to the program.
    pub fn set(&mut self, name: &str, value: &str) {
        self.environment.push((format!("AFTALESTYRING_{name}"), value.to_owned()));
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn given(&self, name: &str) -> Option<&str> {
        let name = format!("AFTALESTYRING_{name}");
        self.environment.iter().rev().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.args(arguments).stdin(Stdio::null()).env_clear();
        self.placed(command)
    }

    fn placed(&self, mut command: Command) -> Command {
        command.current_dir(&self.folder).envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Another program in this place, which finds ours by its name.
    pub fn prepared(&self, mut command: Command) -> Command {
        let ours = Path::new(PROGRAM).parent().expect("a folder").display();
        command.env("PATH", format!("{ours}:{}", setting("PATH").unwrap_or_default()));
        self.placed(command)
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Ended {
        let output = self.command(arguments).output().expect("the program starts");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        Ended { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Starts the server; its log is the file `log`.
    pub fn serve(&self) -> Server {
        self.serve_with(&["serve"])
    }

    /// Starts the server with the demonstration.
    pub fn serve_demonstration(&self) -> Server {
        self.serve_with(&["serve", "--demo"])
    }

    fn serve_with(&self, arguments: &[&str]) -> Server {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.path("log")).expect("a log");
        let mut command = self.command(arguments);
        command.stderr(log);
        Server::start(command)
    }

    pub fn url(&self) -> DatabaseUrl {
        match self.given("DATABASE_URL") {
            Some(url) => DatabaseUrl::parse(url).expect("a URL"),
            None => DatabaseUrl::Sqlite(self.path("aftalestyring.sqlite").display().to_string()),
        }
    }

    /// The database, opened beside the program.
    pub fn db(&self) -> Db {
        Db::open(self.url(), PoolSizes { connections: 1, wait_seconds: 30 }, Clock::system())
    }

    pub fn link(&self) -> Link {
        self.url().connect().expect("the database")
    }

    /// Changes rows behind the program's back.
    pub fn execute(&self, sql: &str) {
        let mut link = self.link();
        each!(link => link.batch_execute(sql)).expect("a statement");
    }

    /// A municipality, made as an operator makes one.
    pub fn municipality(&self) -> Scope {
        let made = self.run(&["municipality", "add", "--name", "Lilleby Kommune", "--cvr", "12345678"]).good();
        Scope::of_command(Id::parse(made.trim()).expect("an id"))
    }

    /// A machine client of the municipality, with every scope.
    pub fn client(&self, scope: Scope) -> Id {
        let id = Id::new();
        let write = |tx: &mut aftalestyring::db::Tx| {
            let now = tx.now();
            let client = (
                clients::municipality_id.eq(scope.municipality()),
                clients::id.eq(id),
                clients::client_key.eq("hr"),
                clients::name.eq("HR"),
                clients::source.eq("hr"),
                clients::scopes.eq(Json::of(ClientScope::ALL)),
                clients::disabled.eq(false),
                clients::version.eq(1_i64),
                clients::created_at.eq(now),
                clients::updated_at.eq(now),
            );
            each!(tx => diesel::insert_into(clients::table).values(client).execute(tx))?;
            Ok(())
        };
        self.db().write(&Author::system(scope, "test"), write).expect("a client");
        id
    }

    /// An access token of a client.
    pub fn token(&self, scope: Scope, client_id: Id) -> String {
        let db = self.db();
        let now = db.clock().now();
        let tokens = Tokens::open(db, self.sealing_key(), PUBLIC_URL.to_owned()).expect("keys");
        let claims = Claims {
            municipality: scope.municipality(),
            subject: Subject::Client { client_id },
            owner: client_id,
            scopes: None,
        };
        tokens.sign(claims, now).expect("a token")
    }

    fn sealing_key(&self) -> SealingKey {
        let text = match self.given("SECRET_KEY") {
            Some(text) => text.to_owned(),
            None => std::fs::read_to_string(self.path("aftalestyring.sqlite.key")).expect("a key file"),
        };
        SealingKey::parse(&text).expect("a key")
    }

    /// A municipality with a few units, written through the API; gives the client that wrote them, and its token.
    pub fn filled(&self) -> (Scope, Id, String) {
        self.run(&["migrate"]).good();
        let scope = self.municipality();
        let client = self.client(scope);
        let server = self.serve();
        let token = self.token(scope, client);
        let mut parent = Value::Null;
        for name in ["Direktionen", "Skolecentret", "Børnehuset Ærten"] {
            let id = Id::new();
            let (status, answer) = put_unit(&server, &token, id, name, &parent).expect("an answer");
            assert_eq!(status, 201, "{answer}");
            parent = json!(id);
        }
        server.terminate("-TERM");
        assert_eq!(server.ended(), Some(0));
        (scope, client, token)
    }
}

/// Writes a unit through the API.
pub fn put_unit(server: &Server, token: &str, id: Id, name: &str, parent: &Value) -> std::io::Result<(u16, Value)> {
    send(server.address, ("PUT", &format!("/api/v1/org-units/{id}")), token, Some(&unit(name, parent)))
}

/// A unit as it is sent.
pub fn unit(name: &str, parent: &Value) -> Value {
    json!({ "validities": [{ "from": "2014-01-01", "parent_id": parent, "name": name, "kind": "institution" }] })
}

fn administrate(server: &str, sql: &str) {
    let mut link = DatabaseUrl::Postgres(server.to_owned()).connect().expect("a PostgreSQL server");
    each!(link => link.batch_execute(sql)).expect("an administrative statement");
}

impl Ended {
    /// What it said, when it ended well.
    #[track_caller]
    pub fn good(self) -> String {
        assert_eq!(self.code, Some(0), "{self:?}");
        self.out
    }

    /// Its complaint, when it ended with a code.
    #[track_caller]
    pub fn complaint(self, code: i32) -> String {
        assert_eq!(self.code, Some(code), "{self:?}");
        self.err
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if std::thread::panicking()
            && let Ok(log) = std::fs::read_to_string(self.path("log"))
        {
            let lines: Vec<&str> = log.lines().collect();
            eprintln!("the end of the server's log:\n{}", lines[lines.len().saturating_sub(20)..].join("\n"));
        }
        if let Some((server, name)) = &self.postgres {
            administrate(server, &format!("DROP DATABASE {name} WITH (FORCE)"));
        }
        let _ = std::fs::remove_dir_all(Path::new(&self.folder));
    }
}
