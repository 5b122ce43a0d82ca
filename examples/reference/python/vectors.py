"""Prints what klink_webhook.py makes of each vector: python3 vectors.py < canonical-vectors.jsonl"""

import base64
import hashlib
import hmac
import json
import sys

import klink_webhook


def answer(vector):
    body = vector["body"].encode() if "body" in vector else base64.b64decode(vector["bodyBase64"])
    try:
        request = klink_webhook.canonical_request(vector["url"], vector["method"])
        canonical = request + klink_webhook.canonical_body(body)
    except klink_webhook.Refused as refused:
        return {"error": refused.code}
    digest = hmac.new(vector["secret"].encode(), canonical.encode(), hashlib.sha256)
    return {"canonical": canonical, "signature": digest.hexdigest()}


for line in sys.stdin.buffer:
    print(json.dumps(answer(json.loads(line))), flush=True)
