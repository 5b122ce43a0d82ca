"""The rules of CANONICAL.md, written from its text alone and without a look at the Java code.

Reads requests from standard input, one JSON object a line, and prints for each what CANONICAL.md
makes of it: {"canonical": ...} or {"error": ...}.
"""

import base64
import json
import re
import sys
import threading

TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
HEX2 = re.compile(r"%[0-9A-Fa-f]{2}")
HOST = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=")
PATH = HOST | frozenset(":@/")
QUERY = PATH | frozenset("?[]")
DEFAULT_PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
LETTERS = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class Refused(Exception):
    pass


def method(text):
    if not TOKEN.fullmatch(text):
        raise Refused("malformed_method")
    return text.upper()


def url_and_query(text):
    if len(text) > 65536:
        raise Refused("malformed_url")
    text = text.split("#", 1)[0]
    scheme, found, rest = text.partition("://")
    scheme = scheme.lower()
    if not found or scheme not in DEFAULT_PORTS:
        raise Refused("malformed_url")
    rest, _, query = rest.partition("?")
    slash = rest.find("/")
    authority, path = (rest, "/") if slash < 0 else (rest[:slash], rest[slash:])
    if "@" in authority:
        raise Refused("malformed_url")
    if authority.startswith("["):
        end = authority.find("]") + 1
        host, port = authority[:end], authority[end:]
        if end == 0 or not is_ipv6(host[1:-1]):
            raise Refused("malformed_url")
    else:
        colon = authority.find(":")
        host, port = (authority, "") if colon < 0 else (authority[:colon], authority[colon:])
        if not host or not set(host) <= HOST:
            raise Refused("malformed_url")
    if port:
        if not re.fullmatch(r":[1-9][0-9]{0,4}", port, re.ASCII) or int(port[1:]) > 65535:
            raise Refused("malformed_url")
        if int(port[1:]) == DEFAULT_PORTS[scheme]:
            port = ""
    for part, allowed in ((path, PATH), (query, QUERY)):
        if not set(HEX2.sub("", part)) <= allowed:
            raise Refused("malformed_url")
    return scheme + "://" + host.lower() + port + path, normal_query(query)


def is_ipv6(text):
    """RFC 3986: eight groups, of which "::" stands for one or more; the last two may be IPv4."""

    def groups(part, last):
        if not part:
            return 0
        count = 0
        pieces = part.split(":")
        for i, piece in enumerate(pieces):
            if re.fullmatch(r"[0-9A-Fa-f]{1,4}", piece):
                count += 1
            elif last and i == len(pieces) - 1 and is_ipv4(piece):
                count += 2
            else:
                return 100
        return count

    if "::" not in text:
        return groups(text, True) == 8
    before, behind = text.split("::", 1)
    return groups(before, False) + groups(behind, True) <= 7


def is_ipv4(text):
    octet = r"(?:0|[1-9][0-9]?|1[0-9][0-9]|2[0-4][0-9]|25[0-5])"
    return re.fullmatch(octet + r"(?:\." + octet + "){3}", text) is not None


def normal_query(query):
    values = {}
    for part in query.split("&"):
        if part:
            key, _, value = part.partition("=")
            values.setdefault(decoded(key), []).append(decoded(value))
    return "&".join(
        key + "=[" + " ".join(sorted(values[key])) + "]" for key in sorted(values))


def decoded(text):
    raw = bytearray()
    i = 0
    while i < len(text):
        if text[i] == "%":
            raw.append(int(text[i + 1:i + 3], 16))
            i += 3
        else:
            raw.append(ord(" " if text[i] == "+" else text[i]))
            i += 1
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("malformed_url")


class Body:
    """Parses and prints one body in one dialect."""

    def __init__(self, text, dialect):
        self.text = text
        self.at = 0
        self.dialect = dialect

    def refuse(self):
        raise Refused("malformed_body")

    def peek(self):
        return self.text[self.at] if self.at < len(self.text) else ""

    def space(self):
        while self.peek() and self.peek() in " \t\r\n":
            self.at += 1

    def whole(self):
        printed = self.value(0)
        self.space()
        if self.at < len(self.text):
            self.refuse()
        return printed

    def value(self, depth):
        self.space()
        c = self.peek()
        if c and c in "{[":
            if depth == 1000:
                self.refuse()
            return self.members(depth + 1) if c == "{" else self.elements(depth + 1)
        if c == '"':
            return self.quoted(self.string())
        if c and c in "-0123456789":
            return self.number()
        for literal in ("true", "false", "null"):
            if self.text.startswith(literal, self.at):
                self.at += len(literal)
                return literal
        self.refuse()

    def members(self, depth):
        self.at += 1
        found = {}
        self.space()
        if self.peek() == "}":
            self.at += 1
            return "{}"
        while True:
            self.space()
            if self.peek() != '"':
                self.refuse()
            name = self.string()
            self.space()
            if self.peek() != ":" or name in found:
                self.refuse()
            self.at += 1
            found[name] = self.value(depth)
            self.space()
            c = self.peek()
            self.at += 1
            if c == "}":
                return "{" + ",".join(
                    self.quoted(name) + ":" + found[name] for name in sorted(found)) + "}"
            if c != ",":
                self.refuse()

    def elements(self, depth):
        self.at += 1
        found = []
        self.space()
        if self.peek() == "]":
            self.at += 1
            return "[]"
        while True:
            found.append(self.value(depth))
            self.space()
            c = self.peek()
            self.at += 1
            if c == "]":
                return "[" + ",".join(found) + "]"
            if c != ",":
                self.refuse()

    def string(self):
        self.at += 1
        units = []
        while self.peek() != '"':
            c = self.peek()
            if c < " ":
                self.refuse()
            self.at += 1
            if c != "\\":
                units.append(c)
                continue
            c = self.peek()
            self.at += 1
            if c == "u":
                digits = self.text[self.at:self.at + 4]
                if not re.fullmatch(r"[0-9A-Fa-f]{4}", digits):
                    self.refuse()
                self.at += 4
                units.append(chr(int(digits, 16)))
            elif c in LETTERS and c:
                units.append(LETTERS[c])
            else:
                self.refuse()
        self.at += 1
        try:
            return "".join(units).encode("utf-16-le", "surrogatepass").decode("utf-16-le")
        except UnicodeDecodeError:
            self.refuse()

    def quoted(self, text):
        return '"' + "".join(map(self.character, text)) + '"'

    def character(self, c):
        if c in SHORT:
            return SHORT[c]
        escaped = c < " "
        if self.dialect == "python-ascii":
            escaped = escaped or c >= "\x7f"
        elif self.dialect in ("go", "go-number"):
            escaped = escaped or c in "<>&\u2028\u2029"
        if not escaped:
            return c
        units = c.encode("utf-16-be")
        return "".join(
            "\\u%02x%02x" % (units[i], units[i + 1]) for i in range(0, len(units), 2))

    def number(self):
        match = NUMBER.match(self.text, self.at)
        if not match or len(match.group()) > 1000:
            self.refuse()
        self.at = match.end()
        written = match.group()
        is_integer = match.group(1) is None and match.group(2) is None
        value = float(written)
        if value in (float("inf"), float("-inf")) and (not is_integer or self.dialect == "go"):
            self.refuse()
        if self.dialect == "go-number":
            return written
        if self.dialect == "go":
            return go(value)
        if is_integer:
            return "0" if written == "-0" else written
        return repr(value)


def go(value):
    """From the digits that Python's repr finds, which are the shortest, too."""
    sign = "-" if repr(value).startswith("-") else ""
    if value == 0:
        return sign + "0"
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    digits = (whole + fraction).lstrip("0")
    power = int(exponent or 0) - len(fraction)
    stripped = digits.rstrip("0")
    power += len(digits) - len(stripped)
    digits = stripped
    point = len(digits) + power  # value = 0.digits * 10^point
    if abs(value) < 1e-6 or abs(value) >= 1e21:
        rest = digits[1:]
        e = point - 1
        return (sign + digits[0] + ("." + rest if rest else "")
                + "e" + ("+" if e >= 0 else "-") + str(abs(e)))
    if point <= 0:
        return sign + "0." + "0" * -point + digits
    if point >= len(digits):
        return sign + digits + "0" * (point - len(digits))
    return sign + digits[:point] + "." + digits[point:]


def canonical(request):
    verb = method(request["method"])
    url, query = url_and_query(request["url"])
    raw = base64.b64decode(request["body"])
    if not raw:
        return verb + url + query
    if len(raw) > 64 << 20:
        raise Refused("malformed_body")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("malformed_body")
    return verb + url + query + Body(text, request["dialect"]).whole()


def main():
    for line in sys.stdin.buffer:
        try:
            answer = {"canonical": canonical(json.loads(line))}
        except Refused as e:
            answer = {"error": str(e)}
        print(json.dumps(answer))


if __name__ == "__main__":
    sys.setrecursionlimit(20000)
    threading.stack_size(256 << 20)
    thread = threading.Thread(target=main)
    thread.start()
    thread.join()
