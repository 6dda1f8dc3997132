#!/usr/bin/env python3
"""Measures the server beside its references on a PostgreSQL that scripts/bench has started, and prints a table.

Called by scripts/bench, which says how. The references are pgbench with the server's statements, and on tables of their
own (bench/peer.sql) the ceiling (bench/ceiling.rs) and PostgREST. Each round takes all of them in turn, so that what disturbs the machine disturbs all; what is
printed are medians. CPU time is that of the server's process and of all of PostgreSQL's, from /proc.
"""
import argparse
import base64
import hashlib
import hmac
import glob
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import threading
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


def ready(address, path="/readyz"):
    began = time.monotonic()
    while time.monotonic() - began < 30:
        try:
            with urllib.request.urlopen(f"{address}{path}") as answer:
                if answer.status == 200:
                    return (time.monotonic() - began) * 1000
        except (OSError, urllib.error.URLError):
            time.sleep(0.002)
    sys.exit(f"{address} did not become ready")


class Server:
    """A server that is measured: where it is, whether it can do an operation, and how it wants to be asked for it."""

    def __init__(self, name, address, process, tokens, database):
        self.name, self.address, self.process, self.tokens, self.database = name, address, process, tokens, database

    def can(self, op):
        return True


class Product(Server):
    def agreement(self, n):
        return f"/api/v1/agreements/{bench_id(11, n)}"

    def request(self, op, n, p, version, etag, body, tokens):
        m = (n - 1) // 600 + 1
        if op in ("r1", "h1"):
            return ["GET", self.agreement(n) + "?expand=sections.content,sections.goals", tokens[m, "coordinator"], "-", etag, "-", "-"]
        if op == "r2":
            after = base64.urlsafe_b64encode(json.dumps(bench_id(11, (m - 1) * 600 + 375)).encode()).decode().rstrip("=")
            return ["GET", f"/api/v1/agreements?state=approved&limit=50&cursor={after}", tokens[m, "coordinator"], "-", "-", "-", "-"]
        section = f"{self.agreement(n)}/sections/{KEYS[p - 1]}"
        if op == "w2":
            return ["POST", f"{section}/approve", tokens[m, "director"], f'"{version}.0"', "-", "-", "-"]
        return ["PATCH", section, tokens[m, "writer"], f'"{version}.0"', "-", body, "-"]


class Ceiling(Server):
    """The least that keeps the promise; it numbers no events, so that C1 would be W1."""

    def can(self, op):
        return op != "c1"

    def request(self, op, n, p, version, etag, body, tokens):
        m, section = (n - 1) // 600 + 1, f"/sections/{(n - 1) * 8 + p}"
        if op in ("r1", "h1"):
            return ["GET", f"/agreements/{n}", "ceiling", "-", etag, "-", "-"]
        if op == "r2":
            return ["GET", f"/agreements?municipality={m}&state=approved&after={(m - 1) * 600 + 375}", "ceiling", "-", "-", "-", "-"]
        if op == "w2":
            return ["POST", f"{section}/approve", "ceiling", f'"{version}"', "-", "-", "-"]
        return ["PATCH", section, "ceiling", f'"{version}"', "-", body, "-"]


class PostgREST(Server):
    """What somebody would take who writes no server; its writes are functions of the database."""

    def can(self, op):
        return op not in ("c1", "h1")

    def request(self, op, n, p, version, etag, body, tokens):
        m, token, sid = (n - 1) // 600 + 1, tokens["all"], (n - 1) * 8 + p
        if op == "r1":
            return ["GET", f"/agreement?id=eq.{n}&select=*,section(*),goal(*)&section.order=position", token, "-", "-", "-", "-"]
        if op == "r2":
            after = (m - 1) * 600 + 375
            return ["GET", f"/agreement?municipality=eq.{m}&state=eq.approved&id=gt.{after}&order=id&limit=50", token, "-", "-", "-", "-"]
        if op == "w2":
            return ["POST", "/rpc/approve_section", token, "-", "-", self.approval, f"{sid}"]
        return ["POST", "/rpc/change_section", token, "-", "-", f"{body}.call", f"{sid}"]


class Writer:
    """Somebody who changes one draft after the other while something else is done, and how long each took."""

    def __init__(self, server, token):
        self.server, self.token, self.waited, self.done = server, token, [], False
        drafts = json.loads(answered("GET", f"{server.address}/api/v1/agreements?state=draft&limit=200", token)[2])["items"]
        self.sections = [f"{server.address}/api/v1/agreements/{one['id']}/sections/{key}" for key in KEYS for one in drafts]
        self.thread = threading.Thread(target=self.write)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.done = True
        self.thread.join()

    def write(self):
        for section in self.sections:
            if self.done and self.waited:
                break
            head = {"Content-Type": "application/merge-patch+json", "If-Match": '"1.0"'}
            body = json.dumps({"content": {"plan": TEXT, "responsible": "Leder"}}).encode()
            began = time.monotonic()
            status, _, text = answered("PATCH", section, self.token, body, head)
            expect(self.server, "a draft", status == 200, text)
            self.waited.append(time.monotonic() - began)


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
        self.load_file("bench_sql", script, self.munis, 60, 10)
        sql("postgres", "CREATE DATABASE bench_peer")
        self.load_file("bench_peer", os.path.join(HERE, "peer.sql"), self.munis)
        sql("postgres", "CREATE DATABASE bench_http TEMPLATE bench_sql", "CHECKPOINT")
        size = sql("bench_http", "SELECT pg_size_pretty(pg_database_size('bench_http'))")
        counts = sql("bench_http", "SELECT count(*) || ' agreements, ' || (SELECT count(*) FROM sections) || ' sections' FROM agreements")
        self.say(f"loaded {counts}, {size}, in {time.monotonic() - began:.0f} s")
        if self.options.sqlite:
            self.copy_to_sqlite()

    def load_file(self, database, script, munis, centres=0, years=0):
        counts = [f"munis={munis}", f"centres={centres}", f"years={years}"]
        command = ["psql", "-X", "-q", "-d", url(database), *(part for count in counts for part in ("-v", count)), "-f", script]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

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

    def start_product(self, name, database_url, port, database="bench_http", munis=None, centres=60):
        munis = munis or self.munis
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
            command = [self.options.bench, "tokens", database_url, self.secret, address, str(munis), str(centres)]
            out = subprocess.run(command, check=True, capture_output=True, text=True)
            lines = (line.split() for line in out.stdout.splitlines())
            return {(int(m), role): token for m, role, token in lines}

        return Product(name, address, process, tokens, database)

    def start_ceiling(self, port):
        address = f"127.0.0.1:{port}"
        process = self.processes.start([self.options.bench, "ceiling", address, url("bench_peer"), "16"], f"{self.folder}/ceiling.log")
        ready(f"http://{address}", "/readyz")
        return Ceiling("ceiling", f"http://{address}", process, dict, "bench_peer")

    def start_postgrest(self, port):
        secret = "cd" * 32
        process = self.processes.start(
            [self.options.postgrest],
            f"{self.folder}/postgrest.log",
            PGRST_DB_URI=url("bench_peer"), PGRST_DB_SCHEMAS="public", PGRST_DB_ANON_ROLE="", PGRST_JWT_SECRET=secret,
            PGRST_SERVER_HOST="127.0.0.1", PGRST_SERVER_PORT=str(port), PGRST_LOG_LEVEL="crit", PGRST_DB_POOL="16",
            PGRST_ADMIN_SERVER_PORT=str(port + 1), PGRST_JWT_CACHE_MAX_LIFETIME="3600",
        )
        ready(f"http://127.0.0.1:{port + 1}", "/ready")
        part = lambda value: base64.urlsafe_b64encode(value).rstrip(b"=")
        head = b".".join(part(json.dumps(one).encode()) for one in ({"alg": "HS256", "typ": "JWT"}, {"role": "bench_peer"}))
        token = (head + b"." + part(hmac.new(secret.encode(), head, hashlib.sha256).digest())).decode()
        server = PostgREST("postgrest", f"http://127.0.0.1:{port}", process, lambda: {"all": token}, "bench_peer")
        server.approval = f"{self.folder}/approval.call"
        with open(server.approval, "w") as file:
            file.write('{"sid": FILL, "seen": 1}')
        return server

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
        if database == "bench_peer":
            return sql(database, "UPDATE section SET version = 1 WHERE state IN ('draft', 'returned') AND version <> 1")
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
        with open(f"{path}.call", "w") as file:
            file.write('{"sid": FILL, "seen": 1, "content": ' + json.dumps(content, ensure_ascii=False) + "}")
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
                method, path, token, *_ = server.request(op, n, 1, 1, "-", "-", tokens)
                etag = answered(method, server.address + path, token)[1].get("ETag", '"1"')
                rows.append([method, path, token, "-", etag, "-", "-"])
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

    def measure_http(self, server, op, connections):
        if not server.can(op):
            return
        database = server.database
        path, _ = self.requests(server, op, database)
        command = ["wrk", "-t1", f"-c{connections}", f"-d{self.seconds(op)}s", "--timeout", "10s", "--latency", "-s", f"{HERE}/load.lua", server.address]
        asked = self.statements(database)
        before = cpu(server.process.pid), cpu(self.postmaster)
        out = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, "REQUESTS": path}).stdout
        after = cpu(server.process.pid), cpu(self.postmaster)
        asked = self.statements(database) - asked
        told = json.loads(next(line for line in out.splitlines() if line.startswith("RESULT"))[7:])
        count = max(told["requests"], 1)
        if op in ("w1", "w2"):
            self.used[database, op] = self.used.get((database, op), 0) + told["requests"] + 2 * connections
        resident, peak = memory(server.process.pid)
        self.note(op, connections, server.name, count / told["seconds"], told["p50"], told["p99"],
                  (after[0] - before[0]) / count, (after[1] - before[1]) / count, told["bad"], resident, peak,
                  told["bytes"] / count, asked / count)

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

    def statements(self, database):
        """What a database has been asked so far, with what begins and ends transactions; nothing of SQLite."""
        if database == "sqlite":
            return 0
        counted = "SELECT coalesce(sum(calls), 0) FROM pg_stat_statements JOIN pg_database ON oid = dbid"
        return int(sql("postgres", f"{counted} WHERE datname = '{database}' AND toplevel"))

    def note(self, op, connections, name, rate, p50, p99, server_ms, database_ms, bad, resident, peak, size=0, asked=0):
        row = dict(op=op, connections=connections, name=name, rate=rate, p50=p50, p99=p99, server_ms=server_ms,
                   database_ms=database_ms, bad=bad, resident=resident, peak=peak, size=size, asked=asked)
        self.results.append(row)
        self.say(f"{op} {connections:>2} {name:<10} {rate:8.0f}/s  p50 {p50:7.2f}  p99 {p99:7.2f} ms  cpu {server_ms:.3f}+{database_ms:.3f} ms  {size / 1000:.1f} kB  {asked:.1f} statements  bad {bad}")

    def say(self, text):
        print(text, file=sys.stderr, flush=True)

    # Whether the answers are what is claimed.

    def check(self, server):
        database = server.database

        def ask(op, row=0):
            _, rows = self.requests(server, op, database)
            method, path, token, if_match, if_none_match, body, fill = rows[row]
            sent = {"Content-Type": "application/merge-patch+json" if method == "PATCH" and isinstance(server, Product) else "application/json"}
            sent |= {"If-Match": if_match} if if_match != "-" else {}
            sent |= {"If-None-Match": if_none_match} if if_none_match != "-" else {}
            data = open(body, "rb").read().replace(b"FILL", fill.encode()) if body != "-" else (b"" if method == "POST" else None)
            ask.again = lambda: answered(method, server.address + path, token, data, sent)
            status, _, text = ask.again()
            if op in ("w1", "w2"):
                self.used[database, op] = self.used.get((database, op), 0) + 1
            return status, json.loads(text) if text else None

        status, body = ask("r1")
        body = body[0] if isinstance(body, list) else body
        sections = body.get("sections") or body["section"]
        goals = body.get("goals") or body.get("goal") or [goal for section in sections for goal in section["goals"]]
        expect(server, "r1", status == 200 and len(sections) == 8 and len(goals) == 3 and all(s["content"]["plan"] for s in sections), body)
        status, body = ask("r2")
        expect(server, "r2", status == 200 and len(body if isinstance(body, list) else body["items"]) >= 50, body)
        if server.can("h1"):
            expect(server, "h1", ask("h1")[0] == 304, "")
        for op in ("w1", "w2"):
            status, body = ask(op)
            expect(server, op, status == 200 and body["version"] == 2, body)
            expect(server, f"{op} again", ask.again()[0] in (403, 409, 412), "")

    # All of it.

    def run(self):
        sql("postgres", "CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        if self.options.growth:
            return self.growth()
        self.load()
        servers = [self.start_ceiling(self.options.port)]
        if self.options.postgrest:
            servers.append(self.start_postgrest(self.options.port + 3))
        servers.append(self.start_product("product", url("bench_http"), self.options.port + 1))
        for server in servers:
            self.check(server)
        if self.options.check:
            for op in self.options.ops:
                self.measure_pgbench(op, 1)
            return "every operation is answered as it must be, by the product and by its references"
        self.warm_up(servers)
        for op in self.options.ops:
            for connections in [16] if op == "c1" else self.options.connections:
                for _ in range(self.options.rounds):
                    self.measure_pgbench(op, connections)
                    for server in servers:
                        self.measure_http(server, op, connections)
        if self.options.sqlite:
            self.run_sqlite()
        return self.table()

    def warm_up(self, servers):
        self.measure_pgbench("r1", 16)
        for server in servers:
            self.measure_http(server, "r1", 16)
        self.results.clear()

    def run_sqlite(self):
        server = self.start_product("sqlite", self.sqlite, self.options.port + 2, "sqlite")
        for op in [op for op in self.options.ops if op != "c1"]:
            for _ in range(self.options.rounds):
                self.measure_http(server, op, 1)

    def growth(self):
        """What grows with the municipality: one of them, with ever more units and years."""
        lines = ["| units | years | " + " | ".join(what for what, *_ in GROWING) + " | opening a cycle | who writes meanwhile waits | MB |", "|---|---|" + "---|" * (len(GROWING) + 3)]
        for units, years in [(60, 1), (500, 10), (2000, 10)]:
            name = f"bench_{units}"
            sql("postgres", f"CREATE DATABASE {name}")
            self.command(url(name), "migrate")
            self.load_file(name, os.path.join(HERE, "load.sql"), 1, units, years)
            began = time.monotonic()
            self.command(url(name), "migrate")
            self.say(f"{units} units, {years} years: the words of all agreements in {time.monotonic() - began:.1f} s")
            server = self.start_product(name, url(name), self.options.port + 1, name, 1, units)
            tokens = server.tokens()
            told = []
            for what, role, path in GROWING:
                took = [self.timed(server, path, tokens[1, role]) for _ in range(3 if "q=" in path else 11)]
                told.append(f"{statistics.median(took[1:]) * 1000:.1f} ms" if max(took) < 60 else "given up (503)")
                self.say(f"{units} units, {years} years, {what}: {told[-1]}, first {took[0] * 1000:.1f} ms")
            with Writer(server, tokens[1, "writer"]) as writer:
                told.append(f"{self.opened(server, tokens[1, 'coordinator']):.2f} s")
            told.append(f"{max(writer.waited) * 1000:.0f} ms")
            self.say(f"{units} units, opening a cycle: {told[-2]}, who wrote meanwhile waited {told[-1]} at the most, in {len(writer.waited)} times")
            lines.append(f"| {units} | {years} | " + " | ".join(told) + f" | {memory(server.process.pid)[1]:.0f} |")
            self.processes.stop()
            self.processes = Processes()
        return "\n".join(lines)

    def timed(self, server, path, token):
        began = time.monotonic()
        status, _, text = answered("GET", server.address + path, token)
        if status == 503:
            return float("inf")
        expect(server, path, status == 200, text)
        return time.monotonic() - began

    def opened(self, server, token):
        """How long it takes to open a cycle for every unit."""
        plan = {"year": 2040, "name": "Aftaler 2040", "letter_id": bench_id(7, 1), "template_ids": [bench_id(9, 1)],
                "period": {"from": "2040-01-01", "to": "2040-12-31"}}
        json_type = {"Content-Type": "application/json"}
        status, head, text = answered("POST", f"{server.address}/api/v1/cycles", token, json.dumps(plan).encode(), json_type)
        expect(server, "a cycle", status == 201, text)
        began = time.monotonic()
        address = f"{server.address}{head['Location']}/open"
        status, _, text = answered("POST", address, token, b"", {**json_type, "If-Match": head["ETag"]})
        expect(server, "its opening", status == 200, text)
        return time.monotonic() - began

    def table(self):
        lines = ["| operation | connections | | requests/s | p50 ms | p99 ms | CPU ms: server | CPU ms: database | kB | statements | of the ceiling | of PostgREST | of pgbench | failed |", "|---|" * 7 + "---|" * 7]
        lines[1] = "|" + "---|" * 14
        places = list(dict.fromkeys((row["op"], row["connections"]) for row in self.results))
        for op, connections in places:
            here = [row for row in self.results if (row["op"], row["connections"]) == (op, connections)]
            rate = {name: statistics.median(row["rate"] for row in here if row["name"] == name) for name in dict.fromkeys(row["name"] for row in here)}
            for name in rate:
                rows = [row for row in here if row["name"] == name]
                middle = {key: statistics.median(row[key] for row in rows) for key in ("p50", "p99", "server_ms", "database_ms", "size", "asked")}
                share = lambda of: f"{rate[name] / rate[of]:.2f}" if of in rate and name in ("product", "sqlite") else ""
                lines.append(f"| {op.upper()} | {connections} | {name} | {rate[name]:.0f} | {middle['p50']:.2f} | {middle['p99']:.2f} | {middle['server_ms']:.3f} | {middle['database_ms']:.3f} | {middle['size'] / 1000:.1f} | {middle['asked']:.1f} | {share('ceiling')} | {share('postgrest')} | {share('pgbench')} | {sum(row['bad'] for row in rows)} |")
        for name in ("ceiling", "postgrest", "product", "sqlite"):
            peaks = [row["peak"] for row in self.results if row["name"] == name]
            if peaks:
                lines.append(f"\n{name}: {max(peaks):.1f} MB resident at the most")
        return "\n".join(lines)


# What is asked of ever larger municipalities: by whom, and where.
GROWING = [
    ("tasks of nobody", "coordinator", "/api/v1/me/tasks"),
    ("tasks of a leader", "leader", "/api/v1/me/tasks"),
    ("tasks of the director of all", "director", "/api/v1/me/tasks"),
    ("waiting for the director", "director", "/api/v1/agreements?waiting_for=me"),
    ("waiting for nobody", "coordinator", "/api/v1/agreements?waiting_for=me"),
    ("a page of a leader", "leader", "/api/v1/agreements?holder=me"),
    ("a page of drafts", "coordinator", "/api/v1/agreements?state=draft"),
    ("words of all, for the coordinator", "coordinator", "/api/v1/agreements?q=dialogen+direktionen+kerneopgaven"),
    ("words of one, for the coordinator", "coordinator", "/api/v1/agreements?q=2016+center+7"),
    ("words of all, for a leader", "leader", "/api/v1/agreements?q=dialogen+direktionen+kerneopgaven"),
]


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
    parser.add_argument("--growth", action="store_true", help="instead: tasks, lists and search in municipalities of 60, 500 and 2,000 units")
    parser.add_argument("--check", action="store_true", help="only see whether all of it works, in little time")
    parser.add_argument("--port", type=int, default=18080)
    parser.add_argument("--postgrest", default="", help=argparse.SUPPRESS)
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
