package cloud.klink.webhooks.sender.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.transport.http.HttpTransport;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The end of a connection of HTTP/1 is not a failure of the endpoint. */
class ConnectionEndTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What a busy machine takes to bring something from one socket to another. */
  private static final Duration ARRIVAL = Duration.ofMillis(300);

  private final TlsServers tls = new TlsServers();
  private final HttpTransport transport = HttpTransport.builder(EndpointPolicy.forDevelopment())
      .client(tls.trusting())
      .keepAlive(Duration.ofMinutes(1))
      .build();
  private final Sending sending = new Sending(transport);

  @AfterEach
  void stop() {
    transport.close();
  }

  /** How an endpoint ends a connection. */
  enum End {
    CLOSE {
      @Override
      void of(Socket socket, OutputStream out) throws IOException {
        socket.close();
      }
    },
    CLOSE_OF_ITS_SIDE {
      @Override
      void of(Socket socket, OutputStream out) throws IOException {
        socket.shutdownOutput();
      }
    },
    RESET {
      @Override
      void of(Socket socket, OutputStream out) throws IOException {
        Http1Endpoint.reset(socket);
      }
    },
    STRAY_ANSWER {
      @Override
      void of(Socket socket, OutputStream out) throws IOException {
        RawServer.say(out, "HTTP/1.1 408 Idle\r\nConnection: close\r\n\r\n");
      }
    };

    abstract void of(Socket socket, OutputStream out) throws IOException;
  }

  /** All, in the clear and by TLS. */
  static Stream<Arguments> ends() {
    return bySchemes(Stream.of(End.values()));
  }

  /** Those without anything that may be taken for an answer. */
  static Stream<Arguments> silentEnds() {
    return bySchemes(Stream.of(End.CLOSE, End.CLOSE_OF_ITS_SIDE, End.RESET));
  }

  /** Those that leave what was sent before them. */
  static Stream<Arguments> orderlyEnds() {
    return bySchemes(Stream.of(End.CLOSE, End.CLOSE_OF_ITS_SIDE));
  }

  private static Stream<Arguments> bySchemes(Stream<End> ends) {
    return ends.flatMap(end -> Stream.of(Arguments.of(end, "http"), Arguments.of(end, "https")));
  }

  private ServerSocketFactory sockets(String scheme) {
    return scheme.equals("https") ? tls.good("http/1.1") : ServerSocketFactory.getDefault();
  }

  @Test
  void send_toAnEndpointOfHttp10_takesAConnectionForEachAndNeverFails() {
    try (Http1Endpoint endpoint = new Http1Endpoint((connection, request, socket, out) -> {
      RawServer.say(out, "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok");
      socket.close();
    })) {
      for (int i = 0; i < 50; i++) {
        AttemptResult result = sending.to(endpoint.url());

        assertThat(result.succeeded()).as(result.error()).isTrue();
        assertThat(result.sentAgain()).isFalse();
      }
      assertThat(endpoint.connections()).isEqualTo(50);
      assertThat(endpoint.requests()).isEqualTo(50);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.0 200 OK\r\n",
        "HTTP/1.0 200 OK\r\nConnection: keep-alive, close\r\n",
        "HTTP/1.0 200 OK\r\nConnection: keep-alives\r\n",
        "HTTP/1.1 200 OK\r\nConnection: close\r\n",
        "HTTP/1.1 200 OK\r\nconnection:CLOSE\r\n",
        "HTTP/1.1 200 OK\r\nConnection: \t Close \t \r\n",
        "HTTP/1.1 200 OK\r\nConnection: keep-alive, close\r\n",
        "HTTP/1.1 200 OK\r\nConnection: close, te\r\n",
        "HTTP/1.1 200 OK\r\nConnection: ,te ,cLose,\r\n",
        "HTTP/1.1 200 OK\r\nConnection: close\r\nConnection: te\r\n",
        "HTTP/1.1 200 OK\r\nConnection: te\r\nConnection: a, close\r\n",
        "HTTP/1.1 500 Oops\r\nConnection: close, te\r\n",
      })
  void send_answeredWithTheEndOfTheConnection_endsIt(String head) {
    try (Http1Endpoint endpoint = new Http1Endpoint((connection, request, socket, out) ->
        RawServer.say(out, head + "Content-Length: 2\r\n\r\nok"))) {
      assertThat(sending.to(endpoint.url()).status()).isPresent();

      await().atMost(PATIENCE).until(() -> endpoint.open() == 0);
      assertThat(sending.to(endpoint.url()).sentAgain()).isFalse();
      assertThat(endpoint.connections()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\n",
        "HTTP/1.0 200 OK\r\nConnection: a, keep-alive\r\n",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n",
        "HTTP/1.1 200 OK\r\nConnection: closed, x-close\r\n",
        "HTTP/1.1 200 OK\r\nConnection:\r\n",
      })
  void send_answeredWithoutTheEndOfTheConnection_takesItAgain(String head) {
    try (Http1Endpoint endpoint = new Http1Endpoint((connection, request, socket, out) ->
        RawServer.say(out, head + "Content-Length: 2\r\n\r\nok"))) {
      for (int i = 0; i < 3; i++) {
        assertThat(sending.to(endpoint.url()).succeeded()).isTrue();
      }

      assertThat(endpoint.connections()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("ends")
  void send_whenTheEndOfTheConnectionHasArrived_takesAnother(End end, String scheme)
      throws IOException {
    AtomicReference<Act> endOfConnection = new AtomicReference<>();
    try (Http1Endpoint endpoint =
        new Http1Endpoint(sockets(scheme), (connection, request, socket, out) -> {
          endOfConnection.set(() -> end.of(socket, out));
          RawServer.say(out, Http1Endpoint.OK);
        })) {
      for (int i = 0; i < 3; i++) {
        AttemptResult result = sending.to(endpoint.url(scheme));

        assertThat(result.succeeded()).as(result.error()).isTrue();
        assertThat(result.sentAgain()).isFalse();
        endOfConnection.get().run();
        await().pollDelay(ARRIVAL).until(() -> true);
      }
      assertThat(endpoint.connections()).isEqualTo(3);
      assertThat(endpoint.requests()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void send_afterMoreThanTheTimeAfterWhichOkHttpLooksItself_takesTheConnectionAgain(String scheme) {
    try (Http1Endpoint endpoint = new Http1Endpoint(
        sockets(scheme),
        (connection, request, socket, out) -> RawServer.say(out, Http1Endpoint.OK))) {
      assertThat(sending.to(endpoint.url(scheme)).succeeded()).isTrue();

      await()
          .pollDelay(Duration.ofMillis(10_200))
          .atMost(PATIENCE)
          .until(() -> sending.to(endpoint.url(scheme)).succeeded());

      assertThat(sending.to(endpoint.url(scheme)).succeeded()).isTrue();
      assertThat(endpoint.connections()).isEqualTo(1);
    }
  }

  /** Something that an endpoint does. */
  private interface Act {
    void run() throws IOException;
  }

  @ParameterizedTest
  @MethodSource("orderlyEnds")
  void send_answeredTogetherWithTheEndOfTheConnection_neverFails(End end, String scheme) {
    try (Http1Endpoint endpoint =
        new Http1Endpoint(sockets(scheme), (connection, request, socket, out) -> {
          RawServer.say(out, Http1Endpoint.OK);
          end.of(socket, out);
        })) {
      for (int i = 0; i < 50; i++) {
        AttemptResult result = sending.to(endpoint.url(scheme));

        assertThat(result.succeeded()).as(result.error()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("silentEnds")
  void send_whenAUsedConnectionEndsBeforeAnyAnswer_isRepeatedOnce(End end, String scheme) {
    try (Http1Endpoint endpoint =
        new Http1Endpoint(sockets(scheme), (connection, request, socket, out) -> {
          if (connection == 0 && request == 1) {
            end.of(socket, out);
          } else {
            RawServer.say(out, Http1Endpoint.OK);
          }
        })) {
      assertThat(sending.to(endpoint.url(scheme)).succeeded()).isTrue();

      AttemptResult result = sending.to(endpoint.url(scheme));

      assertThat(result.succeeded()).as(result.error()).isTrue();
      assertThat(result.sentAgain()).isTrue();
      assertThat(endpoint.connections()).isEqualTo(2);
      assertThat(endpoint.requests()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void send_whenTheFreshConnectionEndsToo_failsAfterTwoRequests(String scheme) {
    try (Http1Endpoint endpoint =
        new Http1Endpoint(sockets(scheme), (connection, request, socket, out) -> {
          if (connection == 0 && request == 0) {
            RawServer.say(out, Http1Endpoint.OK);
          } else {
            socket.close();
          }
        })) {
      assertThat(sending.to(endpoint.url(scheme)).succeeded()).isTrue();

      AttemptResult result = sending.to(endpoint.url(scheme));

      assertThat(result.outcome()).isEqualTo(AttemptOutcome.BROKEN);
      assertThat(result.sentAgain()).isTrue();
      assertThat(endpoint.requests()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void send_whenAByteOfTheAnswerHadCome_failsAfterOneRequest(String scheme) {
    try (Http1Endpoint endpoint =
        new Http1Endpoint(sockets(scheme), (connection, request, socket, out) -> {
          RawServer.say(out, request == 0 ? Http1Endpoint.OK : "H");
          if (request == 1) {
            socket.close();
          }
        })) {
      assertThat(sending.to(endpoint.url(scheme)).succeeded()).isTrue();

      AttemptResult result = sending.to(endpoint.url(scheme));

      assertThat(result.outcome()).isEqualTo(AttemptOutcome.BROKEN);
      assertThat(result.sentAgain()).isFalse();
      assertThat(endpoint.requests()).isEqualTo(2);
    }
  }

  @Test
  void send_ofARepetition_endsWithTheTimeoutOfTheAttempt() {
    try (Http1Endpoint endpoint = new Http1Endpoint((connection, request, socket, out) -> {
      if (connection == 0 && request == 0) {
        RawServer.say(out, Http1Endpoint.OK);
      } else if (connection == 0) {
        socket.close();
      }
    })) {
      assertThat(sending.to(endpoint.url()).succeeded()).isTrue();
      long start = System.nanoTime();

      AttemptResult result = sending.impatientlyTo(endpoint.url());

      assertThat(result.outcome()).isEqualTo(AttemptOutcome.TIMED_OUT);
      assertThat(result.error()).isEqualTo("timed out after 500 ms while waiting for the answer");
      assertThat(result.sentAgain()).isTrue();
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Sending.SHORT, Sending.SHORT.plus(Sending.SHORT));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void send_afterAnAnswerWithAnotherBehindIt_getsItsOwn(String scheme) {
    try (Http1Endpoint endpoint = new Http1Endpoint(
        sockets(scheme),
        (connection, request, socket, out) -> RawServer.say(
            out, Http1Endpoint.OK + "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"))) {
      for (int i = 0; i < 5; i++) {
        AttemptResult result = sending.to(endpoint.url(scheme));

        assertThat(result.status()).as(result.error()).hasValue(200);
        assertThat(result.response()).isEqualTo("ok");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 503 Later\r\nRetry-After: 0\r\n",
        "HTTP/1.1 408 Late\r\n",
        "HTTP/1.1 408 Late\r\nRetry-After: 0\r\n",
        "HTTP/1.1 421 Not here\r\n",
        "HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic\r\n",
        "HTTP/1.1 307 There\r\nLocation: /hook\r\n",
      })
  void send_answeredWithWhatInvitesToRepeat_sendsOnce(String head) {
    try (Http1Endpoint endpoint = new Http1Endpoint((connection, request, socket, out) ->
        RawServer.say(out, head + "Content-Length: 0\r\n\r\n"))) {
      for (int i = 1; i <= 3; i++) {
        AttemptResult result = sending.to(endpoint.url());

        assertThat(result.outcome()).isEqualTo(AttemptOutcome.REJECTED);
        assertThat(result.sentAgain()).isFalse();
        assertThat(endpoint.requests()).isEqualTo(i);
      }
      assertThat(endpoint.connections()).isEqualTo(1);
    }
  }
}
