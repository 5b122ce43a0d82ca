package cloud.klink.webhooks.verifier;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Verifies unsigned bodies that arrive in small parts and are a fifth of the heap long; run by a
 * test in a small heap. Nothing else in the process holds such a body.
 */
final class LongBodies {
  static final int LENGTH = 15 << 20;

  private static final String NESTED = "{\"b\":0 ,\"a\":".repeat(990) + "0" + "}".repeat(990);

  private static final List<String> ELEMENTS = List.of(
      ",1e20",
      ",-0",
      ",3E-310",
      ",{ }",
      ",\"\"",
      ",\"\\u0041\"",
      ",{\"b\":0 ,\"a\":0}",
      "," + NESTED,
      "," + "[ ".repeat(990) + "]".repeat(990));

  private LongBodies() {}

  /** {@code [0}, one element again and again, and {@code ]}, a few bytes at a time. */
  private static final class Parts extends InputStream {
    private final String element;
    private final int size;
    private final int end;
    private int position;

    Parts(String element, int size) {
      this.element = element;
      this.size = size;
      this.end = 2 + (LENGTH - 3) / element.length() * element.length();
    }

    @Override
    public int read() {
      int at = position++;
      if (at < 2) {
        return "[0".charAt(at);
      }
      if (at < end) {
        return element.charAt((at - 2) % element.length());
      }
      return at == end ? ']' : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      int count = 0;
      while (count < Math.min(length, size) && position <= end) {
        target[offset + count++] = (byte) read();
      }
      return count == 0 && length > 0 ? -1 : count;
    }
  }

  /** Prints what became of the bodies. */
  public static void main(String[] args) throws IOException {
    WebhookVerifier verifier =
        Fixtures.verifier().maxBodyBytes(LENGTH).maxMemoryBytes(1 << 30).build();
    for (String element : ELEMENTS) {
      for (int size : new int[] {1, 100}) {
        System.out.println(outcome(verifier, new Parts(element, size)));
      }
    }
    System.out.println("at the end");
  }

  private static String outcome(WebhookVerifier verifier, InputStream body) throws IOException {
    try {
      verifier.verify(
          IncomingRequest.builder().header("X-Signature", "0".repeat(64)).build(), body);
      return "accepted";
    } catch (WebhookRefusedException e) {
      return e.reason().code();
    } catch (OutOfMemoryError e) {
      return "out of memory";
    }
  }
}
