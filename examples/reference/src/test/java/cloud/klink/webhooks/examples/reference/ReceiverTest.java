package cloud.klink.webhooks.examples.reference;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.canonical.CanonicalRequest;
import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.signature.SigningSecret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each language's receiver answers to requests, good and bad, over HTTP. */
@Tag("debian")
@Timeout(300)
class ReceiverTest {
  private static final String SECRET = "whsec_klink_test_secret";
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Map<Language, ReceiverProgram> RECEIVERS = new EnumMap<>(Language.class);

  @TempDir
  private static Path directory;

  @BeforeAll
  static void start() {
    for (Language language : Language.values()) {
      RECEIVERS.put(language, ReceiverProgram.start(language, SECRET, directory));
    }
  }

  @AfterAll
  static void stop() {
    RECEIVERS.values().forEach(ReceiverProgram::close);
  }

  private static String event(String id) {
    return "{\"data\":{\"name\":\"សុខ\",\"price\":2.0},\"event\":\"contact.created\",\"id\":\"" + id
        + "\"}";
  }

  private static String url(Language language) {
    return RECEIVERS.get(language).url();
  }

  private static String sign(String secret, String url, String body, Dialect dialect) {
    return SigningSecret.of(secret)
        .sign(CanonicalRequest.of("POST", url, body.getBytes(UTF_8), dialect))
        .hex();
  }

  private static String sign(Language language, String body) {
    return sign(SECRET, url(language), body, Dialect.KLINK);
  }

  private static String post(Language language, String body, String... signatures)
      throws IOException, InterruptedException {
    return postTo(url(language), body, signatures);
  }

  private static String postTo(String url, String body, String... signatures)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body));
    List.of(signatures).forEach(signature -> request.header("X-Signature", signature));
    HttpResponse<String> response = CLIENT.send(request.build(), BodyHandlers.ofString());
    return response.statusCode() + " " + response.body().strip().replaceAll(".*: ?\"|\"}", "");
  }

  @ParameterizedTest
  @EnumSource(Language.class)
  void event_twice_isHandledOnce(Language language) throws Exception {
    String id = UUID.randomUUID().toString();
    String signature = sign(language, event(id));
    assertThat(post(language, event(id), signature)).isEqualTo("200 processed");
    assertThat(post(language, event(id), signature)).isEqualTo("200 duplicate");
    ReceiverProgram receiver = RECEIVERS.get(language);
    await()
        .untilAsserted(() -> assertThat(receiver.handled("contact.created", id))
            .as(() -> receiver.lines().toString())
            .isEqualTo(1));
  }

  @ParameterizedTest
  @EnumSource(Language.class)
  void body_printedAnewOnItsWay_isVerified(Language language) throws Exception {
    String id = UUID.randomUUID().toString();
    String printed = "{ \"id\": \"" + id + "\",\n \"event\": \"contact.created\", \"data\": "
        + "{\"price\": 2.0, \"name\": \"\\u179f\\u17BB\\u1781\"} }";
    assertThat(post(language, printed, sign(language, event(id)))).isEqualTo("200 processed");
  }

  @ParameterizedTest
  @EnumSource(Language.class)
  void body_tampered_isRefused(Language language) throws Exception {
    String signature = sign(language, event("a"));
    assertThat(post(language, event("b"), signature)).isEqualTo("401 signature_mismatch");
  }

  @ParameterizedTest
  @EnumSource(Language.class)
  void request_ofAnotherSecretUrlOrDialect_isRefused(Language language) throws Exception {
    String body = event("other");
    String url = url(language);
    for (String signature : List.of(
        sign("another", url, body, Dialect.KLINK),
        sign(SECRET, url + "/", body, Dialect.KLINK),
        sign(SECRET, url + "?a=1", body, Dialect.KLINK),
        sign(SECRET, url, body, Dialect.PYTHON_ASCII),
        "0".repeat(64))) {
      assertThat(post(language, body, signature)).isEqualTo("401 signature_mismatch");
    }
  }

  @ParameterizedTest
  @EnumSource(Language.class)
  void signature_missingRepeatedOrMalformed_isRefused(Language language) throws Exception {
    String body = event("signature");
    String signature = sign(language, body);
    assertThat(post(language, body)).isEqualTo("401 missing_signature");
    assertThat(post(language, body, signature, signature))
        .isEqualTo(language == Language.PHP ? "400 malformed_signature" : "400 repeated_signature");
    for (String malformed : List.of(
        signature.toUpperCase(java.util.Locale.ROOT),
        signature.substring(1),
        signature + "0",
        "sha256=" + signature,
        "")) {
      assertThat(post(language, body, malformed)).isEqualTo("400 malformed_signature");
    }
  }

  @ParameterizedTest
  @EnumSource(Language.class)
  void body_thatCanBeReadInTwoWays_isRefused(Language language) throws Exception {
    String signature = sign(language, event("two"));
    for (String body : List.of(
        event("two").replace("{\"data\"", "{\"id\":\"x\",\"data\""),
        event("two") + "x",
        "{",
        "\uFEFF" + event("two"))) {
      assertThat(post(language, body, signature)).isEqualTo("400 malformed_body");
    }
    assertThat(post(language, "", signature)).isEqualTo("400 empty_body");
  }

  @ParameterizedTest
  @EnumSource(Language.class)
  void body_authenticButNoEvent_isRefused(Language language) throws Exception {
    for (String body : List.of("[]", "1", "null", "\"event\"", "{\"event\":1}", "{}")) {
      assertThat(post(language, body, sign(language, body))).isEqualTo("422 malformed_event");
    }
  }

  @ParameterizedTest
  @EnumSource(Language.class)
  void event_withANumberAsItsId_isHandledEachTime(Language language) throws Exception {
    String body = "{\"event\":\"contact.created\",\"id\":12345678901234567890}";
    assertThat(post(language, body, sign(language, body))).isEqualTo("200 processed");
    assertThat(post(language, body, sign(language, body))).isEqualTo("200 processed");
  }

  @ParameterizedTest
  @EnumSource(Language.class)
  void body_beyondItsLimit_isRefused(Language language) throws Exception {
    String body = "\"" + "x".repeat(3 << 20) + "\"";
    assertThat(post(language, body, sign(language, body))).isEqualTo("413 body_too_large");
  }

  @ParameterizedTest
  @EnumSource(Language.class)
  void request_toAnotherPath_isNotFound(Language language) throws Exception {
    String body = event("path");
    assertThat(postTo(url(language) + "s", body, sign(language, body))).isEqualTo("404 wrong_path");
  }
}
