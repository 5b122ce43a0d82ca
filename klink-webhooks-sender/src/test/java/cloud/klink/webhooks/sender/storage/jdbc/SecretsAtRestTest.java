package cloud.klink.webhooks.sender.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.canonical.CanonicalRequest;
import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.Reencrypted;
import cloud.klink.webhooks.sender.SecretCodecs;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.internal.secret.SecretCodec;
import cloud.klink.webhooks.sender.logs.CapturedLog;
import cloud.klink.webhooks.sender.logs.LogLine;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.secret.AesGcmCipher;
import cloud.klink.webhooks.signature.Signature;
import cloud.klink.webhooks.signature.SigningSecret;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.event.Level;

/** Encryption from its beginning to its end, on real databases, as their columns show it. */
class SecretsAtRestTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Environment PRODUCTION = Environment.PRODUCTION;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final byte[] OLD = AesGcmCipher.generateKey(RANDOM);
  private static final byte[] NEW = AesGcmCipher.generateKey(RANDOM);
  private static final SecretCodec ONE = SecretCodec.encrypting(AesGcmCipher.of("k1", OLD));
  private static final SecretCodec TURNING_ON = ONE.allowingUnencrypted();
  private static final SecretCodec TWO =
      SecretCodec.encrypting(AesGcmCipher.of("k2", NEW).withOlderKey("k1", OLD));
  private static final SecretCodec ONLY_TWO = SecretCodec.encrypting(AesGcmCipher.of("k2", NEW));
  private static final SecretCodec OFF = SecretCodec.decrypting(AesGcmCipher.of("k2", NEW));

  private final MockWebServer server = new MockWebServer();
  private final Set<String> secrets = new HashSet<>();
  private int events;

  @TempDir
  private Path directory;

  @BeforeEach
  void start() throws IOException {
    server.setDispatcher(new Dispatcher() {
      @Override
      public MockResponse dispatch(RecordedRequest request) {
        return new MockResponse.Builder().code(200).build();
      }
    });
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static WebhookSender sender(
      JdbcDatabase kind, DataSource database, SecretCodec secretCodec) {
    return SecretCodecs.use(
            secretCodec, WebhookSender.builder(EmptyDatabase.storage(kind, database)))
        .endpoints(EndpointPolicy.forDevelopment())
        .pollInterval(Duration.ofMillis(20))
        .build();
  }

  private String create(WebhookSender sender, String token) {
    String id = sender
        .webhooks()
        .create(PRODUCTION)
        .name("Orders")
        .url(server.url("/" + token).toString())
        .basicAuthentication(token)
        .subscribe(EventName.CONTACT_CREATED)
        .save()
        .id();
    secrets.add(token);
    secrets.add(sender.webhooks().revealSecret(id).reveal());
    return id;
  }

  private List<String> publish(WebhookSender sender) {
    Event event = Event.builder(EventName.CONTACT_CREATED)
        .id("evt_" + ++events)
        .timestamp(Instant.EPOCH)
        .build();
    return sender.publish(PRODUCTION, event).deliveryIds();
  }

  /** What the database itself holds. */
  private static List<String> columns(DataSource database) throws SQLException {
    List<String> columns = new ArrayList<>();
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(
            "SELECT secret, auth_value FROM klink_webhook ORDER BY id");
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        columns.add(Objects.requireNonNull(rows.getString(1)));
        columns.add(Objects.requireNonNull(rows.getString(2)));
      }
    }
    return columns;
  }

  private static void put(DataSource database, String id, String column, String value)
      throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement update = connection.prepareStatement(
            "UPDATE klink_webhook SET " + column + " = ? WHERE id = ?")) {
      update.setString(1, value);
      update.setString(2, id);
      assertThat(update.executeUpdate()).isEqualTo(1);
    }
  }

  /** With the header, and a signature that the secret verifies. */
  private void assertArrives(WebhookSender sender, String webhookId, String token)
      throws InterruptedException {
    List<String> ids = publish(sender);
    RecordedRequest request = Objects.requireNonNull(
        server.takeRequest(PATIENCE.toSeconds(), TimeUnit.SECONDS), "nothing was sent");
    assertThat(request.getHeaders().get("Authorization")).isEqualTo(token);
    byte[] body = Objects.requireNonNull(request.getBody()).toByteArray();
    assertThat(sender
            .webhooks()
            .revealSecret(webhookId)
            .verifies(
                CanonicalRequest.of("POST", request.getUrl().toString(), body, Dialect.KLINK),
                Signature.parse(Objects.requireNonNull(request.getHeaders().get("X-Signature")))))
        .isTrue();
    assertSent(sender, ids);
  }

  private static void assertSent(WebhookSender sender, List<String> ids) {
    await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .until(() ->
            ids.stream().allMatch(id -> delivery(sender, id).state() == DeliveryState.SUCCEEDED));
    assertThat(ids).allSatisfy(id -> assertThat(delivery(sender, id).attempts()).isEqualTo(1));
  }

  private static Delivery delivery(WebhookSender sender, String id) {
    return sender.deliveries().find(id).orElseThrow();
  }

  @ParameterizedTest
  @EnumSource
  void encryption_turnedOnRotatedAndTurnedOff_neverStopsDeliveriesOrShowsASecret(JdbcDatabase kind)
      throws Exception {
    DataSource database = EmptyDatabase.of(kind, directory);
    EmptyDatabase.storage(kind, database).migrate();
    try (CapturedLog log = CapturedLog.from(Level.TRACE)) {
      String id;
      SigningSecret secret;
      try (WebhookSender sender = sender(kind, database, SecretCodec.plain())) {
        sender.start();
        id = create(sender, "hunter2");
        secret = sender.webhooks().revealSecret(id);
        assertThat(columns(database)).containsExactly(secret.reveal(), "hunter2");
        assertArrives(sender, id, "hunter2");
      }
      List<SecretCodec> course = List.of(TURNING_ON, TWO, ONLY_TWO, OFF, SecretCodec.plain());
      List<String> heads = List.of("enc:1:k1:", "enc:1:k2:", "enc:1:k2:", "", "");
      for (int i = 0; i < course.size(); i++) {
        try (WebhookSender sender = sender(kind, database, course.get(i))) {
          sender.start();
          assertArrives(sender, id, "hunter2");
          int changed = List.of(1, 1, 0, 1, 0).get(i);
          assertThat(Reencrypted.by(sender.webhooks()))
              .isEqualTo(new Reencrypted(changed, 1 - changed, Set.of()));
          assertArrives(sender, id, "hunter2");
          assertThat(sender.webhooks().revealSecret(id)).isEqualTo(secret);
          String head = heads.get(i);
          assertThat(columns(database))
              .allSatisfy(text -> assertThat(text)
                  .startsWith(head)
                  .matches(any -> head.isEmpty() || secrets.stream().noneMatch(any::contains)));
        }
      }
      assertThat(columns(database)).containsExactly(secret.reveal(), "hunter2");
      assertThat(log.lines())
          .allSatisfy(line -> assertThat(line.toString())
              .matches(text -> secrets.stream().noneMatch(text::contains)));
      assertThat(log.lines().stream()
              .map(LogLine::text)
              .flatMap(String::lines)
              .map(String::strip)
              .filter(text -> text.startsWith("secrets at rest")))
          .containsExactly(
              "secrets at rest: not encrypted",
              "secrets at rest: encrypted with AES-256-GCM, key k1;"
                  + " unencrypted ones are read, too",
              "secrets at rest: encrypted with AES-256-GCM, key k2 and 1 older one",
              "secrets at rest: encrypted with AES-256-GCM, key k2",
              "secrets at rest: not encrypted; encrypted ones are still read with AES-256-GCM, key k2",
              "secrets at rest: not encrypted");
    }
  }

  @ParameterizedTest
  @EnumSource
  void webhook_thatIsDamagedInTheDatabase_harmsOnlyItself(JdbcDatabase kind) throws Exception {
    DataSource database = EmptyDatabase.of(kind, directory);
    EmptyDatabase.storage(kind, database).migrate();
    try (WebhookSender sender = sender(kind, database, ONE)) {
      String damaged = create(sender, "hunter2");
      String healthy = create(sender, "hunter3");
      List<String> whole = columns(database);
      // A copy of another row's, which is whole in itself.
      put(database, damaged, "secret", whole.get(damaged.compareTo(healthy) < 0 ? 2 : 0));
      sender.start();

      List<String> held = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        List<String> ids = new ArrayList<>(publish(sender));
        ids.removeIf(id -> delivery(sender, id).webhookId().equals(damaged) && held.add(id));
        assertSent(sender, ids);
      }

      assertThat(held).hasSize(20).allSatisfy(id -> {
        assertThat(delivery(sender, id).state()).isEqualTo(DeliveryState.WAITING);
        assertThat(delivery(sender, id).attempts()).isZero();
      });
      assertThat(Reencrypted.by(sender.webhooks()))
          .isEqualTo(new Reencrypted(0, 1, Set.of(damaged)));
      SigningSecret fixed = sender.webhooks().regenerateSecret(damaged);
      assertSent(sender, held);
      assertThat(sender.webhooks().revealSecret(damaged)).isEqualTo(fixed);
    }
  }

  /** What a hand in the database does to one webhook. */
  private interface Tampering {
    void with(WebhookSender sender, DataSource database, String id) throws SQLException;
  }

  private void assertHolds(JdbcDatabase kind, Tampering tampering, String reason)
      throws SQLException {
    DataSource database = EmptyDatabase.of(kind, directory);
    EmptyDatabase.storage(kind, database).migrate();
    try (CapturedLog log = CapturedLog.from(Level.WARN);
        WebhookSender sender = sender(kind, database, ONE)) {
      String tampered = create(sender, "hunter2");
      create(sender, "hunter3");
      tampering.with(sender, database, tampered);
      sender.start();

      List<String> ids = new ArrayList<>(publish(sender));
      ids.removeIf(id -> delivery(sender, id).webhookId().equals(tampered));
      assertSent(sender, ids);

      await()
          .atMost(PATIENCE)
          .until(() -> log.lines().stream()
              .anyMatch(line -> line.text().contains(tampered + " cannot be read")
                  && line.text().contains(reason)));
      assertThat(server.getRequestCount()).isEqualTo(1);
      assertThat(Reencrypted.by(sender.webhooks()))
          .isEqualTo(new Reencrypted(0, 1, Set.of(tampered)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void authentication_ofAWebhookWhoseOriginIsChangedInTheDatabase_isNotSentThere(JdbcDatabase kind)
      throws Exception {
    try (MockWebServer thief = new MockWebServer()) {
      thief.start();
      assertHolds(
          kind,
          (sender, database, id) ->
              put(database, id, "url", thief.url("/hunter2").toString()),
          "secret_not_authentic");
      assertThat(thief.getRequestCount()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void authentication_thatIsPutBackAfterItWasReplaced_isNotRead(JdbcDatabase kind)
      throws Exception {
    assertHolds(
        kind,
        (sender, database, id) -> {
          String old = read(database, id, "auth_value");
          sender
              .webhooks()
              .edit(sender.webhooks().get(id).orElseThrow())
              .basicAuthentication("hunter4")
              .save();
          put(database, id, "auth_value", old);
        },
        "secret_not_authentic");
  }

  @ParameterizedTest
  @EnumSource
  void secret_thatIsPutBackAfterItWasReplaced_isNotRead(JdbcDatabase kind) throws Exception {
    assertHolds(
        kind,
        (sender, database, id) -> {
          String old = read(database, id, "secret");
          sender.webhooks().regenerateSecret(id);
          put(database, id, "secret", old);
        },
        "secret_not_authentic");
  }

  @ParameterizedTest
  @EnumSource
  void secret_thatIsReplacedByAPlainOne_isNotRead(JdbcDatabase kind) throws Exception {
    assertHolds(
        kind,
        (sender, database, id) -> put(database, id, "secret", "whsec_of_a_thief"),
        "secret_not_encrypted");
  }

  @ParameterizedTest
  @EnumSource
  void authentication_thatIsReplacedByAPlainOne_isNotRead(JdbcDatabase kind) throws Exception {
    assertHolds(
        kind,
        (sender, database, id) -> put(database, id, "auth_value", "of-a-thief"),
        "secret_not_encrypted");
  }

  private static String read(DataSource database, String id, String column) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement("SELECT " + column + " FROM klink_webhook WHERE id = ?")) {
      select.setString(1, id);
      try (ResultSet row = select.executeQuery()) {
        assertThat(row.next()).isTrue();
        return Objects.requireNonNull(row.getString(1));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void pause_ofAWebhook_leavesItsSecretsReadable(JdbcDatabase kind) throws Exception {
    DataSource database = EmptyDatabase.of(kind, directory);
    EmptyDatabase.storage(kind, database).migrate();
    try (WebhookSender sender = sender(kind, database, ONE)) {
      String id = create(sender, "hunter2");
      sender.webhooks().pause(id, "a while");
      sender.webhooks().resume(id);
      sender.start();

      assertArrives(sender, id, "hunter2");
      assertThat(Reencrypted.by(sender.webhooks())).isEqualTo(new Reencrypted(0, 1, Set.of()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void node_withoutTheKey_leavesDeliveriesToOneThatHasIt(JdbcDatabase kind) throws Exception {
    DataSource database = EmptyDatabase.of(kind, directory);
    EmptyDatabase.storage(kind, database).migrate();
    try (WebhookSender keyless = sender(kind, database, SecretCodec.plain());
        WebhookSender keyed = sender(kind, database, ONE)) {
      create(keyed, "hunter2");
      keyless.start();
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        ids.addAll(publish(keyless));
      }
      keyed.start();
      for (int i = 0; i < 20; i++) {
        ids.addAll(publish(keyless));
      }

      assertThat(ids).hasSize(40);
      assertSent(keyed, ids);
    }
  }
}
