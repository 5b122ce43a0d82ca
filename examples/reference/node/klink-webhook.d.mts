/** See klink-webhook.mjs for what each does. */

/** Tells whether the X-Signature header is that of the bytes that came in. */
export function rawBodyIsAuthentic(
  request: string, secret: string, body: Uint8Array | string, signature: string): boolean;

/** The request must not be acted on. */
export class Refused extends Error {
  constructor(code: string, status: number);
  /** Why it is refused. */
  readonly code: string;
  /** The status to answer with. */
  readonly status: number;
}

/** Verifies requests to one endpoint. */
export class Verifier {
  constructor(publicUrl: string, secrets: Iterable<string>, method?: string);
  /** Returns the canonical body, or throws Refused. */
  verify(body: Uint8Array, signatures: readonly string[] | undefined): string;
}

export type Claim = "claimed" | "in_progress" | "duplicate";

/** The hook for de-duplication. */
export interface Events {
  claim(id: string): Claim | Promise<Claim>;
  finish(id: string, succeeded: boolean): void | Promise<void>;
}

/** Remembers the ids of the last events until the process ends. */
export class MemoryEvents implements Events {
  constructor(limit?: number);
  claim(id: string): Claim;
  finish(id: string, succeeded: boolean): void;
}

/** An event as JSON.parse() reads it. There may be other fields. */
export interface WebhookEvent {
  event: string;
  id?: unknown;
  timestamp?: unknown;
  data?: unknown;
  [field: string]: unknown;
}

/** Verifies a request and calls handle once for each event. */
export function receive(
  verifier: Verifier,
  body: Uint8Array,
  signatures: readonly string[] | undefined,
  events: Events,
  handle: (event: WebhookEvent) => void | Promise<void>,
): Promise<{ status: number; code: string }>;

/** Returns METHOD, URL and QUERY as they are signed. */
export function canonicalRequest(url: string, method?: string): string;

/** Returns the canonical form of a body in the dialect "klink". */
export function canonicalBody(body: Uint8Array): string;
