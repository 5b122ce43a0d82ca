package cloud.klink.webhooks.event;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.signature.Signature;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A delivery over a WebSocket: one text message {@code {"id": …, "signature": …, "body": …}}. It is
 * signed as the request {@code POST} to the endpoint's URL would be (CANONICAL.md, section
 * "WebSocket"). Immutable.
 */
public final class WebSocketMessage {
  private final String id;
  private final Signature signature;

  /** Read-only, and always read through duplicates. */
  private final ByteBuffer body;

  private WebSocketMessage(String id, Signature signature, ByteBuffer body) {
    this.id = id;
    this.signature = signature;
    this.body = body.asReadOnlyBuffer();
  }

  /**
   * A message to be sent.
   *
   * @param id the delivery's id, 1 to 200 characters
   * @param signature of the request {@code POST} to the endpoint's URL with that body
   * @param body a canonical body, not empty; it is copied
   * @return the message
   * @throws MalformedException if the id is empty or too long, or the body empty
   */
  public static WebSocketMessage of(String id, Signature signature, byte[] body) {
    MessageJson.checkId("id", id);
    if (body.length == 0) {
      throw Malformed.message("body", "it must not be empty");
    }
    return new WebSocketMessage(id, signature, ByteBuffer.wrap(body.clone()));
  }

  /**
   * Reads a message. The body is taken from the text unchanged; the verifier checks its form.
   * Reading takes little more memory than the encoded body.
   *
   * @param text the text of one WebSocket message
   * @return the message
   * @throws MalformedException if the text is not a JSON object, one of the three fields is
   *     missing, repeated or of the wrong type, or the signature is not 64 lower-case hex digits
   */
  public static WebSocketMessage parse(String text) {
    MessageFields fields = MessageFields.read(new StringReader(text));
    return of(fields, ByteBuffer.wrap(utf8(text, fields.bodyStart, fields.bodyEnd)));
  }

  /**
   * Reads a message from its bytes. It takes next to no memory: the body is a slice of the given
   * array.
   *
   * @param utf8 the text of one WebSocket message in UTF-8; it is not copied, so it must not be
   *     changed while the message is in use
   * @return the message
   * @throws MalformedException as {@link #parse(String)} does, and if it is not UTF-8
   */
  public static WebSocketMessage parse(byte[] utf8) {
    MessageFields fields = MessageFields.read(reader(utf8));
    int start = byteOffset(utf8, 0, fields.bodyStart);
    int end = byteOffset(utf8, start, fields.bodyEnd - fields.bodyStart);
    return of(fields, ByteBuffer.wrap(utf8, start, end - start));
  }

  private static WebSocketMessage of(MessageFields fields, ByteBuffer body) {
    if (!body.hasRemaining()) {
      throw Malformed.message("body", "it is missing");
    }
    return new WebSocketMessage(
        MessageJson.checkId("id", fields.id), signature(fields.signature), body);
  }

  private static Reader reader(byte[] utf8) {
    return new InputStreamReader(
        new ByteArrayInputStream(utf8), StandardCharsets.UTF_8.newDecoder());
  }

  /** Where so many UTF-16 units end that start at a byte of well-formed UTF-8. */
  private static int byteOffset(byte[] utf8, int from, int units) {
    int p = from;
    for (int left = units; left > 0 && p < utf8.length; left--) {
      int lead = utf8[p] & 0xff;
      if (lead < 0x80) {
        p++;
      } else if (lead < 0xe0) {
        p += 2;
      } else if (lead < 0xf0) {
        p += 3;
      } else {
        p += 4;
        left--;
      }
    }
    return Math.min(p, utf8.length);
  }

  /**
   * Reads the id of a text that may be no message otherwise, so that it can be answered.
   *
   * @param text the text of one WebSocket message
   * @return empty if the text is no JSON object, the id is repeated, or there is none of 1 to 200
   *     characters
   */
  public static Optional<String> findId(String text) {
    return findId(new StringReader(text));
  }

  /**
   * Reads the id of a text that may be no message otherwise, so that it can be answered.
   *
   * @param utf8 the text of one WebSocket message in UTF-8
   * @return empty if the text is no JSON object, the id is repeated, or there is none of 1 to 200
   *     characters
   */
  public static Optional<String> findId(byte[] utf8) {
    return findId(reader(utf8));
  }

  private static Optional<String> findId(Reader text) {
    try {
      return Optional.of(MessageJson.checkId("id", MessageFields.readId(text).id));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  /** Encodes a part of a text into an array of just its length. */
  private static byte[] utf8(String text, int from, int to) {
    int size = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        size++;
      } else if (c < 0x800) {
        size += 2;
      } else if (!Character.isSurrogate(c)) {
        size += 3;
      } else if (isPair(text, i, to)) {
        size += 4;
        i++;
      } else {
        throw Malformed.message("body", "it must not hold half a surrogate pair");
      }
    }
    byte[] bytes = new byte[size];
    StandardCharsets.UTF_8
        .newEncoder()
        .encode(CharBuffer.wrap(text, from, to), ByteBuffer.wrap(bytes), true);
    return bytes;
  }

  private static boolean isPair(String text, int i, int to) {
    return Character.isHighSurrogate(text.charAt(i))
        && i + 1 < to
        && Character.isLowSurrogate(text.charAt(i + 1));
  }

  private static Signature signature(@Nullable String hex) {
    if (hex == null) {
      throw Malformed.message("signature", "it is missing");
    }
    try {
      return Signature.parse(hex);
    } catch (MalformedException e) {
      throw Malformed.message("signature", "it must be 64 lower-case hex digits");
    }
  }

  /**
   * The delivery's id, which the answer must name.
   *
   * @return 1 to 200 characters
   */
  public String id() {
    return id;
  }

  /**
   * The signature.
   *
   * @return as it came, or as it is to be sent
   */
  public Signature signature() {
    return signature;
  }

  /**
   * The event.
   *
   * @return JSON in UTF-8, a new array for each call
   */
  public byte[] body() {
    byte[] copy = new byte[body.remaining()];
    body.duplicate().get(copy);
    return copy;
  }

  /**
   * The event, without a copy.
   *
   * @return JSON in UTF-8, read-only
   */
  public ByteBuffer bodyBuffer() {
    return body.duplicate();
  }

  /**
   * The message as it is sent.
   *
   * @return one JSON object
   */
  public String text() {
    return "{\"id\":"
        + MessageJson.quoted(id)
        + ",\"signature\":\""
        + signature.hex()
        + "\",\"body\":"
        + StandardCharsets.UTF_8.decode(body.duplicate())
        + "}";
  }

  /** Shows the id and the length of the body. */
  @Override
  public String toString() {
    return "WebSocketMessage[" + id + ", " + body.remaining() + " bytes]";
  }
}
