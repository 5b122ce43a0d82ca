package cloud.klink.webhooks.sender.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.event.WebSocketMessage;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.transport.SocketServer;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okhttp3.WebSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over real WebSockets, with an endpoint that keeps to the protocol. */
class WebSocketTransportTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final SocketServer server = SocketServer.acking();
  private WebSocketTransport transport = builder().build();
  private Messages messages = new Messages(transport, server.url());

  private static WebSocketTransport.Builder builder() {
    return WebSocketTransport.builder(EndpointPolicy.forDevelopment());
  }

  private void use(WebSocketTransport.Builder builder) {
    transport.close();
    transport = builder.build();
    messages = new Messages(transport, server.url());
  }

  @AfterEach
  void stop() {
    transport.close();
    server.close();
  }

  @Test
  void send_acknowledged_succeeds() {
    AttemptResult result = messages.with("X-Api-Key", "secret").send("dlv_1").result();

    assertThat(result.succeeded()).isTrue();
    assertThat(result.status()).isEmpty();
    assertThat(result.responseHeaders()).isEmpty();
    assertThat(result.connectedTo()).endsWith(":" + server.port());
    WebSocketMessage message = WebSocketMessage.parse(server.text());
    assertThat(message.id()).isEqualTo("dlv_1");
    assertThat(message.signature().hex()).isEqualTo(Messages.SIGNATURE);
    assertThat(new String(message.body(), StandardCharsets.UTF_8)).isEqualTo(Messages.BODY);
    assertThat(server.handshakes()).singleElement().satisfies(handshake -> {
      assertThat(handshake.getTarget()).isEqualTo("/hook?b=2&a=1");
      assertThat(handshake.getHeaders().values("X-Api-Key")).containsExactly("secret");
      assertThat(handshake.getHeaders().get("User-Agent")).startsWith("klink-webhooks");
      assertThat(handshake.getHeaders().get("Sec-WebSocket-Extensions")).isNull();
    });
  }

  @Test
  void send_refused_tellsTheReason() {
    server.answering((socket, message) ->
        socket.send("{\"nack\":\"" + message.id() + "\",\"reason\":\"signature_mismatch\"}"));

    AttemptResult result = messages.send("dlv_1").result();

    assertThat(result.outcome()).isEqualTo(AttemptOutcome.REJECTED);
    assertThat(result.error()).isEqualTo("signature_mismatch");
    assertThat(result.status()).isEmpty();
  }

  @Test
  void send_refusedWithoutAReason_saysSo() {
    server.answering((socket, message) -> socket.send("{\"nack\":\"" + message.id() + "\"}"));

    assertThat(messages.send("dlv_1").result().error()).isEqualTo("refused without a reason");
  }

  @Test
  void send_notAnswered_timesOutAndTheNextHasAnotherConnection() {
    server.answering((socket, message) -> {});

    AttemptResult result = messages.within(Duration.ofMillis(300)).send("dlv_1").result();

    assertThat(result.outcome()).isEqualTo(AttemptOutcome.TIMED_OUT);
    assertThat(result.error()).isEqualTo("timed out after 300 ms while waiting for the ack");
    assertThat(result.connectedTo()).endsWith(":" + server.port());
    assertThat(server.end()).isEqualTo("1000");
    server.answering((socket, message) -> SocketServer.ack(socket, message.id()));
    assertThat(messages.send("dlv_1").result().succeeded()).isTrue();
    assertThat(server.handshakes()).hasSize(2);
  }

  @Test
  void send_severalAnsweredInAnotherOrder_endsEachByItsOwn() {
    List<WebSocketMessage> came = new ArrayList<>();
    server.answering((socket, message) -> {
      came.add(message);
      if (came.size() == 4) {
        SocketServer.ack(socket, came.get(2).id());
        socket.send("{\"nack\":\"" + came.get(0).id() + "\",\"reason\":\"first\"}");
        SocketServer.ack(socket, came.get(3).id());
        socket.send("{\"nack\":\"" + came.get(1).id() + "\",\"reason\":\"second\"}");
      }
    });

    List<Messages.Pending> pending =
        List.of(messages.send("a"), messages.send("b"), messages.send("c"), messages.send("d"));

    assertThat(pending)
        .extracting(one -> one.result().error())
        .containsExactly("first", "second", "", "");
    assertThat(server.handshakes()).hasSize(1);
  }

  @Test
  void send_manyOfSeveralWebhooks_takesOneConnectionForEach() {
    List<Messages.Pending> pending = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      pending.add(messages.send("whk_" + i % 3, "dlv_" + i));
    }

    assertThat(pending).allMatch(one -> one.result().succeeded());
    assertThat(server.handshakes()).hasSize(3);
  }

  @Test
  void send_tooManyWebSocketsForOkHttpsDispatcher_opensThemAll() {
    List<Messages.Pending> pending = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      pending.add(messages.send("whk_" + i, "dlv_" + i));
    }

    assertThat(pending).allMatch(one -> one.result().succeeded());
    assertThat(server.handshakes()).hasSize(80);
  }

  @Test
  void send_answeredForSomethingElse_waitsForItsOwn() {
    server.answering((socket, message) -> {
      SocketServer.ack(socket, "dlv_2");
      socket.send("{\"nack\":\"other\"}");
      SocketServer.ack(socket, message.id() + " ");
      socket.send("{\"nack\":\"" + message.id() + "\",\"reason\":\"mine\"}");
      SocketServer.ack(socket, message.id());
    });

    assertThat(messages.send("dlv_1").result().error()).isEqualTo("mine");
    assertThat(messages.send("dlv_2").result().succeeded()).isTrue();
    assertThat(server.handshakes()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1011, 1012, 1013, 4000, 3000, 4999})
  void send_answeredByClosing_tellsCodeAndReason(int code) {
    server.answering((socket, message) -> socket.close(code, "because"));

    AttemptResult result = messages.send("dlv_1").result();

    assertThat(result.outcome()).isEqualTo(AttemptOutcome.BROKEN);
    assertThat(result.error())
        .isEqualTo("the endpoint closed the connection with " + code + ": because");
    assertThat(result.connectedTo()).endsWith(":" + server.port());
    server.answering((socket, message) -> SocketServer.ack(socket, message.id()));
    assertThat(messages.send("dlv_1").result().succeeded()).isTrue();
  }

  @Test
  void send_afterTheEndpointClosedAnIdleConnection_opensAnother() {
    assertThat(messages.send("dlv_1").result().succeeded()).isTrue();
    server.socket(0).close(1012, "restart");
    assertThat(server.end()).isEqualTo("1000");

    assertThat(messages.send("dlv_2").result().succeeded()).isTrue();
    assertThat(server.handshakes()).hasSize(2);
  }

  @Test
  void send_onAConnectionThatBreaks_failsWhatIsOnIt() {
    CountDownLatch both = new CountDownLatch(2);
    server.answering((socket, message) -> {
      both.countDown();
      if (both.getCount() == 0) {
        socket.cancel();
      }
    });

    Messages.Pending first = messages.send("dlv_1");
    Messages.Pending second = messages.send("dlv_2");

    assertThat(List.of(first.result(), second.result())).allSatisfy(result -> {
      assertThat(result.outcome()).isEqualTo(AttemptOutcome.BROKEN);
      assertThat(result.error()).isNotEmpty();
      assertThat(result.trace()).contains("Exception");
    });
  }

  @Test
  void connection_idle_isClosed() {
    use(builder().idleTimeout(Duration.ofMillis(200)));

    assertThat(messages.send("dlv_1").result().succeeded()).isTrue();

    assertThat(server.end()).isEqualTo("1000");
    await().atMost(PATIENCE).until(() -> transport.connectedWebhooks() == 0);
    assertThat(messages.send("dlv_2").result().succeeded()).isTrue();
    assertThat(server.handshakes()).hasSize(2);
  }

  @Test
  void connection_ofTheGreatestAge_isReplacedByOneThatIsLookedUpAgain() {
    AtomicInteger lookups = new AtomicInteger();
    OkHttpClient client = new OkHttpClient.Builder()
        .dns(host -> {
          lookups.incrementAndGet();
          return List.of(InetAddress.getLoopbackAddress());
        })
        .build();
    use(builder().client(client).maxConnectionAge(Duration.ofMillis(300)));
    Messages named = messages.to(server.url().replace("127.0.0.1", "hooks.example.com"));
    AtomicInteger sent = new AtomicInteger();

    await()
        .atMost(PATIENCE)
        .until(() -> named.send("dlv_" + sent.incrementAndGet()).result().succeeded()
            && server.handshakes().size() == 3);

    assertThat(lookups).hasValue(3);
    assertThat(sent).hasValueGreaterThan(3);
    assertThat(server.end()).isEqualTo("1000");
  }

  @Test
  void connections_idleBeyondTheLimit_areClosedTheOldestFirst() {
    use(builder().idleConnections(2));

    for (String webhook : List.of("whk_1", "whk_2", "whk_3")) {
      assertThat(messages.send(webhook, "dlv").result().succeeded()).isTrue();
    }

    assertThat(server.end()).isEqualTo("1000");
    await().atMost(PATIENCE).until(() -> transport.connectedWebhooks() == 2);
    assertThat(messages.send("whk_2", "dlv_2").result().succeeded()).isTrue();
    assertThat(messages.send("whk_3", "dlv_2").result().succeeded()).isTrue();
    assertThat(server.handshakes()).hasSize(3);
  }

  @Test
  void connection_ofAnotherUrlOrHeader_replacesTheOldAfterItsAnswers() {
    List<WebSocketMessage> held = new CopyOnWriteArrayList<>();
    List<WebSocket> holding = new CopyOnWriteArrayList<>();
    server.answering((socket, message) -> {
      if (message.id().startsWith("held")) {
        held.add(message);
        holding.add(socket);
      } else {
        SocketServer.ack(socket, message.id());
      }
    });
    Messages.Pending first = messages.with("X-Key", "1").send("held_1");
    await().atMost(PATIENCE).until(() -> holding.size() == 1);
    Messages.Pending second = messages.with("X-Key", "2").send("held_2");
    await().atMost(PATIENCE).until(() -> holding.size() == 2);
    Messages moved = messages.with("X-Key", "2").to(server.url() + "&c=3");

    assertThat(moved.send("dlv_3").result().succeeded()).isTrue();
    assertThat(first.isDone()).isFalse();
    assertThat(second.isDone()).isFalse();
    assertThat(server.open()).isEqualTo(3);
    SocketServer.ack(holding.get(0), held.get(0).id());
    SocketServer.ack(holding.get(1), held.get(1).id());

    assertThat(first.result().succeeded()).isTrue();
    assertThat(second.result().succeeded()).isTrue();
    assertThat(server.end()).isEqualTo("1000");
    assertThat(server.end()).isEqualTo("1000");
    assertThat(moved.send("dlv_4").result().succeeded()).isTrue();
    assertThat(server.handshakes())
        .extracting(RecordedRequest::getTarget, one -> one.getHeaders().get("X-Key"))
        .containsExactly(
            tuple("/hook?b=2&a=1", "1"),
            tuple("/hook?b=2&a=1", "2"),
            tuple("/hook?b=2&a=1&c=3", "2"));
  }

  @Test
  void send_toAUrlOrWithAHeaderThatIsNotAllowed_sendsNothing() {
    Messages anywhere = new Messages(
        WebSocketTransport.builder(EndpointPolicy.publicHttps()).build(), server.url());

    assertThat(List.of(
            anywhere.send("a").result(),
            anywhere.to("wss://127.0.0.1/").send("b").result(),
            anywhere.to("wss://user@example.com/").send("c").result(),
            messages.to("http://127.0.0.1/").send("d").result(),
            messages.with("Sec-WebSocket-Key", "x").send("e").result(),
            messages.with("X-Key", "a\r\nb: c").send("f").result()))
        .allSatisfy(result -> assertThat(result.outcome()).isEqualTo(AttemptOutcome.NOT_ALLOWED));
    assertThat(messages.to("http://127.0.0.1/").send("d").result().error())
        .isEqualTo("endpoint not allowed: its scheme must be ws or wss");
    assertThat(server.handshakes()).isEmpty();
  }

  @Test
  void send_toANameOfAPrivateAddress_connectsToNothing() {
    EndpointPolicy policy = EndpointPolicy.publicHttp();
    OkHttpClient client = new OkHttpClient.Builder()
        .dns(host -> List.of(InetAddress.getLoopbackAddress()))
        .build();
    try (WebSocketTransport careful =
        WebSocketTransport.builder(policy).client(client).build()) {
      String url = server.url().replace("127.0.0.1", "hooks.example.com");

      AttemptResult result = new Messages(careful, url).send("dlv_1").result();

      assertThat(result.outcome()).isEqualTo(AttemptOutcome.NOT_ALLOWED);
      assertThat(result.error()).startsWith("address not allowed").contains("hooks.example.com");
      assertThat(result.error() + result.trace()).doesNotContain("127.0.0.1");
      assertThat(server.handshakes()).isEmpty();
    }
  }

  @Test
  void close_withAttemptsInFlight_tellsEachAndClosesTheConnections() {
    server.answering((socket, message) -> {});
    Messages.Pending first = messages.send("dlv_1");
    Messages.Pending second = messages.send("whk_2", "dlv_2");
    server.text();
    server.text();

    transport.close();

    assertThat(List.of(first.result(), second.result(), messages.send("dlv_3").result()))
        .allSatisfy(result -> {
          assertThat(result.outcome()).isEqualTo(AttemptOutcome.INTERNAL);
          assertThat(result.error()).isEqualTo("the sender was closed during the attempt");
        });
    assertThat(List.of(server.end(), server.end())).containsExactly("1001", "1001");
    await().atMost(PATIENCE).until(() -> transport.connectedWebhooks() == 0);
    transport.close();
  }

  @Test
  void send_aMessageBeyondWhatOkHttpTakes_failsAloneAndLeavesTheConnection() {
    String large = "\"" + "x".repeat(16 << 20) + "\"";

    AttemptResult result = messages.saying(large).send("dlv_1").result();

    assertThat(result.outcome()).isEqualTo(AttemptOutcome.BROKEN);
    assertThat(result.error()).startsWith("the endpoint reads too slowly");
    assertThat(messages.send("dlv_2").result().succeeded()).isTrue();
    assertThat(server.handshakes()).hasSize(1);
  }

  @Test
  void send_byManyThreadsWhileConnectionsComeAndGo_endsEachOnce() throws InterruptedException {
    use(builder().idleTimeout(Duration.ofMillis(10)).idleConnections(1));
    int threads = 8;
    int each = 250;
    Queue<Messages.Pending> pending = new ConcurrentLinkedQueue<>();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    for (int thread = 0; thread < threads; thread++) {
      String webhook = "whk_" + thread % 3;
      String prefix = "dlv_" + thread + "_";
      pool.execute(() -> {
        for (int i = 0; i < each; i++) {
          Messages.Pending one = messages.send(webhook, prefix + i);
          pending.add(one);
          if (i % 50 == 0) {
            one.result(); // now and then all is quiet
          }
        }
      });
    }
    pool.shutdown();

    assertThat(pool.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    assertThat(pending).hasSize(threads * each).allMatch(one -> one.result().succeeded());
    await().atMost(PATIENCE).until(() -> transport.connectedWebhooks() == 0);
    await().atMost(PATIENCE).until(() -> server.open() == 0);
  }

  @Test
  void callback_thatThrows_harmsNoOther() {
    CountDownLatch called = new CountDownLatch(1);
    transport.send(messages.request("whk_1", "dlv_1"), result -> {
      called.countDown();
      throw new IllegalStateException("on purpose");
    });

    assertThat(messages.send("dlv_2").result().succeeded()).isTrue();
    assertThat(messages.send("dlv_3").result().succeeded()).isTrue();
    assertThat(called.getCount()).isZero();
    assertThat(server.handshakes()).hasSize(1);
  }

  @Test
  void callback_thatBlocks_holdsUpNoOther() throws InterruptedException {
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    server.answering((socket, message) -> {
      // The thread that reads this socket is blocked by the callback, so nothing is answered on it.
      if (message.id().equals("dlv_1")) {
        SocketServer.ack(socket, message.id());
      }
    });
    transport.send(messages.request("whk_1", "dlv_1"), result -> {
      blocked.countDown();
      try {
        go.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    blocked.await();

    AttemptResult result = messages.within(Duration.ofMillis(200)).send("dlv_2").result();

    assertThat(result.outcome()).isEqualTo(AttemptOutcome.TIMED_OUT);
    go.countDown();
  }

  @Test
  void builder_withSettingsOutOfRange_refusesThem() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().idleConnections(-1).build())
        .withMessage("idleConnections: it must be from 0 to 100,000, not -1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().idleTimeout(Duration.ZERO).build())
        .withMessageStartingWith("idleTimeout: it must be from 1ms to 1d");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().maxConnectionAge(Duration.ofDays(2)).build())
        .withMessageStartingWith("maxConnectionAge: it must be from 1ms to 1d");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().pingInterval(Duration.ofDays(2)).build())
        .withMessageStartingWith("pingInterval: it must be from 10ms to 1d");
    assertThat(transport.method()).isEqualTo(DeliveryMethod.WEBSOCKET);
  }
}
