//! A database per test, copied from one that is migrated once.

use std::path::PathBuf;
use std::sync::LazyLock;

use aftalestyring::db::{DatabaseUrl, Link, Raw, migrate};
use aftalestyring::each;
use diesel::Connection;
use diesel::connection::{InstrumentationEvent, SimpleConnection};
use uuid::Uuid;

/// The database of one test.
pub enum Database {
    Sqlite(PathBuf),
    Postgres { server: String, name: String },
}

enum Template {
    Sqlite(PathBuf),
    Postgres { server: String, name: String },
}

static TEMPLATE: LazyLock<Template> = LazyLock::new(make_template);

/// What the environment tells the tests.
pub fn setting(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the tests are told by their environment where to run")]
    std::env::var(name).ok()
}

fn make_template() -> Template {
    let unique = Uuid::now_v7().simple().to_string();
    match setting("AFTALESTYRING_TEST_DATABASE").as_deref() {
        None | Some("sqlite") => {
            let path = std::env::temp_dir().join(format!("aftalestyring-test-{unique}.template"));
            let url = DatabaseUrl::Sqlite(path.display().to_string());
            let mut link = url.connect().expect("a new file");
            migrate::up(&mut link).expect("migrations");
            if let Raw::Sqlite(conn) = link.raw() {
                conn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE").expect("one file");
            }
            Template::Sqlite(path)
        }
        Some("postgres") => {
            let server = setting("AFTALESTYRING_TEST_POSTGRES_URL").expect("AFTALESTYRING_TEST_POSTGRES_URL");
            let name = format!("template_{unique}");
            execute(&server, &format!("CREATE DATABASE {name}"));
            let mut link = DatabaseUrl::Postgres(with_name(&server, &name)).connect().expect("the new database");
            migrate::up(&mut link).expect("migrations");
            Template::Postgres { server, name }
        }
        Some(other) => panic!("AFTALESTYRING_TEST_DATABASE may be sqlite or postgres, not {other}"),
    }
}

fn with_name(server: &str, name: &str) -> String {
    let (head, _) = server.rsplit_once('/').expect("a URL with a database name");
    format!("{head}/{name}")
}

fn execute(server: &str, sql: &str) {
    let mut link = DatabaseUrl::Postgres(server.to_owned()).connect().expect("a PostgreSQL server");
    if let Raw::Pg(conn) = link.raw() {
        conn.batch_execute(sql).expect("an administrative statement");
    }
}

impl Database {
    /// A connection whose statements nobody reads: for what is of all municipalities.
    pub fn unwatched(&self) -> Link {
        let mut link = self.url().connect().expect("a database");
        each!(link => link.set_instrumentation(|_: InstrumentationEvent<'_>| {}));
        link
    }

    /// A migrated database without rows.
    pub fn new() -> Self {
        let unique = Uuid::now_v7().simple().to_string();
        match &*TEMPLATE {
            Template::Sqlite(template) => {
                let path = std::env::temp_dir().join(format!("aftalestyring-test-{unique}.sqlite"));
                std::fs::copy(template, &path).expect("a copy of the template");
                Database::Sqlite(path)
            }
            Template::Postgres { server, name: template } => {
                let name = format!("test_{unique}");
                execute(server, &format!("CREATE DATABASE {name} TEMPLATE {template}"));
                Database::Postgres { server: server.clone(), name }
            }
        }
    }

    /// Where it is.
    pub fn url(&self) -> DatabaseUrl {
        match self {
            Database::Sqlite(path) => DatabaseUrl::Sqlite(path.display().to_string()),
            Database::Postgres { server, name } => DatabaseUrl::Postgres(with_name(server, name)),
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        match self {
            Database::Sqlite(path) => {
                for suffix in ["", "-wal", "-shm"] {
                    let _ = std::fs::remove_file(format!("{}{suffix}", path.display()));
                }
            }
            Database::Postgres { server, name } => execute(server, &format!("DROP DATABASE {name} WITH (FORCE)")),
        }
    }
}
