"""What schemathesis cannot know about this API. Loaded through SCHEMATHESIS_HOOKS by checks/fuzz.py."""

import atexit
import collections
import json
import os
import re
import urllib.request
import uuid

import schemathesis

KEY_THAT_IS_VALID = re.compile(r"[A-Za-z0-9_-]{1,64}")
LONGEST_WAIT = 1
LOG_IN_LASTS = 600

tally = collections.Counter()
# Whose answer 401 would mean that the log-in was lost on the way, and with it the worth of the run.
live_tokens = set()


def sign_in():
    with open(os.environ["FUZZ_CREDENTIALS"], encoding="utf-8") as file:
        credentials = json.load(file)
    request = urllib.request.Request(
        credentials["url"],
        data=json.dumps(credentials["body"]).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)["access_token"]


def signs_out(case):
    return case.method.upper() == "DELETE" and case.path.endswith("/sessions/current")


@schemathesis.auth(refresh_interval=LOG_IN_LASTS)
class LogIn:
    """A bearer token that is renewed before it expires."""

    def get(self, case, context):
        live_tokens.clear()
        token = sign_in()
        live_tokens.add(token)
        return token

    def set(self, case, data, context):
        # Signing out for real would turn every later answer into 401: the log-in that ends here is another.
        case.headers["Authorization"] = "Bearer " + (sign_in() if signs_out(case) else data)


@schemathesis.hook
def before_call(context, case, kwargs):
    # One key with two bodies is refused, rightly: a generator that repeats itself would see only that.
    # What is meant to be refused stays as it is, since an edited case is no longer taken for what it was
    # made to show; it is refused before the key is looked at.
    refused = case.meta is not None and case.meta.generation.mode.is_negative
    name = next((name for name in case.headers or {} if name.lower() == "idempotency-key"), None)
    if name and not refused and KEY_THAT_IS_VALID.fullmatch(str(case.headers[name])):
        case.headers[name] = uuid.uuid4().hex

    # The generator leaves a header empty whose pattern it cannot fill, also where the request shall be right.
    name = next((name for name in case.headers or {} if name.lower() == "if-match"), None)
    if name and not refused and not case.headers[name]:
        case.headers[name] = '"1.0"'

    # A dry run may leave If-Match out, which the document demands: what shall be refused without it is sent for real.
    dry = str((case.query or {}).get("dry_run")).lower() == "true"
    if refused and dry and name is None:
        case.query["dry_run"] = False

    # Long polling is meant to take time; the time is better spent on other requests.
    wait = (case.query or {}).get("wait")
    if isinstance(wait, int) and not refused and wait > LONGEST_WAIT:
        case.query["wait"] = LONGEST_WAIT


@schemathesis.hook
def after_call(context, case, response):
    tally[(case.operation.label, response.status_code)] += 1
    sent = response.request.headers.get("Authorization", "")
    public = case.operation.definition.raw.get("security") == []
    if response.status_code == 401 and not public and sent.removeprefix("Bearer ") in live_tokens:
        tally[("lost log-in", case.operation.label)] += 1


@atexit.register
def write_tally():
    path = os.environ.get("FUZZ_TALLY")
    if path:
        with open(path, "w", encoding="utf-8") as file:
            json.dump([[label, what, count] for (label, what), count in tally.items()], file)
