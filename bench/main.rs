//! What the benchmark needs besides the product: the ceiling, and tokens for its callers.
//!
//! - `ceiling LISTEN DATABASE_URL CONNECTIONS`: a server that does the least that each operation takes, through the same
//!   libraries, on the tables of `peer.sql`.
//! - `tokens DATABASE_URL SECRET_KEY ISSUER MUNICIPALITIES CENTRES`: prints `municipality role token` for each.

use aftalestyring::types::Id;

mod ceiling;
mod tokens;

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<&str>>().as_slice() {
        ["ceiling", listen, database, connections] => ceiling::serve(listen, database, connections.parse()?),
        ["tokens", database, secret, issuer, municipalities, centres] => {
            tokens::print(database, secret, issuer, (municipalities.parse()?, centres.parse()?))
        }
        _ => {
            Err("usage: ceiling LISTEN DATABASE_URL CONNECTIONS | tokens DATABASE_URL SECRET_KEY ISSUER MUNICIPALITIES CENTRES"
                .into())
        }
    }
}

/// The id that `load.sql` gives to the n-th of a kind.
fn bench_id(kind: u32, n: u64) -> Result<Id, Failure> {
    Id::parse(&format!("{kind:08x}-0000-7000-8000-{n:012x}")).ok_or_else(|| "no id".into())
}
