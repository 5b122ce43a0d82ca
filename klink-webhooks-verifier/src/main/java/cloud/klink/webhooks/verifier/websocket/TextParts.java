package cloud.klink.webhooks.verifier.websocket;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The parts of a text that has not come to its end, kept as UTF-8: as many bytes as travelled,
 * whatever its characters. As Java text, one character beyond Latin-1 doubles the size of all.
 */
final class TextParts {
  private static final int CHUNK = 8_192;

  private final CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
  private final List<ByteBuffer> full = new ArrayList<>();
  private ByteBuffer last = ByteBuffer.allocate(0);

  /** The first half of a surrogate pair that a part ended with, or 0. */
  private char half;

  private int characters;

  /** How many characters have come. */
  int characters() {
    return characters;
  }

  /**
   * Adds a part.
   *
   * @throws CharacterCodingException if it holds half a surrogate pair
   */
  void add(CharSequence part) throws CharacterCodingException {
    if (part.length() == 0) {
      return;
    }
    characters += part.length();
    CharBuffer rest = CharBuffer.wrap(part);
    if (half != 0) {
      encode(CharBuffer.wrap(new char[] {half, rest.get()}));
      half = 0;
    }
    encode(rest);
    half = rest.hasRemaining() ? rest.get() : 0;
  }

  private void encode(CharBuffer text) throws CharacterCodingException {
    CoderResult result = encoder.encode(text, last, false);
    while (result.isOverflow()) {
      grow();
      result = encoder.encode(text, last, false);
    }
    if (result.isError()) {
      result.throwException();
    }
  }

  private void grow() {
    full.add(last.flip());
    last = ByteBuffer.allocate(CHUNK);
  }

  /**
   * Takes all out, so that the next text can begin.
   *
   * @throws CharacterCodingException if the text ends with half a surrogate pair
   */
  byte[] take() throws CharacterCodingException {
    if (half != 0) {
      throw new MalformedInputException(1);
    }
    full.add(last.flip());
    byte[] text = new byte[full.stream().mapToInt(ByteBuffer::remaining).sum()];
    ByteBuffer target = ByteBuffer.wrap(text);
    full.forEach(target::put);
    clear();
    return text;
  }

  void clear() {
    full.clear();
    last = ByteBuffer.allocate(0);
    half = 0;
    characters = 0;
    encoder.reset();
  }
}
