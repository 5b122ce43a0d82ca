package cloud.klink.webhooks.signature;

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

  private static final byte[] HEX_VALUES = new byte[0x80];

  static {
    for (char c = 0; c < HEX_VALUES.length; c++) {
      HEX_VALUES[c] = (byte) Character.digit(c, 16);
    }
  }

  private final byte[] bytes;

  Signature(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads a signature as it stands in a header.
   *
   * @param hex exactly 64 digits of {@code 0-9a-f}
   * @return the signature
   * @throws MalformedSignatureException with the rule that was broken
   */
  public static Signature parse(String hex) {
    if (hex.length() != HEX_LENGTH) {
      throw new MalformedSignatureException(MalformedSignatureReason.SIGNATURE_LENGTH);
    }
    byte[] bytes = new byte[HEX_LENGTH / 2];
    boolean upperCase = false;
    for (int i = 0; i < HEX_LENGTH; i++) {
      char c = hex.charAt(i);
      int digit = c < HEX_VALUES.length ? HEX_VALUES[c] : -1;
      if (digit < 0) {
        throw new MalformedSignatureException(MalformedSignatureReason.SIGNATURE_NOT_HEX);
      }
      upperCase |= (c >= 'A' && c <= 'F');
      bytes[i >> 1] = (byte) ((bytes[i >> 1] << 4) | digit);
    }
    if (upperCase) {
      throw new MalformedSignatureException(MalformedSignatureReason.SIGNATURE_UPPER_CASE);
    }
    return new Signature(bytes);
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
