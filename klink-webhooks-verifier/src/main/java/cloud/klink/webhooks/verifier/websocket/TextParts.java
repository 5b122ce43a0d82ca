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
 * The parts of a text message that is not complete yet. They are kept as UTF-8, which takes as many
 * bytes as arrived; in a Java string, one character beyond Latin-1 doubles the size of all.
 */
final class TextParts {
  private static final int CHUNK_BYTES = 8_192;

  private final CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
  private final List<ByteBuffer> full = new ArrayList<>();
  private ByteBuffer last = ByteBuffer.allocate(0);

  /** The first half of a surrogate pair that a part ended with, or 0. */
  private char pendingSurrogate;

  private int characters;

  /** The number of characters added so far. */
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
    if (pendingSurrogate != 0) {
      encode(CharBuffer.wrap(new char[] {pendingSurrogate, rest.get()}));
      pendingSurrogate = 0;
    }
    encode(rest);
    pendingSurrogate = rest.hasRemaining() ? rest.get() : 0;
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
    last = ByteBuffer.allocate(CHUNK_BYTES);
  }

  /**
   * Returns the whole text as UTF-8 and clears the parts.
   *
   * @throws CharacterCodingException if the text ends with half a surrogate pair
   */
  byte[] take() throws CharacterCodingException {
    if (pendingSurrogate != 0) {
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
    pendingSurrogate = 0;
    characters = 0;
    encoder.reset();
  }
}
