package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.canonical.CanonicalRequest;
import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.event.WebhookHeaders;
import cloud.klink.webhooks.examples.cli.http.HttpClients;
import cloud.klink.webhooks.examples.cli.recording.RecordedRequest;
import cloud.klink.webhooks.signature.SigningSecret;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends recorded requests again. */
@Command(
    name = "replay",
    description = {
      "Sends the requests of a file that 'record' wrote, in their order, each once. Method, headers"
          + " and body are those that were recorded, the signature too; it stays right if the"
          + " receiver verifies for the same public URL. With --sign they are signed anew for"
          + " --url.",
      "",
      "The exit status is 1 unless each is answered with 2xx."
    },
    footer = {
      "  klink-webhooks replay requests.jsonl --url http://127.0.0.1:3000/hook \\",
      "      --sign --secret-file secret.txt",
      "  1  POST  200 in 12 ms"
    })
final class ReplayCommand extends BaseCommand {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Set<String> OF_A_CONNECTION = Set.of(
      "host",
      "connection",
      "keep-alive",
      "te",
      "trailer",
      "transfer-encoding",
      "upgrade",
      "content-length",
      "expect",
      "http2-settings");

  @Parameters(
      paramLabel = "FILE",
      description = "The recorded requests; '-' is the standard input.")
  private Path file = Path.of("");

  @Option(
      names = {"-u", "--url"},
      paramLabel = "URL",
      required = true,
      description = "Where to send them. The recorded path and query are not used.")
  private String url = "";

  @Option(names = "--sign", description = "Sign each anew for the URL, with the secret.")
  private boolean sign;

  @Mixin
  private final SecretOptions secret;

  @Mixin
  private final TrustOptions trust = new TrustOptions();

  private final Input input;

  ReplayCommand(Surroundings surroundings) {
    this.secret = new SecretOptions(surroundings);
    this.input = new Input(surroundings);
  }

  @Override
  public Integer call() {
    SenderHeaders.request(url, List.of());
    SigningSecret signing = sign ? secret.one() : null;
    OkHttpClient client = trust.trusted().set(HttpClients.within(TIMEOUT)).build();
    int line = 0;
    int failed = 0;
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(input.open(file), StandardCharsets.UTF_8))) {
      for (String text = lines.readLine(); text != null; text = lines.readLine()) {
        line++;
        failed += replay(client, line, parse(line, text), signing) ? 0 : 1;
      }
    } catch (IOException e) {
      throw Input.unreadable(file, e);
    }
    if (failed > 0) {
      throw new Failed(failed + " of " + line + " not answered with 2xx");
    }
    return 0;
  }

  private RecordedRequest parse(int line, String text) {
    try {
      return RecordedRequest.parse(text);
    } catch (IllegalArgumentException e) {
      throw new BadInput(Input.name(file) + ":" + line + ": " + e.getMessage());
    }
  }

  private boolean replay(
      OkHttpClient client, int line, RecordedRequest recorded, @Nullable SigningSecret signing) {
    long begin = System.nanoTime();
    String outcome;
    boolean success = false;
    try (Response response = client.newCall(request(recorded, signing)).execute()) {
      success = response.isSuccessful();
      outcome = Integer.toString(response.code());
    } catch (IOException e) {
      outcome = "failed: " + e.getMessage();
    }
    long millis = SignedPost.since(begin).toMillis();
    print(
        line + "  " + recorded.method() + "  " + Printable.line(outcome) + " in " + millis + " ms",
        object()
            .put("line", line)
            .put("method", recorded.method())
            .put("outcome", outcome)
            .put("millis", millis));
    return success;
  }

  private Request request(RecordedRequest recorded, @Nullable SigningSecret signing) {
    Request.Builder request = new Request.Builder().url(url);
    for (Map.Entry<String, List<String>> header : recorded.headers().entrySet()) {
      if (!OF_A_CONNECTION.contains(header.getKey().toLowerCase(Locale.ROOT))) {
        header.getValue().forEach(value -> request.addHeader(header.getKey(), value));
      }
    }
    byte[] body = recorded.body();
    if (signing != null) {
      CanonicalRequest canonical = CanonicalRequest.of(recorded.method(), url, body, Dialect.KLINK);
      request.header(WebhookHeaders.SIGNATURE, signing.sign(canonical).hex());
    }
    boolean bodiless = body.length == 0 && Set.of("GET", "HEAD").contains(recorded.method());
    return request
        .method(recorded.method(), bodiless ? null : RequestBody.create(body))
        .build();
  }
}
