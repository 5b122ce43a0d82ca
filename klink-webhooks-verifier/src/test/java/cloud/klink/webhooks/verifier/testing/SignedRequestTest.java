package cloud.klink.webhooks.verifier.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.signature.SigningSecret;
import cloud.klink.webhooks.verifier.Fixtures;
import cloud.klink.webhooks.verifier.RefusalReason;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.WebhookRefusedException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignedRequestTest {
  private static SignedRequest.Builder request() {
    return SignedRequest.to(Fixtures.URL).signedWith(Fixtures.SECRET);
  }

  private static VerifiedWebhook verify(SignedRequest request) {
    return Fixtures.verifier().build().verify(request.toIncomingRequest());
  }

  @Test
  void request_ofAnEvent_isAuthenticAndTellsOfIt() {
    Event event = Event.builder(EventName.ROOM_SOLVED)
        .timestamp(Instant.parse("2026-01-09T03:42:38Z"))
        .id("evt_1")
        .build();
    SignedRequest request = request().attempt(2).event(event);

    assertThat(verify(request).event()).isEqualTo(event);
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.target()).isEqualTo("/klink?" + Fixtures.QUERY);
    assertThat(request.headers())
        .containsEntry("Content-Type", "application/json")
        .containsEntry("X-Klink-Event", "room.solved")
        .containsEntry("X-Klink-Event-Id", "evt_1")
        .containsEntry("X-Klink-Attempt", "2")
        .containsKey("X-Klink-Delivery-Id");
    assertThat(request.text().getBytes(StandardCharsets.UTF_8)).isEqualTo(request.body());
    assertThat(request.toString()).doesNotContain(request.headers().get("X-Signature"));
  }

  @Test
  void request_ofAnyBody_isAuthenticAndGoesOutAsItIsGiven() {
    SignedRequest request = request().dialect(Dialect.GO).body("{ \"b\": 1.0, \"a\": \"<\" }");

    assertThat(request.text()).isEqualTo("{ \"b\": 1.0, \"a\": \"<\" }");
    assertThat(verify(request).dialect()).isEqualTo(Dialect.GO);
  }

  @Test
  void request_signedByAnotherOrByNobody_isRefused() {
    for (SignedRequest.Builder builder : List.of(
        SignedRequest.to(Fixtures.URL),
        SignedRequest.to(Fixtures.URL).signedWith(SigningSecret.of("whsec_another_one")),
        request().method("PUT"))) {
      assertThatExceptionOfType(WebhookRefusedException.class)
          .isThrownBy(() -> verify(builder.body("{}")))
          .matches(e -> e.reason() == RefusalReason.SIGNATURE_MISMATCH
              || e.reason() == RefusalReason.WRONG_METHOD);
    }
  }

  @Test
  void request_toNoUrl_isNotMade() {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> SignedRequest.to("nowhere"));
  }
}
