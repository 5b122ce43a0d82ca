package cloud.klink.webhooks.sender.internal.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.secret.AesGcmCipher;
import cloud.klink.webhooks.sender.secret.SecretCipher;
import cloud.klink.webhooks.sender.secret.UnreadableSecretException;
import cloud.klink.webhooks.signature.SigningSecret;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretCodecTest {
  private static final byte[] KEY = AesGcmCipher.generateKey(new SecureRandom());
  private static final AesGcmCipher CIPHER = AesGcmCipher.of("k1", KEY);
  private static final SecretCodec VAULT = SecretCodec.encrypting(CIPHER);
  private static final String URL = "https://hooks.example.com/klink";
  private static final SigningSecret SECRET = SigningSecret.of("whsec_hunter2");

  @Test
  void plain_ofUsualSecrets_keepsThemAsTheyAre() {
    assertThat(SecretCodec.plain().sealSecret("wh_1", 1, SECRET)).isEqualTo("whsec_hunter2");
    assertThat(SecretCodec.plain().sealAuthentication("wh_1", URL, 1, "token")).isEqualTo("token");
    assertThat(SecretCodec.plain().sealAuthentication("wh_1", URL, 1, "enc:1:k1:AAAA"))
        .isEqualTo("enc:0:enc:1:k1:AAAA");
    assertThat(SecretCodec.decrypting(CIPHER).sealSecret("wh_1", 1, SECRET))
        .isEqualTo("whsec_hunter2");
  }

  @Test
  void noAuthentication_whatever_isAnEmptyText() {
    for (SecretCodec secretCodec :
        List.of(SecretCodec.plain(), VAULT, VAULT.allowingUnencrypted())) {
      assertThat(secretCodec.sealAuthentication("wh_1", URL, 1, "")).isEmpty();
      assertThat(secretCodec.openAuthentication("wh_1", URL, 1, "")).isEmpty();
      assertThat(secretCodec.isCurrent("")).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', secret_malformed",
    "enc:, secret_malformed",
    "enc:x, secret_malformed",
    "enc:0:, secret_malformed",
    "enc:0:plain, secret_malformed",
    "enc:00:enc:, secret_malformed",
    "enc:1, secret_malformed",
    "enc:1:, secret_malformed",
    "enc:1:k1, secret_malformed",
    "enc:1:k1:, secret_malformed",
    "enc:1::AAAA, secret_malformed",
    "enc:1:k 1:AAAA, secret_malformed",
    "enc:1:k1:AAAA=, secret_malformed",
    "enc:1:k1:AA+A, secret_malformed",
    "enc:1:k1:AAA:A, secret_malformed",
    "enc:1:k1:A, secret_malformed",
    "enc:1:k1:AB, secret_malformed",
    "enc:1:k1:AAAA, secret_not_authentic",
    "enc:1:k2:AAAA, secret_unknown_key",
    "enc:2:k1:AAAA, secret_unknown_version",
    "enc:10:whatever, secret_unknown_version",
    "enc:01:k1:AAAA, secret_malformed",
  })
  void open_ofADamagedText_tellsWhy(String stored, String code) {
    assertThatThrownBy(() -> VAULT.allowingUnencrypted().openSecret("wh_1", 1, stored))
        .isInstanceOfSatisfying(UnreadableSecretException.class, e -> {
          assertThat(e.reason().code()).isEqualTo(code);
          assertThat(e.webhookId()).isEqualTo("wh_1");
          assertThat(e.field()).isEqualTo("secret");
          assertThat(e)
              .hasMessageStartingWith("webhook wh_1, secret: ")
              .hasMessageEndingWith(", or regenerate the signing secret")
              .hasMessageNotContaining("AAAA");
        });
  }

  @Test
  void open_withoutAKey_namesTheKeyThatIsMissing() {
    String stored = VAULT.sealAuthentication("wh_1", URL, 1, "token");

    assertThatThrownBy(() -> SecretCodec.plain().openAuthentication("wh_1", URL, 1, stored))
        .hasMessage("webhook wh_1, authentication.value: it is encrypted under the key k1; give the"
            + " sender a cipher with that key, or set the authentication again")
        .isInstanceOfSatisfying(
            UnreadableSecretException.class,
            e -> assertThat(e.reason()).isEqualTo(SenderReason.SECRET_NO_KEY));
    SecretCodec other = SecretCodec.encrypting(AesGcmCipher.of("k2", KEY));
    assertThatThrownBy(() -> other.openAuthentication("wh_1", URL, 1, stored))
        .hasMessageContaining("the key k1, which the cipher does not have")
        .isInstanceOfSatisfying(
            UnreadableSecretException.class,
            e -> assertThat(e.reason()).isEqualTo(SenderReason.SECRET_UNKNOWN_KEY));
  }

  @Test
  void isCurrent_ofEachForm_tellsWhatIsToBeStoredAnew() {
    String encrypted = VAULT.sealSecret("wh_1", 1, SECRET);
    SecretCodec next = SecretCodec.encrypting(AesGcmCipher.of("k10", KEY).withOlderKey("k1", KEY));

    assertThat(VAULT.isCurrent(encrypted)).isTrue();
    assertThat(next.isCurrent(encrypted)).isFalse();
    assertThat(VAULT.isCurrent(next.sealSecret("wh_1", 1, SECRET))).isFalse();
    assertThat(VAULT.isCurrent("whsec_hunter2")).isFalse();
    assertThat(VAULT.isCurrent("enc:0:enc:")).isFalse();
    assertThat(SecretCodec.decrypting(CIPHER).isCurrent(encrypted)).isFalse();
    assertThat(SecretCodec.plain().isCurrent(encrypted)).isFalse();
    assertThat(SecretCodec.plain().isCurrent("whsec_hunter2")).isTrue();
    assertThat(SecretCodec.plain().isCurrent("enc:0:enc:")).isTrue();
  }

  @Test
  void seal_ofHalfASurrogatePair_isRefused() {
    assertThatThrownBy(() -> VAULT.sealAuthentication("wh_1", URL, 1, "hunter2\ud83d"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("authentication.value: it must not hold half a surrogate pair");
  }

  @Test
  void open_ofAnEncryptedSecretThatIsNone_isMalformed() {
    // As what another program has stored may be.
    String empty = VAULT.sealSecret("wh_1", 1, SECRET);
    byte[] associated = "enc:1:k1:secret:1: wh_1".getBytes(StandardCharsets.UTF_8);
    String none = "enc:1:k1:"
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(CIPHER.encrypt(new byte[0], associated));

    assertThat(VAULT.openSecret("wh_1", 1, empty)).isEqualTo(SECRET);
    assertThatThrownBy(() -> VAULT.openSecret("wh_1", 1, none))
        .isInstanceOfSatisfying(
            UnreadableSecretException.class,
            e -> assertThat(e.reason()).isEqualTo(SenderReason.SECRET_MALFORMED));
  }

  @Test
  void open_ofAPlainSecretWithACipher_isRefusedUnlessItIsAllowed() {
    assertThatThrownBy(() -> VAULT.openSecret("wh_1", 1, "whsec_hunter2"))
        .isInstanceOfSatisfying(
            UnreadableSecretException.class,
            e -> assertThat(e.reason()).isEqualTo(SenderReason.SECRET_NOT_ENCRYPTED))
        .hasMessageNotContaining("hunter2");
    assertThat(VAULT.allowingUnencrypted().openSecret("wh_1", 1, "whsec_hunter2"))
        .isEqualTo(SECRET);
    assertThat(SecretCodec.decrypting(CIPHER).openSecret("wh_1", 1, "whsec_hunter2"))
        .isEqualTo(SECRET);
  }

  @Test
  void open_ofAnotherVersion_isNotAuthentic() {
    String secret = VAULT.sealSecret("wh_1", 1, SECRET);
    String value = VAULT.sealAuthentication("wh_1", URL, 7, "hunter2");

    assertNotAuthentic(() -> VAULT.openSecret("wh_1", 2, secret));
    assertNotAuthentic(() -> VAULT.openAuthentication("wh_1", URL, 8, value));
    assertThat(VAULT.openAuthentication("wh_1", URL, 7, value)).isEqualTo("hunter2");
  }

  @ParameterizedTest
  @CsvSource({
    "https://hooks.example.com/klink, http://hooks.example.com/klink",
    "https://hooks.example.com/klink, https://hooks.example.org/klink",
    "https://hooks.example.com/klink, https://hooks.example.com:8443/klink",
    "https://hooks.example.com/klink, wss://hooks.example.com/klink",
    "https://hooks.example.com/klink, https://evil.example.com/hooks.example.com",
    "https://hooks.example.com/klink, https://hooks.example.com@evil.example.com/",
    "https://hooks.example.com/klink, no URL",
    "https://hooks.example.com/klink, ''",
    "ws://[::1]:8080/, ws://[::2]:8080/",
  })
  void openAuthentication_ofAnotherOrigin_isNotAuthentic(String url, String other) {
    String value = VAULT.sealAuthentication("wh_1", url, 1, "hunter2");

    assertNotAuthentic(() -> VAULT.openAuthentication("wh_1", other, 1, value));
  }

  @ParameterizedTest
  @CsvSource({
    "https://hooks.example.com/klink, HTTPS://Hooks.Example.com:443/other?x=y",
    "http://hooks.example.com, http://hooks.example.com:80/",
    "wss://hooks.example.com/, wss://HOOKS.example.com:443/x",
    "ws://[::1]/, ws://[0:0:0:0:0:0:0:1]:80/",
  })
  void openAuthentication_ofTheSameOrigin_isRead(String url, String other) {
    String value = VAULT.sealAuthentication("wh_1", url, 1, "hunter2");

    assertThat(VAULT.openAuthentication("wh_1", other, 1, value)).isEqualTo("hunter2");
  }

  private static void assertNotAuthentic(ThrowingCallable open) {
    assertThatThrownBy(open)
        .isInstanceOfSatisfying(
            UnreadableSecretException.class,
            e -> assertThat(e.reason()).isEqualTo(SenderReason.SECRET_NOT_AUTHENTIC))
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void describe_always_tellsHowSecretsAreStored() {
    assertThat(SecretCodec.plain().describe()).isEqualTo("not encrypted");
    assertThat(VAULT.describe()).isEqualTo("encrypted with AES-256-GCM, key k1");
    assertThat(VAULT.allowingUnencrypted().describe())
        .isEqualTo("encrypted with AES-256-GCM, key k1; unencrypted ones are read, too");
    assertThat(SecretCodec.decrypting(CIPHER).describe())
        .isEqualTo("not encrypted; encrypted ones are still read with AES-256-GCM, key k1");
    assertThat(VAULT).hasToString("SecretCodec[encrypted with AES-256-GCM, key k1]");
  }

  /** As one that asks a service may be. */
  private static final class Failing implements SecretCipher {
    @Override
    public String keyId() {
      return "remote";
    }

    @Override
    public boolean hasKey(String keyId) {
      throw new IllegalStateException("the service is down");
    }

    @Override
    public byte[] encrypt(byte[] plain, byte[] associated) {
      throw new IllegalStateException("the service is down");
    }

    @Override
    public Optional<byte[]> decrypt(String keyId, byte[] encrypted, byte[] associated) {
      throw new IllegalStateException("the service is down");
    }

    @Override
    public String describe() {
      return "a service";
    }
  }

  @Test
  void open_withACipherThatFails_saysSo() {
    SecretCodec secretCodec = SecretCodec.encrypting(new Failing());

    assertThatThrownBy(() -> secretCodec.openSecret("wh_1", 1, "enc:1:remote:AAAA"))
        .hasRootCauseMessage("the service is down")
        .isInstanceOfSatisfying(
            UnreadableSecretException.class,
            e -> assertThat(e.reason()).isEqualTo(SenderReason.SECRET_CIPHER_FAILED));
    assertThatThrownBy(() -> secretCodec.sealSecret("wh_1", 1, SECRET))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the service is down");
  }
}
