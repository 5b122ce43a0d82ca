package cloud.klink.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.canonical.CanonicalRequest;
import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.signature.SigningSecret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The worked example of CANONICAL.md, which people will compute by hand. */
class WorkedExampleTest {
  private static final SigningSecret SECRET = SigningSecret.of("whsec_klink_test_secret");
  private static final String URL = "https://Hooks.example.com:443/klink?tag=vip&id=7&tag=new";
  private static final String BODY = "{ \"event\": \"message.inbound\", \"data\": "
      + "{\"text\": \"សួស្តី <3\", \"read\": 1.0}, \"id\": \"evt_1\" }";

  private final String page = read();

  @Test
  void page_workedExample_isWhatThisImplementationPrintsAndSigns() {
    CanonicalRequest request = request(Dialect.KLINK);

    assertThat(page)
        .contains("whsec_klink_test_secret", URL, BODY)
        .contains("canonical  " + request.text() + "\n")
        .contains("signature  " + SECRET.sign(request).hex() + "\n");
  }

  @Test
  void page_otherDialects_areWhatThisImplementationPrintsAndSigns() {
    for (Dialect dialect : List.of(Dialect.PYTHON_ASCII, Dialect.GO, Dialect.GO_NUMBER)) {
      CanonicalRequest request = request(dialect);

      assertThat(page)
          .contains("…" + request.body().text() + "\n")
          .contains("signature     " + SECRET.sign(request).hex() + "\n");
    }
  }

  private static CanonicalRequest request(Dialect dialect) {
    return CanonicalRequest.of("POST", URL, BODY.getBytes(StandardCharsets.UTF_8), dialect);
  }

  private static String read() {
    try {
      return Files.readString(Path.of("CANONICAL.md"));
    } catch (IOException e) {
      throw new IllegalStateException("CANONICAL.md is not in this module's folder", e);
    }
  }
}
