//! Tokens of the people whom `load.sql` logs in, signed with the server's own key.

use std::io::Write;

use aftalestyring::auth::keys::SealingKey;
use aftalestyring::auth::tokens::{Claims, Subject, Tokens};
use aftalestyring::clock::Clock;
use aftalestyring::db::{DatabaseUrl, Db, PoolSizes};

use super::{Failure, bench_id};

/// Prints a token for the coordinator, the director, the writer and the first leader of each municipality, of so many
/// centres each.
pub fn print(database: &str, secret: &str, issuer: &str, (municipalities, centres): (u64, u64)) -> Result<(), Failure> {
    let sizes = PoolSizes { connections: 1, wait_seconds: 5 };
    let db = Db::open(DatabaseUrl::parse(database)?, sizes, Clock::system());
    let tokens = Tokens::open(db.clone(), SealingKey::parse(secret)?, issuer.to_owned())?;
    let mut out = std::io::stdout().lock();
    for municipality in 1..=municipalities {
        for (role, place) in [("coordinator", 1), ("director", 2), ("writer", 3), ("leader", 4)] {
            let person = (municipality - 1) * (centres + 4) + place;
            let claims = Claims {
                municipality: bench_id(1, municipality)?,
                subject: Subject::Person { session_id: bench_id(6, person)? },
                owner: bench_id(3, person)?,
                scopes: None,
            };
            writeln!(out, "{municipality} {role} {}", tokens.sign(claims, db.clock().now())?)?;
        }
    }
    Ok(())
}
