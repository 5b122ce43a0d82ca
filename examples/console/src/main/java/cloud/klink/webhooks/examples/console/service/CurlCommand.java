package cloud.klink.webhooks.examples.console.service;

import cloud.klink.webhooks.sender.delivery.SentRequest;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import java.util.Optional;

/** A request as a command for a POSIX shell, with its secrets masked. */
public final class CurlCommand {
  private CurlCommand() {}

  /**
   * Writes the command.
   *
   * @param request the request
   * @return the command; empty for what curl cannot send, as a message on a WebSocket
   */
  public static Optional<String> of(SentRequest request) {
    if (request.method() != DeliveryMethod.WEBHOOK) {
      return Optional.empty();
    }
    // Raw: a body is never the name of a file. Globbing is off: a URL may hold brackets.
    StringBuilder command =
        new StringBuilder("curl --globoff --request POST --url ").append(quoted(request.url()));
    request
        .headers()
        .forEach((name, value) ->
            command.append(" \\\n  --header ").append(quoted(name + ": " + value)));
    return Optional.of(
        command.append(" \\\n  --data-raw ").append(quoted(request.body())).toString());
  }

  /** In single quotes nothing has a meaning but the single quote. */
  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
