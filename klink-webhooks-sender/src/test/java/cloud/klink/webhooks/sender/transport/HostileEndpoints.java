package cloud.klink.webhooks.sender.transport;

import static cloud.klink.webhooks.sender.delivery.AttemptOutcome.BROKEN;
import static cloud.klink.webhooks.sender.delivery.AttemptOutcome.CONNECTION_REFUSED;
import static cloud.klink.webhooks.sender.delivery.AttemptOutcome.NOT_ALLOWED;
import static cloud.klink.webhooks.sender.delivery.AttemptOutcome.REJECTED;
import static cloud.klink.webhooks.sender.delivery.AttemptOutcome.SUCCEEDED;
import static cloud.klink.webhooks.sender.delivery.AttemptOutcome.TIMED_OUT;
import static cloud.klink.webhooks.sender.delivery.AttemptOutcome.TLS_FAILED;
import static cloud.klink.webhooks.sender.delivery.AttemptOutcome.UNREACHABLE;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import javax.net.ServerSocketFactory;

/** Endpoints that are hostile, each in its own way, and what must be said of each. */
final class HostileEndpoints implements AutoCloseable {
  /** For those that are to time out; long enough for a stalled machine to connect in it. */
  private static final Duration SHORT = Duration.ofSeconds(10);

  /** For those that must not. */
  private static final Duration LONG = Duration.ofSeconds(45);

  private static final String IN_TIME = "timed out after 10 s while ";
  private static final String CLOSED =
      "the endpoint closed the connection before its answer was complete";
  private static final String RESET = "connection reset by the endpoint";
  private static final String INVALID = "the answer is not valid HTTP: ";
  private static final String UNREADABLE = "the answer could not be read: ";
  private static final String HEADERS =
      "the endpoint ended its answer within the headers, or they are too long";
  private static final String TOO_LONG = "the answer is too long: more than 1024 KiB";
  private static final String FLOOD = "the endpoint floods the connection";
  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final String CHUNKED = "Transfer-Encoding: chunked\r\n\r\n";
  private static final ServerSocketFactory PLAIN = ServerSocketFactory.getDefault();

  private final TlsServers tls;
  private final List<HostileCase> all = new ArrayList<>();
  private final List<RawServer> servers = new ArrayList<>();
  private final List<AtomicLong> written = new ArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);

  HostileEndpoints(TlsServers tls) throws IOException {
    this.tls = tls;
    endless();
    late();
    broken();
    sloppy();
    withoutTls();
    byHttp2();
    nowhere();
  }

  List<HostileCase> all() {
    return all;
  }

  /** How many connections are open still. */
  int open() {
    return servers.stream().mapToInt(RawServer::open).sum();
  }

  int connections() {
    return servers.stream().mapToInt(RawServer::connections).sum();
  }

  /** The most that one of those wrote that write for ever. */
  long mostWritten() {
    return written.stream().mapToLong(AtomicLong::get).max().orElseThrow();
  }

  @Override
  public void close() {
    end.countDown();
    servers.forEach(RawServer::close);
  }

  private void endless() {
    String header = "X-Header: " + "x".repeat(1_000) + "\r\n";
    endless("endless headers", BROKEN, 0, HEADERS, OK, header);
    endless("an endless status line", BROKEN, 0, HEADERS, "HTTP/1.1 200 ", "x");
    endless("an endless body", SUCCEEDED, 200, "", OK + "\r\n", "x");
    endless("endless chunks", SUCCEEDED, 200, "", OK + CHUNKED, "1\r\nx\r\n");
    endless("an endless chunk extension", SUCCEEDED, 200, TOO_LONG, OK + CHUNKED + "5;", "x");
    endless("endless trailers", SUCCEEDED, 200, HEADERS, OK + CHUNKED + "0\r\n", header);
    endless("a gigabyte", SUCCEEDED, 200, "", OK + "Content-Length: 1073741824\r\n\r\n", "x");
    endless(
        "a gigabyte in one chunk",
        REJECTED,
        500,
        "",
        "HTTP/1.1 500 Oops\r\n" + CHUNKED + "40000000\r\n",
        "x");
    endless("100 for ever", BROKEN, 0, HEADERS, "", "HTTP/1.1 100 Continue\r\n\r\n");
    endless("103 for ever", BROKEN, 0, HEADERS, "", "HTTP/1.1 103 Hints\r\nLink: </x>\r\n\r\n");
    endless(
        "a redirect with an endless body",
        REJECTED,
        302,
        "",
        "HTTP/1.1 302 Found\r\nLocation: /hook\r\n\r\n",
        "x");
  }

  private void late() {
    late("never answers", TIMED_OUT, 0, "waiting for the answer", saying(""));
    late("slow headers", TIMED_OUT, 0, "", slowly(OK + "X-Header: ", "x"));
    late("a slow body", SUCCEEDED, 200, "reading the answer", slowly(OK + "\r\n", "x"));
    late(
        "a slow body of a failure",
        REJECTED,
        500,
        "reading the answer",
        slowly("HTTP/1.1 500 Oops\r\n\r\n", "x"));
    late("100 now and then", TIMED_OUT, 0, "", slowly("", "HTTP/1.1 100 Continue\r\n\r\n"));
    late("103 now and then", TIMED_OUT, 0, "", slowly("", "HTTP/1.1 103 Hints\r\n\r\n"));
    RawServer.Answer hello = slowly("\u0016\u0003\u0003@\0\u0002", "\0");
    RawServer tooSlow = RawServer.talking(PLAIN, (socket, in, out) -> hello.to(socket, out));
    add("slow TLS", tooSlow, "https", SHORT, TIMED_OUT, 0, IN_TIME + "setting up TLS");
    RawServer silent = RawServer.talking(tls.good("h2"), Http2Frames::silent);
    add("HTTP/2 without an answer", silent, "https", SHORT, TIMED_OUT, 0, IN_TIME);
    RawServer pinging = RawServer.talking(tls.good("h2"), Http2Frames.answering((to, stream) -> {
      while (true) {
        to.send(Http2Frames.PING, 0, 0, new byte[8]);
      }
    }));
    add("HTTP/2 with pings for ever", pinging, "https", LONG, BROKEN, 0, FLOOD);
    RawServer closedWindow = RawServer.talking(tls.good("h2"), (socket, in, out) -> {
      Http2Frames.closeWindow(out);
      in.transferTo(OutputStream.nullOutputStream());
    });
    add("HTTP/2 that lets no body in", closedWindow, "https", SHORT, TIMED_OUT, 0, IN_TIME);
  }

  private void broken() {
    http("closes before answering", BROKEN, 0, CLOSED, closingAfter(""));
    http("closes within its headers", BROKEN, 0, HEADERS, closingAfter(OK + "Content-Le"));
    http(
        "closes within its body",
        SUCCEEDED,
        200,
        CLOSED,
        closingAfter(OK + "Content-Length: 100\r\n\r\nbegin"));
    http("resets at once", BROKEN, 0, RESET, resettingAfter(""));
    http("resets in the middle", BROKEN, 0, RESET, resettingAfter(OK + "Content-Le"));
    http("HTTP/0.9", BROKEN, 0, INVALID, saying("<html><body>Hello</body></html>\r\n\r\n"));
    http("no HTTP", BROKEN, 0, INVALID, saying("220 mail.example.com ESMTP\r\n\r\n"));
    http("status 000", BROKEN, 0, INVALID, saying("HTTP/1.1 000 X\r\nContent-Length: 0\r\n\r\n"));
    http("status -12", BROKEN, 0, INVALID, saying("HTTP/1.1 -12 X\r\nContent-Length: 0\r\n\r\n"));
    http("a chunk of no size", SUCCEEDED, 200, INVALID, saying(OK + CHUNKED + "zz\r\nx\r\n"));
    http(
        "a body after 204",
        SUCCEEDED,
        204,
        INVALID,
        saying("HTTP/1.1 204 No\r\nContent-Length: 2\r\n\r\nok"));
  }

  private void sloppy() throws IOException {
    for (int status : new int[] {302, 307, 308}) {
      answering(status, "Location: /hook\r\nContent-Length: 0\r\n");
    }
    for (int status : new int[] {205, 410, 429, 599, 999}) {
      answering(status, "Retry-After: 7\r\nContent-Length: 0\r\n");
    }
    answering(204, "");
    answering(304, "");
    answering(401, "WWW-Authenticate: Basic\r\nContent-Length: 0\r\n");
    http(
        "status 407",
        REJECTED,
        407,
        INVALID,
        saying("HTTP/1.1 407 X\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n"));
    byte[] bomb = bomb();
    http("a gzip bomb", SUCCEEDED, 200, "", (socket, out) -> {
      RawServer.say(
          out, OK + "Content-Encoding: gzip\r\nContent-Length: " + bomb.length + "\r\n\r\n");
      out.write(bomb);
    });
    http(
        "two lengths",
        SUCCEEDED,
        200,
        "",
        saying(OK + "Content-Length: 2\r\nContent-Length: 5\r\n\r\nhello"));
    http(
        "a length and chunks",
        SUCCEEDED,
        200,
        "",
        saying(OK + "Content-Length: 900\r\n" + CHUNKED + "5\r\nhello\r\n0\r\n\r\n"));
    http(
        "a header in the status line",
        REJECTED,
        500,
        "",
        saying("HTTP/1.1 500 X\rSet-Cookie: a=b\r\nSet-Cookie: c=d\r\nContent-Length: 0\r\n\r\n"));
    http(
        "more behind the end",
        SUCCEEDED,
        200,
        "",
        saying(OK + "Content-Length: 2\r\n\r\nokHTTP/1.1 500 Oops\r\n\r\n"));
    http(
        "NULs",
        REJECTED,
        500,
        "",
        saying("HTTP/1.1 500 \0\r\nContent-Length: 3\r\n\r\n\0\u00ff\0"));
  }

  private void withoutTls() {
    https("an expired certificate", tls.expired(), "TLS: the certificate has expired");
    https("another host", tls.ofAnotherHost(), "TLS: the certificate is not for 127.0.0.1");
    https("an unknown issuer", new TlsServers().good(), "TLS: the certificate is not trusted");
    RawServer plain = RawServer.talking(PLAIN, (socket, in, out) -> {
      if (in.read() >= 0) {
        RawServer.say(out, "HTTP/1.1 400 Bad Request\r\n\r\n");
      }
    });
    add("no TLS", plain, "https", LONG, TLS_FAILED, 0, "TLS: the endpoint does not speak TLS");
    RawServer torn = RawServer.talking(PLAIN, (socket, in, out) -> {
      if (in.read() >= 0) {
        reset(socket);
      }
    });
    add("a reset within TLS", torn, "https", LONG, BROKEN, 0, RESET);
  }

  private void byHttp2() {
    byte[] begin = "begin".getBytes(StandardCharsets.UTF_8);
    http2("HTTP/2 with GOAWAY", BROKEN, 0, "connection reset", (to, stream) -> to.goAway(0));
    http2("HTTP/2 with GOAWAY and a close", BROKEN, 0, RESET, (to, stream) -> {
      to.goAway(stream);
      to.close();
    });
    http2("HTTP/2 with GOAWAY within a body", SUCCEEDED, 200, RESET, (to, stream) -> {
      to.send(Http2Frames.HEADERS, Http2Frames.END_HEADERS, stream, Http2Frames.status200());
      to.goAway(stream);
      to.send(Http2Frames.DATA, 0, stream, begin);
      to.close();
    });
    http2("HTTP/2 with RST_STREAM", BROKEN, 0, RESET, (to, stream) -> to.reset(stream, 2));
    http2("HTTP/2 with RST_STREAM within a body", SUCCEEDED, 200, RESET, (to, stream) -> {
      to.send(Http2Frames.HEADERS, Http2Frames.END_HEADERS, stream, Http2Frames.status200());
      to.send(Http2Frames.DATA, 0, stream, begin);
      to.reset(stream, 8);
    });
    http2(
        "HTTP/2 with a frame too large",
        BROKEN,
        0,
        UNREADABLE,
        (to, stream) -> to.send(Http2Frames.DATA, 0, stream, new byte[20_000]));
    http2("HTTP/2 with endless headers", BROKEN, 0, UNREADABLE, (to, stream) -> {
      byte[] field = new byte[10_006]; // a literal of a name of one byte and a value of 10,000
      Arrays.fill(field, (byte) 'x');
      System.arraycopy(new byte[] {0, 1, 'x', 0x7f, (byte) 0x91, 0x4d}, 0, field, 0, 6);
      to.send(Http2Frames.HEADERS, 0, stream, Http2Frames.status200());
      while (true) {
        to.send(Http2Frames.CONTINUATION, 0, stream, field);
      }
    });
  }

  private void nowhere() throws IOException {
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + closed.getLocalPort() + "/";
      all.add(
          new HostileCase("a closed port", url, LONG, CONNECTION_REFUSED, 0, "connection refused"));
    }
    all.add(new HostileCase(
        "an unknown name", "http://unknown.example/", LONG, UNREACHABLE, 0, "unknown host: "));
    all.add(new HostileCase(
        "a private name", "http://private.example/", LONG, NOT_ALLOWED, 0, "address not allowed"));
  }

  private void add(
      String name,
      RawServer server,
      String scheme,
      Duration timeout,
      AttemptOutcome outcome,
      int status,
      String error) {
    servers.add(server);
    all.add(new HostileCase(name, server.url(scheme), timeout, outcome, status, error));
  }

  private void http(
      String name, AttemptOutcome outcome, int status, String error, RawServer.Answer answer) {
    add(name, new RawServer(answer), "http", LONG, outcome, status, error);
  }

  private void late(
      String name, AttemptOutcome outcome, int status, String stage, RawServer.Answer answer) {
    add(name, new RawServer(answer), "http", SHORT, outcome, status, IN_TIME + stage);
  }

  private void https(String name, ServerSocketFactory sockets, String error) {
    RawServer server = new RawServer(sockets, saying(OK + "Content-Length: 0\r\n\r\n"));
    add(name, server, "https", LONG, TLS_FAILED, 0, error);
  }

  private void http2(
      String name, AttemptOutcome outcome, int status, String error, Http2Frames.Answer answer) {
    RawServer server = RawServer.talking(tls.good("h2"), Http2Frames.answering(answer));
    add(name, server, "https", LONG, outcome, status, error);
  }

  private void answering(int status, String headers) {
    http(
        "status " + status,
        status / 100 == 2 ? SUCCEEDED : REJECTED,
        status,
        "",
        saying("HTTP/1.1 " + status + " X\r\n" + headers + "\r\n"));
  }

  /** Writes the same for ever, as fast as it goes. */
  private void endless(
      String name, AttemptOutcome outcome, int status, String error, String first, String block) {
    AtomicLong count = new AtomicLong();
    written.add(count);
    byte[] bytes = block.repeat(8_192 / block.length() + 1).getBytes(StandardCharsets.ISO_8859_1);
    http(name, outcome, status, error, (socket, out) -> {
      RawServer.say(out, first);
      while (true) {
        out.write(bytes);
        count.addAndGet(bytes.length);
      }
    });
  }

  private static RawServer.Answer saying(String text) {
    return (socket, out) -> RawServer.say(out, text);
  }

  private static RawServer.Answer closingAfter(String text) {
    return (socket, out) -> {
      RawServer.say(out, text);
      socket.shutdownOutput();
    };
  }

  private static RawServer.Answer resettingAfter(String text) {
    return (socket, out) -> {
      RawServer.say(out, text);
      reset(socket);
    };
  }

  private static void reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** One piece at a time, until the other side or the test has had enough. */
  private RawServer.Answer slowly(String first, String piece) {
    return (socket, out) -> {
      RawServer.say(out, first);
      try {
        while (!end.await(50, TimeUnit.MILLISECONDS)) {
          RawServer.say(out, piece);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    };
  }

  /** 64 MiB of nothing, packed. */
  private static byte[] bomb() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(packed)) {
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 64; i++) {
        gzip.write(zeros);
      }
    }
    return packed.toByteArray();
  }
}
