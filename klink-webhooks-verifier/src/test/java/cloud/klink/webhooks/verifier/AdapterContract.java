package cloud.klink.webhooks.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.WebhookHeaders;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every HTTP adapter must do, proven through a real socket. */
public abstract class AdapterContract {
  protected static final int LIMIT = 1_000;

  private static final String LINE = "POST /internal/path?" + Fixtures.QUERY;
  private static final byte[] EVENT = Fixtures.event("contact.created", "evt_1");

  /** What came through, in the order in which it did. */
  protected final BlockingQueue<VerifiedWebhook> received = new LinkedBlockingQueue<>();

  private final List<Server> servers = new ArrayList<>();

  /** A server that puts what is authentic into {@link #received} and answers 2xx to it. */
  public interface Server extends AutoCloseable {
    int port();

    @Override
    void close();
  }

  protected abstract Server start(WebhookVerifier verifier) throws Exception;

  @AfterEach
  void stop() {
    servers.forEach(Server::close);
  }

  private RawClient connect() throws Exception {
    return connect(Fixtures.verifier().maxBodyBytes(LIMIT).build());
  }

  private RawClient connect(WebhookVerifier verifier) throws Exception {
    Server server = start(verifier);
    servers.add(server);
    return new RawClient(server.port());
  }

  private static String signature(String value) {
    return WebhookHeaders.SIGNATURE + ": " + value;
  }

  private static String length(long length) {
    return "Content-Length: " + length;
  }

  private void assertRefused(RawClient client, RefusalReason reason) throws IOException {
    RawClient.Response response = client.response();
    assertThat(response.status()).isEqualTo(reason.status());
    assertThat(response.body())
        .isEqualTo("{\"code\":\"" + reason.code() + "\",\"description\":\"" + reason.description()
            + "\"}\n");
    assertThat(response.has("Content-Type: application/json")).isTrue();
    assertThat(received).isEmpty();
  }

  private void assertRefused(RefusalReason reason, byte[] body, String line, String... headers)
      throws Exception {
    List<String> all = new ArrayList<>(List.of(headers));
    all.add(length(body.length));
    try (RawClient client = connect()) {
      client.head(line, all.toArray(String[]::new));
      client.bytes(body);
      assertRefused(client, reason);
    }
  }

  @Test
  void request_rightlySigned_isAccepted() throws Exception {
    try (RawClient client = connect()) {
      client.head(LINE, signature(Fixtures.sign(EVENT)), length(EVENT.length));
      client.bytes(EVENT);
      assertThat(client.response().status()).isEqualTo(200);
      assertThat(received.take().body().toBytes()).isEqualTo(EVENT);
    }
  }

  @Test
  void request_chunkedAndNotCanonical_isHandedOnCanonical() throws Exception {
    byte[] body = Fixtures.utf8("{ \"timestamp\" : \"2026-01-09T03:42:38Z\",\r\n\t\"event\":"
        + " \"contact.cre\\u0061ted\", \"data\": null }");
    byte[] canonical = Fixtures.utf8("{\"data\":null,\"event\":\"contact.created\","
        + "\"timestamp\":\"2026-01-09T03:42:38Z\"}");
    try (RawClient client = connect()) {
      client.head(LINE, signature(Fixtures.sign(canonical)), "Transfer-Encoding: chunked");
      for (byte b : body) {
        client.bytes(new byte[] {'1', '\r', '\n', b, '\r', '\n'});
      }
      client.bytes(Fixtures.utf8("0\r\n\r\n"));
      assertThat(client.response().status()).isEqualTo(200);
      assertThat(received.take().body().toBytes()).isEqualTo(canonical);
    }
  }

  @Test
  void request_afterAnotherOnOneConnection_isAccepted() throws Exception {
    try (RawClient client = connect()) {
      for (int i = 0; i < 3; i++) {
        client.head(LINE, signature(Fixtures.sign(EVENT)), length(EVENT.length));
        client.bytes(EVENT);
        assertThat(client.response().status()).isEqualTo(200);
      }
      assertThat(received).hasSize(3);
    }
  }

  @Test
  void header_missing_isRefused() throws Exception {
    assertRefused(RefusalReason.MISSING_SIGNATURE, EVENT, LINE);
  }

  @Test
  void header_missing_isRefusedBeforeTheBody() throws Exception {
    try (RawClient client = connect()) {
      client.head(LINE, length(LIMIT));
      RawClient.Response response = client.response();
      assertThat(response.status()).isEqualTo(401);
      assertThat(response.has("WWW-Authenticate: HMAC-SHA256 realm=\"webhooks\""))
          .isTrue();
    }
  }

  @Test
  void header_twice_isRefused() throws Exception {
    String right = signature(Fixtures.sign(EVENT));
    assertRefused(RefusalReason.REPEATED_SIGNATURE, EVENT, LINE, right, right);
  }

  @Test
  void header_twiceInAnotherCase_isRefused() throws Exception {
    String right = signature(Fixtures.sign(EVENT));
    assertRefused(
        RefusalReason.REPEATED_SIGNATURE,
        EVENT,
        LINE,
        right,
        right.replace("X-Signature", "x-SIGNATURE"));
  }

  @Test
  void header_twoInOneLine_isRefused() throws Exception {
    String right = Fixtures.sign(EVENT);
    assertRefused(RefusalReason.SIGNATURE_LENGTH, EVENT, LINE, signature(right + ", " + right));
  }

  @Test
  void signature_upperCase_isRefused() throws Exception {
    assertRefused(
        RefusalReason.SIGNATURE_UPPER_CASE,
        EVENT,
        LINE,
        signature(Fixtures.sign(EVENT).toUpperCase(Locale.ROOT)));
  }

  @Test
  void signature_short_isRefused() throws Exception {
    assertRefused(
        RefusalReason.SIGNATURE_LENGTH,
        EVENT,
        LINE,
        signature(Fixtures.sign(EVENT).substring(1)));
  }

  @Test
  void signature_empty_isRefused() throws Exception {
    assertRefused(RefusalReason.SIGNATURE_LENGTH, EVENT, LINE, signature(""));
  }

  @Test
  void signature_notHex_isRefused() throws Exception {
    assertRefused(
        RefusalReason.SIGNATURE_NOT_HEX,
        EVENT,
        LINE,
        signature("g" + Fixtures.sign(EVENT).substring(1)));
  }

  @Test
  void signature_ofAnotherBody_isRefused() throws Exception {
    assertRefused(
        RefusalReason.SIGNATURE_MISMATCH,
        EVENT,
        LINE,
        signature(Fixtures.sign(Fixtures.event("contact.created", "evt_2"))));
  }

  @Test
  void body_empty_isRefused() throws Exception {
    assertRefused(
        RefusalReason.EMPTY_BODY, new byte[0], LINE, signature(Fixtures.sign(new byte[0])));
  }

  @Test
  void body_malformed_isRefused() throws Exception {
    assertRefused(
        RefusalReason.MALFORMED_BODY,
        Fixtures.utf8("{\"a\":1,\"a\":2}"),
        LINE,
        signature(Fixtures.sign(EVENT)));
  }

  @Test
  void body_ofTheLimit_isRead() throws Exception {
    byte[] body = Fixtures.utf8("\"" + "x".repeat(LIMIT - 2) + "\"");
    try (RawClient client = connect()) {
      client.head(LINE, signature(Fixtures.sign(EVENT)), length(body.length));
      client.bytes(body);
      assertRefused(client, RefusalReason.SIGNATURE_MISMATCH);
    }
  }

  @Test
  void body_declaredTooLong_isRefusedBeforeItIsSent() throws Exception {
    try (RawClient client = connect()) {
      client.head(LINE, signature(Fixtures.sign(EVENT)), length(LIMIT + 1));
      assertRefused(client, RefusalReason.BODY_TOO_LARGE);
    }
  }

  @Test
  void body_declaredHuge_isRefusedBeforeItIsSent() throws Exception {
    try (RawClient client = connect()) {
      client.head(LINE, signature(Fixtures.sign(EVENT)), length(Long.MAX_VALUE));
      assertRefused(client, RefusalReason.BODY_TOO_LARGE);
    }
  }

  @Test
  void body_endless_isRefusedAtTheLimit() throws Exception {
    try (RawClient client = connect()) {
      client.head(LINE, signature(Fixtures.sign(EVENT)), "Transfer-Encoding: chunked");
      client.bytes(Fixtures.utf8("7fffffff\r\n"));
      for (int i = 0; i <= LIMIT; i++) {
        client.bytes(new byte[] {' '});
      }
      // Nothing more is sent, and yet the answer comes.
      assertRefused(client, RefusalReason.BODY_TOO_LARGE);
      assertThat(client.isClosedOnSender(64 << 20)).isTrue();
    }
  }

  @Test
  void body_tooLargeAndStillBeingSent_isRefusedAndReadToItsEnd() throws Exception {
    assertReadToItsEnd(RefusalReason.BODY_TOO_LARGE, signature(Fixtures.sign(EVENT)));
  }

  @Test
  void body_ofARequestWithoutSignature_isReadToItsEnd() throws Exception {
    assertReadToItsEnd(RefusalReason.MISSING_SIGNATURE, "Accept: */*");
  }

  /** A server that closes while a client sends resets the connection, and the answer is lost. */
  private void assertReadToItsEnd(RefusalReason reason, String header) throws Exception {
    byte[] part = new byte[1 << 16];
    try (RawClient client = connect()) {
      client.head(LINE, header, length(64L * part.length));
      client.bytes(part);
      assertRefused(client, reason);
      for (int i = 1; i < 64; i++) {
        client.bytes(part);
      }
    }
  }

  @Test
  void query_missing_isRefused() throws Exception {
    assertRefused(
        RefusalReason.WRONG_QUERY, EVENT, "POST /internal/path", signature(Fixtures.sign(EVENT)));
  }

  @Test
  void query_other_isRefused() throws Exception {
    assertRefused(
        RefusalReason.WRONG_QUERY, EVENT, LINE + "&admin=true", signature(Fixtures.sign(EVENT)));
  }

  @Test
  void method_wrong_isRefused() throws Exception {
    try (RawClient client = connect()) {
      client.head(
          LINE.replace("POST", "PUT"), signature(Fixtures.sign(EVENT)), length(EVENT.length));
      client.bytes(EVENT);
      RawClient.Response response = client.response();
      assertThat(response.status()).isEqualTo(405);
      assertThat(response.has("Allow: POST")).isTrue();
      assertThat(response.body()).contains("\"wrong_method\"");
      assertThat(received).isEmpty();
    }
  }

  @Test
  void method_head_isRefusedWithoutABody() throws Exception {
    try (RawClient client = connect()) {
      client.head(LINE.replace("POST", "HEAD"), "Connection: close");
      String response = client.rest();
      assertThat(response).startsWith("HTTP/1.1 405 ").endsWith("\r\n\r\n");
    }
  }

  @Test
  void source_wrong_isRefused() throws Exception {
    WebhookVerifier verifier =
        Fixtures.verifier().allowedSources(WebhookVerifier.KLINK_ADDRESS).build();
    try (RawClient client = connect(verifier)) {
      client.head(
          LINE,
          signature(Fixtures.sign(EVENT)),
          "X-Forwarded-For: 51.79.216.180",
          length(EVENT.length));
      client.bytes(EVENT);
      assertRefused(client, RefusalReason.WRONG_SOURCE);
    }
  }

  @Test
  void source_right_isAccepted() throws Exception {
    WebhookVerifier verifier =
        Fixtures.verifier().allowedSources("127.0.0.0/8", "::1").build();
    try (RawClient client = connect(verifier)) {
      client.head(LINE, signature(Fixtures.sign(EVENT)), length(EVENT.length));
      client.bytes(EVENT);
      assertThat(client.response().status()).isEqualTo(200);
    }
  }

  @Test
  void response_toAnUnknownPathAndSignature_holdsNothingOfThem() throws Exception {
    try (RawClient client = connect()) {
      client.head("POST /canary-path?canary-query", signature("canary-signature"), length(0));
      assertThat(client.response().toString()).doesNotContain("canary");
    }
  }
}
