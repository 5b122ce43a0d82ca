package cloud.klink.webhooks.sender.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.sender.internal.secret.SecretCodec;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AesGcmCipherTest {
  private static final byte[] KEY =
      HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  private static final byte[] NONCE = HexFormat.of().parseHex("f0f1f2f3f4f5f6f7f8f9fafb");
  private static final byte[] ASSOCIATED = "somewhere".getBytes(UTF_8);

  /** Gives the same bytes always. */
  private static final class FixedRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;

    @Override
    public void nextBytes(byte[] bytes) {
      System.arraycopy(NONCE, 0, bytes, 0, bytes.length);
    }
  }

  private static AesGcmCipher fixed() {
    return AesGcmCipher.of("k1", KEY).withRandom(new FixedRandom());
  }

  private static byte[] byHand(String plain, String associated) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE, new SecretKeySpec(KEY, "AES"), new GCMParameterSpec(128, NONCE));
    cipher.updateAAD(associated.getBytes(UTF_8));
    byte[] sealed = cipher.doFinal(plain.getBytes(UTF_8));
    byte[] all = new byte[NONCE.length + sealed.length];
    System.arraycopy(NONCE, 0, all, 0, NONCE.length);
    System.arraycopy(sealed, 0, all, NONCE.length, sealed.length);
    return all;
  }

  @Test
  void encrypt_ofAKnownNonce_isNonceAndWhatTheJdkGivesWithItsTag() throws Exception {
    assertThat(fixed().encrypt("secret".getBytes(UTF_8), ASSOCIATED))
        .isEqualTo(byHand("secret", "somewhere"));
  }

  @Test
  void stored_ofAKnownNonce_isTheTextThatIsDocumented() throws Exception {
    SecretCodec secretCodec = SecretCodec.encrypting(fixed());

    String stored =
        secretCodec.sealAuthentication("wh_1", "https://example.com/", 1, "Basic dG9rZW4=");

    assertThat(stored)
        .isEqualTo("enc:1:k1:"
            + Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(byHand(
                    "Basic dG9rZW4=",
                    "enc:1:k1:authentication.value:1:https://example.com:443 wh_1")))
        .isEqualTo("enc:1:k1:8PHy8_T19vf4-fr7K2cwaR8atjOmha3NundqSqAnEzRrnFsJjR-jTOzW");
    assertThat(secretCodec.openAuthentication("wh_1", "https://example.com/", 1, stored))
        .isEqualTo("Basic dG9rZW4=");
  }

  /** Test case 15 of the submission of GCM to NIST, whose associated data is empty. */
  @Test
  void decrypt_ofTestCase15OfGcm_givesItsPlainText() {
    byte[] key =
        HexFormat.of().parseHex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
    String nonce = "cafebabefacedbaddecaf888";
    String plain = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255";
    String encrypted = "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad";
    String tag = "b094dac5d93471bdec1a502270e3cc6c";

    assertThat(AesGcmCipher.of("k", key)
            .decrypt("k", HexFormat.of().parseHex(nonce + encrypted + tag), new byte[0]))
        .hasValueSatisfying(bytes -> assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(plain));
  }

  @Test
  void encrypt_twice_givesTwoResultsThatDecrypt() {
    AesGcmCipher cipher = AesGcmCipher.of("k1", KEY);
    byte[] plain = "secret".getBytes(UTF_8);

    byte[] one = cipher.encrypt(plain, ASSOCIATED);
    byte[] two = cipher.encrypt(plain, ASSOCIATED);

    assertThat(one).isNotEqualTo(two).hasSize(12 + 6 + 16);
    assertThat(cipher.decrypt("k1", one, ASSOCIATED)).contains(plain);
    assertThat(cipher.decrypt("k1", two, ASSOCIATED)).contains(plain);
    assertThat(plain).isEqualTo("secret".getBytes(UTF_8));
  }

  @Test
  void decrypt_ofTooFewBytes_isEmpty() {
    AesGcmCipher cipher = AesGcmCipher.of("k1", KEY);
    for (int length = 0; length < 40; length++) {
      assertThat(cipher.decrypt("k1", new byte[length], ASSOCIATED)).isEmpty();
    }
  }

  @Test
  void withOlderKey_always_decryptsWithBothAndEncryptsUnderTheCurrentOne() {
    AesGcmCipher old = AesGcmCipher.of("k1", KEY);
    AesGcmCipher cipher =
        AesGcmCipher.of("k2", AesGcmCipher.generateKey(new SecureRandom())).withOlderKey("k1", KEY);
    byte[] plain = "secret".getBytes(UTF_8);

    assertThat(cipher.decrypt("k1", old.encrypt(plain, ASSOCIATED), ASSOCIATED)).contains(plain);
    byte[] encrypted = cipher.encrypt(plain, ASSOCIATED);
    assertThat(cipher.decrypt("k2", encrypted, ASSOCIATED)).contains(plain);
    assertThat(cipher.decrypt("k1", encrypted, ASSOCIATED)).isEmpty();
    assertThat(cipher.keyId()).isEqualTo("k2");
    assertThat(cipher.hasKey("k1")).isTrue();
    assertThat(old.hasKey("k2")).isFalse();
    assertThatThrownBy(() -> old.decrypt("k2", encrypted, ASSOCIATED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("keyId: ");
  }

  @Test
  void withOlderKey_ofAnIdThatIsTaken_isRefused() {
    AesGcmCipher cipher = AesGcmCipher.of("k1", KEY);

    assertThatThrownBy(() -> cipher.withOlderKey("k1", KEY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("two keys k1");
  }

  @Test
  void key_thatIsChangedAfterwards_changesNothing() {
    byte[] key = KEY.clone();
    AesGcmCipher cipher = AesGcmCipher.of("k1", key);
    byte[] encrypted = cipher.encrypt(new byte[] {1}, ASSOCIATED);

    key[0] ^= 1;

    assertThat(cipher.decrypt("k1", encrypted, ASSOCIATED)).contains(new byte[] {1});
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 16, 24, 31, 33, 64})
  void key_ofAnotherLength_isRefused(int length) {
    assertThatThrownBy(() -> AesGcmCipher.of("k1", new byte[length]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("key k1: it must have 32 bytes, not " + length
            + "; make one with: openssl rand -base64 32");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a:b", "a b", "é", "a\n", "a/b"})
  void keyId_thatIsNone_isRefused(String keyId) {
    assertThatThrownBy(() -> AesGcmCipher.of(keyId, KEY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("keyId: it must have 1 to 64");
    assertThatThrownBy(() -> AesGcmCipher.of("k1", KEY).withOlderKey(keyId, KEY))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void keyId_atItsLongest_isTaken() {
    assertThat(AesGcmCipher.of("K.-_9".repeat(12) + "abcd", KEY).keyId()).hasSize(64);
    assertThatThrownBy(() -> AesGcmCipher.of("a".repeat(65), KEY))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void decodeKey_inEitherAlphabet_givesTheBytes() {
    byte[] key = HexFormat.of().parseHex("fbefbe" + "ff".repeat(29));
    String standard = Base64.getEncoder().encodeToString(key);
    String urlSafe = Base64.getUrlEncoder().withoutPadding().encodeToString(key);

    assertThat(AesGcmCipher.decodeKey(standard)).isEqualTo(key);
    assertThat(AesGcmCipher.decodeKey(" " + urlSafe + "\n")).isEqualTo(key);
    assertThat(standard).contains("+", "/").endsWith("=");
    assertThat(urlSafe).contains("-", "_").doesNotContain("=");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hunter2hunter2", "hunter2 hunter2", "hunter2%"})
  void decodeKey_ofSomethingElse_isRefusedWithoutTellingIt(String text) {
    assertThatThrownBy(() -> AesGcmCipher.decodeKey(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("key: it must")
        .hasMessageContaining("openssl rand -base64 32")
        .hasMessageNotContaining("hunter2")
        .hasNoCause();
  }

  @Test
  void toString_always_tellsAlgorithmAndKeyIdsOnly() {
    AesGcmCipher cipher = AesGcmCipher.of("k3", KEY);

    assertThat(cipher).hasToString("AES-256-GCM, key k3");
    assertThat(cipher.withOlderKey("k2", KEY)).hasToString("AES-256-GCM, key k3 and 1 older one");
    assertThat(cipher.withOlderKey("k2", KEY).withOlderKey("k1", KEY).describe())
        .isEqualTo("AES-256-GCM, key k3 and 2 older ones");
  }
}
