package cloud.klink.webhooks.sender.internal.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.secret.AesGcmCipher;
import cloud.klink.webhooks.sender.secret.UnreadableSecretException;
import cloud.klink.webhooks.signature.SigningSecret;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What holds for stored secrets, whatever they are. */
class SecretCodecPropertyTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String URL = "https://hooks.example.com/klink";
  private static final byte[] KEY = AesGcmCipher.generateKey(RANDOM);
  private static final AesGcmCipher ONE = AesGcmCipher.of("one", KEY);

  /** Its keys are the same, so that only the id can tell them apart. */
  private static final AesGcmCipher BOTH = AesGcmCipher.of("two", KEY).withOlderKey("one", KEY);

  private static final List<String> HEADS = List.of(
      "", "", "enc:", "enc:0:", "enc:0:enc:", "enc:1:", "enc:1:one:", "enc:2:", "ENC:", "enc");

  private static final List<SecretCodec> VAULTS = List.of(
      SecretCodec.plain(),
      SecretCodec.encrypting(ONE),
      SecretCodec.encrypting(BOTH),
      SecretCodec.encrypting(ONE).allowingUnencrypted(),
      SecretCodec.decrypting(ONE));

  /** What may be a signing secret: without control characters, and not blank. */
  @Provide
  Arbitrary<String> secrets() {
    return texts(Arbitraries.oneOf(
            Arbitraries.integers().between(0x20, 0x7e),
            Arbitraries.integers().between(0xa0, 0xd7ff),
            Arbitraries.integers().between(0xe000, 0x10ffff)))
        .map(text -> text + "s");
  }

  /** What an authentication may be: of its characters the secretCodec asks nothing. */
  @Provide
  Arbitrary<String> values() {
    return texts(Arbitraries.oneOf(
        Arbitraries.integers().between(0, 0x20),
        Arbitraries.integers().between(0, 0xff),
        Arbitraries.integers().between(0x100, 0xd7ff),
        Arbitraries.integers().between(0xe000, 0x10ffff)));
  }

  /** Of one byte up to four in UTF-8; beginning as stored forms do, often. */
  private static Arbitrary<String> texts(Arbitrary<Integer> points) {
    Arbitrary<String> any = points
        .map(Character::toString)
        .list()
        .ofMinSize(1)
        .ofMaxSize(40)
        .map(list -> String.join("", list));
    return Arbitraries.of(HEADS).flatMap(begin -> any.map(rest -> begin + rest));
  }

  @Provide
  Arbitrary<String> ids() {
    return Arbitraries.strings()
        .withCharRange('a', 'z')
        .withCharRange('0', '9')
        .withChars('_')
        .ofMinLength(1)
        .ofMaxLength(30);
  }

  @Provide
  Arbitrary<SecretCodec> secretCodecs() {
    return Arbitraries.of(VAULTS);
  }

  @Property(tries = 300)
  void secret_whatever_comesBack(
      @ForAll("secretCodecs") SecretCodec secretCodec,
      @ForAll("ids") String id,
      @ForAll("secrets") String text) {
    SigningSecret secret = SigningSecret.of(text);

    String stored = secretCodec.sealSecret(id, 1, secret);

    assertThat(secretCodec.openSecret(id, 1, stored)).isEqualTo(secret);
    assertThat(secretCodec.isCurrent(stored)).isTrue();
  }

  @Property(tries = 300)
  void authentication_whatever_comesBack(
      @ForAll("secretCodecs") SecretCodec secretCodec,
      @ForAll("ids") String id,
      @ForAll("values") String value) {
    String stored = secretCodec.sealAuthentication(id, URL, 1, value);

    assertThat(secretCodec.openAuthentication(id, URL, 1, stored)).isEqualTo(value);
    assertThat(secretCodec.isCurrent(stored)).isTrue();
  }

  @Property(tries = 300)
  void plain_whatever_isReadWithAKeyOnlyIfItIsAllowed(
      @ForAll("ids") String id, @ForAll("values") String value) {
    String stored = SecretCodec.plain().sealAuthentication(id, URL, 1, value);
    SecretCodec secretCodec = SecretCodec.encrypting(ONE);

    assertThat(secretCodec.allowingUnencrypted().openAuthentication(id, URL, 1, stored))
        .isEqualTo(value);
    assertThat(secretCodec.isCurrent(stored)).isFalse();
    assertThat(reason(secretCodec, id, stored)).contains(SenderReason.SECRET_NOT_ENCRYPTED);
  }

  @Property(tries = 300)
  void encrypted_whatever_doesNotHoldTheSecret(
      @ForAll("ids") String id, @ForAll("values") String value) {
    Assume.that(value.length() > 4);

    assertThat(SecretCodec.encrypting(ONE).sealAuthentication(id, URL, 1, value))
        .matches("enc:1:one:[A-Za-z0-9_-]{38,}")
        .doesNotContain(value);
  }

  @Property(tries = 300)
  void encrypted_withAnyBitChanged_isRefused(
      @ForAll("ids") String id,
      @ForAll("values") String value,
      @ForAll @IntRange(max = 1_000_000) int any) {
    byte[] stored =
        SecretCodec.encrypting(ONE).sealAuthentication(id, URL, 1, value).getBytes(UTF_8);
    int bit = any % (stored.length * 7); // ASCII: the eighth would make it no text.

    stored[bit / 7] ^= (byte) (1 << bit % 7);

    String damaged = new String(stored, UTF_8);
    SecretCodec secretCodec = SecretCodec.encrypting(ONE);
    Optional<SenderReason> strict = reason(secretCodec, id, damaged);
    assertThat(strict).isPresent();
    if (damaged.startsWith("enc:")) {
      assertThat(reason(secretCodec.allowingUnencrypted(), id, damaged)).isPresent();
    } else {
      assertThat(strict).contains(SenderReason.SECRET_NOT_ENCRYPTED);
    }
  }

  @Property(tries = 300)
  void encrypted_cutOrLengthened_isRefused(
      @ForAll("ids") String id,
      @ForAll("values") String value,
      @ForAll @IntRange(max = 1_000_000) int any,
      @ForAll("values") String more) {
    String stored = SecretCodec.encrypting(ONE).sealAuthentication(id, URL, 1, value);
    SecretCodec secretCodec = SecretCodec.encrypting(ONE);

    String cut = stored.substring(0, 1 + any % (stored.length() - 1));
    assertThat(reason(secretCodec, id, cut)).isPresent();
    assertThat(reason(secretCodec, id, stored + more)).isPresent();
  }

  @Property(tries = 300)
  void encrypted_atAnotherPlace_isRefused(
      @ForAll("ids") String id, @ForAll("ids") String other, @ForAll("secrets") String text) {
    Assume.that(!id.equals(other));
    SecretCodec secretCodec = SecretCodec.encrypting(BOTH);
    String secret = secretCodec.sealSecret(id, 1, SigningSecret.of(text));
    String value = secretCodec.sealAuthentication(id, URL, 1, text);

    assertThat(reason(secretCodec, other, value)).contains(SenderReason.SECRET_NOT_AUTHENTIC);
    assertThat(reasonOfSecret(secretCodec, other, secret))
        .contains(SenderReason.SECRET_NOT_AUTHENTIC);
    assertThat(reason(secretCodec, id, secret)).contains(SenderReason.SECRET_NOT_AUTHENTIC);
    assertThat(reasonOfSecret(secretCodec, id, value)).contains(SenderReason.SECRET_NOT_AUTHENTIC);
    assertThat(reason(secretCodec, id, value.replace("enc:1:two:", "enc:1:one:")))
        .contains(SenderReason.SECRET_NOT_AUTHENTIC);
  }

  /** Empty if it can be read. */
  private static Optional<SenderReason> reason(SecretCodec secretCodec, String id, String stored) {
    return reason(() -> secretCodec.openAuthentication(id, URL, 1, stored));
  }

  private static Optional<SenderReason> reasonOfSecret(
      SecretCodec secretCodec, String id, String stored) {
    return reason(() -> secretCodec.openSecret(id, 1, stored));
  }

  private static Optional<SenderReason> reason(Runnable read) {
    try {
      read.run();
      return Optional.empty();
    } catch (UnreadableSecretException e) {
      return Optional.of(e.reason());
    }
  }
}
