package cloud.klink.webhooks.signature;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.MalformedReason;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * A signature: the 32 bytes of an HMAC-SHA256, written as 64 lower-case hex digits.
 *
 * <p>Comparison takes the same time wherever two signatures differ, {@link #hashCode} is keyed anew
 * in each process, and {@link #toString} prints {@code ***}: the signature that a request should
 * have had would let whoever reads it forge that request. Immutable and safe for use by many
 * threads.
 */
public final class Signature {
  /** How many hex digits a signature has. */
  public static final int HEX_LENGTH = 64;

  private static final int UPPER_CASE = 0x40;

  /**
   * The value of each ASCII character as a hex digit, marked if it is upper-case; -1 for others.
   */
  private static final byte[] DIGITS = new byte[0x80];

  static {
    for (int c = 0; c < DIGITS.length; c++) {
      int mark = c >= 'A' && c <= 'F' ? UPPER_CASE : 0;
      DIGITS[c] = (byte) (Character.digit(c, 16) | mark);
    }
  }

  private final transient byte[] bytes;

  Signature(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads a signature as it stands in a header.
   *
   * @param hex exactly 64 digits of {@code 0-9a-f}
   * @return the signature
   * @throws MalformedException with the rule that was broken
   */
  public static Signature parse(String hex) {
    if (hex.length() != HEX_LENGTH) {
      throw malformed(MalformedReason.SIGNATURE_LENGTH, "it must have exactly 64 hex digits");
    }
    byte[] bytes = new byte[HEX_LENGTH / 2];
    int seen = 0;
    for (int i = 0; i < bytes.length; i++) {
      int high = digit(hex.charAt(2 * i));
      int low = digit(hex.charAt(2 * i + 1));
      seen |= high | low;
      bytes[i] = (byte) ((high << 4) | low);
    }
    if (seen < 0) {
      throw malformed(MalformedReason.SIGNATURE_NOT_HEX, "it must have nothing but hex digits");
    }
    if ((seen & UPPER_CASE) != 0) {
      throw malformed(MalformedReason.SIGNATURE_UPPER_CASE, "its hex digits must be lower-case");
    }
    return new Signature(bytes);
  }

  private static MalformedException malformed(MalformedReason reason, String rule) {
    return new MalformedException(reason, "signature: " + rule, null);
  }

  private static int digit(char c) {
    return c < DIGITS.length ? DIGITS[c] : -1;
  }

  /**
   * The signature as it stands in a header.
   *
   * @return 64 lower-case hex digits
   */
  public String hex() {
    return HexFormat.of().formatHex(bytes);
  }

  boolean matches(byte[] hmac) {
    return MessageDigest.isEqual(bytes, hmac);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Signature signature && matches(signature.bytes);
  }

  @Override
  public int hashCode() {
    return KeyedHash.of(bytes);
  }

  /** Always {@code ***}; {@link #hex} is the signature. */
  @Override
  public String toString() {
    return "***";
  }
}
