//! The settings as flags of the program, with their help.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, value_parser};

use super::table::{SETTINGS, Setting, Visibility, flag_of, variable_of};

/// What was given as flags.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// The file of settings.
    pub config: Option<PathBuf>,
    /// The settings, by name.
    pub given: BTreeMap<String, String>,
}

fn flag(name: String, help: String) -> Arg {
    let long = flag_of(&name);
    Arg::new(name).long(long).value_name("VALUE").help(help).global(true).help_heading("Settings").hide_short_help(true)
}

fn flags_of(setting: &Setting) -> Vec<Arg> {
    let (name, variable) = (setting.name, variable_of(setting.name));
    let about = format!("{} May be {} [default: {}]", setting.doc, setting.may_be, setting.otherwise());
    let mut flags = Vec::new();
    if setting.visibility != Visibility::Secret {
        flags.push(flag(name.to_owned(), format!("{about} [environment: {variable}]")));
    }
    if setting.may_stand_in_a_file() {
        let about = format!("A file that holds {name}. {about} [environment: {variable} or {variable}_FILE]");
        flags.push(flag(format!("{name}_file"), about).value_name("PATH"));
    }
    flags
}

impl Args for Flags {
    fn augment_args(command: Command) -> Command {
        let file = Arg::new("config")
            .long("config")
            .value_name("PATH")
            .value_parser(value_parser!(PathBuf))
            .global(true)
            .help_heading("Settings")
            .help("A TOML file of settings [default: aftalestyring.toml, when it is there] [environment: AFTALESTYRING_CONFIG]");
        command.arg(file).args(SETTINGS.iter().flat_map(flags_of))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Flags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut flags = Flags { config: matches.get_one::<PathBuf>("config").cloned(), given: BTreeMap::new() };
        for arg in SETTINGS.iter().flat_map(flags_of) {
            let name = arg.get_id().as_str();
            if let Some(value) = matches.get_one::<String>(name) {
                flags.given.insert(name.to_owned(), value.clone());
            }
        }
        Ok(flags)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
