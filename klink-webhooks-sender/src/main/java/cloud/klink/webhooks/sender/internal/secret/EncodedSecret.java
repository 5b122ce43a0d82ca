package cloud.klink.webhooks.sender.internal.secret;

import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.secret.SecretCipher;
import cloud.klink.webhooks.sender.secret.UnreadableSecretException;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The stored forms of secrets, plain or encrypted. */
final class EncodedSecret {
  private static final String PREFIX = "enc:";
  private static final String PLAIN_PREFIX = "enc:0:";
  private static final String ENCRYPTED_PREFIX = "enc:1:";
  private static final Pattern PARTS = Pattern.compile(
      "(enc:1:([A-Za-z0-9._-]{1," + SecretCipher.MAX_KEY_ID_LENGTH + "}):)([A-Za-z0-9_-]+)");
  private static final Pattern LATER_VERSION =
      Pattern.compile("enc:([2-9]|[1-9][0-9]{1,8}):.*", Pattern.DOTALL);

  private EncodedSecret() {}

  static boolean isPlain(String stored) {
    return !stored.startsWith(PREFIX) || stored.startsWith(PLAIN_PREFIX);
  }

  static boolean isEncryptedBy(SecretCipher cipher, String stored) {
    return stored.startsWith(head(cipher));
  }

  static String plain(String value) {
    return value.startsWith(PREFIX) ? PLAIN_PREFIX + value : value;
  }

  static String encrypted(SecretCipher cipher, SecretPlace place, byte[] plain) {
    String head = head(cipher);
    byte[] encrypted = cipher.encrypt(plain, place.associated(head));
    return head + Base64.getUrlEncoder().withoutPadding().encodeToString(encrypted);
  }

  private static String head(SecretCipher cipher) {
    return ENCRYPTED_PREFIX + cipher.keyId() + ":";
  }

  /** Returns the secret in UTF-8, in an array that the caller may wipe. */
  static byte[] read(@Nullable SecretCipher cipher, SecretPlace place, String stored) {
    if (isPlain(stored)) {
      boolean escaped = stored.startsWith(PLAIN_PREFIX);
      if (escaped && !stored.startsWith(PREFIX, PLAIN_PREFIX.length())) {
        throw malformed(place);
      }
      return Utf8.of(escaped ? stored.substring(PLAIN_PREFIX.length()) : stored)
          .orElseThrow(() -> malformed(place));
    }
    Matcher parts = PARTS.matcher(stored);
    if (!parts.matches()) {
      throw LATER_VERSION.matcher(stored).matches()
          ? place.unreadable(SenderReason.SECRET_UNKNOWN_VERSION)
          : malformed(place);
    }
    byte[] encrypted = decoded(parts.group(3)).orElseThrow(() -> malformed(place));
    byte[] associated = place.associated(parts.group(1));
    String keyId = parts.group(2);
    if (cipher == null) {
      throw place.unreadable(SenderReason.SECRET_NO_KEY, keyId, null);
    }
    if (!callCipher(() -> cipher.hasKey(keyId), place)) {
      throw place.unreadable(SenderReason.SECRET_UNKNOWN_KEY, keyId, null);
    }
    return callCipher(() -> cipher.decrypt(keyId, encrypted, associated), place)
        .orElseThrow(() -> place.unreadable(SenderReason.SECRET_NOT_AUTHENTIC));
  }

  private static <T> T callCipher(Supplier<T> call, SecretPlace place) {
    try {
      return call.get();
    } catch (RuntimeException e) {
      throw place.unreadable(SenderReason.SECRET_CIPHER_FAILED, "", e);
    }
  }

  private static UnreadableSecretException malformed(SecretPlace place) {
    return place.unreadable(SenderReason.SECRET_MALFORMED);
  }

  /** Decodes only the canonical form of Base64, so that any damage is detected. */
  private static Optional<byte[]> decoded(String text) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(text)
          ? Optional.of(bytes)
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
