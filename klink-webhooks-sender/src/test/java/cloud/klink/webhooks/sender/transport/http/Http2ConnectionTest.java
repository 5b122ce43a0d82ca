package cloud.klink.webhooks.sender.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.transport.Http2Frames;
import cloud.klink.webhooks.sender.transport.RawServer;
import cloud.klink.webhooks.sender.transport.Sending;
import cloud.klink.webhooks.sender.transport.TlsServers;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections of HTTP/2, which many attempts share: they end, stop working, or are flooded. */
class Http2ConnectionTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(700);
  private static final Duration LONG = Duration.ofSeconds(20);

  private final TlsServers tls = new TlsServers();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private final HttpTransport transport = HttpTransport.builder(EndpointPolicy.forDevelopment())
      .client(tls.trusting())
      .keepAlive(Duration.ofMinutes(1))
      .build();
  private final Sending sending = new Sending(transport);

  @AfterEach
  void stop() {
    transport.close();
  }

  /** What is done with a request, by the number of the connection and of the request on it. */
  private interface Script {
    void on(int connection, int request, Http2Frames to, int stream) throws java.io.IOException;
  }

  private RawServer server(Script script) {
    return server(script, true);
  }

  private RawServer server(Script script, boolean firstAnswersPings) {
    return RawServer.talking(tls.good("h2"), (socket, in, out) -> {
      int connection = connections.getAndIncrement();
      AtomicInteger number = new AtomicInteger();
      Http2Frames.Answer answer = (to, stream) -> {
        requests.incrementAndGet();
        script.on(connection, number.getAndIncrement(), to, stream);
      };
      RawServer.Talk talk = connection > 0 || firstAnswersPings
          ? Http2Frames.answering(answer)
          : Http2Frames.answeringWithoutPongs(answer);
      talk.on(socket, in, out);
    });
  }

  private CompletableFuture<AttemptResult> begin(RawServer server, Duration timeout) {
    return CompletableFuture.supplyAsync(
        () -> sending.send(Sending.request(server.url("https"), timeout)), task -> {
          Thread thread = new Thread(task);
          thread.setDaemon(true);
          thread.start();
        });
  }

  @Test
  void send_onAConnectionThatAnswersNothingAnyMore_costsOnlyWhoseTimeIsUp() {
    try (RawServer server = server(
        (connection, request, to, stream) -> {
          if (connection > 0 || request == 0) {
            to.ok(stream);
          }
        },
        false)) {
      assertThat(sending.to(server.url("https")).succeeded()).isTrue();
      List<CompletableFuture<AttemptResult>> patient =
          List.of(begin(server, LONG), begin(server, LONG), begin(server, LONG));
      await().atMost(PATIENCE).until(() -> requests.get() == 4);

      AttemptResult impatient = sending.send(Sending.request(server.url("https"), SHORT));

      assertThat(impatient.outcome()).isEqualTo(AttemptOutcome.TIMED_OUT);
      assertThat(patient).allSatisfy(one -> {
        AttemptResult result = one.get(10, TimeUnit.SECONDS);
        assertThat(result.succeeded()).as(result.error()).isTrue();
        assertThat(result.sentAgain()).isTrue();
      });
      assertThat(sending.to(server.url("https")).sentAgain()).isFalse();
      await().atMost(PATIENCE).until(() -> server.open() <= 2);
    }
  }

  @Test
  void send_onAConnectionThatAnswersPings_goesOnBesideOneWhoseTimeIsUp() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    List<Integer> waiting = new CopyOnWriteArrayList<>();
    try (RawServer server = server((connection, request, to, stream) -> {
      if (request == 0 || request > 2) {
        to.ok(stream);
      } else if (request == 1) {
        waiting.add(stream);
        new Thread(() -> {
              try {
                answer.await();
                to.ok(stream);
              } catch (java.io.IOException | InterruptedException e) {
                throw new AssertionError(e);
              }
            })
            .start();
      }
    })) {
      assertThat(sending.to(server.url("https")).succeeded()).isTrue();
      CompletableFuture<AttemptResult> patient = begin(server, LONG);
      await().atMost(PATIENCE).until(() -> !waiting.isEmpty());

      AttemptResult impatient = sending.send(Sending.request(server.url("https"), SHORT));

      assertThat(impatient.outcome()).isEqualTo(AttemptOutcome.TIMED_OUT);
      await()
          .pollDelay(Duration.ofMillis(1_500))
          .until(() -> sending.to(server.url("https")).succeeded());
      answer.countDown();
      AttemptResult result = patient.get(10, TimeUnit.SECONDS);
      assertThat(result.succeeded()).as(result.error()).isTrue();
      assertThat(result.sentAgain()).isFalse();
      assertThat(connections).hasValue(1);
    }
  }

  /** How an endpoint says that it has not looked at a request, or ends the connection. */
  enum Unprocessed {
    GOAWAY_BELOW {
      @Override
      void answer(Http2Frames to, int stream) throws java.io.IOException {
        to.goAway(stream - 2);
      }
    },
    GOAWAY_AND_CLOSE {
      @Override
      void answer(Http2Frames to, int stream) throws java.io.IOException {
        to.goAway(stream);
        to.close();
      }
    },
    REFUSED_STREAM {
      @Override
      void answer(Http2Frames to, int stream) throws java.io.IOException {
        to.reset(stream, 7);
      }
    },
    CLOSE {
      @Override
      void answer(Http2Frames to, int stream) throws java.io.IOException {
        to.close();
      }
    };

    abstract void answer(Http2Frames to, int stream) throws java.io.IOException;
  }

  @ParameterizedTest
  @EnumSource
  void send_thatAUsedConnectionDidNotTake_isRepeatedOnce(Unprocessed unprocessed) {
    try (RawServer server = server((connection, request, to, stream) -> {
      if (connection == 0 && request == 1) {
        unprocessed.answer(to, stream);
      } else {
        to.ok(stream);
      }
    })) {
      assertThat(sending.to(server.url("https")).succeeded()).isTrue();

      AttemptResult result = sending.to(server.url("https"));

      assertThat(result.succeeded()).as(result.error()).isTrue();
      assertThat(result.sentAgain()).isTrue();
      assertThat(requests).hasValue(3);
      assertThat(connections).hasValue(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void send_thatNoConnectionTakes_failsAfterTwoRequests(Unprocessed unprocessed) {
    try (RawServer server = server((connection, request, to, stream) -> {
      if (connection == 0 && request == 0) {
        to.ok(stream);
      } else {
        unprocessed.answer(to, stream);
      }
    })) {
      assertThat(sending.to(server.url("https")).succeeded()).isTrue();

      AttemptResult result = sending.to(server.url("https"));

      assertThat(result.outcome()).isEqualTo(AttemptOutcome.BROKEN);
      assertThat(result.error()).isEqualTo("connection reset by the endpoint");
      assertThat(result.sentAgain()).isTrue();
      assertThat(requests).hasValue(3);
    }
  }

  @Test
  void send_whoseStreamIsResetForAnotherReason_failsAfterOneRequest() {
    try (RawServer server = server((connection, request, to, stream) -> {
      if (request == 0) {
        to.ok(stream);
      } else {
        to.reset(stream, 2);
      }
    })) {
      assertThat(sending.to(server.url("https")).succeeded()).isTrue();

      AttemptResult result = sending.to(server.url("https"));

      assertThat(result.outcome()).isEqualTo(AttemptOutcome.BROKEN);
      assertThat(result.sentAgain()).isFalse();
      assertThat(requests).hasValue(2);
    }
  }

  /** Frames that carry nothing, or nothing of use. */
  enum Flood {
    PINGS(Http2Frames.PING, 0, 0, new byte[8]),
    PONGS(Http2Frames.PING, Http2Frames.ACK, 0, new byte[8]),
    SETTINGS(Http2Frames.SETTINGS, 0, 0, new byte[0]),
    SETTINGS_WITH_ONE(Http2Frames.SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 1, 0}),
    ACKS_OF_SETTINGS(Http2Frames.SETTINGS, Http2Frames.ACK, 0, new byte[0]),
    PUSHES(Http2Frames.PUSH_PROMISE, Http2Frames.END_HEADERS, 3, new byte[] {0, 0, 0, 2, -126}),
    EMPTY_DATA(Http2Frames.DATA, 0, 3, new byte[0]),
    PADDING_WITHOUT_DATA(Http2Frames.DATA, 8, 3, new byte[] {2, 0, 0}),
    DATA_OF_A_STREAM_THAT_IS_NOT_THERE(Http2Frames.DATA, 0, 99, new byte[] {1}),
    RESETS(3, 0, 99, new byte[] {0, 0, 0, 8}),
    INTERIM_ANSWERS(
        Http2Frames.HEADERS, Http2Frames.END_HEADERS, 99, new byte[] {8, 3, '1', '0', '3'}),
    /** An entry of HPACK's table in each byte. */
    HEADERS_THAT_DO_NOT_END(9, 0, 3, repeated((byte) 0x90)),
    UNKNOWN(0x77, 0, 3, new byte[0]),
    PRIORITIES(2, 0, 3, new byte[] {0, 0, 0, 1, 1}),
    WINDOW_UPDATES(8, 0, 3, new byte[] {0, 0, 0, 1});

    private final int type;
    private final int flags;
    private final int stream;

    @SuppressWarnings("ImmutableEnumChecker") // nobody writes to it
    private final byte[] payload;

    Flood(int type, int flags, int stream, byte[] payload) {
      this.type = type;
      this.flags = flags;
      this.stream = stream;
      this.payload = payload;
    }

    private static byte[] repeated(byte value) {
      byte[] bytes = new byte[16_384];
      Arrays.fill(bytes, value);
      return bytes;
    }

    /** Sends without end, until the other side has closed the connection. */
    void to(Http2Frames frames, CountDownLatch ended) {
      ByteBuffer promised = ByteBuffer.wrap(payload.clone());
      try {
        if (this == HEADERS_THAT_DO_NOT_END) {
          frames.send(Http2Frames.HEADERS, 0, stream, Http2Frames.status200());
        }
        for (int i = 1; true; i++) {
          if (this == PUSHES) {
            promised.putInt(0, 2 * i);
          }
          frames.send(type, flags, stream, promised.array());
        }
      } catch (java.io.IOException e) {
        ended.countDown();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void flood_afterAnAnswer_endsTheConnection(Flood flood) throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    try (RawServer server = server((connection, request, to, stream) -> {
      to.ok(stream);
      if (connection == 0) {
        flood.to(to, ended);
      }
    })) {
      assertThat(sending.to(server.url("https")).succeeded()).isTrue();

      assertThat(ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(sending.to(server.url("https")).succeeded()).isTrue();
      assertThat(connections).hasValue(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void flood_insteadOfAnAnswer_endsTheConnectionAndTheAttempt(Flood flood)
      throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    try (RawServer server = server((connection, request, to, stream) -> flood.to(to, ended))) {
      AttemptResult result = sending.to(server.url("https"));

      assertThat(result.outcome()).as(result.error()).isEqualTo(AttemptOutcome.BROKEN);
      assertThat(result.sentAgain()).isFalse();
      assertThat(ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(connections).hasValue(1);
    }
  }

  @Test
  void send_toTwoHostsWithOneAddressAndCertificate_takesAConnectionForEach() {
    Set<String> asked = ConcurrentHashMap.newKeySet();
    EndpointPolicy development = EndpointPolicy.forDevelopment();
    EndpointPolicy policy = new EndpointPolicy() {
      @Override
      public List<String> faults(String url) {
        return development.faults(url);
      }

      @Override
      public boolean allows(String host, InetAddress address) {
        asked.add(host);
        return development.allows(host, address);
      }
    };
    OkHttpClient client = tls.trusting()
        .newBuilder()
        .dns(host -> List.of(InetAddress.getLoopbackAddress()))
        .build();
    try (RawServer server = RawServer.talking(
            tls.goodFor(List.of("a.example", "b.example"), "h2"),
            Http2Frames.answering((to, stream) -> to.ok(stream)));
        HttpTransport both = HttpTransport.builder(policy).client(client).build()) {
      for (String host : List.of("a.example", "b.example", "a.example", "b.example")) {
        assertThat(new Sending(both)
                .to("https://" + host + ":" + server.port() + "/")
                .succeeded())
            .isTrue();
      }

      assertThat(server.connections()).isEqualTo(2);
      assertThat(asked).containsExactlyInAnyOrder("a.example", "b.example");
    }
  }
}
