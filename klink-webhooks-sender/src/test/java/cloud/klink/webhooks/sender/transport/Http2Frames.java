package cloud.klink.webhooks.sender.transport;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;

/** As much of HTTP/2 as it takes to answer a request frame by frame. */
public final class Http2Frames {
  public static final int DATA = 0;
  public static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  public static final int SETTINGS = 4;
  public static final int PUSH_PROMISE = 5;
  public static final int PING = 6;
  static final int GOAWAY = 7;
  static final int CONTINUATION = 9;
  public static final int ACK = 1;
  public static final int END_STREAM = 1;
  public static final int END_HEADERS = 4;

  /** {@code :status: 200}, out of HPACK's static table. */
  private static final byte[] STATUS_200 = {(byte) 0x88};

  public static byte[] status200() {
    return STATUS_200.clone();
  }

  /** What is done with each request. */
  public interface Answer {
    void to(Http2Frames frames, int stream) throws IOException;
  }

  private final OutputStream out;
  private final Socket socket;

  private Http2Frames(OutputStream out, Socket socket) {
    this.out = out;
    this.socket = socket;
  }

  /** Answers each request as a test says, and pings. */
  public static RawServer.Talk answering(Answer answer) {
    return answering(answer, true);
  }

  /** Answers each request as a test says, but no pings. */
  public static RawServer.Talk answeringWithoutPongs(Answer answer) {
    return answering(answer, false);
  }

  private static RawServer.Talk answering(Answer answer, boolean pongs) {
    return (socket, in, out) -> {
      Http2Frames frames = new Http2Frames(out, socket);
      frames.send(SETTINGS, 0, 0, new byte[0]);
      DataInputStream data = new DataInputStream(in);
      data.readFully(new byte[24]); // the preface
      while (true) {
        int length = (data.readUnsignedByte() << 16) | data.readUnsignedShort();
        int type = data.readUnsignedByte();
        int flags = data.readUnsignedByte();
        int stream = data.readInt();
        byte[] payload = new byte[length];
        data.readFully(payload);
        if (type == PING && (flags & ACK) == 0 && pongs) {
          frames.send(PING, ACK, 0, payload);
        }
        if (type == HEADERS) {
          answer.to(frames, stream);
        }
      }
    };
  }

  /** Nothing but what the client says, not even settings. */
  static void silent(Socket socket, InputStream in, OutputStream out) throws IOException {
    in.readNBytes(24);
  }

  /** Settings by which no stream may send a byte of its body. */
  static void closeWindow(OutputStream out) throws IOException {
    out.write(new byte[] {0, 0, 6, SETTINGS, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0});
    out.flush();
  }

  /** 200, without a body. */
  public void ok(int stream) throws IOException {
    send(HEADERS, END_HEADERS | END_STREAM, stream, STATUS_200);
  }

  public synchronized void send(int type, int flags, int stream, byte[] payload)
      throws IOException {
    out.write(ByteBuffer.allocate(9 + payload.length)
        .put((byte) (payload.length >> 16))
        .putShort((short) payload.length)
        .put((byte) type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array());
    out.flush();
  }

  public void reset(int stream, int code) throws IOException {
    send(RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(code).array());
  }

  public void goAway(int lastStream) throws IOException {
    send(GOAWAY, 0, 0, ByteBuffer.allocate(8).putInt(lastStream).putInt(0).array());
  }

  public void close() throws IOException {
    socket.close();
  }
}
