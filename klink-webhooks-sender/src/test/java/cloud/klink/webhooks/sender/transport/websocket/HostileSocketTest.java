package cloud.klink.webhooks.sender.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.transport.LeakCheck;
import cloud.klink.webhooks.sender.transport.RawServer;
import cloud.klink.webhooks.sender.transport.RawSockets;
import cloud.klink.webhooks.sender.transport.TlsServers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ServerSocketFactory;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Endpoints that break the rules, or as much of the sender as they can. */
class HostileSocketTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(400);
  private static final byte[] EMPTY = {};

  private static WebSocketTransport.Builder builder() {
    return WebSocketTransport.builder(EndpointPolicy.forDevelopment());
  }

  private static AttemptResult send(RawServer server, Duration timeout) {
    try (WebSocketTransport transport = builder().build()) {
      return new Messages(transport, server.url("ws"))
          .within(timeout)
          .send("dlv_1")
          .result();
    }
  }

  private static AttemptResult send(RawServer server) {
    return send(server, Messages.LONG);
  }

  // --- the handshake

  @ParameterizedTest
  @MethodSource("refusals")
  void handshake_answeredByAnotherStatus_isRefusedWithIt(int status, String headers) {
    try (RawServer server = RawServer.saying(
        "HTTP/1.1 " + status + " No\r\n" + headers + "Content-Length: 8\r\n\r\nthe body")) {
      AttemptResult result = send(server);

      assertThat(result.outcome()).isEqualTo(AttemptOutcome.REJECTED);
      assertThat(result.status()).hasValue(status);
      assertThat(result.error()).isEqualTo("the endpoint refused to open a WebSocket");
      assertThat(result.response()).isEqualTo("the body");
      assertThat(result.responseHeaders()).contains("content-length: 8");
      assertThat(result.connectedTo()).endsWith(":" + server.port());
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        arguments(200, ""),
        arguments(301, "Location: ws://127.0.0.1:1/\r\n"),
        arguments(401, "WWW-Authenticate: Basic realm=x\r\n"),
        arguments(404, ""),
        arguments(426, "Sec-WebSocket-Version: 12\r\n"),
        arguments(500, ""));
  }

  @ParameterizedTest
  @MethodSource("answers")
  void handshake_answeredByWhatIsNone_isBroken(String answer, String error) {
    try (RawServer server = new RawServer((socket, out) -> {
      RawServer.say(out, answer);
      socket.close();
    })) {
      AttemptResult result = send(server);

      assertThat(result.outcome()).isEqualTo(AttemptOutcome.BROKEN);
      assertThat(result.status()).isEmpty();
      assertThat(result.error()).startsWith(error);
    }
  }

  static Stream<Arguments> answers() {
    String upgraded = "HTTP/1.1 101 Switching Protocols\r\n";
    String invalid = "the answer to the WebSocket's handshake is not valid";
    return Stream.of(
        arguments("", "the endpoint closed the connection before its answer was complete"),
        arguments("garbage\r\n\r\n", "the answer is not valid HTTP"),
        arguments("<html>", "the endpoint ended its answer within the headers"),
        arguments(upgraded + "\r\n", invalid),
        arguments(upgraded + "Upgrade: h2c\r\nConnection: Upgrade\r\n\r\n", invalid),
        arguments(
            upgraded + "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n",
            invalid));
  }

  @Test
  void handshake_answeredByAnExtensionNotAskedFor_isBroken() {
    try (RawServer server = RawServer.talking(
        ServerSocketFactory.getDefault(),
        (socket, in, out) -> RawServer.say(
            out,
            RawSockets.accepting(
                RawServer.head(in), "Sec-WebSocket-Extensions: permessage-deflate\r\n")))) {
      AttemptResult result = send(server);

      assertThat(result.outcome()).isEqualTo(AttemptOutcome.BROKEN);
      assertThat(result.error()).contains("an extension that was not requested");
      await().atMost(PATIENCE).until(() -> server.open() == 0);
    }
  }

  @Test
  void handshake_neverAnswered_timesOut() {
    try (RawServer server = RawServer.saying("")) {
      AttemptResult result = send(server, SHORT);

      assertThat(result.outcome()).isEqualTo(AttemptOutcome.TIMED_OUT);
      assertThat(result.error())
          .isEqualTo(
              "timed out after 400 ms while waiting for the answer to the WebSocket's handshake");
      await().atMost(PATIENCE).until(() -> server.open() == 0);
    }
  }

  @Test
  void handshake_answeredEndlessly_endsWithTheTimeoutOrTheLimit() {
    try (RawServer headers = new RawServer((socket, out) -> {
          RawServer.say(out, "HTTP/1.1 101 Switching Protocols\r\n");
          while (true) {
            RawServer.say(out, "X: " + "x".repeat(1_000) + "\r\n");
          }
        });
        RawServer interim = new RawServer((socket, out) -> {
          while (true) {
            RawServer.say(out, "HTTP/1.1 103 Early Hints\r\n\r\n");
          }
        });
        RawServer body = new RawServer((socket, out) -> {
          RawServer.say(out, "HTTP/1.1 500 No\r\n\r\n");
          while (true) {
            RawServer.say(out, "x".repeat(1_000));
          }
        })) {
      assertThat(send(headers).outcome()).isEqualTo(AttemptOutcome.BROKEN);
      assertThat(send(interim).outcome()).isEqualTo(AttemptOutcome.BROKEN);
      AttemptResult result = send(body);
      assertThat(result.status()).hasValue(500);
      assertThat(result.response()).hasSize(AttemptResult.MAX_RESPONSE_BYTES);
      await().atMost(PATIENCE).until(() -> headers.open() + interim.open() + body.open() == 0);
    }
  }

  @Test
  void handshake_refusedWithABodyThatDoesNotCome_tellsTheStatus() {
    try (RawServer server =
        RawServer.saying("HTTP/1.1 403 No\r\nContent-Length: 100\r\n\r\nbegin")) {
      AttemptResult result = send(server);

      assertThat(result.status()).hasValue(403);
      assertThat(result.response()).isEqualTo("begin");
    }
  }

  @Test
  void handshake_withNobodyThere_isRefused() {
    RawServer server = RawServer.saying("");
    server.close();

    AttemptResult result = send(server);

    assertThat(result.outcome()).isEqualTo(AttemptOutcome.CONNECTION_REFUSED);
    assertThat(result.error()).isEqualTo("connection refused");
  }

  // --- TLS

  @Test
  void handshake_overTls_isAsTheCertificateIs() {
    TlsServers tls = new TlsServers();
    RawSockets.Talk acking = (frames, out, socket) -> {
      frames.next();
      out.write(RawSockets.text("{\"ack\":\"dlv_1\"}"));
      frames.close();
    };
    try (RawServer good = RawSockets.opening(tls.good("http/1.1"), acking);
        RawServer expired = RawSockets.opening(tls.expired(), acking);
        RawServer other = RawSockets.opening(tls.ofAnotherHost(), acking);
        RawServer plain = RawSockets.opening(acking)) {
      OkHttpClient client = tls.trusting();

      assertThat(secure(good, client).succeeded()).isTrue();
      assertThat(secure(expired, client).error()).isEqualTo("TLS: the certificate has expired");
      assertThat(secure(other, client).error())
          .isEqualTo("TLS: the certificate is not for 127.0.0.1");
      assertThat(secure(good, new OkHttpClient()).error())
          .startsWith("TLS: the certificate is not trusted");
      assertThat(List.of(
              secure(expired, client), secure(other, client), secure(good, new OkHttpClient())))
          .allSatisfy(result -> assertThat(result.outcome()).isEqualTo(AttemptOutcome.TLS_FAILED));
      assertThat(secure(plain, client).succeeded()).isFalse();
    }
  }

  private static AttemptResult secure(RawServer server, OkHttpClient client) {
    try (WebSocketTransport transport = builder().client(client).build()) {
      return new Messages(transport, server.url("wss"))
          .within(Duration.ofSeconds(2))
          .send("dlv_1")
          .result();
    }
  }

  // --- frames

  @ParameterizedTest(name = "{0}")
  @MethodSource("violations")
  void connection_onWhichRulesAreBroken_isClosedWithTheCode(String name, byte[] sent, int code)
      throws InterruptedException {
    BlockingQueue<String> closed = new LinkedBlockingQueue<>();
    try (WebSocketTransport transport = builder().build();
        RawServer server = RawSockets.opening((frames, out, socket) -> {
          frames.next();
          out.write(sent);
          out.flush();
          closed.add(frames.close());
          socket.close();
        })) {
      Messages messages = new Messages(transport, server.url("ws"));

      AttemptResult result = messages.send("dlv_1").result();

      assertThat(result.outcome()).isEqualTo(AttemptOutcome.BROKEN);
      assertThat(result.error())
          .startsWith("the connection was closed with " + code + ", since the endpoint sent ");
      assertThat(closed.poll(20, TimeUnit.SECONDS)).startsWith(code + " ");
      await().atMost(PATIENCE).until(() -> server.open() == 0);
    }
  }

  static Stream<Arguments> violations() {
    return Stream.of(
        arguments("no JSON", RawSockets.text("ack"), 1007),
        arguments("nothing", RawSockets.text(""), 1007),
        arguments("another object", RawSockets.text("{}"), 1007),
        arguments("both", RawSockets.text("{\"ack\":\"a\",\"nack\":\"a\"}"), 1007),
        arguments("a number", RawSockets.text("{\"ack\":1}"), 1007),
        arguments("not UTF-8", RawSockets.frame(0x81, new byte[] {(byte) 0xff}), 1007),
        arguments("binary", RawSockets.frame(0x82, new byte[] {1}), 1003),
        arguments("too long", RawSockets.frame(0x81, new byte[8_191]), 1009),
        arguments("16 MiB", RawSockets.head(0x81, 16 << 20), 1009),
        arguments("without end", RawSockets.head(0x81, Long.MAX_VALUE), 1009),
        arguments("negative length", RawSockets.head(0x81, -1), 1009),
        arguments("many parts", parts(), 1009),
        arguments("compressed", RawSockets.frame(0xc1, EMPTY), 1002),
        arguments("reserved", RawSockets.frame(0x91, EMPTY), 1002),
        arguments("masked", new byte[] {(byte) 0x81, (byte) 0x80, 0, 0, 0, 0}, 1002),
        arguments("unknown", RawSockets.frame(0x83, EMPTY), 1002),
        arguments("unknown control", RawSockets.frame(0x8b, EMPTY), 1002),
        arguments("no beginning", RawSockets.frame(0x80, EMPTY), 1002),
        arguments("ping in parts", RawSockets.frame(0x09, EMPTY), 1002),
        arguments("long ping", RawSockets.frame(0x89, new byte[126]), 1002),
        arguments("half a code", RawSockets.frame(0x88, new byte[] {3}), 1002),
        arguments("code 1006", RawSockets.frame(0x88, new byte[] {3, (byte) 0xee}), 1002),
        arguments(
            "reason not UTF-8", RawSockets.frame(0x88, new byte[] {3, (byte) 0xe8, -1}), 1007),
        arguments("pings", repeated(RawSockets.frame(0x89, EMPTY), 101), 1008),
        arguments("pongs", repeated(RawSockets.frame(0x8a, EMPTY), 101), 1008),
        arguments("made up", repeated(RawSockets.text("{\"ack\":\"x\"}"), 1_001), 1008));
  }

  /** A message that begins and never ends, in parts without anything in them. */
  private static byte[] parts() {
    byte[] all = repeated(RawSockets.frame(0x00, EMPTY), 5_000);
    all[0] = 0x01;
    return all;
  }

  private static byte[] repeated(byte[] frame, int times) {
    byte[] all = new byte[frame.length * times];
    for (int i = 0; i < times; i++) {
      System.arraycopy(frame, 0, all, i * frame.length, frame.length);
    }
    return all;
  }

  @Test
  void connection_flooded_endsAtOnceAndLeavesNothing() {
    LeakCheck leftovers = new LeakCheck();
    byte[] chunk = new byte[1 << 16];
    try (WebSocketTransport transport = builder().build();
        RawServer server = RawSockets.opening((frames, out, socket) -> {
          frames.next();
          out.write(RawSockets.head(0x81, 1L << 40));
          while (true) {
            out.write(chunk);
          }
        })) {
      AttemptResult result =
          new Messages(transport, server.url("ws")).send("dlv_1").result();

      assertThat(result.outcome()).isEqualTo(AttemptOutcome.BROKEN);
      await().atMost(PATIENCE).until(() -> server.open() == 0);
    }
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(leftovers.threads()).isEmpty());
  }

  @Test
  void connection_thatAllowedFramesComeOver_goesOn() {
    try (WebSocketTransport transport = builder().build();
        RawServer server = RawSockets.opening((frames, out, socket) -> {
          frames.next();
          out.write(RawSockets.frame(0x89, "hello".getBytes(StandardCharsets.UTF_8)));
          out.write(RawSockets.frame(0x8a, new byte[125]));
          out.write(RawSockets.frame(0x01, "{\"ack\":".getBytes(StandardCharsets.UTF_8)));
          out.write(RawSockets.frame(0x89, EMPTY));
          out.write(RawSockets.frame(0x00, EMPTY));
          byte[] end = ("\"dlv_1\"" + " ".repeat(8_000) + "}").getBytes(StandardCharsets.UTF_8);
          out.write(RawSockets.frame(0x80, end));
          frames.close();
        })) {
      assertThat(
              new Messages(transport, server.url("ws")).send("dlv_1").result().succeeded())
          .isTrue();
    }
  }

  @Test
  void connection_brokenOff_tellsHow() {
    try (RawServer ended = RawSockets.opening((frames, out, socket) -> {
          frames.next();
          socket.close();
        });
        RawServer reset = RawSockets.opening((frames, out, socket) -> {
          frames.next();
          socket.setSoLinger(true, 0);
          socket.close();
        });
        RawServer halfway = RawSockets.opening((frames, out, socket) -> {
          frames.next();
          out.write(new byte[] {(byte) 0x81, 100, '{'});
          socket.close();
        });
        RawServer without = RawSockets.opening((frames, out, socket) -> {
          frames.next();
          out.write(RawSockets.frame(0x88, EMPTY));
        })) {
      assertThat(send(ended).error())
          .isEqualTo("the endpoint ended the connection without closing the WebSocket");
      assertThat(send(reset).error()).isEqualTo("connection reset by the endpoint");
      assertThat(send(halfway).error())
          .isEqualTo("the endpoint ended the connection without closing the WebSocket");
      assertThat(send(without).error())
          .isEqualTo("the endpoint closed the connection without a code");
    }
  }

  // --- time

  @Test
  void connection_onWhichPingsAreNotAnswered_isBrokenOff() {
    try (WebSocketTransport transport =
            builder().pingInterval(Duration.ofMillis(200)).build();
        RawServer server = RawSockets.opening((frames, out, socket) -> {})) {
      AttemptResult result =
          new Messages(transport, server.url("ws")).send("dlv_1").result();

      assertThat(result.outcome()).isEqualTo(AttemptOutcome.BROKEN);
      assertThat(result.error()).isEqualTo("the endpoint did not answer a ping in time");
    }
  }

  @Test
  void connection_thatNobodyReads_takesNoMoreThanItsLimitAndIsCutOff() {
    String body = "\"" + "x".repeat(1 << 20) + "\"";
    try (WebSocketTransport transport = builder().build();
        RawServer server =
            RawServer.talking(ServerSocketFactory.getDefault(), (socket, in, out) -> {
              RawServer.say(out, RawSockets.accepting(RawServer.head(in), ""));
              await().forever().until(socket::isClosed);
            })) {
      Messages messages = new Messages(transport, server.url("ws"))
          .within(Duration.ofSeconds(5))
          .saying(body);
      List<Messages.Pending> all = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        all.add(messages.send("dlv_" + i));
      }

      List<AttemptResult> results = all.stream().map(Messages.Pending::result).toList();

      assertThat(results)
          .extracting(AttemptResult::outcome)
          .contains(AttemptOutcome.TIMED_OUT, AttemptOutcome.BROKEN)
          .doesNotContain(AttemptOutcome.SUCCEEDED);
      assertThat(results)
          .filteredOn(result -> result.outcome() == AttemptOutcome.BROKEN)
          .hasSizeGreaterThan(20)
          .allSatisfy(
              result -> assertThat(result.error()).startsWith("the endpoint reads too slowly"));
      await().atMost(PATIENCE).until(() -> transport.connectedWebhooks() == 0);
    }
  }

  @Test
  void connection_thatTakesInNothingForTooLong_isBrokenOff() {
    String body = "\"" + "x".repeat(1 << 20) + "\"";
    try (WebSocketTransport transport =
            builder().maxStall(Duration.ofMillis(300)).build();
        RawServer server =
            RawServer.talking(ServerSocketFactory.getDefault(), (socket, in, out) -> {
              RawServer.say(out, RawSockets.accepting(RawServer.head(in), ""));
              await().forever().until(socket::isClosed);
            })) {
      Messages messages = new Messages(transport, server.url("ws"))
          .within(Duration.ofSeconds(10))
          .saying(body);
      List<Messages.Pending> all = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        all.add(messages.send("dlv_" + i));
      }

      List<AttemptResult> results = all.stream().map(Messages.Pending::result).toList();

      assertThat(results)
          .filteredOn(result -> result.sentAgain() && result.outcome() == AttemptOutcome.BROKEN)
          .isNotEmpty()
          .allSatisfy(result -> assertThat(result.error())
              .isEqualTo("the endpoint took in nothing of what was sent for 300 ms"));
    }
  }

  @Test
  void transport_afterHostileEndpoints_leavesNoThread() {
    LeakCheck leftovers = new LeakCheck();
    try (WebSocketTransport transport = builder().build();
        RawServer silent = RawSockets.opening((frames, out, socket) -> frames.next());
        RawServer mute = RawServer.saying("")) {
      Messages messages = new Messages(transport, silent.url("ws")).within(SHORT);
      List<Messages.Pending> all = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        Messages one = i % 2 == 0 ? messages : messages.to(mute.url("ws"));
        all.add(one.send("whk_" + i, "dlv"));
      }
      // A busy machine may not have connected by then.
      assertThat(all)
          .extracting(one -> one.result().outcome())
          .isSubsetOf(AttemptOutcome.TIMED_OUT, AttemptOutcome.UNREACHABLE);
      await().atMost(PATIENCE).until(() -> silent.open() + mute.open() == 0);
    }
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(leftovers.threads()).isEmpty());
  }
}
