package cloud.klink.webhooks.verifier.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.event.WebhookHeaders;
import cloud.klink.webhooks.signature.SigningSecret;
import cloud.klink.webhooks.verifier.Fixtures;
import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.deduplication.ProcessedEvents;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One endpoint that has the secrets of several webhooks. */
class SecretGroupTest {
  private static final byte[] EVENT = Fixtures.event("room.solved", "evt_1");
  private static final SigningSecret DEVELOPMENT = SigningSecret.of("a development secret");
  private static final SigningSecret OLD = SigningSecret.of("an old production secret");
  private static final SigningSecret NEW = SigningSecret.of("the new production secret");

  private final List<String> groups = new ArrayList<>();
  private final WebhookVerifier verifier = WebhookVerifier.builder()
      .publicUrl(Fixtures.URL)
      .secret("development", DEVELOPMENT)
      .secret("production", NEW)
      .secret("production", OLD)
      .build();
  private final WebhookReceiver receiver = WebhookReceiver.builder(verifier)
      .otherwise(webhook -> groups.add(webhook.secretGroup()))
      .deduplicate(ProcessedEvents.inMemory())
      .build();

  private String deliver(SigningSecret secret) {
    return receiver
        .receive(IncomingRequest.builder()
            .header(WebhookHeaders.SIGNATURE, Fixtures.sign(EVENT, Dialect.KLINK, secret))
            .body(EVENT)
            .build())
        .code();
  }

  @Test
  void eventsOfOneId_ofDifferentGroups_areBothProcessed() {
    assertThat(deliver(DEVELOPMENT)).isEqualTo("processed");
    assertThat(deliver(NEW)).isEqualTo("processed");
    assertThat(groups).containsExactly("development", "production");
  }

  @Test
  void eventsOfOneId_signedWithTwoSecretsOfAGroup_areOne() {
    assertThat(deliver(OLD)).isEqualTo("processed");
    assertThat(deliver(NEW)).isEqualTo("duplicate");
    assertThat(groups).containsExactly("production");
  }

  @Test
  void secret_inTwoGroups_isRefused() {
    assertThatThrownBy(() -> WebhookVerifier.builder()
            .publicUrl(Fixtures.URL)
            .secret("a", NEW)
            .secret("b", SigningSecret.of("the new production secret"))
            .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("groups a and b have the same secret");
  }

  @Test
  void group_ofABadName_isRefused() {
    for (String name : List.of("", " ", "a b", "x".repeat(65), "é")) {
      assertThatThrownBy(() -> WebhookVerifier.builder()
              .publicUrl(Fixtures.URL)
              .secret(name, NEW)
              .build())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("group");
    }
  }
}
