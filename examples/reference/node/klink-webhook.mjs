/**
 * Verifies K-LINK webhooks. Copy this file (and klink-webhook.d.mts for TypeScript): it needs
 * Node.js 18.3 or newer and nothing else.
 *
 * The short way is for requests of K-LINK's own sender, which sends the very bytes that it signed:
 *
 *     rawBodyIsAuthentic("POSThttps://hooks.example.com/klink", secret, body, signature)
 *
 * The full way verifies whoever signs in the dialect "klink", however the body was printed on its
 * way:
 *
 *     const verifier = new Verifier("https://hooks.example.com/klink?tag=vip", [secret]);
 *     const canonicalBody = verifier.verify(body, request.headersDistinct["x-signature"]);
 *
 * `body` is the request's body as a Buffer, exactly as it came in: in Express use express.raw(),
 * never express.json(). The rules are those of CANONICAL.md.
 */

import { createHmac, timingSafeEqual } from "node:crypto";
import { isIPv6 } from "node:net";

// ---- The short way --------------------------------------------------------------------------

/**
 * Tells whether `signature`, the X-Signature header, is that of the bytes that came in.
 *
 * `request` is the method, the public URL and the query of your endpoint. They never change, so
 * write them down once: "POSThttps://hooks.example.com/klink", or print canonicalRequest(url).
 */
export function rawBodyIsAuthentic(request, secret, body, signature) {
  const expected = createHmac("sha256", secret).update(request).update(body).digest("hex");
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, Buffer.from(expected));
}

// ---- The full way ---------------------------------------------------------------------------

/** The request must not be acted on. `code` says why, `status` is the answer to send. */
export class Refused extends Error {
  constructor(code, status) {
    super(code);
    this.name = "Refused";
    this.code = code;
    this.status = status;
  }
}

/**
 * Verifies requests to one endpoint.
 *
 * `publicUrl` is the URL as it was entered in K-LINK, with its query. Never take it from the
 * request. `secrets` are all that are valid now: two while one is being replaced.
 */
export class Verifier {
  #request;
  #secrets;

  constructor(publicUrl, secrets, method = "POST") {
    this.#request = canonicalRequest(publicUrl, method);
    this.#secrets = [...secrets];
    if (this.#secrets.some((secret) => !secret)) {
      throw new TypeError("secrets: a secret must not be empty");
    }
  }

  /**
   * Returns the canonical body, a string, or throws Refused. Use what it returns, not `body`.
   * JSON.parse() of it loses digits of integers from 2^53 on.
   *
   * `signatures` are the values of all X-Signature headers; there must be exactly one.
   */
  verify(body, signatures = []) {
    if (signatures.length === 0) {
      throw new Refused("missing_signature", 401);
    }
    if (signatures.length > 1) {
      throw new Refused("repeated_signature", 400);
    }
    if (!/^[0-9a-f]{64}$/.test(signatures[0])) {
      throw new Refused("malformed_signature", 400);
    }
    if (body.length === 0) {
      throw new Refused("empty_body", 400);
    }
    const canonical = canonicalBody(body);
    const matches = this.#secrets.filter((secret) =>
      rawBodyIsAuthentic(this.#request, secret, canonical, signatures[0]));
    if (matches.length === 0) {
      throw new Refused("signature_mismatch", 401);
    }
    return canonical;
  }
}

/**
 * The hook for de-duplication: remembers the ids of the last events until the process ends. To
 * remember them for longer, or in several processes, write a class with these two methods over a
 * table of yours, with a unique column for the id. They may be async.
 */
export class MemoryEvents {
  #finished = new Map(); // whether the event's handling has finished, by its id
  #limit;

  constructor(limit = 100_000) {
    this.#limit = limit;
  }

  /** Returns "claimed" if the caller is to handle the event, "in_progress" or "duplicate". */
  claim(id) {
    if (this.#finished.has(id)) {
      return this.#finished.get(id) ? "duplicate" : "in_progress";
    }
    if (this.#finished.size >= this.#limit) {
      this.#finished.delete(this.#finished.keys().next().value); // the oldest
    }
    this.#finished.set(id, false);
    return "claimed";
  }

  /** Remembers that the event was handled, or lets a repetition be handled if that failed. */
  finish(id, succeeded) {
    if (succeeded) {
      this.#finished.set(id, true);
    } else {
      this.#finished.delete(id);
    }
  }
}

/**
 * Verifies a request and calls handle(event) once for each event. Resolves to {status, code}.
 *
 * It rejects with what `handle` throws: answer 500, and the sender tries again. An event without
 * an id that is a string is handled each time it comes; K-LINK's own have one.
 */
export async function receive(verifier, body, signatures, events, handle) {
  let event;
  try {
    event = JSON.parse(verifier.verify(body, signatures));
  } catch (e) {
    if (e instanceof Refused) {
      return { status: e.status, code: e.code };
    }
    throw e;
  }
  if (event === null || typeof event !== "object" || typeof event.event !== "string") {
    return { status: 422, code: "malformed_event" };
  }
  if (typeof event.id !== "string") {
    await handle(event);
    return { status: 200, code: "processed" };
  }
  const claim = await events.claim(event.id);
  if (claim !== "claimed") {
    return { status: claim === "duplicate" ? 200 : 503, code: claim };
  }
  let succeeded = false;
  try {
    await handle(event);
    succeeded = true;
  } finally {
    await events.finish(event.id, succeeded);
  }
  return { status: 200, code: "processed" };
}

// ---- METHOD, URL and QUERY ------------------------------------------------------------------

const DEFAULT_PORTS = { http: "80", ws: "80", https: "443", wss: "443" };
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const URL_PARTS = new RegExp(
  String.raw`^(https?|wss?)://`
    + String.raw`(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9\-._~!$&'()*+,;=]+)`
    + String.raw`(?::([1-9][0-9]{0,4}))?`
    + String.raw`(/[A-Za-z0-9\-._~!$&'()*+,;=:@/%]*)?`
    + String.raw`(?:\?([A-Za-z0-9\-._~!$&'()*+,;=:@/?\[\]%]*))?$`, "i");

/** Returns METHOD, URL and QUERY as they are signed: what stands before the body. */
export function canonicalRequest(url, method = "POST") {
  if (!TOKEN.test(method)) {
    throw new Refused("malformed_method", 400);
  }
  const parts = URL_PARTS.exec(url.split("#", 1)[0]);
  if (!parts || url.length > 65_536 || /%(?![0-9A-Fa-f]{2})/.test(parts[0])) {
    throw new Refused("malformed_url", 400);
  }
  const [, , host, port, path = "/", query = ""] = parts;
  const scheme = parts[1].toLowerCase();
  if (Number(port ?? 0) > 65_535 || (host.startsWith("[") && !isIPv6(host.slice(1, -1)))) {
    throw new Refused("malformed_url", 400);
  }
  const shownPort = port && port !== DEFAULT_PORTS[scheme] ? ":" + port : "";
  const address = scheme + "://" + host.toLowerCase() + shownPort + path;
  return method.toUpperCase() + address + canonicalQuery(query);
}

function canonicalQuery(raw) {
  const values = new Map();
  for (const part of raw.split("&").filter((some) => some !== "")) {
    const equals = part.indexOf("=");
    const key = decoded(equals < 0 ? part : part.slice(0, equals));
    const value = equals < 0 ? "" : decoded(part.slice(equals + 1));
    values.set(key, [...(values.get(key) ?? []), value]);
  }
  const keys = [...values.keys()].sort(byCodePoint);
  return keys.map((key) => `${key}=[${values.get(key).sort(byCodePoint).join(" ")}]`).join("&");
}

function decoded(text) {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new Refused("malformed_url", 400);
  }
}

/** JavaScript's own order is that of UTF-16 units, which puts U+1F600 before U+FFEE. */
function byCodePoint(a, b) {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

// ---- BODY -----------------------------------------------------------------------------------

const NUMBER = /-?(?:0|[1-9][0-9]*)((?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)/y;
const UNESCAPED = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\", "/": "/" };

/** Returns the canonical form of a body in the dialect "klink", or throws Refused. */
export function canonicalBody(body) {
  if (body.length === 0) {
    return "";
  }
  if (body.length > 67_108_864) {
    throw new Refused("malformed_body", 400);
  }
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    throw new Refused("malformed_body", 400);
  }
  return new Scanner(text).whole();
}

class Scanner {
  #text;
  #at = 0;

  constructor(text) {
    this.#text = text;
  }

  whole() {
    const printed = this.#value(0);
    this.#check(this.#next() === undefined);
    return printed;
  }

  #check(holds) {
    if (!holds) {
      throw new Refused("malformed_body", 400);
    }
  }

  /** The next character that is no white space; undefined at the end. */
  #next() {
    while (" \t\r\n".includes(this.#text[this.#at] ?? "end")) {
      this.#at++;
    }
    return this.#text[this.#at];
  }

  #skip(character) {
    const found = this.#next() === character;
    if (found) {
      this.#at++;
    }
    return found;
  }

  #value(depth) {
    const first = this.#next();
    if (first === "{" || first === "[") {
      this.#check(depth < 1_000);
      return first === "{" ? this.#object(depth + 1) : this.#array(depth + 1);
    }
    if (first === '"') {
      return quoted(this.#string());
    }
    for (const word of ["true", "false", "null"]) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return word;
      }
    }
    return this.#number();
  }

  #object(depth) {
    const members = new Map();
    this.#at++;
    if (this.#skip("}")) {
      return "{}";
    }
    do {
      this.#check(this.#next() === '"');
      const name = this.#string();
      this.#check(!members.has(name) && this.#skip(":"));
      members.set(name, this.#value(depth));
    } while (this.#skip(","));
    this.#check(this.#skip("}"));
    const names = [...members.keys()].sort(byCodePoint);
    return "{" + names.map((name) => quoted(name) + ":" + members.get(name)).join(",") + "}";
  }

  #array(depth) {
    const values = [];
    this.#at++;
    if (this.#skip("]")) {
      return "[]";
    }
    do {
      values.push(this.#value(depth));
    } while (this.#skip(","));
    this.#check(this.#skip("]"));
    return "[" + values.join(",") + "]";
  }

  #string() {
    let string = "";
    let start = ++this.#at;
    for (let c; (c = this.#text.charCodeAt(this.#at)) !== 0x22; this.#at++) {
      this.#check(c >= 0x20); // at the end, c is NaN
      if (c === 0x5c) {
        string += this.#text.slice(start, this.#at) + this.#escape();
        start = this.#at + 1;
      }
    }
    string += this.#text.slice(start, this.#at++);
    this.#check(!/\p{Surrogate}/u.test(string)); // half a pair
    return string;
  }

  /** Ends at the escape's last character. */
  #escape() {
    const letter = this.#text[++this.#at];
    if (letter !== "u") {
      this.#check(Object.hasOwn(UNESCAPED, letter ?? ""));
      return UNESCAPED[letter];
    }
    const digits = this.#text.slice(this.#at + 1, this.#at + 5);
    this.#check(/^[0-9A-Fa-f]{4}$/.test(digits));
    this.#at += 4;
    return String.fromCharCode(parseInt(digits, 16));
  }

  #number() {
    NUMBER.lastIndex = this.#at;
    const [number, fraction] = NUMBER.exec(this.#text) ?? [];
    this.#check(number !== undefined && number.length <= 1_000);
    this.#at += number.length;
    if (fraction === "") {
      return number === "-0" ? "0" : number;
    }
    this.#check(Number.isFinite(Number(number)));
    return printedDouble(Number(number));
  }
}

/** JSON.stringify() escapes what the dialect escapes, and in its way. */
function quoted(string) {
  return JSON.stringify(string);
}

/** Prints a double as Python's repr does: JavaScript prints other exponents, and no ".0". */
function printedDouble(value) {
  if (value === 0) {
    return Object.is(value, -0) ? "-0.0" : "0.0";
  }
  const [mantissa, exponent] = Math.abs(value).toExponential().split("e");
  const digits = mantissa.replace(".", "");
  const power = Number(exponent); // value = d.ddd * 10^power
  const sign = value < 0 ? "-" : "";
  if (power < -4 || power >= 16) {
    const padded = String(Math.abs(power)).padStart(2, "0");
    return sign + mantissa + "e" + (power < 0 ? "-" : "+") + padded;
  }
  if (power < 0) {
    return sign + "0." + "0".repeat(-power - 1) + digits;
  }
  return sign + digits.slice(0, power + 1).padEnd(power + 1, "0")
    + "." + (digits.slice(power + 1) || "0");
}
