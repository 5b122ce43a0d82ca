/**
 * A receiver to try klink-webhook.mjs with: KLINK_WEBHOOK_SECRET=whsec_test node receiver.mjs
 *
 * PORT is where it listens (8080), KLINK_WEBHOOK_URL the URL that the sender signs, if it is
 * another than the one that is printed.
 */

import { createServer } from "node:http";
import { MemoryEvents, Verifier, receive } from "./klink-webhook.mjs";

const MAX_BODY = 1 << 20;
const MAX_DISCARDED = 16 << 20; // who sends more gets no answer, as the connection is reset

/** Reads the body; undefined if it is too long. */
async function read(request) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > MAX_DISCARDED) {
      return undefined;
    }
    if (length <= MAX_BODY) {
      chunks.push(chunk);
    }
  }
  return length > MAX_BODY ? undefined : Buffer.concat(chunks);
}

async function respond(request) {
  if (request.method !== "POST" || request.url.split("?", 1)[0] !== path) {
    return { status: 404, code: "wrong_path" };
  }
  const body = await read(request);
  if (body === undefined) {
    return { status: 413, code: "body_too_large" };
  }
  return receive(verifier, body, request.headersDistinct["x-signature"], events, handle);
}

function handle(event) {
  console.log("handled", event.event, event.id);
}

const server = createServer(async (request, response) => {
  let result;
  try {
    result = await respond(request);
  } catch (e) {
    console.log("failed:", e);
    result = { status: 500, code: "handler_failed" };
  }
  response.writeHead(result.status, { "Content-Type": "application/json" });
  response.end(JSON.stringify({ code: result.code }) + "\n");
});

const secret = process.env.KLINK_WEBHOOK_SECRET;
if (!secret) {
  throw new Error("set the environment variable KLINK_WEBHOOK_SECRET");
}
const events = new MemoryEvents();
let path;
let verifier;
server.requestTimeout = 30_000;
server.listen(Number(process.env.PORT ?? 8080), "127.0.0.1", () => {
  const url = process.env.KLINK_WEBHOOK_URL || `http://127.0.0.1:${server.address().port}/hook`;
  path = new URL(url).pathname;
  verifier = new Verifier(url, [secret]);
  console.log("listening for", url);
});
