package cloud.klink.webhooks.sender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.internal.secret.SecretCodec;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.secret.AesGcmCipher;
import cloud.klink.webhooks.sender.secret.UnreadableSecretException;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import cloud.klink.webhooks.sender.webhook.Webhook;
import cloud.klink.webhooks.sender.webhook.Webhooks;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts as they were stored long ago. They must be readable as long as their key is there. */
class OldCiphertextTest {
  private static final String ID = "whk_old";

  /** Stored as version 3, under the key 2024-01, by the first version of this library. */
  private static final String SECRET =
      "enc:1:2024-01:85n0m-JOj4Qx9043K9qWanvzewJEIR6BFEQV7qxRTlOa58sVxc_3L_rvaGLYqgIOW3U";

  /** Stored as version 2, for https://hooks.example.com. */
  private static final String VALUE =
      "enc:1:2024-01:SjTtw4RU2nHZHdjhbOecgNweHUxz5W19078sUtw32H_6dnRlVTYPm3YIVKvHQwwL";

  private final Storage storage = new InMemoryStorage();

  private static byte[] key(int first) {
    byte[] key = new byte[AesGcmCipher.KEY_BYTES];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (first + i);
    }
    return key;
  }

  private Webhooks webhooks(AesGcmCipher cipher) {
    return WebhookSender.builder(storage).cipher(cipher).build().webhooks();
  }

  private static AesGcmCipher current() {
    return AesGcmCipher.of("2026-01", key(100));
  }

  private static AesGcmCipher currentAndOld() {
    return current().withOlderKey("2024-01", key(0));
  }

  private void store(String secret, String value) {
    Webhook webhook = Webhook.builder()
        .id(ID)
        .environment(Environment.PRODUCTION)
        .name("Old")
        .url("https://hooks.example.com/klink?a=b")
        .authenticationHeader("X-Api-Key")
        .subscriptions(List.of(EventName.CONTACT_CREATED.value()))
        .createdAt(Instant.EPOCH)
        .build();
    assertThat(storage.insert(new StoredWebhook(webhook, secret, 3, value, 2))).isTrue();
  }

  @Test
  void secret_ofAnEarlierKey_isReadAndEncryptedAnew() {
    store(SECRET, VALUE);

    assertThat(webhooks(currentAndOld()).revealSecret(ID).reveal())
        .isEqualTo("whsec_of_the_year_2024");
    assertThat(Reencrypted.by(webhooks(currentAndOld())))
        .isEqualTo(new Reencrypted(1, 0, Set.of()));

    assertThat(webhooks(current()).revealSecret(ID).reveal()).isEqualTo("whsec_of_the_year_2024");
    StoredWebhook stored = storage.find(List.of(ID)).get(ID);
    assertThat(stored.secret()).startsWith("enc:1:2026-01:");
    assertThat(SecretCodec.encrypting(current())
            .openAuthentication(
                ID,
                stored.webhook().url(),
                stored.authenticationVersion(),
                stored.authentication()))
        .isEqualTo("token of 2024 – é");
  }

  @Test
  void secret_ofAKeyThatIsGone_isRefusedWithTheKeysName() {
    store(SECRET, VALUE);

    assertThatThrownBy(() -> webhooks(current()).revealSecret(ID))
        .isInstanceOfSatisfying(
            UnreadableSecretException.class,
            e -> assertThat(e.reason()).isEqualTo(SenderReason.SECRET_UNKNOWN_KEY))
        .hasMessageContaining("2024-01");
    assertThat(Reencrypted.by(webhooks(current()))).isEqualTo(new Reencrypted(0, 0, Set.of(ID)));
    assertThat(storage.find(List.of(ID)).get(ID).secret()).isEqualTo(SECRET);
  }

  @Test
  void secret_whoseKeyIdHasAnotherKeyNow_isNotAuthentic() {
    store(SECRET, VALUE);

    assertThatThrownBy(() -> webhooks(current().withOlderKey("2024-01", key(1))).revealSecret(ID))
        .isInstanceOfSatisfying(
            UnreadableSecretException.class,
            e -> assertThat(e.reason()).isEqualTo(SenderReason.SECRET_NOT_AUTHENTIC));
  }

  /** What no version of this library has written, or a later one may write. */
  @ParameterizedTest
  @CsvSource({
    "enc:2:2024-01:85n0m-JOj4Qx9043, SECRET_UNKNOWN_VERSION",
    "enc:0:whsec_plain, SECRET_NOT_ENCRYPTED",
    "whsec_plain, SECRET_NOT_ENCRYPTED",
    "enc:2024-01:85n0m-JOj4Qx9043, SECRET_MALFORMED",
    "enc:1:2024-01, SECRET_MALFORMED",
    "enc:1:2024-01:85n0m-JOj4Qx9043, SECRET_NOT_AUTHENTIC",
  })
  void secret_ofAnotherFormat_isRefusedWithAReason(String stored, SenderReason reason) {
    store(stored, VALUE);

    assertThatThrownBy(() -> webhooks(currentAndOld()).revealSecret(ID))
        .isInstanceOfSatisfying(
            UnreadableSecretException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessageNotContaining("85n0m");
    assertThat(webhooks(currentAndOld()).reencrypt()).containsExactly(ID);
    assertThat(storage.find(List.of(ID)).get(ID).secret()).isEqualTo(stored);
  }
}
