package cloud.klink.webhooks.examples.cli;

import java.util.Map;

/** An answer over HTTP. */
final class Reply {
  private final int status;
  private final Map<String, String> headers;
  private final byte[] body;

  Reply(int status, Map<String, String> headers, byte[] body) {
    this.status = status;
    this.headers = Map.copyOf(headers);
    this.body = body.clone();
  }

  static Reply of(int status) {
    return new Reply(status, Map.of(), new byte[0]);
  }

  int status() {
    return status;
  }

  Map<String, String> headers() {
    return headers;
  }

  byte[] body() {
    return body.clone();
  }

  boolean isSuccess() {
    return status / 100 == 2;
  }
}
