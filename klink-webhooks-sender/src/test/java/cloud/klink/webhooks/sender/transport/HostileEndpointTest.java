package cloud.klink.webhooks.sender.transport;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.transport.http.HttpTransport;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Endpoints that answer late, too much, wrong or not at all. */
class HostileEndpointTest {
  private static final int PATIENCE_SECONDS = 30;

  private final HttpTransport transport =
      HttpTransport.builder(EndpointPolicy.forDevelopment()).build();
  private final Sending sending = new Sending(transport);

  @AfterEach
  void stop() {
    transport.close();
  }

  private static void say(OutputStream out, String text) throws java.io.IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  @Test
  void send_toOneThatNeverAnswers_endsWithTheTimeout() {
    try (RawServer silent = RawServer.saying("")) {
      long start = System.nanoTime();
      AttemptResult result = sending.impatientlyTo(silent.url());

      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(Sending.SHORT.toNanos());
      assertThat(result.succeeded()).isFalse();
      assertThat(result.status()).isEmpty();
      assertThat(result.error()).isEqualTo("timed out after 500 ms while waiting for the answer");
      assertThat(result.trace()).isNotEmpty();
    }
  }

  @Test
  void send_toOneThatStopsWithinItsHeaders_endsWithTheTimeout() {
    try (RawServer slow = RawServer.saying("HTTP/1.1 200 OK\r\nContent-Le")) {
      AttemptResult result = sending.impatientlyTo(slow.url());

      assertThat(result.succeeded()).isFalse();
      assertThat(result.status()).isEmpty();
      assertThat(result.error()).startsWith("timed out after 500 ms");
    }
  }

  @Test
  void send_toOneThatStopsWithinItsBody_countsTheStatusAndSaysSo() {
    for (String status : List.of("200 OK", "500 Oops")) {
      try (RawServer slow =
          RawServer.saying("HTTP/1.1 " + status + "\r\nContent-Length: 100\r\n\r\nbegin")) {
        AttemptResult result = sending.impatientlyTo(slow.url());

        assertThat(result.succeeded()).isEqualTo(status.startsWith("200"));
        assertThat(result.status()).hasValue(status.startsWith("200") ? 200 : 500);
        assertThat(result.error()).isEqualTo("timed out after 500 ms while reading the answer");
        assertThat(result.response()).isEqualTo("begin");
      }
    }
  }

  @Test
  void send_toOneThatStopsBehindWhatIsKept_hasTheWholeResult() {
    try (RawServer slow =
        RawServer.saying("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + "x".repeat(4_500))) {
      AttemptResult result = sending.impatientlyTo(slow.url());

      assertThat(result.succeeded()).isTrue();
      assertThat(result.error()).isEmpty();
      assertThat(result.response()).hasSize(4_096);
    }
  }

  @Test
  void send_toOneThatResetsWithinItsBody_countsTheStatusAndSaysSo() {
    try (RawServer resetting = new RawServer((socket, out) -> {
      say(out, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegin");
      socket.setSoLinger(true, 0);
      socket.close();
    })) {
      AttemptResult result = sending.to(resetting.url());

      assertThat(result.succeeded()).isTrue();
      assertThat(result.status()).hasValue(200);
      assertThat(result.error()).isEqualTo("connection reset by the endpoint");
      assertThat(result.trace()).isNotEmpty();
    }
  }

  @Test
  void send_toOneThatEndsWithinItsBody_countsTheStatusAndSaysSo() {
    try (RawServer ending = new RawServer((socket, out) -> {
      say(out, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegin");
      socket.shutdownOutput();
    })) {
      AttemptResult result = sending.to(ending.url());

      assertThat(result.succeeded()).isTrue();
      assertThat(result.error()).contains("closed the connection");
      assertThat(result.response()).isEqualTo("begin");
    }
  }

  @Test
  void send_toOneThatClosesWithoutAnAnswer_isNotRepeated() {
    try (RawServer closing = new RawServer((socket, out) -> socket.shutdownOutput())) {
      AttemptResult result = sending.to(closing.url());

      assertThat(result.succeeded()).isFalse();
      assertThat(result.status()).isEmpty();
      assertThat(result.error())
          .isEqualTo("the endpoint closed the connection before its answer was complete");
      assertThat(closing.connections()).isEqualTo(1);
    }
  }

  @Test
  void send_toOneThatResetsAtOnce_saysSo() {
    try (RawServer resetting = new RawServer((socket, out) -> {
      socket.setSoLinger(true, 0);
      socket.close();
    })) {
      AttemptResult result = sending.to(resetting.url());

      assertThat(result.status()).isEmpty();
      assertThat(result.error()).isEqualTo("connection reset by the endpoint");
    }
  }

  @Test
  void send_toOneWithAnEndlessBody_readsTheBeginningAndCutsIt() throws InterruptedException {
    for (String head : List.of(
        "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")) {
      CountDownLatch cut = new CountDownLatch(1);
      AtomicLong written = new AtomicLong();
      try (RawServer endless = new RawServer((socket, out) -> {
        try {
          say(out, head);
          byte[] block = new byte[64 * 1_024];
          while (true) {
            out.write(block);
            written.addAndGet(block.length);
          }
        } finally {
          cut.countDown();
        }
      })) {
        AttemptResult result = sending.to(endless.url());

        assertThat(result.succeeded()).isTrue();
        assertThat(result.error()).isEmpty();
        assertThat(result.response()).hasSize(4_096);
        assertThat(cut.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        // What the kernels of both sides buffer, not what was read.
        assertThat(written.get()).isLessThan(32L << 20);
      }
    }
  }

  @Test
  void send_toOneWithEndlessHeaders_givesUp() throws InterruptedException {
    CountDownLatch cut = new CountDownLatch(1);
    try (RawServer endless = new RawServer((socket, out) -> {
      try {
        say(out, "HTTP/1.1 200 OK\r\n");
        String header = "X-Header: " + "x".repeat(1_000) + "\r\n";
        while (true) {
          say(out, header);
        }
      } finally {
        cut.countDown();
      }
    })) {
      AttemptResult result = sending.to(endless.url());

      assertThat(result.succeeded()).isFalse();
      assertThat(result.error()).isNotEmpty();
      assertThat(cut.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void send_toOneThatDoesNotSpeakHttp_saysSo() {
    try (RawServer other = RawServer.saying("220 mail.example.com ESMTP\r\n\r\n")) {
      AttemptResult result = sending.to(other.url());

      assertThat(result.status()).isEmpty();
      assertThat(result.error()).startsWith("the answer is not valid HTTP: ");
    }
  }

  @Test
  void send_answered204WithABody_isASuccessAllTheSame() {
    try (RawServer sloppy = RawServer.saying("HTTP/1.1 204 No\r\nContent-Length: 2\r\n\r\nok")) {
      AttemptResult result = sending.to(sloppy.url());

      assertThat(result.succeeded()).isTrue();
      assertThat(result.status()).hasValue(204);
      assertThat(result.error()).startsWith("the answer is not valid HTTP: ");
    }
  }

  @Test
  void send_answeredWithInterimStatuses_waitsForTheLastOne() {
    try (RawServer interim = RawServer.saying(String.join(
        "\r\n",
        "HTTP/1.1 100 Continue",
        "",
        "HTTP/1.1 103 Early Hints",
        "Link: <x>",
        "",
        "HTTP/1.1 500 Oops",
        "Content-Length: 0",
        "",
        ""))) {
      AttemptResult result = sending.to(interim.url());

      assertThat(result.status()).hasValue(500);
      assertThat(result.succeeded()).isFalse();
    }
  }

  @Test
  void send_answeredWithInterimStatusesOnly_endsWithTheTimeoutAndNoStatus() {
    try (RawServer interim = RawServer.saying("HTTP/1.1 100 Continue\r\n\r\n")) {
      AttemptResult result = sending.impatientlyTo(interim.url());

      assertThat(result.succeeded()).isFalse();
      assertThat(result.status()).isEmpty();
      assertThat(result.error()).startsWith("timed out after 500 ms");
    }
  }

  @Test
  void send_toOneThatStallsTls_endsWithTheTimeout() {
    try (RawServer silent = new RawServer((socket, out) -> {})) {
      AttemptResult result = sending.impatientlyTo(silent.url("https"));

      assertThat(result.status()).isEmpty();
      assertThat(result.error()).isEqualTo("timed out after 500 ms while setting up TLS");
    }
  }

  @Test
  void send_whileTheNameIsLookedUpForEver_endsWithTheTimeout() throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch lookedUp = new CountDownLatch(1);
    long start = System.nanoTime();
    try (HttpTransport stuck = stuckIn(never, lookedUp)) {
      for (int i = 0; i < 3; i++) {
        AttemptResult result = new Sending(stuck).impatientlyTo("http://example.com/hook");

        assertThat(result.status()).isEmpty();
        assertThat(result.error())
            .isEqualTo("timed out after 500 ms while looking up the host's name");
      }
      assertThat(lookedUp.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(10));
    } finally {
      never.countDown();
    }
  }

  private static HttpTransport stuckIn(CountDownLatch never, CountDownLatch lookedUp) {
    OkHttpClient client = new OkHttpClient.Builder()
        .dns(host -> {
          lookedUp.countDown();
          try {
            never.await();
          } catch (InterruptedException e) {
            throw new java.net.UnknownHostException(host);
          }
          return List.of();
        })
        .build();
    return HttpTransport.builder(EndpointPolicy.forDevelopment()).client(client).build();
  }

  @Test
  void close_whileAttemptsWait_cutsThemOffAndCallsEachBackOnce() throws InterruptedException {
    int attempts = 8;
    CountDownLatch arrived = new CountDownLatch(attempts);
    List<AttemptResult> results = new CopyOnWriteArrayList<>();
    try (RawServer silent = new RawServer((socket, out) -> arrived.countDown())) {
      List<Thread> threads = new CopyOnWriteArrayList<>();
      for (int i = 0; i < attempts; i++) {
        threads.add(new Thread(() -> transport.send(
            Sending.request(silent.url(), java.time.Duration.ofHours(1)), results::add)));
      }
      threads.forEach(Thread::start);
      assertThat(arrived.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();

      transport.close();
      for (Thread thread : threads) {
        thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
      }

      assertThat(results).hasSize(attempts).allSatisfy(result -> {
        assertThat(result.succeeded()).isFalse();
        assertThat(result.error()).isEqualTo("the sender was closed during the attempt");
      });
    }
  }

  @Test
  void close_whileANameIsLookedUp_cutsItOff() throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch lookedUp = new CountDownLatch(1);
    List<AttemptResult> results = new CopyOnWriteArrayList<>();
    HttpTransport stuck = stuckIn(never, lookedUp);
    try {
      Thread thread = new Thread(() -> stuck.send(
          Sending.request("http://example.com/", java.time.Duration.ofHours(1)), results::add));
      thread.start();
      assertThat(lookedUp.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();

      stuck.close();
      thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));

      assertThat(results).hasSize(1);
      assertThat(results.get(0).error()).isEqualTo("the sender was closed during the attempt");
    } finally {
      never.countDown();
    }
  }

  @Test
  void send_afterClose_failsAtOnce() {
    transport.close();

    try (RawServer server = RawServer.saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
      assertThat(sending.to(server.url()).error())
          .isEqualTo("the sender was closed during the attempt");
      assertThat(server.connections()).isZero();
    }
  }

  @Test
  void send_inAnInterruptedThread_failsAndLeavesItInterrupted() {
    try (RawServer server = RawServer.saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
      Thread.currentThread().interrupt();
      AttemptResult result = sending.to(server.url());

      assertThat(Thread.interrupted()).isTrue();
      assertThat(result.succeeded()).isFalse();
      assertThat(result.error()).containsIgnoringCase("interrupted");
    }
  }
}
