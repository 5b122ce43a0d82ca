package cloud.klink.webhooks.sender.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.event.WebSocketMessage;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import cloud.klink.webhooks.sender.transport.SocketServer;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.WebSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of messages whose connection ends before they are acknowledged, on real sockets. */
class WebSocketEndTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
  private final WebSocketTransport transport =
      WebSocketTransport.builder(EndpointPolicy.forDevelopment()).build();

  @AfterEach
  void stop() {
    clock.shutdownNow();
    transport.close();
  }

  private static List<AttemptResult> failures(Collection<Messages.Pending> all) {
    return all.stream()
        .map(Messages.Pending::result)
        .filter(result -> !result.succeeded())
        .toList();
  }

  private void soon(long millis, Runnable task) {
    Future<?> unused = clock.schedule(task, millis, TimeUnit.MILLISECONDS);
  }

  /** Acknowledges each message within 20 ms, unless the connection is closed before that. */
  private void acknowledgeSoon(WebSocket socket, WebSocketMessage message) {
    soon(20, () -> SocketServer.ack(socket, message.id()));
  }

  /** How an endpoint ends a connection without a complaint. */
  enum End {
    NORMAL(1000),
    GOING_AWAY(1001),
    SERVICE_RESTART(1012),
    CUT(0);

    private final int code;

    End(int code) {
      this.code = code;
    }

    void of(WebSocket socket) {
      if (this == CUT) {
        throw new IllegalStateException("on purpose: MockWebServer cuts the connection off, then");
      }
      socket.close(code, "");
    }
  }

  // --- a whole sender

  @Test
  void endpoint_thatClosesEachConnectionAfterASecond_isNeverCharged() {
    SocketServer server = new SocketServer();
    server.answering(this::acknowledgeSoon);
    server.whenOpen(socket -> soon(1_000, () -> socket.close(1001, "going away")));
    try (server;
        WebhookSender sender = WebhookSender.builder(new InMemoryStorage())
            .endpoints(EndpointPolicy.forDevelopment())
            .build()) {
      sender
          .webhooks()
          .create(Environment.PRODUCTION)
          .name("Orders")
          .method(DeliveryMethod.WEBSOCKET)
          .url(server.url())
          .subscribe(EventName.CONTACT_CREATED)
          .save();
      sender.start();
      Queue<String> ids = new ConcurrentLinkedQueue<>();
      ScheduledFuture<?> load = clock.scheduleAtFixedRate(
          () -> ids.addAll(sender
              .publish(
                  Environment.PRODUCTION,
                  Event.builder(EventName.CONTACT_CREATED)
                      .timestamp(Instant.EPOCH)
                      .build())
              .deliveryIds()),
          0,
          5,
          TimeUnit.MILLISECONDS);
      await().atMost(PATIENCE).until(() -> server.handshakes().size() > 5);
      load.cancel(false);

      await()
          .atMost(PATIENCE)
          .until(() -> ids.stream()
              .allMatch(id ->
                  sender.deliveries().find(id).orElseThrow().state() != DeliveryState.WAITING));

      List<AttemptResult> results = ids.stream()
          .flatMap(id -> sender.deliveries().attempts(id).stream())
          .map(Attempt::result)
          .toList();
      assertThat(results).hasSize(ids.size());
      assertThat(results).filteredOn(result -> !result.succeeded()).isEmpty();
      assertThat(results).anyMatch(AttemptResult::sentAgain);
    }
  }

  // --- a restart

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @EnumSource(End.class)
  void server_restartedUnderLoad_costsNoFailure(End end) {
    SocketServer before = new SocketServer(freePort());
    before.answering(this::acknowledgeSoon);
    Messages messages = new Messages(transport, before.url()).within(Duration.ofSeconds(10));
    Queue<Messages.Pending> all = new ConcurrentLinkedQueue<>();
    ScheduledFuture<?> load = clock.scheduleAtFixedRate(
        () -> all.add(messages.send("dlv_" + all.size())), 0, 5, TimeUnit.MILLISECONDS);
    await().atMost(PATIENCE).until(() -> all.size() > 100);
    if (end != End.CUT) {
      before.sockets().forEach(end::of);
    }
    before.close();
    int atTheEnd = all.size();
    await().atMost(PATIENCE).until(() -> all.size() > atTheEnd + 150);

    SocketServer after = new SocketServer(before.port());
    after.answering(this::acknowledgeSoon);
    try (after) {
      int again = all.size();
      await().atMost(PATIENCE).until(() -> all.size() > again + 100);
      load.cancel(false);

      assertThat(failures(all)).isEmpty();
    }
  }

  @Test
  void server_thatDoesNotComeBack_failsWhatWaitedForItAtTheirDeadline() {
    SocketServer server = new SocketServer();
    Messages messages = new Messages(transport, server.url()).within(Duration.ofSeconds(1));
    Messages.Pending lost = messages.send("dlv_1");
    server.text();
    server.socket(0).close(1001, "");
    server.close();

    AttemptResult result = lost.result();

    assertThat(result.outcome()).isEqualTo(AttemptOutcome.CONNECTION_REFUSED);
    assertThat(result.error()).startsWith("connection refused; before that: the endpoint ");
    assertThat(result.sentAgain()).isFalse();
  }

  // --- one message

  @ParameterizedTest
  @EnumSource(End.class)
  void message_onAConnectionThatEndsInPeace_isSentAgain(End end) {
    SocketServer server = new SocketServer();
    List<WebSocketMessage> came = new CopyOnWriteArrayList<>();
    server.answering((socket, message) -> {
      came.add(message);
      if (came.size() == 1) {
        end.of(socket);
      } else {
        SocketServer.ack(socket, message.id());
      }
    });
    try (server) {
      AttemptResult result = new Messages(transport, server.url()).send("dlv_1").result();

      assertThat(result.succeeded()).isTrue();
      assertThat(result.sentAgain()).isTrue();
      assertThat(came)
          .extracting(WebSocketMessage::text)
          .hasSize(2)
          .containsOnly(came.get(0).text());
      assertThat(server.handshakes()).hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource(End.class)
  void message_onTwoConnectionsThatEndInPeace_isAFailure(End end) {
    SocketServer server = new SocketServer();
    server.answering((socket, message) -> end.of(socket));
    try (server) {
      AttemptResult result = new Messages(transport, server.url()).send("dlv_1").result();

      assertThat(result.outcome()).isEqualTo(AttemptOutcome.BROKEN);
      assertThat(result.sentAgain()).isTrue();
      assertThat(server.handshakes()).hasSize(2);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1002, 1003, 1007, 1008, 1009, 1010, 1011, 1013, 1014, 3000, 4000, 4999})
  void message_onAConnectionThatEndsInAComplaint_isAFailureAtOnce(int code) {
    SocketServer server = new SocketServer();
    server.answering((socket, message) -> socket.close(code, "because"));
    try (server) {
      AttemptResult result = new Messages(transport, server.url()).send("dlv_1").result();

      assertThat(result.outcome()).isEqualTo(AttemptOutcome.BROKEN);
      assertThat(result.error())
          .isEqualTo("the endpoint closed the connection with " + code + ": because");
      assertThat(result.sentAgain()).isFalse();
      assertThat(server.handshakes()).hasSize(1);
    }
  }

  // --- answers to something else

  @Test
  void messages_acknowledgedTwice_succeedOnOneConnection() {
    SocketServer server = new SocketServer();
    server.answering((socket, message) -> {
      SocketServer.ack(socket, message.id());
      SocketServer.ack(socket, message.id());
    });
    try (server) {
      Messages messages = new Messages(transport, server.url());
      List<Messages.Pending> all = new ArrayList<>();
      for (int i = 0; i < 8_000; i++) {
        all.add(messages.send("dlv_" + i));
        if (i % 500 == 499) {
          all.get(i).result();
        }
      }

      assertThat(failures(all)).isEmpty();
      assertThat(server.handshakes()).hasSize(1);
    }
  }

  @Test
  void message_refusedAfterItWasAcknowledged_hasSucceeded() {
    SocketServer server = new SocketServer();
    server.answering((socket, message) -> {
      SocketServer.ack(socket, message.id());
      socket.send("{\"nack\":\"" + message.id() + "\"}");
    });
    try (server) {
      Messages messages = new Messages(transport, server.url());
      List<Messages.Pending> all = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        all.add(messages.send("dlv_" + i));
        if (i % 500 == 499) {
          all.get(i).result();
        }
      }

      assertThat(failures(all)).isEmpty();
      assertThat(server.handshakes()).hasSize(1);
    }
  }

  @Test
  void message_acknowledgedByTheEventsId_timesOutAndSaysSo() {
    SocketServer server = new SocketServer();
    server.answering((socket, message) -> SocketServer.ack(socket, "evt_1"));
    try (server) {
      AttemptResult result = new Messages(transport, server.url())
          .within(Duration.ofMillis(300))
          .send("dlv_1")
          .result();

      assertThat(result.outcome()).isEqualTo(AttemptOutcome.TIMED_OUT);
      assertThat(result.error())
          .isEqualTo("timed out after 300 ms while waiting for the ack; the endpoint answered"
              + " \"evt_1\", which is the event's id (body.id): it must answer the message's id");
    }
  }

  @Test
  void message_whenAnotherIdIsAcknowledged_timesOutAndNamesIt() {
    SocketServer server = new SocketServer();
    server.answering((socket, message) -> SocketServer.ack(socket, "DLV_1"));
    try (server) {
      AttemptResult result = new Messages(transport, server.url())
          .within(Duration.ofMillis(300))
          .send("dlv_1")
          .result();

      assertThat(result.outcome()).isEqualTo(AttemptOutcome.TIMED_OUT);
      assertThat(result.error())
          .isEqualTo("timed out after 300 ms while waiting for the ack; the endpoint answered"
              + " \"DLV_1\", which is the id of no message on this connection");
    }
  }
}
