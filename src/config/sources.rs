//! Where settings come from: flags before environment before file before what holds otherwise.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use super::flags::Flags;
use super::table::{Otherwise, SETTINGS, Setting, Visibility, flag_of, variable_of};

const PREFIX: &str = "AFTALESTYRING_";

/// The variable that names the file of settings.
const CONFIG: &str = "AFTALESTYRING_CONFIG";

/// The file that is read when none is named.
const USUAL_FILE: &str = "aftalestyring.toml";

/// Something wrong with the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault(pub(super) String);

/// Everything that is wrong with the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<&str> = self.0.iter().map(|fault| fault.0.as_str()).collect();
        f.write_str(&lines.join("\n"))
    }
}

/// A value with the place it was found in.
#[derive(Debug, Clone)]
pub(super) struct Given {
    pub text: String,
    pub origin: String,
}

/// One place that settings are found in.
struct Layer {
    values: BTreeMap<String, String>,
    origin: Box<dyn Fn(&str) -> String>,
}

/// Everything that was given, before it is understood.
pub(super) struct Sources {
    given: BTreeMap<&'static str, Given>,
    pub faults: Vec<Fault>,
}

impl Sources {
    /// Looks everywhere, also in the environment that is given.
    pub fn gather(flags: &Flags, variables: &BTreeMap<String, String>) -> Self {
        let mut all = Sources { given: BTreeMap::new(), faults: unknown(variables) };
        let variable = |name: &str| variables.get(name).filter(|text| !text.is_empty()).cloned();
        let path = flags.config.clone().or_else(|| variable(CONFIG).map(PathBuf::from));
        let file = all.read_file(path);
        let mut environment = BTreeMap::new();
        for setting in SETTINGS {
            for name in names_of(setting) {
                environment.extend(variable(&variable_of(&name)).map(|text| (name, text)));
            }
        }
        let layers = [
            Layer { values: flags.given.clone(), origin: Box::new(|name| format!("the flag --{}", flag_of(name))) },
            Layer { values: environment, origin: Box::new(|name| format!("the environment, {}", variable_of(name))) },
            file,
        ];
        for setting in SETTINGS {
            if let Some(given) = layers.iter().find_map(|layer| all.find(setting, layer)) {
                all.given.insert(setting.name, given);
            }
        }
        all
    }

    fn find(&mut self, setting: &Setting, layer: &Layer) -> Option<Given> {
        let (plain, in_file) = (layer.values.get(setting.name), layer.values.get(&format!("{}_file", setting.name)));
        let name = if plain.is_some() { setting.name.to_owned() } else { format!("{}_file", setting.name) };
        let origin = (layer.origin)(&name);
        match (plain, in_file) {
            (Some(_), Some(_)) => {
                let message = format!("give {0} or {0}_file, not both", setting.name);
                self.faults.push(Fault(format!("{} (from {origin}): {message}", setting.name)));
                None
            }
            (Some(text), None) => Some(Given { text: text.clone(), origin }),
            (None, Some(path)) => match std::fs::read_to_string(path) {
                Ok(text) => Some(Given { text: text.trim().to_owned(), origin }),
                Err(error) => {
                    self.faults.push(Fault(format!("{name} (from {origin}): {path} cannot be read: {error}")));
                    None
                }
            },
            (None, None) => None,
        }
    }

    fn read_file(&mut self, named: Option<PathBuf>) -> Layer {
        let path = named.clone().unwrap_or_else(|| PathBuf::from(USUAL_FILE));
        let shown = path.display().to_string();
        let values = match std::fs::read_to_string(&path) {
            Ok(text) => self.read_toml(&text, &path),
            Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => {
                self.faults.push(Fault(format!("the file {shown} cannot be read: {error}")));
                BTreeMap::new()
            }
        };
        Layer { values, origin: Box::new(move |_| format!("the file {shown}")) }
    }

    fn read_toml(&mut self, text: &str, path: &Path) -> BTreeMap<String, String> {
        let file = path.display();
        let table: toml::Table = match toml::from_str(text) {
            Ok(table) => table,
            Err(error) => {
                // Not the error's own words in full: they repeat the line, which may hold a secret.
                let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
                let line = before.matches('\n').count() + 1;
                self.faults.push(Fault(format!("the file {file} is not TOML: line {line}: {}", error.message())));
                return BTreeMap::new();
            }
        };
        let mut values = BTreeMap::new();
        for (name, value) in table {
            let setting = SETTINGS.iter().find(|setting| names_of(setting).contains(&name));
            match (setting, value) {
                (None, _) => {
                    let known: Vec<String> = SETTINGS.iter().map(|setting| setting.name.to_owned()).collect();
                    let message = format!("there is no such setting; there are {}", known.join(", "));
                    self.faults.push(Fault(format!("{name} (from the file {file}): {message}")));
                }
                (Some(_), toml::Value::String(text)) => drop(values.insert(name, text)),
                (Some(_), toml::Value::Integer(number)) => drop(values.insert(name, number.to_string())),
                (Some(setting), _) => {
                    self.faults.push(Fault(format!("{name} (from the file {file}): may be {}", setting.may_be)));
                }
            }
        }
        values
    }

    /// A setting's value, understood; none when it was not given or is wrong, which is then noted.
    pub fn value<T>(&mut self, name: &'static str, understand: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let setting = SETTINGS.iter().find(|setting| setting.name == name)?;
        let Some(given) = self.given.get(name) else {
            return match setting.otherwise {
                Otherwise::Value(text) => understand(text),
                Otherwise::Computed(_) | Otherwise::Unset => None,
            };
        };
        let value = understand(&given.text);
        if value.is_none() {
            let shown = match setting.visibility {
                Visibility::Open => format!("; {:?} is not", given.text),
                Visibility::Credentials | Visibility::Secret => String::new(),
            };
            let message = format!("{name} (from {}): may be {}{shown}", given.origin, setting.may_be);
            self.faults.push(Fault(message));
        }
        value
    }

    /// Whether a setting was given, rightly or wrongly.
    pub fn is_given(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    /// Notes that a setting is missing.
    pub fn demand(&mut self, name: &str, why: &str) {
        let may_be = SETTINGS.iter().find(|setting| setting.name == name).map_or("", |setting| setting.may_be);
        self.faults.push(Fault(format!("{name} {why}: set {} or {name}_file; it is {may_be}", variable_of(name))));
    }

    /// Every setting with what holds and where it came from; what may be secret is not shown.
    pub fn summary(&self) -> Vec<(&'static str, String, String)> {
        let line = |setting: &Setting| {
            let given = self.given.get(setting.name);
            let value = match (given, setting.visibility) {
                (Some(given), Visibility::Open) => given.text.clone(),
                (Some(given), Visibility::Credentials) if given.text.starts_with("sqlite:") => given.text.clone(),
                (Some(_), _) => "(given, not shown)".to_owned(),
                (None, _) => setting.otherwise().to_owned(),
            };
            (setting.name, value, given.map_or_else(|| "default".to_owned(), |given| given.origin.clone()))
        };
        SETTINGS.iter().map(line).collect()
    }
}

/// What is misspelt would be ignored in silence.
fn unknown(variables: &BTreeMap<String, String>) -> Vec<Fault> {
    let known: Vec<String> = SETTINGS.iter().flat_map(names_of).map(|name| variable_of(&name)).collect();
    let misspelt = variables.iter().filter(|(name, value)| {
        name.starts_with(PREFIX) && *name != CONFIG && !known.contains(name) && !is_of_others(name, value)
    });
    let fault = |name: &String| {
        Fault(format!("{name} (from the environment): there is no such setting; 'aftalestyring settings' lists them"))
    };
    misspelt.map(|(name, _)| fault(name)).collect()
}

/// Kubernetes gives every container variables named after the services beside it, and the tests of the project are
/// told by some where they run.
fn is_of_others(name: &str, value: &str) -> bool {
    let of_a_service =
        ["_SERVICE_HOST", "_SERVICE_PORT", "_TCP", "_UDP", "_SCTP"].iter().any(|part| name.contains(part));
    let of_a_port = ["tcp://", "udp://", "sctp://"].iter().any(|scheme| value.starts_with(scheme));
    of_a_service || of_a_port || name.starts_with("AFTALESTYRING_TEST_")
}

/// The names under which a setting may be given.
fn names_of(setting: &Setting) -> Vec<String> {
    let mut names = vec![setting.name.to_owned()];
    if setting.may_stand_in_a_file() {
        names.push(format!("{}_file", setting.name));
    }
    names
}
