package cloud.klink.webhooks.sender.transport.websocket;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Validates the frames of an endpoint: frames of RFC 6455 without extensions, in short text
 * messages. Not safe for use by several threads at once.
 */
final class FrameValidator {
  static final int LENGTH_16 = 126;
  static final int LENGTH_64 = 127;
  private static final int LONGEST_CONTROL = 125;
  private static final int CONTINUATION = 0;
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  /** The parts of the incomplete message. */
  private final Buffer message = new Buffer();

  private boolean inMessage;

  /** The bytes of the message so far, with the heads of its frames, so that empty parts count. */
  private long size;

  /**
   * A broken rule.
   *
   * @param closeCode the code with which the connection is to be closed
   * @param text what was received, for people
   */
  record Fault(int closeCode, String text) {}

  static boolean isPingOrPong(int first) {
    int opcode = first & 0x0f;
    return opcode == PING || opcode == PONG;
  }

  /**
   * Checks the head of a frame.
   *
   * @param first its first byte
   * @param second its second byte
   * @param length the length of its payload
   */
  @Nullable
  Fault head(int first, int second, long length) {
    int opcode = first & 0x0f;
    boolean isLast = (first & 0x80) != 0;
    if ((first & 0x70) != 0) {
      return malformed("a frame of an extension that was not agreed on");
    }
    if ((second & 0x80) != 0) {
      return malformed("a masked frame");
    }
    return switch (opcode) {
      case CLOSE, PING, PONG ->
        isLast && length >= 0 && length <= LONGEST_CONTROL
            ? null
            : malformed("a control frame that is too long, or in parts");
      case BINARY ->
        inMessage ? interleaved() : new Fault(CloseCodes.UNSUPPORTED_DATA, "a binary message");
      case TEXT -> inMessage ? interleaved() : part(isLast, length);
      case CONTINUATION ->
        inMessage ? part(isLast, length) : malformed("the continuation of no message");
      default -> malformed("a frame of an unknown kind");
    };
  }

  private static Fault interleaved() {
    return malformed("a message within another");
  }

  private static Fault malformed(String text) {
    return new Fault(CloseCodes.PROTOCOL_ERROR, text);
  }

  private @Nullable Fault part(boolean isLast, long length) {
    inMessage = !isLast;
    size += 2;
    boolean isTooLong = length < 0 || length > WebSocketTransport.MAX_ANSWER_BYTES - size;
    size += length;
    return isTooLong
        ? new Fault(
            CloseCodes.TOO_BIG,
            "a message of more than " + WebSocketTransport.MAX_ANSWER_BYTES + " bytes")
        : null;
  }

  /**
   * Checks the payload of a frame whose head is allowed.
   *
   * @param first the frame's first byte
   * @param payload the payload, which is not consumed
   */
  @Nullable
  Fault payload(int first, Buffer payload) {
    int opcode = first & 0x0f;
    if (opcode == CLOSE) {
      return close(payload);
    }
    if (opcode == PING || opcode == PONG) {
      return null;
    }
    payload.copyTo(message, 0, payload.size());
    if (inMessage) {
      return null;
    }
    size = 0;
    return isText(ByteBuffer.wrap(message.readByteArray()))
        ? null
        : new Fault(CloseCodes.INVALID_PAYLOAD, "a text that is not UTF-8");
  }

  private static @Nullable Fault close(Buffer payload) {
    if (payload.size() == 0) {
      return null;
    }
    if (payload.size() == 1) {
      return malformed("half a close code");
    }
    ByteBuffer bytes = ByteBuffer.wrap(payload.copy().readByteArray());
    int code = bytes.getShort() & 0xffff;
    if (!CloseCodes.mayBeSent(code)) {
      return malformed("the close code " + code + ", which must not be sent");
    }
    return isText(bytes)
        ? null
        : new Fault(CloseCodes.INVALID_PAYLOAD, "a reason of closing that is not UTF-8");
  }

  private static boolean isText(ByteBuffer bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(bytes);
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
