package cloud.klink.webhooks.examples.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A client that sends all of a body before it reads the answer, as many do. */
final class LongBody {
  private LongBody() {}

  /** Sends as many zeros, and returns the answer's first line. */
  static String send(String url, int bytes) throws IOException {
    URI to = URI.create(url);
    String head = "POST " + to.getPath() + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
        + bytes + "\r\nX-Signature: " + "0".repeat(64) + "\r\n\r\n";
    try (Socket socket = new Socket()) {
      // Small, so that writing waits for the server to read.
      socket.setSendBufferSize(16_384);
      socket.setSoTimeout(10_000);
      socket.connect(new InetSocketAddress(to.getHost(), to.getPort()));
      OutputStream out = socket.getOutputStream();
      out.write(head.getBytes(StandardCharsets.ISO_8859_1));
      out.write("0".repeat(bytes).getBytes(StandardCharsets.ISO_8859_1));
      return new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))
          .readLine();
    }
  }
}
