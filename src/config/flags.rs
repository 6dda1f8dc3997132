//! The settings as flags of the program.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, value_parser};

use super::table::{SETTINGS, Setting, Visibility, flag_of};

/// What was given as flags.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// The file of settings.
    pub config: Option<PathBuf>,
    /// The settings, by name.
    pub given: BTreeMap<String, String>,
}

/// Every command takes it, and no help shows it: `aftalestyring settings` describes them all.
fn flag(name: String) -> Arg {
    let long = flag_of(&name);
    Arg::new(name).long(long).value_name("VALUE").global(true).hide(true)
}

fn flags_of(setting: &Setting) -> Vec<Arg> {
    let plain = (setting.visibility != Visibility::Secret).then(|| setting.name.to_owned());
    let in_file = setting.may_stand_in_a_file().then(|| format!("{}_file", setting.name));
    plain.into_iter().chain(in_file).map(flag).collect()
}

impl Args for Flags {
    fn augment_args(command: Command) -> Command {
        let file = Arg::new("config")
            .long("config")
            .value_name("PATH")
            .value_parser(value_parser!(PathBuf))
            .global(true)
            .hide(true);
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
