"""Verifies K-LINK webhooks. Copy this file: it needs Python 3.8 or newer and nothing else.

The short way is for requests of K-LINK's own sender, which sends the very bytes that it signed:

    raw_body_is_authentic("POSThttps://hooks.example.com/klink", secret, body, signature)

The full way verifies whoever signs in the dialect "klink", however the body was printed on its way:

    verifier = Verifier("https://hooks.example.com/klink?tag=vip", [secret])
    canonical_body = verifier.verify(body, request_headers_named_x_signature)

`body` is the request's body as bytes, exactly as it came in: take it before any framework parses
it. The rules are those of CANONICAL.md.
"""

import hashlib
import hmac
import ipaddress
import json
import re
import threading
import urllib.parse

# ---- The short way ----------------------------------------------------------------------------


def raw_body_is_authentic(request, secret, body, signature):
    """Tells whether `signature`, the X-Signature header, is that of the bytes that came in.

    `request` is the method, the public URL and the query of your endpoint. They never change, so
    write them down once: "POSThttps://hooks.example.com/klink", or print(canonical_request(url)).
    """
    expected = hmac.new(secret.encode(), request.encode() + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace"))


# ---- The full way -----------------------------------------------------------------------------


class Refused(Exception):
    """The request must not be acted on. `code` says why, `status` is the answer to send."""

    def __init__(self, code, status):
        super().__init__(code)
        self.code = code
        self.status = status


class Verifier:
    """Verifies requests to one endpoint. It never changes: one object serves all threads.

    `public_url` is the URL as it was entered in K-LINK, with its query. Never take it from the
    request. `secrets` are all that are valid now: two while one is being replaced.
    """

    def __init__(self, public_url, secrets, method="POST"):
        self._request = canonical_request(public_url, method).encode()
        self._secrets = [secret.encode() for secret in secrets]
        if not all(self._secrets):
            raise ValueError("secrets: a secret must not be empty")

    def verify(self, body, signatures):
        """Returns the canonical body, as bytes, or raises Refused. Use what it returns, not `body`.

        `signatures` are the values of all X-Signature headers; there must be exactly one.
        """
        if not signatures:
            raise Refused("missing_signature", 401)
        if len(signatures) > 1:
            raise Refused("repeated_signature", 400)
        if not re.fullmatch("[0-9a-f]{64}", signatures[0]):
            raise Refused("malformed_signature", 400)
        if not body:
            raise Refused("empty_body", 400)
        canonical = canonical_body(body).encode()
        matches = [
            hmac.compare_digest(
                hmac.new(secret, self._request + canonical, hashlib.sha256).hexdigest(),
                signatures[0])
            for secret in self._secrets
        ]
        if not any(matches):
            raise Refused("signature_mismatch", 401)
        return canonical


class MemoryEvents:
    """The hook for de-duplication: remembers the ids of the last events until the process ends.

    To remember them for longer, write a class with these two methods over a table of yours, with
    a unique column for the id.
    """

    def __init__(self, limit=100_000):
        self._finished = {}  # whether the event's handling has finished, by its id
        self._limit = limit
        self._lock = threading.Lock()

    def claim(self, event_id):
        """Returns "claimed" if the caller is to handle the event, "in_progress" or "duplicate"."""
        with self._lock:
            if event_id in self._finished:
                return "duplicate" if self._finished[event_id] else "in_progress"
            if len(self._finished) >= self._limit:
                del self._finished[next(iter(self._finished))]  # the oldest
            self._finished[event_id] = False
            return "claimed"

    def finish(self, event_id, succeeded):
        """Remembers that the event was handled, or lets a repetition be handled if that failed."""
        with self._lock:
            if succeeded:
                self._finished[event_id] = True
            else:
                self._finished.pop(event_id, None)


def receive(verifier, body, signatures, events, handle):
    """Verifies a request and calls handle(event) once for each event. Returns (status, code).

    What `handle` raises is raised: answer 500, and the sender tries again. An event without an id
    that is a string is handled each time it comes; K-LINK's own have one.
    """
    try:
        event = json.loads(verifier.verify(body, signatures))
    except Refused as refused:
        return refused.status, refused.code
    if not isinstance(event, dict) or not isinstance(event.get("event"), str):
        return 422, "malformed_event"
    event_id = event.get("id")
    if not isinstance(event_id, str):
        handle(event)
        return 200, "processed"
    claim = events.claim(event_id)
    if claim != "claimed":
        return 200 if claim == "duplicate" else 503, claim
    succeeded = False
    try:
        handle(event)
        succeeded = True
    finally:
        events.finish(event_id, succeeded)
    return 200, "processed"


# ---- METHOD, URL and QUERY --------------------------------------------------------------------

_DEFAULT_PORTS = {"http": "80", "ws": "80", "https": "443", "wss": "443"}
_URL = re.compile(
    r"(?P<scheme>[^:/?]*)://"
    r"(?P<host>\[(?P<ipv6>[0-9A-Fa-f:.]+)\]|[A-Za-z0-9\-._~!$&'()*+,;=]+)"
    r"(?::(?P<port>[1-9][0-9]{0,4}))?"
    r"(?P<path>/(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*)?"
    r"(?:\?(?P<query>(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?\[\]]|%[0-9A-Fa-f]{2})*))?")


def canonical_request(url, method="POST"):
    """Returns METHOD, URL and QUERY as they are signed: what stands before the body."""
    if not re.fullmatch(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+", method):
        raise Refused("malformed_method", 400)
    parts = _URL.fullmatch(url.split("#", 1)[0])
    if not parts or len(url) > 65_536:
        raise Refused("malformed_url", 400)
    scheme, port = parts["scheme"].lower(), parts["port"]
    if scheme not in _DEFAULT_PORTS or int(port or 0) > 65_535:
        raise Refused("malformed_url", 400)
    if parts["ipv6"]:
        try:
            ipaddress.IPv6Address(parts["ipv6"])
        except ValueError:
            raise Refused("malformed_url", 400) from None
    authority = parts["host"].lower()
    if port and port != _DEFAULT_PORTS[scheme]:
        authority += ":" + port
    path = parts["path"] or "/"
    return method.upper() + scheme + "://" + authority + path + _query(parts["query"] or "")


def _query(raw):
    values = {}
    for part in filter(None, raw.split("&")):
        key, _, value = part.partition("=")
        values.setdefault(_decoded(key), []).append(_decoded(value))
    return "&".join(f"{key}=[{' '.join(sorted(values[key]))}]" for key in sorted(values))


def _decoded(text):
    try:
        return urllib.parse.unquote_plus(text, errors="strict")
    except UnicodeDecodeError:
        raise Refused("malformed_url", 400) from None


# ---- BODY -------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"[ \t\r\n]*(?:"
    r"(?P<mark>[\[\]{},:])"
    r'|"(?P<string>[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})[^"\\\x00-\x1f]*)*)"'
    r"|(?P<number>-?(?:0|[1-9][0-9]*)(?P<fraction>(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?))"
    r"|(?P<word>true|false|null)"
    r"|(?P<end>\Z))", re.ASCII)
_ESCAPE = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|(.))')
_UNESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_SPECIAL = re.compile(r'["\\\x00-\x1f]')
_ESCAPED = {
    "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}


def canonical_body(body):
    """Returns the canonical form of a body in the dialect "klink", or raises Refused."""
    malformed = Refused("malformed_body", 400)
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise malformed from None
    if not text:
        return ""
    if len(body) > 67_108_864:
        raise malformed
    at = 0
    outer = []  # the objects and arrays that are open around the present one
    printed, names = [], None  # the present one's values; its names if it is an object
    after_value = after_open = False
    while True:
        token = _TOKEN.match(text, at)
        if not token:
            raise malformed
        at = token.end()
        mark = token["mark"]
        in_array, in_object = outer and names is None, names is not None
        if not outer and after_value:
            if token["end"] is None:
                raise malformed
            return printed[0]
        if (mark == "]" and in_array or mark == "}" and in_object) and (after_value or after_open):
            if in_array:
                value = "[" + ",".join(printed) + "]"
            else:
                members = sorted(zip(names, printed))
                value = "{" + ",".join(_string(name) + ":" + text for name, text in members) + "}"
            printed, names = outer.pop()
        elif after_value and mark == ",":
            after_value = after_open = False
            continue
        elif after_value:
            raise malformed
        elif in_object and len(names) == len(printed):
            colon = _TOKEN.match(text, at)
            name = _unescaped(token["string"]) if token["string"] is not None else None
            if name is None or name in names or not colon or colon["mark"] != ":":
                raise malformed
            names[name] = True
            at = colon.end()
            after_open = False
            continue
        elif mark and mark in "[{":
            if len(outer) == 1_000:
                raise malformed
            outer.append((printed, names))
            printed, names = [], {} if mark == "{" else None
            after_value, after_open = False, True
            continue
        elif token["string"] is not None:
            value = _string(_unescaped(token["string"]))
        elif token["number"]:
            value = _number(token["number"], token["fraction"])
        elif token["word"]:
            value = token["word"]
        else:
            raise malformed
        printed.append(value)
        after_value, after_open = True, False


def _unescaped(escaped):
    def character(escape):
        return chr(int(escape[1], 16)) if escape[1] else _UNESCAPED.get(escape[2], escape[2])

    try:  # brings the halves of surrogate pairs together, and refuses one alone
        return _ESCAPE.sub(character, escaped).encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise Refused("malformed_body", 400) from None


def _string(text):
    return '"' + _SPECIAL.sub(lambda c: _ESCAPED.get(c[0]) or "\\u%04x" % ord(c[0]), text) + '"'


def _number(text, fraction):
    if len(text) > 1_000:
        raise Refused("malformed_body", 400)
    if not fraction:
        return "0" if text == "-0" else text
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise Refused("malformed_body", 400)
    return repr(value)
