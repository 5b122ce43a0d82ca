package cloud.klink.webhooks.verifier.explain;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The ways to make a signature of a key and a message: the right one, and mistaken ones. */
enum Algorithm {
  HMAC_SHA256("HMAC-SHA256", "HmacSHA256"),
  HMAC_MD5("HMAC-MD5", "HmacMD5"),
  HMAC_SHA1("HMAC-SHA1", "HmacSHA1"),
  HMAC_SHA384("HMAC-SHA384", "HmacSHA384"),
  HMAC_SHA512("HMAC-SHA512", "HmacSHA512"),
  HMAC_SHA512_256("HMAC-SHA512/256", "HmacSHA512/256"),
  HMAC_SHA3_256("HMAC-SHA3-256", "HmacSHA3-256"),
  SWAPPED("HMAC-SHA256 with key and message swapped", "HmacSHA256"),
  SECRET_FIRST("SHA-256 of secret and message", "SHA-256"),
  SECRET_LAST("SHA-256 of message and secret", "SHA-256"),
  NO_SECRET("SHA-256 of the message, without a secret", "SHA-256");

  final String title;

  /** As the Java platform calls it. */
  private final String name;

  Algorithm(String title, String name) {
    this.title = title;
    this.name = name;
  }

  /** Signs the two parts of a message, one behind the other. */
  byte[] sign(byte[] key, byte[] head, byte[] body) {
    try {
      return switch (this) {
        case SWAPPED -> hmac(name, join(head, body), key);
        case SECRET_FIRST -> hash(name, key, head, body);
        case SECRET_LAST -> hash(name, head, body, key);
        case NO_SECRET -> hash(name, head, body);
        default -> hmac(name, key, head, body);
      };
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java platform lacks " + title, e);
    }
  }

  private static byte[] hmac(String name, byte[] key, byte[]... message)
      throws GeneralSecurityException {
    Mac mac = Mac.getInstance(name);
    // A key is padded with zeros (RFC 2104), so one zero is the empty key, which Java refuses.
    mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, name));
    for (byte[] part : message) {
      mac.update(part);
    }
    return mac.doFinal();
  }

  private static byte[] hash(String name, byte[]... parts) throws GeneralSecurityException {
    MessageDigest digest = MessageDigest.getInstance(name);
    for (byte[] part : parts) {
      digest.update(part);
    }
    return digest.digest();
  }

  private static byte[] join(byte[] head, byte[] body) {
    byte[] joined = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, joined, head.length, body.length);
    return joined;
  }
}
