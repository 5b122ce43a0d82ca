package cloud.klink.webhooks.sender;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.canonical.CanonicalBody;
import cloud.klink.webhooks.canonical.CanonicalForm;
import cloud.klink.webhooks.canonical.CanonicalRequest;
import cloud.klink.webhooks.canonical.CanonicalTarget;
import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventCatalogue;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.event.WebSocketMessage;
import cloud.klink.webhooks.event.WebSocketReply;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.delivery.AttemptStatistics;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.delivery.EventBody;
import cloud.klink.webhooks.sender.internal.attempt.SignedRequest;
import cloud.klink.webhooks.sender.internal.log.StoredDeliveryLog;
import cloud.klink.webhooks.sender.internal.manage.ManageSettings;
import cloud.klink.webhooks.sender.internal.manage.WebhookManager;
import cloud.klink.webhooks.sender.internal.secret.SecretCodec;
import cloud.klink.webhooks.sender.internal.url.EndpointUrl;
import cloud.klink.webhooks.sender.listener.SenderListener;
import cloud.klink.webhooks.sender.metrics.SenderMetrics;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.secret.AesGcmCipher;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.storage.jdbc.JdbcDatabase;
import cloud.klink.webhooks.sender.storage.jdbc.JdbcStorage;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import cloud.klink.webhooks.sender.transport.Sending;
import cloud.klink.webhooks.sender.transport.http.HttpTransport;
import cloud.klink.webhooks.sender.transport.net.AuthenticationHeader;
import cloud.klink.webhooks.sender.transport.net.HttpProxy;
import cloud.klink.webhooks.sender.transport.websocket.WebSocketTransport;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import cloud.klink.webhooks.sender.webhook.Webhook;
import cloud.klink.webhooks.sender.webhook.WebhookEditor;
import cloud.klink.webhooks.signature.Signature;
import cloud.klink.webhooks.signature.SigningSecret;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Jackson as it comes, and Jackson that reads every field, print no secret of any exported type,
 * nor does {@code toString}.
 */
class JsonSecrecyTest {
  private static final String VALUE = "Basic hunter2-hunter2";
  private static final SigningSecret SECRET = SigningSecret.of("whsec_hunter3-hunter3");
  private static final String PASSWORD = "hunter4-hunter4";
  private static final byte[] KEY =
      "hunter5-hunter5-hunter5-hunter5-".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] BODY = {'{', '}'};
  private static final String URL = "https://hooks.example.com/klink";
  private static final CanonicalRequest REQUEST =
      CanonicalRequest.of("POST", URL, BODY, Dialect.KLINK);
  private static final Signature SIGNATURE = SECRET.sign(REQUEST);
  private static final EventName NAME = EventName.CONTACT_CREATED;
  private static final AesGcmCipher CIPHER = AesGcmCipher.of("k1", KEY).withOlderKey("k0", KEY);
  private static final SecretCodec VAULT = SecretCodec.encrypting(CIPHER);
  private static final HttpProxy PROXY =
      HttpProxy.of("proxy.example.com", 3_128).withCredentials("user", PASSWORD);
  private static final Webhook WEBHOOK = Webhook.builder()
      .id("wh_1")
      .environment(Environment.PRODUCTION)
      .name("Orders")
      .url(URL)
      .subscriptions(List.of("contact.created"))
      .createdAt(Instant.EPOCH)
      .build();
  private static final StoredWebhook STORED = new StoredWebhook(WEBHOOK, SECRET.reveal(), VALUE);
  private static final AuthenticationHeader HEADER = new AuthenticationHeader("X-Key", VALUE);

  private static final Delivery DELIVERY = Delivery.builder()
      .id("dlv_1")
      .webhookId("wh_1")
      .environment(Environment.PRODUCTION)
      .eventId("evt_1")
      .eventName(NAME)
      .state(DeliveryState.WAITING)
      .createdAt(Instant.EPOCH)
      .build();

  /** Records of values that are no secret, of types in this list and of the JDK, are left out. */
  private static final List<Object> SAMPLES = List.of(
      SECRET,
      SIGNATURE,
      REQUEST,
      CanonicalTarget.of("POST", URL),
      CanonicalBody.of(BODY, Dialect.KLINK),
      EventCatalogue.klink(),
      Event.builder(NAME).timestamp(Instant.EPOCH).build(),
      Event.builder(NAME),
      WebSocketMessage.of("dlv_1", SIGNATURE, BODY),
      CIPHER,
      VAULT,
      PROXY,
      WEBHOOK,
      WEBHOOK.toBuilder(),
      STORED,
      HEADER,
      new SignedRequest(
          Sending.delivery("evt_1"),
          URL,
          EventBody.of(BODY),
          SIGNATURE,
          Optional.of(new AuthenticationHeader("X-Key", VALUE)),
          Duration.ofSeconds(10),
          Optional.empty()),
      EventBody.of(BODY),
      EndpointUrl.of(URL),
      EndpointPolicy.publicHttps(),
      AttemptResult.answered(401, new byte[0])
          .withResponseHeaders(Map.of(
              "Authorization", List.of(VALUE),
              "X-Signature", List.of(SIGNATURE.hex()),
              "Set-Cookie", List.of(PASSWORD))),
      AttemptStatistics.of(Instant.EPOCH, NAME, new long[AttemptStatistics.FIGURES]),
      WebSocketReply.ack("dlv_1"),
      DELIVERY,
      DELIVERY.toBuilder(),
      DeliveryQuery.builder(),
      DeliveryQuery.builder().build(),
      settings(),
      new WebhookManager(settings()),
      editor(),
      DeliveryPolicy.DEFAULT,
      DeliveryPolicy.builder(),
      memory(),
      JdbcStorage.h2(database()),
      JdbcStorage.of(JdbcDatabase.H2, database()),
      new StoredDeliveryLog(memory()),
      http(),
      http().build(),
      webSocket(),
      webSocket().build(),
      builder(),
      builder().build(),
      SenderMetrics.create());

  private static InMemoryStorage memory() {
    InMemoryStorage storage = new InMemoryStorage();
    storage.insert(STORED);
    return storage;
  }

  private static JdbcDataSource database() {
    JdbcDataSource database = new JdbcDataSource();
    database.setUrl("jdbc:h2:mem:json");
    database.setUser("user");
    database.setPassword(PASSWORD);
    return database;
  }

  private static ManageSettings settings() {
    return new ManageSettings(
        memory(),
        EndpointPolicy.publicHttps(),
        Clock.systemUTC(),
        () -> "wh_2",
        new SecureRandom(),
        Set.of(DeliveryMethod.WEBHOOK),
        VAULT,
        id -> {},
        new SenderListener() {});
  }

  private static WebhookEditor editor() {
    return new WebhookManager(settings()).edit(WEBHOOK).basicAuthentication(VALUE);
  }

  private static HttpTransport.Builder http() {
    return HttpTransport.builder(EndpointPolicy.publicHttps()).proxy(PROXY);
  }

  private static WebSocketTransport.Builder webSocket() {
    return WebSocketTransport.builder(EndpointPolicy.publicHttps()).proxy(PROXY);
  }

  private static WebhookSenderBuilder builder() {
    return WebhookSender.builder(memory())
        .cipher(CIPHER)
        .proxy("proxy.example.com", 3_128, "user", PASSWORD);
  }

  static Stream<Object> samples() {
    return SAMPLES.stream();
  }

  private static List<String> secrets() {
    return Stream.of(
            VALUE.getBytes(StandardCharsets.US_ASCII),
            "hunter2-hunter2".getBytes(StandardCharsets.US_ASCII),
            SECRET.reveal().getBytes(StandardCharsets.US_ASCII),
            PASSWORD.getBytes(StandardCharsets.US_ASCII),
            ("user:" + PASSWORD).getBytes(StandardCharsets.US_ASCII),
            KEY,
            HexFormat.of().parseHex(SIGNATURE.hex()))
        .flatMap(JsonSecrecyTest::writings)
        .toList();
  }

  private static Stream<String> writings(byte[] secret) {
    String numbers = Arrays.toString(secret).replace(" ", "");
    return Stream.of(
        new String(secret, StandardCharsets.ISO_8859_1),
        HexFormat.of().formatHex(secret),
        Base64.getEncoder().withoutPadding().encodeToString(secret),
        numbers.substring(1, numbers.length() - 1));
  }

  private static List<ObjectMapper> mappers() {
    // Else Jackson would stop at the first of these.
    SimpleModule jdk = new SimpleModule()
        .addSerializer(Instant.class, ToStringSerializer.instance)
        .addSerializer(Duration.class, ToStringSerializer.instance)
        .addSerializer(Optional.class, ToStringSerializer.instance);
    ObjectMapper fields = new ObjectMapper()
        .registerModule(jdk)
        .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
        .setVisibility(PropertyAccessor.FIELD, Visibility.ANY);
    return List.of(
        new ObjectMapper(),
        new ObjectMapper().disable(SerializationFeature.FAIL_ON_EMPTY_BEANS),
        fields,
        fields.copy().setVisibility(PropertyAccessor.ALL, Visibility.ANY));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void json_ofEachExportedType_holdsNoSecret(Object sample) {
    for (ObjectMapper mapper : mappers()) {
      assertNoSecret(json(mapper, sample));
    }
    assertNoSecret(sample.toString());
  }

  private static void assertNoSecret(String text) {
    assertThat(secrets().stream().filter(text::contains)).isEmpty();
  }

  /** What is written until Jackson finds something that it cannot write, and what it says then. */
  private static String json(ObjectMapper mapper, Object sample) {
    StringWriter json = new StringWriter();
    try {
      mapper.writeValue(json, sample);
      return json.toString();
    } catch (IOException e) {
      return json + "\n" + e;
    }
  }

  /** Whoever adds a type that can hold a secret adds a sample of it here. */
  @Test
  void samples_always_areOfAllExportedTypesThatMayHoldSecrets() {
    Set<String> sampled = new TreeSet<>();
    SAMPLES.forEach(sample -> sampled.add(sample.getClass().getName()));

    assertThat(Stream.of(WebhookSender.class, SigningSecret.class)
            .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
            .flatMap(location -> new ClassFileImporter().importUrl(location).stream())
            .filter(JsonSecrecyTest::isExported)
            .filter(type -> !isHarmless(type))
            .map(JavaClass::getName)
            .filter(name -> !sampled.contains(name)))
        .isEmpty();
  }

  private static boolean isExported(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && type.getEnclosingClass().map(JsonSecrecyTest::isExported).orElse(true)
        && Stream.of(".internal.", ".transport.net.")
            .noneMatch(hidden -> (type.getPackageName() + ".").contains(hidden));
  }

  /**
   * What has no state; what nobody outside gets an instance of; exceptions, whose messages have
   * tests of their own; and records, which have nothing but what the samples and the JDK have.
   */
  private static boolean isHarmless(JavaClass type) {
    return type.isInterface()
        || type.isEquivalentTo(CanonicalForm.class)
        || type.isEnum()
        || type.isAssignableTo(Throwable.class)
        || type.isRecord()
        || type.getFields().stream().allMatch(JsonSecrecyTest::isStatic);
  }

  private static boolean isStatic(JavaField field) {
    return field.getModifiers().contains(JavaModifier.STATIC);
  }
}
