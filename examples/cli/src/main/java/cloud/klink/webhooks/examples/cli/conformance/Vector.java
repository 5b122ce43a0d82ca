package cloud.klink.webhooks.examples.cli.conformance;

import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.signature.SigningSecret;

/** A request and what should come out of it. */
final class Vector {
  private final String name;
  private final Dialect dialect;
  private final SigningSecret secret;
  private final String method;
  private final String url;
  private final byte[] body;
  private final Outcome expected;

  Vector(
      String name,
      Dialect dialect,
      SigningSecret secret,
      String method,
      String url,
      byte[] body,
      Outcome expected) {
    this.name = name;
    this.dialect = dialect;
    this.secret = secret;
    this.method = method;
    this.url = url;
    this.body = body;
    this.expected = expected;
  }

  String name() {
    return name;
  }

  Dialect dialect() {
    return dialect;
  }

  SigningSecret secret() {
    return secret;
  }

  String method() {
    return method;
  }

  String url() {
    return url;
  }

  byte[] body() {
    return body;
  }

  Outcome expected() {
    return expected;
  }
}
