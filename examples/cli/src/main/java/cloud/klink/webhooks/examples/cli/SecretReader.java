package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.signature.SigningSecret;
import java.nio.file.Path;
import java.util.Arrays;

/** Makes secrets of what users give. What it says of a mistake never holds the secret. */
final class SecretReader {
  private static final int MAX_FILE_BYTES = 1 << 16;

  private SecretReader() {}

  static SigningSecret ofFile(Input input, Path file) {
    byte[] bytes = input.read(file, MAX_FILE_BYTES);
    byte[] line = Arrays.copyOf(bytes, bytes.length - trailingLineBreak(bytes));
    try {
      return SigningSecret.of(line);
    } catch (IllegalArgumentException e) {
      throw new BadInput(Input.name(file) + ": " + Messages.withoutField(e));
    }
  }

  static SigningSecret ofText(String source, String text) {
    // What Java makes of bytes that the locale's character set does not have.
    if (text.indexOf('\uFFFD') >= 0) {
      throw new BadUsage(source + ": this terminal's character set cannot pass it on;"
          + " use --secret-file, or set LC_ALL=C.UTF-8");
    }
    try {
      return SigningSecret.of(text);
    } catch (IllegalArgumentException e) {
      throw new BadUsage(source + ": " + Messages.withoutField(e));
    }
  }

  private static int trailingLineBreak(byte[] bytes) {
    int end = bytes.length;
    if (end == 0 || bytes[end - 1] != '\n') {
      return 0;
    }
    return end > 1 && bytes[end - 2] == '\r' ? 2 : 1;
  }
}
