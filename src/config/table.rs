//! The settings there are: parsing, documentation and messages come from this table.

/// How much of a setting's value may be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// All of it.
    Open,
    /// It may hold credentials: never shown again, and may be given as the name of a file.
    Credentials,
    /// A secret: never shown, and no flag of its own either, since other users see a program's arguments.
    Secret,
}

/// What holds when nothing is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Otherwise {
    /// This value.
    Value(&'static str),
    /// Something found out at the start, in words.
    Computed(&'static str),
    /// Nothing.
    Unset,
}

/// A setting.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Its name in the file; the flag and the environment variable follow from it.
    pub name: &'static str,
    /// What it may be: completes "may be …".
    pub may_be: &'static str,
    /// What holds when nothing is given.
    pub otherwise: Otherwise,
    /// Who may see it.
    pub visibility: Visibility,
    /// What it is for.
    pub doc: &'static str,
}

impl Setting {
    /// Whether `<name>_file` may name a file that holds the value.
    pub fn may_stand_in_a_file(&self) -> bool {
        self.visibility != Visibility::Open
    }

    /// What holds when nothing is given, in words.
    pub fn otherwise(&self) -> &'static str {
        match self.otherwise {
            Otherwise::Value(text) | Otherwise::Computed(text) => text,
            Otherwise::Unset => "not set",
        }
    }
}

const fn open(name: &'static str, otherwise: Otherwise, may_be: &'static str, doc: &'static str) -> Setting {
    Setting { name, may_be, otherwise, visibility: Visibility::Open, doc }
}

const fn secret(name: &'static str, otherwise: Otherwise, may_be: &'static str, doc: &'static str) -> Setting {
    Setting { name, may_be, otherwise, visibility: Visibility::Secret, doc }
}

/// Every setting.
pub const SETTINGS: &[Setting] = &[
    open(
        "listen",
        Otherwise::Value("127.0.0.1:8080"),
        "an address and a port, such as 127.0.0.1:8080 or [::]:8080",
        "Where the server listens. Port 0 takes a free one.",
    ),
    Setting {
        name: "database_url",
        may_be: "sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE",
        otherwise: Otherwise::Value("sqlite:aftalestyring.sqlite"),
        visibility: Visibility::Credentials,
        doc: "The database. An SQLite file is made when it is not there.",
    },
    open(
        "database_connections",
        Otherwise::Computed("twice the cores and two, 4 to 64"),
        "a whole number from 1 to 1000",
        "How many connections to PostgreSQL, or readers of the SQLite file, are kept.",
    ),
    open(
        "database_wait_seconds",
        Otherwise::Value("5"),
        "a whole number from 1 to 300",
        "How long a request is kept waiting by the database, its turn and its work taken together, before it is refused.",
    ),
    open(
        "public_url",
        Otherwise::Computed("http:// and the address it listens on; localhost where that is every address"),
        "an http:// or https:// address without a path, such as https://aftaler.example.dk",
        "The address under which people reach the server; it is also the issuer of its tokens.",
    ),
    open(
        "trusted_proxies",
        Otherwise::Unset,
        "addresses and networks with commas between them, such as 127.0.0.1, 10.0.0.0/8, fd00::/8",
        "The proxies in front of the server: they are believed about where a request comes from.",
    ),
    open(
        "forwarded_header",
        Otherwise::Value("x-forwarded-for"),
        "x-forwarded-for or forwarded",
        "The header in which the trusted proxies write where a request comes from.",
    ),
    secret(
        "secret_key",
        Otherwise::Computed("made once beside an SQLite file; required with PostgreSQL"),
        "64 hexadecimal digits; make one with: openssl rand -hex 32",
        "The key under which signing keys are sealed in the database.",
    ),
    open(
        "docs",
        Otherwise::Value("on"),
        "on, off, or an address and a port of its own, such as 127.0.0.1:9090",
        "Where the documentation page /docs is served: with the API, nowhere, or on a listener of its own.",
    ),
    open(
        "metrics",
        Otherwise::Value("on"),
        "on, off, or an address and a port of its own, such as 127.0.0.1:9090",
        "Where /metrics is served: with the API, nowhere, or on a listener of its own; it may be that of the docs.",
    ),
    open(
        "requests_per_minute",
        Otherwise::Value("600"),
        "a whole number from 1 to 1000000",
        "How many requests a minute one person or client may make, and one address without a token: as many for each of logging in, refreshing, tokens of clients, public reads and pages.",
    ),
    open(
        "allowed_origins",
        Otherwise::Unset,
        "origins separated by commas, such as https://aftaler.example.dk,http://localhost:5173",
        "Where pages may come from that call the API in a browser, beside those of the server itself (CORS).",
    ),
    open(
        "log_format",
        Otherwise::Value("pretty"),
        "pretty or json",
        "How the log on standard error reads: for people, or one JSON object a line.",
    ),
    open(
        "log_level",
        Otherwise::Value("info"),
        "error, warn, info, debug or trace, also for one part, as in info,access=warn",
        "How much is logged; the target `access` has a line for each request.",
    ),
    open(
        "shutdown_seconds",
        Otherwise::Value("30"),
        "a whole number from 0 to 600",
        "How long requests under way may take to finish when the server stops.",
    ),
    open(
        "workers",
        Otherwise::Computed("as many as there are cores"),
        "a whole number from 1 to 256",
        "How many threads take requests.",
    ),
    secret(
        "demo_password",
        Otherwise::Unset,
        "a text of 12 to 200 characters that is not soon guessed",
        "The password of the demonstration's log-ins.",
    ),
    secret(
        "demo_client_secret",
        Otherwise::Unset,
        "a text of 12 to 200 characters",
        "The secret of the demonstration's machine client.",
    ),
];

/// The environment variable of a setting.
pub fn variable_of(name: &str) -> String {
    format!("AFTALESTYRING_{}", name.to_uppercase())
}

/// The flag of a setting's name.
pub fn flag_of(name: &str) -> String {
    name.replace('_', "-")
}

const HEAD: &str = "\
# Settings

A flag goes before a variable of the environment, and both before the file `aftalestyring.toml` (`--config PATH` or
`AFTALESTYRING_CONFIG` takes another). A value that may be secret may also stand in a file of its own, named by the
setting's name with `_file`, and is never shown. A setting that does not exist is refused, wherever it is given.
`aftalestyring check-config` says what holds and where it comes from. This page is what `aftalestyring settings` prints.

| in the file | environment | flag | when not given | |
|---|---|---|---|---|
";

/// All settings as a page of documentation.
pub fn as_markdown() -> String {
    let row = |setting: &Setting| {
        let (name, variable) = (setting.name, variable_of(setting.name));
        let flag = match setting.visibility {
            Visibility::Secret => format!("`--{}-file`", flag_of(name)),
            Visibility::Open | Visibility::Credentials => format!("`--{}`", flag_of(name)),
        };
        let otherwise = match setting.otherwise {
            Otherwise::Value(text) => format!("`{text}`"),
            Otherwise::Computed(_) | Otherwise::Unset => setting.otherwise().to_owned(),
        };
        let file = if setting.may_stand_in_a_file() { " May be given as the name of a file." } else { "" };
        let about = format!("{} It is {}.{file}", setting.doc, setting.may_be).replace('|', "\\|");
        format!("| `{name}` | `{variable}` | {flag} | {otherwise} | {about} |\n")
    };
    SETTINGS.iter().map(row).fold(HEAD.to_owned(), |page, row| page + &row)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manual_tells_of_every_setting_as_the_program_knows_it() {
        let manual = include_str!("../../docs/settings.md");
        assert_eq!(manual, as_markdown(), "cargo run -- settings > docs/settings.md");
    }
}
