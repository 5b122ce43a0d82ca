package cloud.klink.webhooks.sender.transport;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A server of Python's {@code http.server}, which answers every POST with 200. */
final class PythonServer implements AutoCloseable {
  private static final String PYTHON = "/usr/bin/python3";

  private static final String SCRIPT = """
      import http.server, sys

      class Handler(http.server.BaseHTTPRequestHandler):
          def do_POST(self):
              self.rfile.read(int(self.headers['Content-Length']))
              self.send_response(200)
              self.end_headers()
              self.wfile.write(b'ok')

          def log_message(self, *args):
              pass

      server = getattr(http.server, sys.argv[1])(('127.0.0.1', 0), Handler)
      print(server.server_port, flush=True)
      server.serve_forever()
      """;

  private final Process process;
  private final int port;

  /**
   * Starts a server.
   *
   * @param type the name of its class
   */
  PythonServer(String type) {
    try {
      process = new ProcessBuilder(PYTHON, "-c", SCRIPT, type)
          .redirectError(ProcessBuilder.Redirect.INHERIT)
          .start();
      BufferedReader out = new BufferedReader(
          new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
      port = Integer.parseInt(out.readLine());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String url() {
    return "http://127.0.0.1:" + port + "/";
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
