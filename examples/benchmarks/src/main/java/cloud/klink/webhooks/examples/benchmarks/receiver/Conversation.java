package cloud.klink.webhooks.examples.benchmarks.receiver;

import cloud.klink.webhooks.event.WebhookHeaders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * One connection with its requests, one after the other. It reads just enough of HTTP to be cheap:
 * a head, a body of the announced length, and from the head the event's id.
 */
final class Conversation {
  private static final byte[] EVENT_ID = name(WebhookHeaders.EVENT_ID);
  private static final byte[] LENGTH = name("Content-Length");
  private static final byte[] ANSWER =
      "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final SocketChannel channel;
  private final ByteBuffer answer = ByteBuffer.allocateDirect(ANSWER.length).put(ANSWER);
  private byte[] request = new byte[1 << 12];
  private int filled;
  private long run;
  private int number;

  Conversation(SocketChannel channel) {
    this.channel = channel;
  }

  private static byte[] name(String header) {
    return (header.toLowerCase(Locale.ROOT) + ":").getBytes(StandardCharsets.US_ASCII);
  }

  /** Takes what came in, and tells whether a request is whole. */
  boolean take(ByteBuffer bytes) {
    int count = bytes.remaining();
    if (filled + count > request.length) {
      request = Arrays.copyOf(request, 2 * (filled + count));
    }
    bytes.get(request, filled, count);
    filled += count;
    int body = headEnd();
    if (body < 0) {
      return false;
    }
    int length = (int) decimal(value(LENGTH, body), body);
    if (filled < body + length) {
      return false;
    }
    int id = value(EVENT_ID, body);
    int idEnd = lineEnd(id, body);
    run = EventId.run(request, id, idEnd);
    number = EventId.number(request, id, idEnd, run);
    filled = 0;
    return true;
  }

  /** The run of the request's event. */
  long run() {
    return run;
  }

  /** The number of the request's event. */
  int number() {
    return number;
  }

  void answer() throws IOException {
    answer.rewind();
    while (answer.hasRemaining()) {
      channel.write(answer);
    }
  }

  /** Where the body begins, or -1 if the head is not whole. */
  private int headEnd() {
    for (int at = 3; at < filled; at++) {
      if (request[at] == '\n' && request[at - 2] == '\n') {
        return at + 1;
      }
    }
    return -1;
  }

  /** Where a header's value begins; the head's end if there is no such header. */
  private int value(byte[] name, int headEnd) {
    int line = lineEnd(0, headEnd) + 2;
    while (line < headEnd) {
      if (startsWith(line, name)) {
        int at = line + name.length;
        while (request[at] == ' ') {
          at++;
        }
        return at;
      }
      line = lineEnd(line, headEnd) + 2;
    }
    return headEnd;
  }

  private boolean startsWith(int from, byte[] name) {
    if (Character.toLowerCase((char) request[from]) != name[0]) {
      return false;
    }
    byte[] start = Arrays.copyOfRange(request, from, from + name.length);
    for (int i = 0; i < start.length; i++) {
      start[i] = (byte) Character.toLowerCase((char) start[i]);
    }
    return Arrays.equals(start, name);
  }

  private int lineEnd(int from, int headEnd) {
    int at = from;
    while (at < headEnd && request[at] != '\r') {
      at++;
    }
    return at;
  }

  private long decimal(int from, int headEnd) {
    long value = 0;
    for (int at = from; at < lineEnd(from, headEnd); at++) {
      value = value * 10 + request[at] - '0';
    }
    return value;
  }
}
