package cloud.klink.webhooks.signature;

import cloud.klink.webhooks.canonical.CanonicalForm;
import cloud.klink.webhooks.canonical.CanonicalRequest;
import cloud.klink.webhooks.canonical.CanonicalTarget;
import cloud.klink.webhooks.internal.Pool;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A webhook's signing secret: the key of HMAC-SHA256 (RFC 2104), which is its text in UTF-8.
 *
 * <p>Only {@link #reveal} returns it. {@link #toString} prints {@code ***}, comparison takes the
 * same time wherever two secrets differ, {@link #hashCode} is keyed anew in each process, and the
 * class can neither be serialized nor bound to JSON. Immutable and safe for use by many threads.
 */
public final class SigningSecret {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int RANDOM_BYTES = 32;
  private static final int MAX_LENGTH = 1_024;

  private final transient byte[] key;
  private final Pool<Mac> macs;

  private SigningSecret(byte[] key) {
    this.key = key;
    this.macs = new Pool<>(this::newMac);
  }

  /**
   * A new secret of 256 random bits, as {@code whsec_} and 43 characters of URL-safe Base64.
   *
   * @param random where the bits come from
   * @return the secret
   */
  public static SigningSecret generate(SecureRandom random) {
    byte[] bits = new byte[RANDOM_BYTES];
    random.nextBytes(bits);
    return of("whsec_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bits));
  }

  /**
   * The secret of a text. White space at its ends is part of the secret.
   *
   * @param secret 1 to 1,024 bytes in UTF-8; one of fewer than 16 bytes can be guessed
   * @return the secret
   * @throws IllegalArgumentException if it is blank or longer, or holds a control character or half
   *     a surrogate pair
   */
  public static SigningSecret of(String secret) {
    checkCharacters(secret);
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(secret));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return checked(bytes);
    } catch (CharacterCodingException e) {
      // The exception's own message tells lengths, so it is no cause to hand on.
      throw new IllegalArgumentException("secret: it must not hold half a surrogate pair");
    }
  }

  /**
   * The secret of those bytes, which are copied: wiping or changing the array afterwards does not
   * change the secret.
   *
   * @param utf8 1 to 1,024 bytes of UTF-8
   * @return the secret
   * @throws IllegalArgumentException if they are blank or too many, hold a control character, or
   *     are not UTF-8
   */
  public static SigningSecret of(byte[] utf8) {
    byte[] copy = utf8.clone();
    try {
      checkCharacters(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(copy)));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("secret: its bytes must be UTF-8");
    }
    return checked(copy);
  }

  /** What nobody chose as a secret: an unset variable, or a line end that was read with it. */
  private static void checkCharacters(CharSequence secret) {
    if (secret.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("secret: it must not hold control characters; cut off the"
          + " line end of a file that it was read from");
    }
    if (secret.length() > 0 && secret.codePoints().allMatch(SigningSecret::isBlank)) {
      throw new IllegalArgumentException("secret: it must not be blank");
    }
  }

  private static boolean isBlank(int point) {
    return Character.isWhitespace(point)
        || Character.isSpaceChar(point)
        || Character.getType(point) == Character.FORMAT;
  }

  private static SigningSecret checked(byte[] key) {
    if (key.length == 0 || key.length > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "secret: it must have 1 to " + MAX_LENGTH + " bytes in UTF-8, not " + key.length);
    }
    return new SigningSecret(key);
  }

  /**
   * The secret itself, for showing it to its owner or storing it.
   *
   * @return its text; keep it out of logs
   */
  public String reveal() {
    return new String(key, StandardCharsets.UTF_8);
  }

  /**
   * Signs a request.
   *
   * @param request the canonical request
   * @return its signature
   */
  public Signature sign(CanonicalRequest request) {
    return new Signature(hmac(request));
  }

  /**
   * Whether a signature is this secret's for a request. The comparison takes the same time wherever
   * the two differ.
   *
   * @param request the canonical request
   * @param signature what came with it
   * @return true only for the right signature
   */
  public boolean verifies(CanonicalRequest request, Signature signature) {
    return signature.matches(hmac(request));
  }

  /**
   * Whether a signature is this secret's for a request with one of the candidate forms of its body.
   * The comparison takes the same time wherever the two differ.
   *
   * @param target method, URL and query
   * @param form a form of the body, while it is tried
   * @param signature what came with the request
   * @return true only for the right signature
   */
  public boolean verifies(CanonicalTarget target, CanonicalForm form, Signature signature) {
    Mac mac = macs.take();
    target.update(mac);
    form.update(mac);
    return signature.matches(finish(mac));
  }

  private byte[] hmac(CanonicalRequest request) {
    Mac mac = macs.take();
    request.update(mac);
    return finish(mac);
  }

  /** A MAC for which a message's update threw does not come here: it may hold half a message. */
  private byte[] finish(Mac mac) {
    byte[] result = mac.doFinal();
    macs.give(mac);
    return result;
  }

  private Mac newMac() {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java platform must provide " + ALGORITHM, e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SigningSecret secret && MessageDigest.isEqual(key, secret.key);
  }

  @Override
  public int hashCode() {
    return KeyedHash.of(key);
  }

  /** Always {@code ***}. */
  @Override
  public String toString() {
    return "***";
  }
}
