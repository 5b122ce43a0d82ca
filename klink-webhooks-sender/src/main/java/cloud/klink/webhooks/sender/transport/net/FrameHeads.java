package cloud.klink.webhooks.sender.transport.net;

/**
 * Finds frames in a stream of HTTP/2 (RFC 9113, 4.1), however it is cut into pieces. Not for use by
 * several threads.
 */
final class FrameHeads {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int CONTINUATION = 9;
  static final int END_STREAM = 1;
  static final int ACK = 1;
  static final int END_HEADERS = 4;

  private static final int HEAD = 9;
  private static final int BEGINNING = 8;

  /** What is told of each frame, once its head and the beginning of its payload have passed. */
  interface Visitor {
    /**
     * A frame.
     *
     * @param length how long its payload is
     * @param beginning the first 8 bytes of the payload, if it has as many
     */
    void frame(int type, int flags, int length, long beginning);
  }

  private final Visitor visitor;
  private final byte[] head = new byte[HEAD + BEGINNING];
  private int known;

  /** How much of the frame has not passed beside what is in {@link #head}. */
  private int rest;

  private boolean withinHeaders;

  FrameHeads(Visitor visitor) {
    this.visitor = visitor;
  }

  /** Whether a frame of another stream may follow: no frame has begun, and no block of headers. */
  boolean isBetweenFrames() {
    return known == 0 && rest == 0 && !withinHeaders;
  }

  void follow(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int at = offset;
    while (at < end) {
      if (rest > 0) {
        int passed = Math.min(rest, end - at);
        rest -= passed;
        at += passed;
        continue;
      }
      head[known++] = bytes[at++];
      if (known >= HEAD && known - HEAD == Math.min(BEGINNING, payload())) {
        rest = payload() - (known - HEAD);
        known = 0;
        tell();
      }
    }
  }

  private int payload() {
    return ((head[0] & 0xff) << 16) | ((head[1] & 0xff) << 8) | (head[2] & 0xff);
  }

  private void tell() {
    int type = head[3] & 0xff;
    int flags = head[4] & 0xff;
    if (type == HEADERS || type == CONTINUATION) {
      withinHeaders = (flags & END_HEADERS) == 0;
    }
    long beginning = 0;
    for (int i = HEAD; i < head.length; i++) {
      beginning = (beginning << 8) | (head[i] & 0xff);
    }
    visitor.frame(type, flags, payload(), beginning);
  }
}
