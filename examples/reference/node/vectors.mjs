/** Prints what klink-webhook.mjs makes of each vector: node vectors.mjs < canonical-vectors.jsonl */

import { createHmac } from "node:crypto";
import { createInterface } from "node:readline";
import { Refused, canonicalBody, canonicalRequest } from "./klink-webhook.mjs";

function answer(vector) {
  const body = vector.body === undefined
    ? Buffer.from(vector.bodyBase64, "base64")
    : Buffer.from(vector.body);
  try {
    const canonical = canonicalRequest(vector.url, vector.method) + canonicalBody(body);
    const signature = createHmac("sha256", vector.secret).update(canonical).digest("hex");
    return { canonical, signature };
  } catch (e) {
    if (e instanceof Refused) {
      return { error: e.code };
    }
    throw e;
  }
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + "\n");
}
