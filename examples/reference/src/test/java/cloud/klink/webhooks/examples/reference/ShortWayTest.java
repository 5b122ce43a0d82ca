package cloud.klink.webhooks.examples.reference;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.canonical.CanonicalRequest;
import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.signature.SigningSecret;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The function that hashes the raw body. Go's is what its verifier calls. */
@Tag("debian")
@Timeout(60)
class ShortWayTest {
  private static final String SECRET = "whsec_klink_test_secret";
  private static final String BODY = "{\"event\":\"contact.created\",\"name\":\"ខ្មែរ\"}";

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
          PYTHON | -c | import sys, klink_webhook; a = sys.argv[1:]; print("authentic" if klink_webhook.raw_body_is_authentic(a[0], a[1], a[2].encode(), a[3]) else "refused")
          NODE | -e | import("./klink-webhook.mjs").then((m) => { const [r, s, b, g] = process.argv.slice(1); console.log(m.rawBodyIsAuthentic(r, s, Buffer.from(b), g) ? "authentic" : "refused"); })
          PHP | -r | require "klink_webhook.php"; [, $r, $s, $b, $g] = $argv; echo KlinkWebhook\\raw_body_is_authentic($r, $s, $b, $g) ? "authentic" : "refused";
          """)
  void rawBody_signedAsItIs_isAuthenticAndOthersAreNot(
      Language language, String option, String program) {
    String signature = SigningSecret.of(SECRET)
        .sign(CanonicalRequest.of(
            "POST", "https://example.com/hook", BODY.getBytes(UTF_8), Dialect.KLINK))
        .hex();
    String request = "POSThttps://example.com/hook";
    assertThat(run(language, option, program, request, BODY, signature)).isEqualTo("authentic");
    assertThat(run(language, option, program, request, BODY + " ", signature)).isEqualTo("refused");
    assertThat(run(language, option, program, request + "s", BODY, signature)).isEqualTo("refused");
    assertThat(run(language, option, program, request, BODY, "ស")).isEqualTo("refused");
    assertThat(run(language, option, program, request, BODY, "")).isEqualTo("refused");
  }

  private static String run(Language language, String option, String program, String... arguments) {
    return language
        .build(List.of(
            language.executable(),
            option,
            program,
            arguments[0],
            SECRET,
            arguments[1],
            arguments[2]))
        .strip();
  }
}
