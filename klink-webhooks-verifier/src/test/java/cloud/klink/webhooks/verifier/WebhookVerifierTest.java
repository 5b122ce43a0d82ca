package cloud.klink.webhooks.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.canonical.CanonicalBody;
import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.event.WebSocketMessage;
import cloud.klink.webhooks.signature.Signature;
import cloud.klink.webhooks.signature.SigningSecret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class WebhookVerifierTest {
  private static final byte[] EVENT = Fixtures.event("contact.created", "evt_1");
  private static final SigningSecret OLD = SigningSecret.of("whsec_old");
  private static final List<Dialect> DIALECTS = List.of(Dialect.values());

  /** A body that each dialect prints in another way. */
  private static final byte[] TELLING = Fixtures.utf8("{\"a\":\"<é>\",\"n\":1.0}");

  private static void assertRefused(RefusalReason reason, ThrowingCallable call) {
    assertThatExceptionOfType(WebhookRefusedException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private static IncomingRequest signed(byte[] body, Dialect dialect, SigningSecret secret) {
    return IncomingRequest.builder()
        .header("x-signature", Fixtures.sign(body, dialect, secret))
        .body(body)
        .build();
  }

  @Test
  void request_rightlySigned_isHandedOnAsAnEvent() {
    VerifiedWebhook webhook = Fixtures.webhook(EVENT);
    assertThat(webhook.event().name()).isEqualTo(EventName.CONTACT_CREATED);
    assertThat(webhook.event().id()).contains("evt_1");
    assertThat(webhook.event().data().get("name").textValue()).isEqualTo("សុខ 陈 😀");
    assertThat(webhook.event()).isSameAs(webhook.event());
    assertThat(webhook.body().toBytes()).isEqualTo(EVENT);
  }

  @Test
  void secrets_several_eachVerifyAndAreTold() {
    WebhookVerifier verifier = Fixtures.verifier().secret(OLD).build();
    assertThat(verifier.verify(signed(EVENT, Dialect.KLINK, Fixtures.SECRET)).secretIndex())
        .isZero();
    assertThat(verifier.verify(signed(EVENT, Dialect.KLINK, OLD)).secretIndex()).isEqualTo(1);
    assertThat(verifier.verify(signed(TELLING, Dialect.GO, OLD)).secretIndex()).isEqualTo(1);
    assertRefused(
        RefusalReason.SIGNATURE_MISMATCH,
        () -> verifier.verify(signed(EVENT, Dialect.KLINK, SigningSecret.of("whsec_third"))));
  }

  @Test
  void secrets_thatAreShort_areWarnedOfOnceAndNotShown() throws IOException {
    Path log = TestLog.FILE;
    int before = Files.readString(log).length();

    WebhookVerifier.builder()
        .publicUrl(Fixtures.URL)
        .secret(Fixtures.SECRET)
        .secret(SigningSecret.of("short_9f2c"))
        .secret(SigningSecret.of("fifteen_bytes_7"))
        .secret(SigningSecret.of("sixteen__bytes_7"))
        .secret("other", SigningSecret.of("\u179f\u17bd\u179f\u17d2\u178f"))
        .secret("other", SigningSecret.of("\u179f\u17bd\u179f\u17d2\u178f\u17b8"))
        .build();

    String lines = Files.readString(log).substring(before);
    assertThat(lines.lines().filter(line -> line.contains("signing secrets")))
        .singleElement(STRING)
        .contains("WARN", "3 of the 6 signing secrets", "16 bytes")
        .doesNotContain("short_9f2c", "fifteen_bytes", "\u179f");
  }

  @Test
  void secrets_thatAreLongEnough_areNotWarnedOf() throws IOException {
    Path log = TestLog.FILE;
    int before = Files.readString(log).length();

    Fixtures.verifier().secret(SigningSecret.of("sixteen__bytes_7")).build();

    assertThat(Files.readString(log).substring(before)).doesNotContain("signing secrets");
  }

  @Test
  void secret_withdrawn_verifiesNoMore() {
    assertRefused(
        RefusalReason.SIGNATURE_MISMATCH,
        () -> Fixtures.verifier().build().verify(signed(EVENT, Dialect.KLINK, OLD)));
  }

  @Test
  void dialects_byDefault_areAllAcceptedAndTold() {
    WebhookVerifier verifier = Fixtures.verifier().build();
    for (Dialect dialect : Dialect.values()) {
      VerifiedWebhook webhook = verifier.verify(signed(TELLING, dialect, Fixtures.SECRET));
      assertThat(webhook.dialect()).isEqualTo(dialect);
      assertThat(webhook.body().toBytes())
          .isEqualTo(CanonicalBody.of(TELLING, dialect).toBytes());
    }
  }

  @Test
  void dialects_notAllowed_areRefused() {
    for (Dialect allowed : Dialect.values()) {
      WebhookVerifier verifier = Fixtures.verifier().dialects(allowed).build();
      for (Dialect dialect : Dialect.values()) {
        IncomingRequest request = signed(TELLING, dialect, Fixtures.SECRET);
        if (dialect == allowed) {
          assertThat(verifier.verify(request).dialect()).isEqualTo(allowed);
        } else {
          assertRefused(RefusalReason.SIGNATURE_MISMATCH, () -> verifier.verify(request));
        }
      }
    }
  }

  @Test
  void event_ofABodyInAnotherDialect_isParsedFromTheCanonicalBytes() {
    byte[] signed = Fixtures.utf8("{\"data\":9007199254740992,\"event\":\"a.b\","
        + "\"timestamp\":\"2026-01-09T03:42:38Z\"}");
    byte[] sent = Fixtures.utf8("{\"data\":9007199254740993,\"event\":\"a.b\","
        + "\"timestamp\":\"2026-01-09T03:42:38Z\"}");
    VerifiedWebhook webhook = Fixtures.verifier()
        .build()
        .verify(IncomingRequest.builder()
            .header("X-Signature", Fixtures.sign(signed))
            .body(sent)
            .build());
    assertThat(webhook.dialect()).isEqualTo(Dialect.GO);
    assertThat(webhook.event().data().longValue()).isEqualTo(9_007_199_254_740_992L);
    assertThat(webhook.body().toBytes()).isEqualTo(signed);
  }

  @Test
  void body_authenticThatIsNoEvent_saysSoWhenTheEventIsAskedFor() {
    VerifiedWebhook webhook = Fixtures.webhook(Fixtures.utf8("[1]"));
    assertThat(webhook.body().text()).isEqualTo("[1]");
    assertThatExceptionOfType(MalformedException.class).isThrownBy(webhook::event);
  }

  @Test
  void target_notGiven_isNotCompared() {
    IncomingRequest request = IncomingRequest.builder()
        .header("X-Signature", Fixtures.sign(EVENT))
        .body(EVENT)
        .build();
    assertThat(Fixtures.verifier().build().verify(request).body().toBytes()).isEqualTo(EVENT);
  }

  @Test
  void publicUrlWithoutQuery_withAQueryInTheRequest_isRefused() {
    WebhookVerifier verifier = WebhookVerifier.builder()
        .publicUrl("https://hooks.example.com/klink")
        .secret(Fixtures.SECRET)
        .build();
    String signature = Fixtures.SECRET
        .sign(verifier.target().with(CanonicalBody.of(EVENT, Dialect.KLINK)))
        .hex();
    IncomingRequest.Builder request =
        IncomingRequest.builder().header("X-Signature", signature).body(EVENT);
    assertThat(verifier.verify(request.target("/klink?").build())).isNotNull();
    assertRefused(
        RefusalReason.WRONG_QUERY,
        () -> verifier.verify(request.target("/klink?a=1").build()));
    assertRefused(
        RefusalReason.WRONG_QUERY,
        () -> verifier.verify(request.target("/klink?a=%zz").build()));
  }

  @Test
  void queryInAnotherOrder_isAccepted() {
    IncomingRequest request =
        Fixtures.request(EVENT).target("/klink?tag=a&tag=b&env=%70roduction").build();
    assertThat(Fixtures.verifier().build().verify(request)).isNotNull();
  }

  @Test
  void webSocketMessage_rightlySigned_isAccepted() {
    WebSocketMessage message =
        WebSocketMessage.of("d1", Signature.parse(Fixtures.sign(EVENT)), EVENT);
    assertThat(Fixtures.verifier().build().verify(message).body().toBytes()).isEqualTo(EVENT);
  }

  @Test
  void body_behindARefusedHead_isNotRead() throws IOException {
    WebhookVerifier verifier =
        Fixtures.verifier().maxBodyBytes(10).allowedSources("127.0.0.1").build();
    InputStream body = new ByteArrayInputStream(EVENT);
    InetAddress here = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    InetAddress elsewhere = InetAddress.getByAddress(new byte[] {10, 0, 0, 1});
    IncomingRequest.Builder head = IncomingRequest.builder().remoteAddress(elsewhere);
    assertRefused(RefusalReason.WRONG_SOURCE, () -> verifier.verify(head.build(), body));
    head.remoteAddress(here).method("GET");
    assertRefused(RefusalReason.WRONG_METHOD, () -> verifier.verify(head.build(), body));
    head.method("POST").target("/");
    assertRefused(RefusalReason.WRONG_QUERY, () -> verifier.verify(head.build(), body));
    head.target("/?" + Fixtures.QUERY);
    assertRefused(RefusalReason.MISSING_SIGNATURE, () -> verifier.verify(head.build(), body));
    head.header("X-Signature", Fixtures.sign(EVENT)).header("Content-Length", "11");
    assertRefused(RefusalReason.BODY_TOO_LARGE, () -> verifier.verify(head.build(), body));
    assertThat(body.available()).isEqualTo(EVENT.length);
  }

  @Test
  void body_longerThanTheLimit_isReadOneByteBeyondIt() throws IOException {
    WebhookVerifier verifier = Fixtures.verifier().maxBodyBytes(10).build();
    for (String length : List.of("10", "-1", "99999999999999999999", "eleven")) {
      InputStream body = new ByteArrayInputStream(EVENT);
      IncomingRequest head = IncomingRequest.builder()
          .header("X-Signature", Fixtures.sign(EVENT))
          .header("Content-Length", length)
          .build();
      assertRefused(RefusalReason.BODY_TOO_LARGE, () -> verifier.verify(head, body));
      assertThat(body.available()).isEqualTo(EVENT.length - 11);
    }
  }

  @Test
  void body_givenWhole_isLimitedToo() {
    WebhookVerifier exact = Fixtures.verifier().maxBodyBytes(EVENT.length).build();
    assertThat(exact.verify(Fixtures.request(EVENT).build())).isNotNull();
    WebhookVerifier shorter = Fixtures.verifier().maxBodyBytes(EVENT.length - 1).build();
    assertRefused(
        RefusalReason.BODY_TOO_LARGE,
        () -> shorter.verify(Fixtures.request(EVENT).build()));
  }

  @Test
  void body_changedByAnotherThreadMeanwhile_isHandedOnOnlyAsItWasSigned() throws Exception {
    byte[] signed = Fixtures.event("contact.created", "evt_1");
    byte[] shared = signed.clone();
    byte[] other = Fixtures.event("contact.deleted", "evt_1");
    WebhookVerifier verifier = Fixtures.verifier().build();
    IncomingRequest request = Fixtures.request(signed).body(shared).build();
    AtomicBoolean stop = new AtomicBoolean();
    Thread changing = new Thread(() -> {
      while (!stop.get()) {
        System.arraycopy(other, 0, shared, 0, shared.length);
        System.arraycopy(signed, 0, shared, 0, shared.length);
      }
    });
    changing.start();
    try {
      for (int i = 0; i < 20_000; i++) {
        try {
          assertThat(verifier.verify(request).body().toBytes()).isEqualTo(signed);
        } catch (WebhookRefusedException e) {
          assertThat(e.reason())
              .isIn(RefusalReason.SIGNATURE_MISMATCH, RefusalReason.MALFORMED_BODY);
        }
      }
    } finally {
      stop.set(true);
      changing.join();
    }
  }

  @Test
  void body_changedAfterwards_changesNothing() {
    byte[] shared = EVENT.clone();
    VerifiedWebhook webhook =
        Fixtures.verifier().build().verify(Fixtures.request(EVENT).body(shared).build());
    shared[20]++;
    webhook.body().toBytes()[20]++;
    assertThat(webhook.body().toBytes()).isEqualTo(EVENT);
    assertThat(webhook.event().id()).contains("evt_1");
  }

  @Test
  void verifier_usedByManyThreads_tellsRightFromWrong() throws Exception {
    WebhookVerifier verifier = Fixtures.verifier().secret(OLD).build();
    int count = 16;
    ExecutorService threads = Executors.newFixedThreadPool(count);
    try {
      CyclicBarrier start = new CyclicBarrier(count);
      List<Callable<Integer>> all = new ArrayList<>();
      for (int thread = 0; thread < count; thread++) {
        int number = thread;
        all.add(() -> {
          start.await();
          return verifyMany(verifier, number);
        });
      }
      for (Future<Integer> accepted : threads.invokeAll(all)) {
        assertThat(accepted.get()).isEqualTo(200);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static int verifyMany(WebhookVerifier verifier, int thread) {
    int accepted = 0;
    for (int i = 0; i < 200; i++) {
      byte[] body = Fixtures.event("contact.created", "evt_" + thread + "_" + i);
      SigningSecret secret = i % 2 == 0 ? Fixtures.SECRET : OLD;
      IncomingRequest request = signed(body, DIALECTS.get(i % 3), secret);
      accepted += verifier.verify(request).secretIndex() == i % 2 ? 1 : 0;
      assertRefused(
          RefusalReason.SIGNATURE_MISMATCH,
          () -> verifier.verify(request.withBody(Fixtures.event("contact.created", "other"))));
    }
    return accepted;
  }

  @Test
  void settings_missingOrOutOfRange_areNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WebhookVerifier.builder().secret(OLD).build())
        .withMessageContaining("publicUrl");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WebhookVerifier.builder().publicUrl(Fixtures.URL).build())
        .withMessageContaining("secret");
    for (int limit : new int[] {0, -1, CanonicalBody.MAX_LENGTH + 1}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Fixtures.verifier().maxBodyBytes(limit).build())
          .withMessageContaining("maxBodyBytes");
    }
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> Fixtures.verifier().publicUrl("/klink").build());
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> Fixtures.verifier().method("PO ST").build());
  }

  @Test
  void settings_given_areTold() {
    WebhookVerifier verifier = WebhookVerifier.builder()
        .publicUrl(Fixtures.URL)
        .secrets(List.of(Fixtures.SECRET, OLD))
        .dialects(Dialect.GO, Dialect.KLINK)
        .maxBodyBytes(5)
        .method("put")
        .build();
    assertThat(verifier.target().method()).isEqualTo("PUT");
    assertThat(verifier.secrets()).containsExactly(Fixtures.SECRET, OLD);
    assertThat(verifier.dialects()).containsExactly(Dialect.GO, Dialect.KLINK);
    assertThat(verifier.maxBodyBytes()).isEqualTo(5);
    assertThat(Fixtures.verifier().build().maxBodyBytes())
        .isEqualTo(WebhookVerifier.DEFAULT_MAX_BODY_BYTES);
  }
}
