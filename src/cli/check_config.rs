//! `check-config`: what is configured.

use super::terminal::say;
use crate::config::Config;
use crate::error::Result;

/// Prints every setting with its origin; secrets are not shown.
///
/// # Errors
/// Never: what is wrong was found when the configuration was read.
pub fn run(config: &Config) -> Result<()> {
    let width = |part: fn(&(&'static str, String, String)) -> usize| config.summary.iter().map(part).max().unwrap_or(0);
    let (names, values) = (width(|line| line.0.len()), width(|line| line.1.chars().count()));
    for (name, value, origin) in &config.summary {
        say(&format!("{name:names$}  {value:values$}  ({origin})"));
    }
    Ok(())
}
