package cloud.klink.webhooks.sender.internal.secret;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Converts secrets to bytes, which can be wiped. */
final class Utf8 {
  private static final int MAX_BYTES_PER_CHAR = 3;

  private Utf8() {}

  /** Empty if the text holds half a surrogate pair. */
  static Optional<byte[]> of(String text) {
    byte[] buffer = new byte[text.length() * MAX_BYTES_PER_CHAR];
    ByteBuffer out = ByteBuffer.wrap(buffer);
    boolean isError = StandardCharsets.UTF_8
        .newEncoder()
        .encode(CharBuffer.wrap(text), out, true)
        .isError();
    byte[] bytes = Arrays.copyOf(buffer, out.position());
    wipe(buffer);
    return isError ? Optional.empty() : Optional.of(bytes);
  }

  static void wipe(byte[] secret) {
    Arrays.fill(secret, (byte) 0);
  }
}
