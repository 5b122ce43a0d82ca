package cloud.klink.webhooks.sender.transport;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.net.ServerSocketFactory;

/** WebSockets by hand, for an endpoint that breaks their rules. */
public final class RawSockets {
  private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private RawSockets() {}

  /** What an endpoint does once a WebSocket is open. */
  public interface Talk {
    void on(Frames frames, OutputStream out, Socket socket) throws IOException;
  }

  public static RawServer opening(Talk talk) {
    return opening(ServerSocketFactory.getDefault(), talk);
  }

  public static RawServer opening(ServerSocketFactory factory, Talk talk) {
    return RawServer.talking(factory, (socket, in, out) -> {
      List<String> head = RawServer.head(in);
      if (head.isEmpty()) {
        return; // nobody is there: TLS failed
      }
      RawServer.say(out, accepting(head, ""));
      talk.on(new Frames(in), out, socket);
    });
  }

  /** The answer to a handshake, with more headers, each with its end of line. */
  public static String accepting(List<String> head, String headers) {
    String key = head.stream()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-key:"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("");
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: " + accept(key) + "\r\n" + headers + "\r\n";
  }

  private static String accept(String key) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-1")
          .digest((key + MAGIC).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A frame as an endpoint sends it. */
  public static byte[] frame(int first, byte[] payload) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(head(first, payload.length));
    out.writeBytes(payload);
    return out.toByteArray();
  }

  public static byte[] text(String text) {
    return frame(0x81, text.getBytes(StandardCharsets.UTF_8));
  }

  public static byte[] head(int first, long length) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(first);
    if (length >= 0 && length < 126) {
      out.write((int) length);
    } else if (length >= 0 && length < 1 << 16) {
      out.write(126);
      out.write((int) (length >> 8));
      out.write((int) length);
    } else {
      out.write(127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        out.write((int) (length >> shift));
      }
    }
    return out.toByteArray();
  }

  /** What the sender sends. */
  public static final class Frames {
    private final DataInputStream in;

    Frames(InputStream in) {
      this.in = new DataInputStream(in);
    }

    /** The next frame: the text of a message, or the code and reason of a close frame. */
    public String next() throws IOException {
      int first = in.readUnsignedByte();
      int length = in.readUnsignedByte() & 0x7f;
      long real = length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
      byte[] mask = in.readNBytes(4);
      byte[] payload = in.readNBytes((int) real);
      for (int i = 0; i < payload.length; i++) {
        payload[i] ^= mask[i % 4];
      }
      if ((first & 0x0f) == 8) {
        int code = ((payload[0] & 0xff) << 8) | (payload[1] & 0xff);
        return code + " " + new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
      }
      return new String(payload, StandardCharsets.UTF_8);
    }

    /** Reads on to the close frame. */
    public String close() throws IOException {
      String next = next();
      while (!next.matches("\\d{4} .*")) {
        next = next();
      }
      return next;
    }
  }
}
