package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.canonical.CanonicalBody;
import cloud.klink.webhooks.canonical.CanonicalRequest;
import cloud.klink.webhooks.canonical.Dialect;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A request: method, URL and body. */
final class RequestOptions {
  private final Input input;

  @Option(
      names = {"-X", "--method"},
      paramLabel = "METHOD",
      defaultValue = "POST",
      description = "The HTTP method (default: ${DEFAULT-VALUE}).")
  private String method = "POST";

  @Option(
      names = {"-u", "--url"},
      paramLabel = "URL",
      required = true,
      description = "The endpoint's public URL with its query, as it was entered in K-LINK.")
  private String url = "";

  @Parameters(
      arity = "0..1",
      paramLabel = "BODY",
      defaultValue = "-",
      description = "The file that holds the body; '-', or none, is the standard input. An empty"
          + " one is a request without a body.")
  private Path body = Path.of("-");

  RequestOptions(Surroundings surroundings) {
    this.input = new Input(surroundings);
  }

  String method() {
    return method;
  }

  String url() {
    return url;
  }

  byte[] body() {
    return input.read(body, CanonicalBody.MAX_LENGTH);
  }

  CanonicalRequest canonical(Dialect dialect) {
    return CanonicalRequest.of(method, url, body(), dialect);
  }
}
