#!/usr/bin/env python3
"""Measures the server beside its references on a PostgreSQL that scripts/bench has started, and prints a table.

Called by scripts/bench, which says how. The references are pgbench with the same statements, and the ceiling
(bench/ceiling.rs). Each round takes all of them in turn, so that what disturbs the machine disturbs all; what is
printed are medians. CPU time is that of the server's process and of all of PostgreSQL's, from /proc.
"""
import argparse
import base64
import glob
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
KEYS = ["effects", "cross-cutting", "implementation", "service-culture", "workflows", "competencies", "economy", "digital"]
TEXT = "Centret arbejder målrettet med kerneopgaven og følger op hvert kvartal sammen med borgerne. "
EDITABLE = 60 * 24  # sections of a municipality that can be edited, and as many that can be approved
TICKS = os.sysconf("SC_CLK_TCK")
ADMIN = os.environ["AFTALESTYRING_TEST_POSTGRES_URL"]


def bench_id(kind, n):
    return f"{kind:08x}-0000-7000-8000-{n:012x}"


def place(k, first_state, first_centre, centres):
    """Agreement and place of the k-th section in one of three states: the arithmetic of the pgbench scripts."""
    at = (k * 7919) % (centres * 24)
    centre = first_centre + at // 24
    year = ((first_state + (at // 8) % 3 - centre) % 10 + 9) % 10 + 1
    return centre * 10 + year, at % 8 + 1


class Processes:
    """Everything that was started, so that all of it ends."""

    def __init__(self):
        self.all = []

    def start(self, command, log, **env):
        out = open(log, "w")
        process = subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, **env}, cwd=os.path.dirname(log))
        self.all.append(process)
        return process

    def stop(self):
        for process in self.all:
            process.send_signal(signal.SIGTERM)
        for process in self.all:
            process.wait(timeout=60)


def family(root):
    children = {}
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            fields = open(path).read()
        except OSError:
            continue
        pid, parent = int(fields.split(" ", 1)[0]), int(fields.rsplit(")", 1)[1].split()[1])
        children.setdefault(parent, []).append(pid)
    found, left = [], [root]
    while left:
        pid = left.pop()
        found.append(pid)
        left += children.get(pid, [])
    return found


def cpu(root):
    """Milliseconds of a process, its children and what they left behind."""
    ticks = 0
    for pid in family(root):
        try:
            fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        ticks += sum(int(field) for field in fields[11:15])
    return ticks * 1000 / TICKS


def memory(pid):
    """Megabytes resident now, and at the most so far."""
    lines = dict(line.split(":", 1) for line in open(f"/proc/{pid}/status"))
    return tuple(int(lines[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))


def sql(database, *statements):
    command = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url(database)]
    for statement in statements:
        command += ["-c", statement]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def url(database):
    return ADMIN.rsplit("/", 1)[0] + "/" + database


def answered(method, address, token, body=None, headers=None):
    request = urllib.request.Request(address, method=method, data=body, headers={"Authorization": f"Bearer {token}", **(headers or {})})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def ready(address):
    began = time.monotonic()
    while time.monotonic() - began < 30:
        try:
            with urllib.request.urlopen(f"{address}/readyz") as answer:
                if answer.status == 200:
                    return (time.monotonic() - began) * 1000
        except (OSError, urllib.error.URLError):
            time.sleep(0.002)
    sys.exit(f"{address} did not become ready")


class Server:
    """A server that is measured: where it is, how it wants to be asked, and which sections it has used up."""

    def __init__(self, name, address, process, tokens, cursor, expand):
        self.name, self.address, self.process = name, address, process
        self.tokens, self.cursor, self.expand = tokens, cursor, expand

    def agreement(self, n):
        return f"/api/v1/agreements/{bench_id(11, n)}"

    def request(self, op, n, p, version, etag, body, tokens):
        m = (n - 1) // 600 + 1
        if op in ("r1", "h1"):
            return ["GET", self.agreement(n) + self.expand, tokens[m, "coordinator"], "-", etag, "-"]
        if op == "r2":
            after = self.cursor(bench_id(11, (m - 1) * 600 + 375))
            path = f"/api/v1/agreements?state=approved&limit=50&cursor={after}"
            return ["GET", path, tokens[m, "coordinator"], "-", "-", "-"]
        section = f"{self.agreement(n)}/sections/{KEYS[p - 1]}"
        if op == "w2":
            return ["POST", f"{section}/approve", tokens[m, "director"], f'"{version}.0"', "-", "-"]
        return ["PATCH", section, tokens[m, "writer"], f'"{version}.0"', "-", body]


class Bench:
    def __init__(self, options):
        self.options, self.munis = options, options.municipalities
        self.folder = os.path.abspath(options.folder)
        os.makedirs(self.folder, exist_ok=True)
        self.processes = Processes()
        data = sql("postgres", "SHOW data_directory")
        self.postmaster = int(open(f"{data}/postmaster.pid").readline())
        self.secret = "ab" * 32
        self.sqlite = f"sqlite:{self.folder}/bench.sqlite"
        self.used = {}
        self.runs = 0
        self.results = []

    # The data.

    def load(self):
        began = time.monotonic()
        sql("postgres", "CREATE DATABASE bench_sql")
        self.command(url("bench_sql"), "migrate")
        script = os.path.join(HERE, "load.sql")
        subprocess.run(["psql", "-X", "-q", "-d", url("bench_sql"), "-v", f"munis={self.munis}", "-f", script], check=True, stdout=subprocess.DEVNULL)
        sql("postgres", "CREATE DATABASE bench_http TEMPLATE bench_sql", "CHECKPOINT")
        size = sql("bench_http", "SELECT pg_size_pretty(pg_database_size('bench_http'))")
        counts = sql("bench_http", "SELECT count(*) || ' agreements, ' || (SELECT count(*) FROM sections) || ' sections' FROM agreements")
        self.say(f"loaded {counts}, {size}, in {time.monotonic() - began:.0f} s")
        if self.options.sqlite:
            self.copy_to_sqlite()

    def copy_to_sqlite(self):
        """Before anything is written: restoring checks the audit log, and the references write none that holds."""
        began, path, copy = time.monotonic(), f"{self.folder}/bench.sqlite", f"{self.folder}/bench.copy"
        for old in glob.glob(f"{path}*") + glob.glob(copy):
            os.remove(old)
        self.command(url("bench_sql"), "backup", copy)
        self.command(self.sqlite, "restore", copy)
        self.say(f"copied to SQLite, {os.path.getsize(path) >> 20} MB, in {time.monotonic() - began:.0f} s")

    def command(self, database_url, *arguments):
        env = {**os.environ, "AFTALESTYRING_DATABASE_URL": database_url, "AFTALESTYRING_SECRET_KEY": self.secret}
        subprocess.run([self.options.product, *arguments], check=True, env=env, stdout=subprocess.DEVNULL)

    # The servers.

    def start_product(self, name, database_url, port):
        address = f"http://127.0.0.1:{port}"
        process = self.processes.start(
            [self.options.product, "serve"],
            f"{self.folder}/{name}.log",
            AFTALESTYRING_DATABASE_URL=database_url,
            AFTALESTYRING_SECRET_KEY=self.secret,
            AFTALESTYRING_LISTEN=f"127.0.0.1:{port}",
            AFTALESTYRING_REQUESTS_PER_MINUTE="1000000",
            AFTALESTYRING_LOG_LEVEL="error",
        )
        took = ready(address)
        self.say(f"{name}: ready {took:.0f} ms after its start, {memory(process.pid)[0]:.1f} MB resident")

        def tokens():
            out = subprocess.run([self.options.bench, "tokens", database_url, self.secret, address, str(self.munis)], check=True, capture_output=True, text=True)
            lines = (line.split() for line in out.stdout.splitlines())
            return {(int(m), role): token for m, role, token in lines}

        def cursor(after):
            return base64.urlsafe_b64encode(json.dumps(after).encode()).decode().rstrip("=")

        return Server(name, address, process, tokens, cursor, "?expand=sections.content,sections.goals")

    def start_ceiling(self, port):
        address = f"127.0.0.1:{port}"
        process = self.processes.start([self.options.bench, "ceiling", address, url("bench_http"), "6"], f"{self.folder}/ceiling.log")
        ready(f"http://{address}")

        def tokens():
            people = {"coordinator": 1, "director": 2, "writer": 3}
            return {(m, role): f"{bench_id(1, m)}:{bench_id(3, (m - 1) * 64 + p)}" for m in range(1, self.munis + 1) for role, p in people.items()}

        return Server("ceiling", f"http://{address}", process, tokens, lambda after: after, "")

    # What is asked.

    def take(self, database, op):
        """The next unused number of a write, which uses each section once."""
        key = (database, op)
        size = (self.munis - 1) * EDITABLE
        if self.used.get(key, 0) + self.most(op) > size:
            if op == "w2":
                sys.exit("all submitted sections are approved: fewer rounds, or more municipalities")
            self.reset(database, f"municipality_id <> '{bench_id(1, self.munis)}'")
            self.used[key] = 0
        return self.used.get(key, 0)

    def reset(self, database, which):
        if database == "sqlite":
            sys.exit("all drafts are edited: fewer rounds, or more municipalities")
        sql(database, f"UPDATE sections SET version = 1 WHERE {which} AND state IN ('draft', 'returned') AND version <> 1")

    def most(self, op):
        return int(self.options.most_per_second * self.seconds(op))

    def seconds(self, op):
        return self.options.write_seconds if op in ("w1", "w2", "c1") else self.options.seconds

    def body(self, number):
        path = f"{self.folder}/body-{number}.json"
        content = {"plan": TEXT * 7 + str(number), "follow_up": "Vi følger op i ledergruppen i maj og i november.", "responsible": "Leder"}
        with open(path, "w") as file:
            json.dump({"content": content}, file, ensure_ascii=False)
        return path

    def requests(self, server, op, database):
        """Writes the file of requests, in the order in which they are sent."""
        tokens, rows, chance = server.tokens(), [], random.Random(self.runs)
        self.runs += 1
        body = [self.body(2 * self.runs), self.body(2 * self.runs + 1)]
        if op in ("r1", "r2"):
            picks = (chance.randint(1, self.munis * 600) for _ in range(20000))
            rows = [server.request(op, n, 1, 1, "-", "-", tokens) for n in picks]
        elif op == "h1":
            for n in (chance.randint(1, self.munis * 600) for _ in range(300)):
                method, path, token, *rest = server.request(op, n, 1, 1, "-", "-", tokens)
                etag = answered(method, server.address + path, token)[1].get("ETag", '"1.0"')
                rows.append([method, path, token, "-", etag, "-"])
        elif op == "c1":
            self.reset(database, f"municipality_id = '{bench_id(1, self.munis)}'")
            for k in range(self.most(op)):
                n, p = place(k % EDITABLE, 7, (self.munis - 1) * 60, 60)
                cycle = k // EDITABLE
                rows.append(server.request(op, n, p, 1 + cycle, "-", body[cycle % 2], tokens))
        else:
            first = self.take(database, op)
            for k in range(first, first + self.most(op)):
                n, p = place(k, 7 if op == "w1" else 4, 0, (self.munis - 1) * 60)
                rows.append(server.request(op, n, p, 1, "-", body[0], tokens))
        path = f"{self.folder}/requests.tsv"
        with open(path, "w") as file:
            file.writelines("\t".join(row) + "\n" for row in rows)
        return path, rows

    # The measurements.

    def measure_http(self, server, op, connections, database):
        path, _ = self.requests(server, op, database)
        command = ["wrk", "-t1", f"-c{connections}", f"-d{self.seconds(op)}s", "--timeout", "10s", "--latency", "-s", f"{HERE}/load.lua", server.address]
        before = cpu(server.process.pid), cpu(self.postmaster)
        out = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, "REQUESTS": path}).stdout
        after = cpu(server.process.pid), cpu(self.postmaster)
        told = json.loads(next(line for line in out.splitlines() if line.startswith("RESULT"))[7:])
        count = max(told["requests"], 1)
        if op in ("w1", "w2"):
            self.used[database, op] = self.used.get((database, op), 0) + told["requests"] + 2 * connections
        resident, peak = memory(server.process.pid)
        self.note(op, connections, server.name, count / told["seconds"], told["p50"], told["p99"],
                  (after[0] - before[0]) / count, (after[1] - before[1]) / count, told["bad"], resident, peak)

    def measure_pgbench(self, op, connections):
        for log in glob.glob(f"{self.folder}/pgbench-log.*"):
            os.remove(log)
        munis = self.munis if op in ("r1", "r2", "h1") else self.munis - 1
        first = self.used.get(("bench_sql", op), 0)
        command = ["pgbench", "-n", "-M", "prepared", "-c", str(connections), "-j", "1", "-T", str(self.seconds(op)), "-l",
                   "--log-prefix", f"{self.folder}/pgbench-log", "-D", f"munis={munis}", "-D", f"start={first}", "-D", "i=0",
                   "-D", f"clients={connections}", "-f", f"{HERE}/pgbench/{op}.sql", url("bench_sql")]
        before = cpu(self.postmaster)
        out = subprocess.run(command, capture_output=True, text=True)
        after = cpu(self.postmaster)
        if out.returncode != 0 or "ERROR" in out.stderr:
            sys.exit(f"pgbench {op}: {out.stdout} {out.stderr}")
        took = sorted(int(line.split()[2]) / 1000 for log in glob.glob(f"{self.folder}/pgbench-log.*") for line in open(log))
        if op in ("w1", "w2"):
            # The clients do not advance alike: the fastest one decides how far the numbers are used up.
            self.used["bench_sql", op] = first + 2 * len(took) + 2 * connections
        tps = next(float(line.split()[2]) for line in out.stdout.splitlines() if line.startswith("tps ="))
        self.note(op, connections, "pgbench", tps, took[len(took) // 2], took[int(len(took) * 0.99)], 0,
                  (after - before) / len(took), 0, 0, 0)

    def note(self, op, connections, name, rate, p50, p99, server_ms, database_ms, bad, resident, peak):
        row = dict(op=op, connections=connections, name=name, rate=rate, p50=p50, p99=p99, server_ms=server_ms,
                   database_ms=database_ms, bad=bad, resident=resident, peak=peak)
        self.results.append(row)
        self.say(f"{op} {connections:>2} {name:<10} {rate:8.0f}/s  p50 {p50:7.2f}  p99 {p99:7.2f} ms  cpu {server_ms:.3f}+{database_ms:.3f} ms  bad {bad}")

    def say(self, text):
        print(text, file=sys.stderr, flush=True)

    # Whether the answers are what is claimed.

    def check(self, server, database):
        def ask(op, row=0):
            _, rows = self.requests(server, op, database)
            method, path, token, if_match, if_none_match, body = rows[row]
            sent = {"Content-Type": "application/merge-patch+json" if method == "PATCH" else "application/json"}
            sent |= {"If-Match": if_match} if if_match != "-" else {}
            sent |= {"If-None-Match": if_none_match} if if_none_match != "-" else {}
            data = open(body, "rb").read() if body != "-" else (b"" if method == "POST" else None)
            ask.again = lambda: answered(method, server.address + path, token, data, sent)
            status, _, text = ask.again()
            if op in ("w1", "w2"):
                self.used[database, op] = self.used.get((database, op), 0) + 1
            return status, json.loads(text) if text else None

        status, body = ask("r1")
        goals = body.get("goals") or [goal for section in body["sections"] for goal in section["goals"]]
        expect(server, "r1", status == 200 and len(body["sections"]) == 8 and len(goals) == 3 and all(s["content"]["plan"] for s in body["sections"]), body)
        status, body = ask("r2")
        expect(server, "r2", status == 200 and len(body["items"]) >= 50, body)
        expect(server, "h1", ask("h1")[0] == 304, "")
        for op, state in (("w1", ("draft", "returned")), ("w2", ("approved",))):
            status, body = ask(op)
            expect(server, op, status == 200 and body["version"] == 2 and body["state"] in state, body)
            expect(server, f"{op} again", ask.again()[0] in (403, 409, 412), "")

    # All of it.

    def run(self):
        self.load()
        ceiling = self.start_ceiling(self.options.port)
        product = self.start_product("product", url("bench_http"), self.options.port + 1)
        for server in (ceiling, product):
            self.check(server, "bench_http")
        if self.options.check:
            for op in self.options.ops:
                self.measure_pgbench(op, 1)
            return "every operation is answered as it must be, by the product and by its references"
        self.warm_up((ceiling, product))
        for op in self.options.ops:
            for connections in [16] if op == "c1" else self.options.connections:
                for _ in range(self.options.rounds):
                    self.measure_pgbench(op, connections)
                    self.measure_http(ceiling, op, connections, "bench_http")
                    self.measure_http(product, op, connections, "bench_http")
        if self.options.sqlite:
            self.run_sqlite()
        return self.table()

    def warm_up(self, servers):
        self.measure_pgbench("r1", 16)
        for server in servers:
            self.measure_http(server, "r1", 16, "bench_http")
        self.results.clear()

    def run_sqlite(self):
        server = self.start_product("sqlite", self.sqlite, self.options.port + 2)
        for op in [op for op in self.options.ops if op != "c1"]:
            for _ in range(self.options.rounds):
                self.measure_http(server, op, 1, "sqlite")

    def table(self):
        lines = ["| operation | connections | | requests/s | p50 ms | p99 ms | CPU ms: server | CPU ms: database | of the ceiling | of pgbench | failed |", "|---|---|---|---|---|---|---|---|---|---|---|"]
        places = list(dict.fromkeys((row["op"], row["connections"]) for row in self.results))
        for op, connections in places:
            here = [row for row in self.results if (row["op"], row["connections"]) == (op, connections)]
            rate = {name: statistics.median(row["rate"] for row in here if row["name"] == name) for name in dict.fromkeys(row["name"] for row in here)}
            for name in rate:
                rows = [row for row in here if row["name"] == name]
                middle = {key: statistics.median(row[key] for row in rows) for key in ("p50", "p99", "server_ms", "database_ms")}
                share = lambda of: f"{rate[name] / rate[of]:.2f}" if of in rate and of != name else ""
                lines.append(f"| {op.upper()} | {connections} | {name} | {rate[name]:.0f} | {middle['p50']:.2f} | {middle['p99']:.2f} | {middle['server_ms']:.3f} | {middle['database_ms']:.3f} | {share('ceiling') if name not in ('pgbench',) else ''} | {share('pgbench')} | {sum(row['bad'] for row in rows)} |")
        for name in ("ceiling", "product", "sqlite"):
            peaks = [row["peak"] for row in self.results if row["name"] == name]
            if peaks:
                lines.append(f"\n{name}: {max(peaks):.1f} MB resident at the most")
        return "\n".join(lines)


def expect(server, what, holds, seen):
    if not holds:
        sys.exit(f"{server.name} does not answer {what} as it must: {str(seen)[:600]}")


def options():
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--municipalities", type=int, default=98, help="98 is size S, 980 is size L")
    parser.add_argument("--ops", type=lambda text: text.split(","), default="r1,r2,h1,w1,w2,c1".split(","))
    parser.add_argument("--connections", type=lambda text: [int(one) for one in text.split(",")], default=[1, 16, 64])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=4, help="how long a read is measured at a time")
    parser.add_argument("--write-seconds", type=int, default=2, help="how long a write is measured at a time")
    parser.add_argument("--most-per-second", type=int, default=6000, help="more requests a second than any server will reach in writes")
    parser.add_argument("--sqlite", action=argparse.BooleanOptionalAction, default=True, help="the same data on SQLite too, at one connection")
    parser.add_argument("--check", action="store_true", help="only see whether all of it works, in little time")
    parser.add_argument("--port", type=int, default=18080)
    for name in ("product", "bench", "folder"):
        parser.add_argument(f"--{name}", required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


def main():
    bench = Bench(options())
    try:
        print(bench.run())
        with open(f"{bench.folder}/results.jsonl", "w") as file:
            file.writelines(json.dumps(row) + "\n" for row in bench.results)
    finally:
        bench.processes.stop()
    if any(row["bad"] for row in bench.results):
        sys.exit("some requests failed: the figures are not worth anything")


if __name__ == "__main__":
    main()
