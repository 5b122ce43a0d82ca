package cloud.klink.webhooks.sender.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.logs.CapturedLog;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import cloud.klink.webhooks.sender.webhook.InvalidWebhookException;
import cloud.klink.webhooks.sender.webhook.Webhook;
import cloud.klink.webhooks.sender.webhook.WebhookEditor;
import cloud.klink.webhooks.signature.SigningSecret;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** Headers of a customer's choice: refused when they are entered, and again when they are sent. */
class HeaderTableTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String SECRET = "hunter2";

  private static final List<String> GOOD_NAMES = List.of(
      "Authorization",
      "Cookie",
      "X-API-Key",
      "Api_Key",
      "x",
      "0",
      "!#$%&'*+-.^_`|~",
      "Accept",
      "From",
      "Origin",
      "Referer",
      "Contents",
      "IfMatch",
      "X-Klinker",
      "X-Signature-Other",
      "x".repeat(100));

  private static final List<String> BAD_NAMES = List.of(
      // no token of RFC 9110
      " ",
      "X Key",
      " X-Key",
      "X-Key ",
      "X-Key:",
      ":path",
      ":authority",
      "X-Key\r\nX-Signature",
      "X-Key\n",
      "X-Key\r",
      "X-Key\t",
      "X-Key\0",
      "X-Key\u007f",
      "X(Key)",
      "X<Key>",
      "X@Key",
      "X,Key",
      "X;Key",
      "X\\Key",
      "X\"Key\"",
      "X/Key",
      "X[Key]",
      "X?Key",
      "X=Key",
      "X{Key}",
      "X-Këy",
      "X-Kеy",
      "Х-Key",
      "x".repeat(101),
      // where a message ends and how it travels
      "Connection",
      "Content-Length",
      "content-length",
      "Expect",
      "Host",
      "HOST",
      "HTTP2-Settings",
      "Keep-Alive",
      "Max-Forwards",
      "Proxy-Authenticate",
      "Proxy-Authorization",
      "Proxy-Connection",
      "TE",
      "Trailer",
      "Transfer-Encoding",
      "transfer-ENCODING",
      "Upgrade",
      "Via",
      // what the message is, and on what condition it is served
      "Accept-Encoding",
      "Content-Digest",
      "Content-Encoding",
      "Content-Language",
      "Content-Location",
      "Content-MD5",
      "Content-Range",
      "Content-Type",
      "Date",
      "If-Match",
      "If-Modified-Since",
      "If-None-Match",
      "If-Range",
      "Range",
      // the sender's own, and a WebSocket's
      "User-Agent",
      "X-Signature",
      "x-signature",
      "X-Klink-Attempt",
      "X-Klink-Delivery-Id",
      "X-Klink-Event",
      "X-Klink-Event-Id",
      "x-klink-anything",
      "Sec-WebSocket-Extensions",
      "Sec-WebSocket-Key");

  private static final List<String> GOOD_VALUES =
      List.of(SECRET, "a b", "a\tb", "a: b, c; \"d\"", "~!", "x".repeat(4_096));

  private static final List<String> BAD_VALUES = List.of(
      " " + SECRET,
      SECRET + " ",
      "\t" + SECRET,
      SECRET + "\r\nX-Signature: 0",
      SECRET + "\r\n\r\nPOST / HTTP/1.1",
      SECRET + "\n",
      SECRET + "\r",
      SECRET + "\0",
      SECRET + "\u001b[0m",
      SECRET + "\u007f",
      SECRET + "\u0085",
      SECRET + "\u010a",
      SECRET + "é",
      SECRET + "\u2028",
      SECRET + "😀",
      SECRET + "x".repeat(4_090));

  private final RawServer server =
      RawServer.saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  private final InMemoryStorage storage = new InMemoryStorage();
  private final WebhookSender sender =
      WebhookSender.builder(storage).endpoints(EndpointPolicy.forDevelopment()).build();

  @AfterEach
  void stop() {
    sender.stop(Duration.ZERO).join();
    server.close();
  }

  private WebhookEditor editor(String name, String value) {
    return sender
        .webhooks()
        .create(Environment.PRODUCTION)
        .name("CRM")
        .url(server.url())
        .headerAuthentication(name, value)
        .subscribe(EventName.CONTACT_CREATED);
  }

  private void assertRefused(String name, String value, String field) {
    WebhookEditor editor = editor(name, value);
    Map<String, List<String>> faults = new HashMap<>();
    try {
      editor.save();
    } catch (InvalidWebhookException e) {
      faults.putAll(e.faults());
      assertThat(e.getMessage()).doesNotContain(SECRET);
    }
    assertThat(faults).as(name + ": " + value).containsOnlyKeys(field);
  }

  @Test
  void save_ofAHeaderThatCannotBe_namesTheFieldOnly() {
    BAD_NAMES.forEach(name -> assertRefused(name, SECRET, "authentication.name"));
    BAD_VALUES.forEach(value -> assertRefused("X-Key", value, "authentication.value"));
  }

  @Test
  void send_ofHeadersThatMayBe_sendsThemAsTheyAre() {
    sender.start();
    GOOD_NAMES.forEach(name -> editor(name, SECRET).save());
    GOOD_VALUES.forEach(value -> editor("X-Key", value).save());

    publish();

    int all = GOOD_NAMES.size() + GOOD_VALUES.size();
    await().atMost(PATIENCE).until(() -> server.heads().size() == all);
    List<String> lines = server.heads().stream().flatMap(List::stream).toList();
    GOOD_NAMES.forEach(name -> assertThat(lines).contains(name + ": " + SECRET));
    GOOD_VALUES.forEach(value -> assertThat(lines).contains("X-Key: " + value));
  }

  private List<String> publish() {
    return sender
        .publish(
            Environment.PRODUCTION,
            Event.builder(EventName.CONTACT_CREATED).timestamp(Instant.EPOCH).build())
        .deliveryIds();
  }

  /** As nobody can save it, but a storage may hold it. */
  private void store(String id, String name, String value) {
    Webhook webhook = editor("X-Key", SECRET).save();
    Webhook hostile = webhook.toBuilder().id(id).authenticationHeader(name).build();
    String secret = SigningSecret.generate(new SecureRandom()).reveal();
    assertThat(storage.insert(new StoredWebhook(hostile, secret, value))).isTrue();
    sender.webhooks().delete(webhook.id());
  }

  @Test
  void send_ofARowWithAHostileName_failsWithoutSendingOrTellingTheSecret() {
    for (int i = 0; i < BAD_NAMES.size(); i++) {
      store("wh_" + i, BAD_NAMES.get(i), SECRET);
    }
    sender.start();

    List<String> deliveries = publish();

    assertThat(deliveries).hasSameSizeAs(BAD_NAMES);
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(deliveries)
            .allSatisfy(id -> assertThat(storage.attempts(id)).isNotEmpty()));
    assertThat(deliveries).allSatisfy(id -> {
      Attempt attempt = storage.attempts(id).get(0);
      assertThat(attempt.result().outcome()).isEqualTo(AttemptOutcome.NOT_ALLOWED);
      assertThat(attempt.result().error()).contains("header").doesNotContain(SECRET);
      assertThat(attempt.result().trace()).doesNotContain(SECRET);
    });
    assertThat(server.connections()).isZero();
  }

  /** Such a value was never entered, so the row is damaged: what it is for waits. */
  @Test
  void send_ofARowWithAHostileValue_waitsWithoutSendingOrTellingTheSecret() {
    try (CapturedLog log = CapturedLog.from(Level.TRACE)) {
      for (int i = 0; i < BAD_VALUES.size(); i++) {
        store("wh_" + i, "X-Key", BAD_VALUES.get(i));
      }
      store("wh_" + BAD_VALUES.size(), "X-Key", "");
      sender.start();

      List<String> deliveries = publish();

      assertThat(deliveries).hasSize(BAD_VALUES.size() + 1);
      await()
          .atMost(PATIENCE)
          .until(() -> sender.health().unreadableWebhooks() == deliveries.size());
      assertThat(deliveries).allSatisfy(id -> assertThat(storage.attempts(id)).isEmpty());
      assertThat(log.lines())
          .anyMatch(line -> line.text().contains("wh_"))
          .noneMatch(line -> (line.text() + line.exception()).contains(SECRET));
    }
    assertThat(server.connections()).isZero();
  }
}
