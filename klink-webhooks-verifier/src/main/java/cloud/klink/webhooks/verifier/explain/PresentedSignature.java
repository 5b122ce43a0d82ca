package cloud.klink.webhooks.verifier.explain;

import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What was found in the header of the signature, read generously. */
final class PresentedSignature {
  static final int LENGTH = 32;

  private static final Pattern WRAPPED = Pattern.compile(
      "(?i)(?:(?:sha-?256|hmac(?:-?sha-?256)?|v\\d|signature)[=:, ]\\s*)?([\"']?)(.*)\\1");
  private static final Pattern HEX = Pattern.compile("(?:[0-9a-fA-F]{2}){1,64}");
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]{43}=?");

  private final byte[] bytes;
  private final @Nullable Cause defect;
  private final String detail;

  private PresentedSignature(byte[] bytes, @Nullable Cause defect, String detail) {
    this.bytes = bytes;
    this.defect = defect;
    this.detail = detail;
  }

  static PresentedSignature parse(String text) {
    String trimmed = text.strip();
    Matcher wrapped = WRAPPED.matcher(trimmed);
    String bare = wrapped.matches() ? wrapped.group(2) : trimmed;
    Cause outside = !trimmed.equals(text)
        ? Cause.SIGNATURE_WHITE_SPACE
        : bare.equals(trimmed) ? null : Cause.SIGNATURE_PREFIX;
    if (HEX.matcher(bare).matches()) {
      return ofHex(bare, outside);
    }
    if (BASE64.matcher(bare).matches()) {
      String plain = bare.replace('-', '+').replace('_', '/');
      return decoded(plain, outside);
    }
    Cause defect = bare.length() == 2 * LENGTH ? Cause.SIGNATURE_NOT_HEX : Cause.SIGNATURE_LENGTH;
    return new PresentedSignature(new byte[0], defect, "It has " + count(text) + ".");
  }

  private static PresentedSignature ofHex(String hex, @Nullable Cause outside) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    if (bytes.length != LENGTH) {
      return new PresentedSignature(bytes, Cause.SIGNATURE_LENGTH, "It has " + count(hex) + ".");
    }
    if (outside != null) {
      return new PresentedSignature(bytes, outside, "");
    }
    boolean upperCase = hex.chars().anyMatch(c -> c >= 'A' && c <= 'F');
    return new PresentedSignature(bytes, upperCase ? Cause.SIGNATURE_UPPER_CASE : null, "");
  }

  private static PresentedSignature decoded(String base64, @Nullable Cause outside) {
    try {
      byte[] bytes = Base64.getDecoder().decode(base64);
      return new PresentedSignature(bytes, outside == null ? Cause.SIGNATURE_BASE64 : outside, "");
    } catch (IllegalArgumentException e) {
      return new PresentedSignature(new byte[0], Cause.SIGNATURE_LENGTH, "");
    }
  }

  /** Empty if they are not known. */
  byte[] bytes() {
    return bytes;
  }

  /** The first rule that its text breaks, or null. */
  @Nullable
  Cause defect() {
    return defect;
  }

  /** What exactly is wrong; never the text itself. */
  String detail() {
    return detail;
  }

  private static String count(String text) {
    return text.length() + (text.length() == 1 ? " character" : " characters");
  }

  /** Those of several headers, or of one that a proxy joined several to. */
  static List<String> split(List<String> values) {
    return values.size() == 1
        ? List.of(values.get(0).split("\\s*,\\s*(?=[0-9a-fA-F]{64})", 8))
        : values.subList(0, Math.min(values.size(), 8));
  }
}
