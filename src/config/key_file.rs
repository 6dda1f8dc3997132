//! The secret key of an SQLite database whose operator configured none: made once, in a file of its owner's alone.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use super::Config;
use crate::auth::keys::SealingKey;
use crate::error::{Error, Result};

impl Config {
    /// The key that seals what is secret in the database; made when there is none.
    ///
    /// # Errors
    /// When its file cannot be read or made, or holds something else.
    pub fn sealing_key(&self) -> Result<SealingKey> {
        match (&self.secret_key, self.key_file()) {
            (Some(key), _) => Ok(key.clone()),
            (None, Some(path)) => read_or_make(&path),
            (None, None) => Err(Error::unexpected("there is no secret_key")),
        }
    }
}

fn read_or_make(path: &Path) -> Result<SealingKey> {
    let shown = path.display();
    let failed = |error: std::io::Error| Error::unexpected(format!("the key file {shown}: {error}"));
    if !path.try_exists().map_err(failed)? {
        make(path).map_err(failed)?;
    }
    let mode = fs::metadata(path).map_err(failed)?.permissions().mode();
    if mode & 0o077 != 0 {
        tracing::warn!("others may read the key file {shown}: chmod 600 {shown}");
    }
    let text = fs::read_to_string(path).map_err(failed)?;
    SealingKey::parse(&text).map_err(|wrong| Error::unexpected(format!("the key file {shown} {wrong}")))
}

/// Written apart and then linked, so that the file is never seen half written, and of two servers that start
/// together one wins.
fn make(path: &Path) -> std::io::Result<()> {
    let key = SealingKey::generate().map_err(std::io::Error::other)?;
    let mut apart = path.as_os_str().to_owned();
    apart.push(format!(".{}", std::process::id()));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&apart)?;
    let linked = writeln!(file, "{key}").and_then(|()| file.sync_all()).and_then(|()| fs::hard_link(&apart, path));
    fs::remove_file(&apart)?;
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::File::open(folder)?.sync_all()?;
    }
    match linked {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        linked => linked,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_is_its_owners_alone() {
        let path = std::env::temp_dir().join(format!("aftalestyring-{}.key", uuid::Uuid::now_v7()));
        read_or_make(&path).expect("a key");
        let first = fs::read_to_string(&path).expect("the file");
        read_or_make(&path).expect("the same key");
        assert_eq!(fs::read_to_string(&path).expect("the file"), first);
        assert_eq!(fs::metadata(&path).expect("the file").permissions().mode() & 0o777, 0o600);
        fs::write(&path, "noget andet").expect("a file");
        assert!(read_or_make(&path).err().expect("a refusal").to_string().contains("64 hexadecimal digits"));
        fs::remove_file(path).expect("gone");
    }
}
