//! The only reader of the environment: settings from flags, environment and file, in this order of precedence,
//! described by one table ([`table::SETTINGS`]). All faults are reported at once, and no secret is ever shown.

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::str::FromStr;

use ipnet::IpNet;

use crate::app::{Place, Places};
use crate::auth::keys::SealingKey;
use crate::auth::strength;
use crate::db::{DatabaseUrl, PoolSizes};
use crate::http::{ForwardedHeader, Proxies};

mod flags;
mod key_file;
mod sources;
pub mod table;

use crate::config::sources::Sources;
pub use flags::Flags;
pub use sources::{Fault, Faults};

/// How the log reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// One JSON object a line.
    Json,
}

/// The settings, understood.
pub struct Config {
    /// Where the server listens.
    pub listen: SocketAddr,
    /// The database.
    pub database_url: DatabaseUrl,
    /// How many connections, and how long to wait for one.
    pub pool: PoolSizes,
    /// The address under which people reach the server, when one is configured.
    pub public_url: Option<String>,
    /// The proxies in front of the server.
    pub proxies: Proxies,
    /// The key that seals signing keys; none on SQLite, where it stands in [`Config::key_file`].
    pub secret_key: Option<SealingKey>,
    /// Where pages may come from that call the API in a browser.
    pub allowed_origins: Vec<String>,
    /// Where documentation and metrics are served.
    pub places: Places,
    /// Requests a minute for each caller.
    pub requests_per_minute: NonZeroU32,
    /// How the log reads.
    pub log_format: LogFormat,
    /// How much is logged.
    pub log_level: String,
    /// How long requests under way may take when the server stops.
    pub shutdown_seconds: u64,
    /// Threads that take requests.
    pub workers: usize,
    /// The password of the demonstration's log-ins.
    pub demo_password: Option<String>,
    /// The secret of the demonstration's machine client.
    pub demo_client_secret: Option<String>,
    /// Every setting with what holds and where it came from, without secrets.
    pub summary: Vec<(&'static str, String, String)>,
}

impl Config {
    /// Reads flags, environment and file.
    ///
    /// # Errors
    /// Everything that is wrong, at once.
    pub fn read(flags: &Flags) -> Result<Self, Faults> {
        let readable =
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Self::understand(Sources::gather(flags, &readable.collect()))
    }

    fn understand(mut sources: Sources) -> Result<Self, Faults> {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let listen = sources.value("listen", parse);
        let wait_seconds = sources.value("database_wait_seconds", |text| within(text, 1, 300));
        let usual = u32::try_from(2 * cores + 2).unwrap_or(64).clamp(4, 64);
        let connections = sources.value("database_connections", |text| within(text, 1, 1000)).unwrap_or(usual);
        let database_url = sources.value("database_url", |text| DatabaseUrl::parse(text).ok());
        let public_url = sources.value("public_url", address);
        let allowed_origins = sources.value("allowed_origins", origins).unwrap_or_default();
        let trusted = sources.value("trusted_proxies", networks).unwrap_or_default();
        let forwarded_header = sources.value("forwarded_header", forwarded_header);
        let secret_key = sources.value("secret_key", |text| SealingKey::parse(text).ok());
        let requests_per_minute =
            sources.value("requests_per_minute", |text| within(text, 1, 1_000_000).and_then(NonZeroU32::new));
        let docs = sources.value("docs", Place::parse).unwrap_or_default();
        let metrics = sources.value("metrics", Place::parse).unwrap_or_default();
        let log_format = sources.value("log_format", log_format);
        let log_level = sources.value("log_level", log_level);
        let shutdown_seconds = sources.value("shutdown_seconds", |text| within(text, 0, 600));
        let workers = sources.value("workers", |text| within(text, 1, 256)).unwrap_or(cores);
        let demo_password = sources.value("demo_password", password);
        let demo_client_secret = sources.value("demo_client_secret", secret_text);
        let summary = sources.summary();
        if matches!(database_url, Some(DatabaseUrl::Postgres(_))) && !sources.is_given("secret_key") {
            sources.demand("secret_key", "is required with PostgreSQL");
        }
        let database_url = database_url.map(|url| give_up_after(url, wait_seconds));
        let all = (listen, database_url, wait_seconds, requests_per_minute, log_format, log_level, shutdown_seconds);
        match all {
            (
                Some(listen),
                Some(database_url),
                Some(wait_seconds),
                Some(requests_per_minute),
                Some(log_format),
                Some(log_level),
                Some(shutdown_seconds),
            ) if sources.faults.is_empty() => Ok(Config {
                listen,
                database_url,
                pool: PoolSizes { connections, wait_seconds },
                public_url,
                allowed_origins,
                proxies: Proxies::new(trusted, forwarded_header.unwrap_or_default()),
                secret_key,
                places: Places { docs, metrics },
                requests_per_minute,
                log_format,
                log_level,
                shutdown_seconds,
                workers,
                demo_password,
                demo_client_secret,
                summary,
            }),
            _ => Err(Faults(sources.faults)),
        }
    }

    /// The file beside an SQLite database that holds its secret key when none is configured.
    pub fn key_file(&self) -> Option<PathBuf> {
        match &self.database_url {
            DatabaseUrl::Sqlite(path) => Some(PathBuf::from(format!("{path}.key"))),
            DatabaseUrl::Postgres(_) => None,
        }
    }
}

/// Without these a server that is gone without a word is waited for as long as the system likes: minutes to connect,
/// hours to read an answer.
fn give_up_after(url: DatabaseUrl, seconds: Option<u64>) -> DatabaseUrl {
    let (DatabaseUrl::Postgres(mut url), Some(seconds)) = (url.clone(), seconds) else { return url };
    for (name, value) in [
        ("connect_timeout", seconds),
        ("tcp_user_timeout", seconds * 1000),
        ("keepalives_idle", seconds),
        ("keepalives_interval", seconds.div_ceil(3)),
        ("keepalives_count", 3),
    ] {
        if !url.contains(&format!("{name}=")) {
            let separator = if url.contains('?') { '&' } else { '?' };
            url = format!("{url}{separator}{name}={value}");
        }
    }
    DatabaseUrl::Postgres(url)
}

fn parse<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

fn within<T: FromStr + PartialOrd>(text: &str, least: T, most: T) -> Option<T> {
    parse(text).filter(|number| least <= *number && *number <= most)
}

fn address(text: &str) -> Option<String> {
    let text = text.trim_end_matches('/');
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let plain = |c: char| !c.is_whitespace() && !matches!(c, '/' | '?' | '#' | '@' | '"');
    (!host.is_empty() && host.chars().all(plain)).then(|| text.to_owned())
}

/// As a browser writes them: small letters, no path, no `*`.
fn origins(text: &str) -> Option<Vec<String>> {
    let origin =
        |text: &str| address(text.trim()).filter(|origin| !origin.contains('*')).map(|origin| origin.to_lowercase());
    text.split(',').map(origin).collect()
}

/// The filter's own reader takes a misspelt level for the name of a part, and then logs nothing.
fn log_level(text: &str) -> Option<String> {
    let level = |text: &str| matches!(text, "error" | "warn" | "info" | "debug" | "trace" | "off");
    let part = |text: &str| text.split_once('=').map_or(level(text), |(name, of)| !name.is_empty() && level(of));
    text.split(',').all(part).then(|| text.to_owned())
}

fn forwarded_header(text: &str) -> Option<ForwardedHeader> {
    match text {
        "x-forwarded-for" => Some(ForwardedHeader::XForwardedFor),
        "forwarded" => Some(ForwardedHeader::Forwarded),
        _ => None,
    }
}

fn log_format(text: &str) -> Option<LogFormat> {
    match text {
        "pretty" => Some(LogFormat::Pretty),
        "json" => Some(LogFormat::Json),
        _ => None,
    }
}

fn networks(text: &str) -> Option<Vec<IpNet>> {
    let network = |text: &str| text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)).ok();
    text.split(',').map(str::trim).map(network).collect()
}

fn password(text: &str) -> Option<String> {
    secret_text(text).filter(|text| !strength::is_guessable(text, &[]))
}

fn secret_text(text: &str) -> Option<String> {
    (12..=200).contains(&text.chars().count()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(given: &[(&str, &str)]) -> Flags {
        Flags { config: None, given: given.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect() }
    }

    fn read(flags: &Flags, environment: &[(&str, &str)]) -> Result<Config, String> {
        let variables = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Config::understand(Sources::gather(flags, &variables)).map_err(|faults| faults.to_string())
    }

    fn faults(flags: &Flags, environment: &[(&str, &str)]) -> String {
        read(flags, environment).err().expect("faults")
    }

    #[test]
    fn nothing_given_is_a_server_for_this_machine_alone() {
        let config = read(&Flags::default(), &[]).expect("a configuration");
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.database_url, DatabaseUrl::Sqlite("aftalestyring.sqlite".to_owned()));
        assert!((4..=64).contains(&config.pool.connections));
        assert_eq!(config.key_file(), Some(PathBuf::from("aftalestyring.sqlite.key")));
    }

    #[test]
    fn a_flag_goes_before_the_environment_and_both_before_the_file() {
        let file = std::env::temp_dir().join(format!("aftalestyring-config-{}.toml", std::process::id()));
        std::fs::write(&file, "listen = \"127.0.0.1:1\"\nworkers = 3\nshutdown_seconds = 7\n").expect("a file");
        let given = Flags { config: Some(file.clone()), ..flags(&[("listen", "127.0.0.1:3")]) };
        let environment = [("AFTALESTYRING_LISTEN", "127.0.0.1:2"), ("AFTALESTYRING_WORKERS", "4")];
        let config = read(&given, &environment).expect("a configuration");
        assert_eq!((config.listen.port(), config.workers, config.shutdown_seconds), (3, 4, 7));
        std::fs::write(&file, "listne = \"127.0.0.1:1\"\nworkers = true\n").expect("a file");
        let found = faults(&Flags { config: Some(file.clone()), ..Flags::default() }, &[]);
        assert!(found.contains("listne (from the file") && found.contains("there is no such setting"), "{found}");
        assert!(found.contains("workers (from the file") && found.contains("from 1 to 256"), "{found}");
        let _ = std::fs::remove_file(file);
    }

    #[test]
    fn all_faults_are_told_at_once_and_no_secret_with_them() {
        let environment = [
            ("AFTALESTYRING_LISTEN", "somewhere"),
            ("AFTALESTYRING_LOG_LEVEL", "inof"),
            ("AFTALESTYRING_SECRET_KEY", "hemmeligt"),
            ("AFTALESTYRING_DATABASE_URL", "mysql://bruger:kodeord@vaert/base"),
        ];
        let found = faults(&flags(&[("workers", "0")]), &environment);
        assert_eq!(found.lines().count(), 5, "{found}");
        for part in ["the environment, AFTALESTYRING_LISTEN", "the flag --workers", "\"inof\" is not", "openssl rand"] {
            assert!(found.contains(part), "{part} in {found}");
        }
        assert!(!found.contains("hemmeligt") && !found.contains("kodeord"), "{found}");
    }

    #[test]
    fn postgresql_demands_a_secret_key_and_says_how_to_make_one() {
        let url = ("AFTALESTYRING_DATABASE_URL", "postgres://u:p@h/d");
        let found = faults(&Flags::default(), &[url]);
        assert!(found.contains("secret_key is required with PostgreSQL") && found.contains("openssl rand -hex 32"));
        let key = "0f".repeat(32);
        let config = read(&Flags::default(), &[url, ("AFTALESTYRING_SECRET_KEY", &key)]).expect("a configuration");
        assert!(config.key_file().is_none());
        let shown = format!("{:?}", config.summary);
        assert!(!shown.contains(&key) && !shown.contains("u:p"), "{shown}");
    }

    #[test]
    fn a_server_that_is_gone_is_given_up_as_soon_as_configured_unless_its_url_says_otherwise() {
        let url = DatabaseUrl::Postgres("postgres://u@h/d?keepalives_idle=60".to_owned());
        let given_up = "postgres://u@h/d?keepalives_idle=60&connect_timeout=4&tcp_user_timeout=4000\
                        &keepalives_interval=2&keepalives_count=3";
        assert_eq!(give_up_after(url, Some(4)), DatabaseUrl::Postgres(given_up.to_owned()));
    }

    #[test]
    fn a_variable_that_is_misspelt_is_refused_and_those_of_kubernetes_and_of_other_programs_are_not() {
        let misspelt = [("AFTALESTYRING_LOGFORMAT", "json"), ("AFTALESTYRING_WORKERS_FILE", ""), ("LOGFORMAT", "json")];
        let found = faults(&Flags::default(), &misspelt);
        assert_eq!(found.lines().count(), 2, "{found}");
        assert!(found.contains("AFTALESTYRING_LOGFORMAT (from the environment): there is no such setting"), "{found}");
        let others = [
            ("AFTALESTYRING_SERVICE_HOST", "10.0.0.1"),
            ("AFTALESTYRING_SERVICE_PORT_HTTP", "8080"),
            ("AFTALESTYRING_PORT", "tcp://10.0.0.1:8080"),
            ("AFTALESTYRING_PORT_8080_TCP_ADDR", "10.0.0.1"),
        ];
        read(&Flags::default(), &others).expect("a configuration");
    }

    #[test]
    fn origins_are_named_one_by_one() {
        let two = vec!["https://aftaler.example.dk".to_owned(), "http://localhost:5173".to_owned()];
        assert_eq!(origins("https://Aftaler.example.dk/, http://localhost:5173"), Some(two));
        for wrong in ["*", "https://*.example.dk", "https://a.dk/sti", "https://a.dk,"] {
            assert_eq!(origins(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_address_of_the_server_has_no_path() {
        assert_eq!(address("https://aftaler.example.dk/"), Some("https://aftaler.example.dk".to_owned()));
        assert_eq!(address("https://aftaler.example.dk/sti"), None);
        assert_eq!(address("aftaler.example.dk"), None);
    }
}
