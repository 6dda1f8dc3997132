"""Starts the server on fresh demonstration data and lets schemathesis look for faults in it.

The requests are generated from the OpenAPI document that the server itself serves, so a new operation is
covered without anybody adding it here. The short run takes a sample of the operations; which ones follows
from the document's content, so the same commit always tests the same, and over time all have their turn.
"""

import argparse
import contextlib
import hashlib
import json
import os
import pathlib
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import xml.etree.ElementTree

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
SEED = 20141110
METHODS = ("get", "put", "post", "delete", "patch", "head", "options")

# One who administers, one who decides, one who only reads: what each may do differs most.
USERS = ("administrator@demo.example", "direktoer.social@demo.example", "laeser@demo.example")

# operationId -> why it is not fuzzed. Named in every run's output.
EXCLUDED = {}

# A run whose requests were mostly turned away at the door has shown nothing.
LARGEST_SHARE_OF_429 = 0.05


def say(text):
    print(text, flush=True)


def call(url, body=None):
    """The status and the parsed body; (0, None) while nothing answers."""
    request = urllib.request.Request(url, data=None if body is None else json.dumps(body).encode())
    if body is not None:
        request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            text = answer.read()
            status = answer.status
    except urllib.error.HTTPError as error:
        text = error.read()
        status = error.code
    except OSError:
        return 0, None
    try:
        return status, json.loads(text)
    except ValueError:
        return status, text


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def served(binary, database_url, log_path):
    """The base URL and the demonstration password of a server that lives as long as the block."""
    folder = tempfile.mkdtemp(prefix="aftalestyring-fuzz-")
    password = secrets.token_urlsafe(24)
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with open(log_path, "wb") as log:
        server = subprocess.Popen(
            [
                binary, "serve", "--demo",
                "--listen", f"127.0.0.1:{port}",
                "--database-url", database_url or f"sqlite:{folder}/fuzz.sqlite",
                "--requests-per-minute", "1000000",
            ],
            env=os.environ | {"AFTALESTYRING_DEMO_PASSWORD": password, "AFTALESTYRING_SECRET_KEY": "5e" * 32},
            cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
        )
        try:
            deadline = time.monotonic() + 90
            while call(f"{base}/readyz")[0] != 200:
                if server.poll() is not None or time.monotonic() > deadline:
                    tail = pathlib.Path(log_path).read_text(errors="replace")[-4000:]
                    sys.exit(f"the server did not become ready:\n{tail}")
                time.sleep(0.1)
            yield server, base, password
        finally:
            if server.poll() is None:
                server.terminate()
                try:
                    server.wait(30)
                except subprocess.TimeoutExpired:
                    server.kill()
                    server.wait()
            shutil.rmtree(folder, ignore_errors=True)


def operations(document):
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def closure(document, operation):
    """An operation with everything it refers to, as text that changes when any of that changes."""
    seen = {}
    waiting = [operation]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            reference = value.get("$ref")
            if isinstance(reference, str) and reference.startswith("#/") and reference not in seen:
                found = document
                for part in reference[2:].split("/"):
                    found = found.get(part.replace("~1", "/").replace("~0", "~"), {})
                seen[reference] = found
                waiting.append(found)
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return json.dumps([operation, seen], sort_keys=True)


def changed(document, released):
    before = {(path, method): closure(released, operation) for path, method, operation in operations(released)}
    return {
        operation["operationId"]
        for path, method, operation in operations(document)
        if before.get((path, method)) != closure(document, operation)
    }


def with_bearer_only(document):
    """A copy in which the log-in is a plain bearer token.

    schemathesis checks that an operation refuses callers without credentials only for schemes it can fill
    in itself, which those of OAuth and OpenID Connect are not.
    """
    copy = json.loads(json.dumps(document))
    schemes = copy.get("components", {}).get("securitySchemes", {})
    for name, scheme in schemes.items():
        if scheme.get("type") in ("oauth2", "openIdConnect"):
            schemes[name] = {"type": "http", "scheme": "bearer"}
    return copy


def choose(document, released, users, per_user):
    """A list of operation ids for each user, and the changed operations that found no room."""
    everything = [operation["operationId"] for _, _, operation in operations(document)]
    usable = [name for name in everything if name not in EXCLUDED]
    if per_user is None:
        return [usable for _ in users], []
    salt = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
    usable.sort(key=lambda name: hashlib.sha256(f"{salt} {name}".encode()).digest())
    is_changed = changed(document, released)
    first = [name for name in usable if name in is_changed]
    rest = [name for name in usable if name not in is_changed]
    if len(first) <= per_user:
        # Everybody tries what changed; the rest is shared out, so that more of it is tried by somebody.
        room = min(per_user - len(first), len(rest))
        around = rest * (len(users) + 1)
        return [first + around[number * room : (number + 1) * room] for number in range(len(users))], []
    taken = [first[number :: len(users)][:per_user] for number in range(len(users))]
    return taken, [name for name in first if not any(name in names for names in taken)]


def slices(names, size):
    return [names] if size is None else [names[start : start + size] for start in range(0, len(names), size)]


def run(base, document_path, user, password, names, arguments, seconds, folder):
    """One run of schemathesis as one user: (whether it found a fault, whether the time was up, its tally)."""
    url = f"{base}/api/v1/sessions"
    body = {"email": user, "password": password}
    status, answer = call(url, body)
    if status not in (200, 201) or "access_token" not in answer:
        sys.exit(f"FAULT: {user} cannot log in: {status} {answer}")

    credentials = folder / "credentials.json"
    credentials.write_text(json.dumps({"url": url, "body": body}))
    tally_path = folder / "tally.json"
    findings_path = folder / "junit.xml"
    for path in (tally_path, findings_path):
        path.unlink(missing_ok=True)
    command = [
        "schemathesis", "--config-file", str(HERE / "schemathesis.toml"), "run", str(document_path),
        "--origin", base, "--seed", str(SEED), "--workers", "1", "--no-color",
        "--max-examples", str(arguments.examples), "--phases", arguments.phases,
        "--report-junit-path", str(findings_path),
    ]
    for name in names:
        command += ["--include-operation-id", name]
    environment = dict(
        os.environ,
        SCHEMATHESIS_HOOKS="st_hooks",
        PYTHONPATH=str(HERE),
        PYTHONDONTWRITEBYTECODE="1",
        FUZZ_CREDENTIALS=str(credentials),
        FUZZ_TALLY=str(tally_path),
    )
    # A group of its own, so that the interrupt below reaches it and nobody else.
    process = subprocess.Popen(
        command, env=environment, cwd=folder, stdin=subprocess.DEVNULL, start_new_session=True
    )
    late = False
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        late = True
        # An interrupted run still reports what it has found so far.
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    finally:
        if process.poll() is None:
            process.kill()
        credentials.unlink(missing_ok=True)
    tally = json.loads(tally_path.read_text()) if tally_path.exists() else []
    if late and findings_path.exists():
        # Being interrupted is no finding, and all that the exit code then speaks of.
        findings = xml.etree.ElementTree.parse(findings_path).getroot()
        found = int(findings.get("failures", 0)) + int(findings.get("errors", 0)) > 0
    else:
        found = process.returncode != 0
    return found, late, tally


def report(tally, user, names, document):
    labels = {
        f"{method.upper()} {path}": operation["operationId"] for path, method, operation in operations(document)
    }
    statuses = {}
    reached, succeeded = set(), set()
    lost = {}
    for label, status, count in tally:
        if label == "lost log-in":
            lost[status] = count
            continue
        statuses[status] = statuses.get(status, 0) + count
        reached.add(labels.get(label, label))
        if status < 300:
            succeeded.add(labels.get(label, label))
    total = sum(statuses.values())
    say(f"note: {user}: {total} requests to {len(reached)} of {len(names)} operations; " +
        ", ".join(f"{count} × {status}" for status, count in sorted(statuses.items())))
    missed = [name for name in names if name not in reached]
    if missed:
        say(f"note: {user}: not reached: {', '.join(missed)}")
    never = [name for name in names if name in reached and name not in succeeded]
    if never:
        say(f"note: {user}: never answered with success: {', '.join(never)}")
    if total == 0:
        say(f"FAULT: {user}: no request was sent")
        return False
    if lost:
        say(f"FAULT: {user}: a valid log-in was answered 401 by {', '.join(sorted(lost))}: either these are wrong, or an")
        say("       earlier request ended the log-in; if that is its purpose, name it in EXCLUDED with the reason")
        return False
    if statuses.get(429, 0) > total * LARGEST_SHARE_OF_429:
        say(f"FAULT: {user}: {statuses[429]} of {total} requests met the rate limit, which is then all they tested")
        return False
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--database-url", help="instead of a new SQLite file")
    parser.add_argument("--full", action="store_true", help="all operations and phases, without a time limit")
    parser.add_argument("--seconds", type=int, default=270, help="time for the requests of a short run (270)")
    parser.add_argument("--operations", type=int, default=16, help="operations per user in a short run (16)")
    parser.add_argument("--examples", type=int, help="generated cases per operation (10, full: 100)")
    parser.add_argument("--user", action="append", help="instead of the three that stand in the program")
    parser.add_argument("--only", action="append", metavar="OPERATION_ID", help="just these operations")
    arguments = parser.parse_args()
    arguments.examples = arguments.examples or (100 if arguments.full else 10)
    # Sequences of requests take most of the time there is, and are what the full run is for.
    arguments.phases = "examples,coverage,fuzzing,stateful" if arguments.full else "examples,coverage,fuzzing"
    users = arguments.user or list(USERS)

    released = json.loads((ROOT / "openapi" / "released" / "v1.json").read_text())
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target")
    folder = (ROOT / target / "schemathesis").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    good = True
    with served(arguments.binary, arguments.database_url, folder / "server.log") as (server, base, password):
        status, document = call(f"{base}/openapi.json")
        if status != 200:
            sys.exit(f"/openapi.json answers {status}")
        document_path = folder / "openapi.json"
        document_path.write_text(json.dumps(with_bearer_only(document)))
        chosen, left_out = choose(document, released, users, None if arguments.full else arguments.operations)
        if arguments.only:
            chosen, left_out = [arguments.only for _ in users], []
        known = {operation["operationId"] for _, _, operation in operations(document)}
        for name, reason in EXCLUDED.items():
            if name not in known:
                sys.exit(f"EXCLUDED names {name}, which the document does not have")
            say(f"note: {name} is not fuzzed: {reason}")
        tested = {name for names in chosen for name in names}
        say(f"note: {len(tested)} of {len(known)} operations are in this run, seed {SEED}")
        if left_out:
            say(f"note: changed, and not in this run: {', '.join(left_out)}; scripts/schemathesis --full has them all")

        deadline = time.monotonic() + arguments.seconds
        for number, (user, names) in enumerate(zip(users, chosen)):
            # In parts, so that a long run tells early what it finds; neighbours stay together, since
            # sequences of requests are made of them.
            for part in slices(names, 12 if arguments.full else None):
                seconds = None
                if not arguments.full:
                    seconds = max(5.0, (deadline - time.monotonic()) / (len(users) - number))
                found, late, tally = run(base, document_path, user, password, part, arguments, seconds, folder)
                if late:
                    say(f"note: {user}: the time was up before all generated requests were sent")
                if not report(tally, user, part, document):
                    good = False
                if found:
                    good = False
                if server.poll() is not None or call(f"{base}/readyz")[0] != 200:
                    sys.exit(f"FAULT: the server is gone or not ready after {user}'s run; its log: {folder}/server.log")
    say("no fault found" if good else "faults found: see above")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
