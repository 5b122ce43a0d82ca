package cloud.klink.webhooks.sender.transport.net;

/**
 * Parses the frames of an HTTP/2 stream (RFC 9113, section 4.1), which may arrive in pieces of any
 * length. Not safe for use by several threads at once.
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

  private static final int HEAD_LENGTH = 9;
  private static final int PAYLOAD_PREFIX_LENGTH = 8;

  /** Receives each frame as soon as its head and the beginning of its payload are known. */
  interface Visitor {
    /**
     * Receives a frame.
     *
     * @param length the length of its payload
     * @param beginning the first 8 bytes of the payload, if it has as many
     */
    void frame(int type, int flags, int length, long beginning);
  }

  private final Visitor visitor;
  private final byte[] head = new byte[HEAD_LENGTH + PAYLOAD_PREFIX_LENGTH];
  private int headLength;

  /** How many bytes of the frame follow those in {@link #head}. */
  private int remaining;

  private boolean inHeaderBlock;

  FrameHeads(Visitor visitor) {
    this.visitor = visitor;
  }

  /**
   * Whether a frame of another stream may follow: neither a frame nor a header block is incomplete.
   */
  boolean isBetweenFrames() {
    return headLength == 0 && remaining == 0 && !inHeaderBlock;
  }

  void parse(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int position = offset;
    while (position < end) {
      if (remaining > 0) {
        int skipped = Math.min(remaining, end - position);
        remaining -= skipped;
        position += skipped;
        continue;
      }
      head[headLength++] = bytes[position++];
      if (headLength >= HEAD_LENGTH
          && headLength - HEAD_LENGTH == Math.min(PAYLOAD_PREFIX_LENGTH, payload())) {
        remaining = payload() - (headLength - HEAD_LENGTH);
        headLength = 0;
        visit();
      }
    }
  }

  private int payload() {
    return ((head[0] & 0xff) << 16) | ((head[1] & 0xff) << 8) | (head[2] & 0xff);
  }

  private void visit() {
    int type = head[3] & 0xff;
    int flags = head[4] & 0xff;
    if (type == HEADERS || type == CONTINUATION) {
      inHeaderBlock = (flags & END_HEADERS) == 0;
    }
    long beginning = 0;
    for (int i = HEAD_LENGTH; i < head.length; i++) {
      beginning = (beginning << 8) | (head[i] & 0xff);
    }
    visitor.frame(type, flags, payload(), beginning);
  }
}
