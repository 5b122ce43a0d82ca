package cloud.klink.webhooks.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import cloud.klink.webhooks.canonical.Dialect;
import org.junit.jupiter.api.Test;

/** Numbers that a double cannot tell apart must not identify an event. */
class AmbiguousNumberTest {
  private static final WebhookVerifier VERIFIER = Fixtures.verifier().build();

  private static VerifiedWebhook verify(String json, Dialect dialect) {
    byte[] body = Fixtures.utf8(json);
    return VERIFIER.verify(IncomingRequest.builder()
        .header("X-Signature", Fixtures.sign(body, dialect, Fixtures.SECRET))
        .body(body)
        .build());
  }

  private static String event(String id) {
    return "{\"event\":\"room.solved\",\"timestamp\":\"2026-01-09T03:42:38.000000Z\",\"data\":{},"
        + "\"id\":" + id + "}";
  }

  private static void assertRefused(String id, Dialect dialect) {
    assertThatExceptionOfType(WebhookRefusedException.class)
        .as("%s in %s", id, dialect)
        .isThrownBy(() -> verify(event(id), dialect))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(RefusalReason.AMBIGUOUS_NUMBER));
  }

  @Test
  void id_thatIsAnotherNumberAsADouble_isRefused() {
    assertRefused("1795892542882000001", Dialect.GO);
    assertRefused("1795892542882000002", Dialect.GO);
    assertRefused("-1795892542882000003", Dialect.GO);
    assertRefused("9007199254740993", Dialect.GO);
    assertRefused("1795892542882000001.0", Dialect.GO);
    assertRefused("17958925428820000010e-1", Dialect.GO);
    assertRefused("1.00000000000000001", Dialect.GO);
    assertRefused("1.00000000000000001", Dialect.KLINK);
    assertRefused("1e-400", Dialect.KLINK);
  }

  @Test
  void id_thatOtherNumbersArePrintedAs_isRefusedWhereOnlyGoIsAccepted() {
    byte[] body = Fixtures.utf8(event("1795892542882000100"));
    IncomingRequest request = IncomingRequest.builder()
        .header("X-Signature", Fixtures.sign(body, Dialect.GO, Fixtures.SECRET))
        .body(body)
        .build();

    assertThatExceptionOfType(WebhookRefusedException.class)
        .isThrownBy(() -> Fixtures.verifier().dialects(Dialect.GO).build().verify(request))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(RefusalReason.AMBIGUOUS_NUMBER));
    // In klink it stands for itself.
    assertThat(VERIFIER.verify(request).dialect()).isEqualTo(Dialect.KLINK);
  }

  @Test
  void id_thatIsKeptDigitForDigit_isHandedOn() {
    assertThat(verify(event("1795892542882000001"), Dialect.KLINK).event().id())
        .contains("1795892542882000001");
    assertThat(verify(event("9007199254740991"), Dialect.GO).event().id())
        .contains("9007199254740991");
    assertThat(verify(event("\"1795892542882000001\""), Dialect.GO).event().id())
        .contains("1795892542882000001");
  }

  @Test
  void number_elsewhere_isHandedOnAndNamed() {
    VerifiedWebhook webhook = verify(
        "{\"event\":\"a\",\"timestamp\":\"2026-01-09T03:42:38.000000Z\",\"id\":\"evt_1\","
            + "\"data\":{\"id\":1795892542882000001,\"a/b\":[1,0.1,0.10000000000000000001],"
            + "\"price\":12.50}}",
        Dialect.GO);

    assertThat(webhook.ambiguousNumbers()).containsExactly("/data/id", "/data/a~1b/2");
    assertThat(webhook.event().data().get("id").asText()).isEqualTo("1795892542882000100");
  }

  @Test
  void numbers_thatAreWhatWasSent_areNotNamed() {
    assertThat(Fixtures.webhook(Fixtures.event("a", "evt_1")).ambiguousNumbers())
        .isEmpty();
    assertThat(verify("{\"price\":12.50,\"n\":1795892542882000001}", Dialect.GO_NUMBER)
            .ambiguousNumbers())
        .isEmpty();
  }

  @Test
  void numbers_ofAHostileSigner_areNamedUpToALimit() {
    StringBuilder json = new StringBuilder("[");
    for (int i = 0; i < 10_000; i++) {
      json.append("1795892542882000001,");
    }
    assertThat(verify(json + "0]", Dialect.GO).ambiguousNumbers()).hasSize(100);
  }

  @Test
  void body_thatOnlyGoNumberKeeps_isAcceptedInItAlone() {
    VerifiedWebhook webhook = verify("{\"price\":12.50}", Dialect.GO_NUMBER);

    assertThat(webhook.dialect()).isEqualTo(Dialect.GO_NUMBER);
    assertThat(webhook.body().text()).isEqualTo("{\"price\":12.50}");
  }
}
