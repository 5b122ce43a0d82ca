package cloud.klink.webhooks.signature;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.MalformedReason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

  /** How many of them one word of the signature takes. */
  private static final int WORD_DIGITS = 16;

  private static final int UPPER_CASE = 0x40;

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

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

  /** The bytes, eight in each: an array would be a second object for each request. */
  private final transient long first;

  private final transient long second;
  private final transient long third;
  private final transient long fourth;

  Signature(byte[] bytes) {
    this(word(bytes, 0), word(bytes, 8), word(bytes, 16), word(bytes, 24));
  }

  private Signature(long first, long second, long third, long fourth) {
    this.first = first;
    this.second = second;
    this.third = third;
    this.fourth = fourth;
  }

  private static long word(byte[] bytes, int from) {
    return (long) WORD.get(bytes, from);
  }

  /**
   * Parses the value of a header.
   *
   * @param hex exactly 64 digits of {@code 0-9a-f}
   * @return the signature
   * @throws MalformedException if it has another form; the reason names the rule
   */
  public static Signature parse(String hex) {
    if (hex.length() != HEX_LENGTH) {
      throw malformed(MalformedReason.SIGNATURE_LENGTH, "it must have exactly 64 hex digits");
    }
    int seen = 0;
    long first = 0;
    long second = 0;
    long third = 0;
    long fourth = 0;
    // Four at once, since each word's next digit has to wait for the one before.
    for (int i = 0; i < WORD_DIGITS; i++) {
      int a = digit(hex.charAt(i));
      int b = digit(hex.charAt(i + WORD_DIGITS));
      int c = digit(hex.charAt(i + 2 * WORD_DIGITS));
      int d = digit(hex.charAt(i + 3 * WORD_DIGITS));
      seen |= a | b | c | d;
      first = (first << 4) | a;
      second = (second << 4) | b;
      third = (third << 4) | c;
      fourth = (fourth << 4) | d;
    }
    if (seen < 0) {
      throw malformed(MalformedReason.SIGNATURE_NOT_HEX, "it must have nothing but hex digits");
    }
    if ((seen & UPPER_CASE) != 0) {
      throw malformed(MalformedReason.SIGNATURE_UPPER_CASE, "its hex digits must be lower-case");
    }
    return new Signature(first, second, third, fourth);
  }

  private static MalformedException malformed(MalformedReason reason, String rule) {
    return new MalformedException(reason, "signature: " + rule, null);
  }

  private static int digit(char c) {
    return c < DIGITS.length ? DIGITS[c] : -1;
  }

  /**
   * The value of the header.
   *
   * @return 64 lower-case hex digits
   */
  public String hex() {
    return HexFormat.of().formatHex(bytes());
  }

  boolean matches(byte[] hmac) {
    return hmac.length == HEX_LENGTH / 2
        && isSame(word(hmac, 0), word(hmac, 8), word(hmac, 16), word(hmac, 24));
  }

  /** Without a branch that would tell where they differ. */
  private boolean isSame(long a, long b, long c, long d) {
    return ((first ^ a) | (second ^ b) | (third ^ c) | (fourth ^ d)) == 0;
  }

  private byte[] bytes() {
    return ByteBuffer.allocate(HEX_LENGTH / 2)
        .putLong(first)
        .putLong(second)
        .putLong(third)
        .putLong(fourth)
        .array();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Signature signature
        && isSame(signature.first, signature.second, signature.third, signature.fourth);
  }

  @Override
  public int hashCode() {
    return KeyedHash.of(bytes());
  }

  /** Always {@code ***}; {@link #hex} is the signature. */
  @Override
  public String toString() {
    return "***";
  }
}
