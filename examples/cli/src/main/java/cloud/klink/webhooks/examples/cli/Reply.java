package cloud.klink.webhooks.examples.cli;

import java.util.Map;

/**
 * An answer over HTTP.
 *
 * @param status its status
 * @param headers its headers
 * @param body its body
 */
record Reply(int status, Map<String, String> headers, byte[] body) {
  Reply {
    headers = Map.copyOf(headers);
  }

  static Reply of(int status) {
    return new Reply(status, Map.of(), new byte[0]);
  }

  boolean isSuccess() {
    return status / 100 == 2;
  }
}
