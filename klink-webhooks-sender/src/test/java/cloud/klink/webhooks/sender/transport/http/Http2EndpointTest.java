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
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Endpoints by HTTP/2, where attempts share a connection. */
class Http2EndpointTest {
  private static final Duration SHORT = Duration.ofSeconds(3);

  /** Longer than it takes to see that nothing moves any more. */
  private static final Duration STALL = Duration.ofSeconds(1);

  private static final int PATIENCE_SECONDS = 60;

  private final TlsServers tls = new TlsServers();
  private final AtomicLong pings = new AtomicLong();

  private HttpTransport transport() {
    return HttpTransport.builder(EndpointPolicy.forDevelopment())
        .client(tls.trusting())
        .keepAlive(Duration.ofMinutes(10))
        .maxStall(STALL)
        .build();
  }

  /** Answers the first request and then pings as fast as it can, without reading an answer. */
  private RawServer pingingAfterItsAnswer() {
    return RawServer.talking(tls.good("h2"), Http2Frames.answering((frames, stream) -> {
      frames.send(
          Http2Frames.HEADERS,
          Http2Frames.END_HEADERS | Http2Frames.END_STREAM,
          stream,
          Http2Frames.status200());
      while (true) {
        frames.send(Http2Frames.PING, 0, 0, new byte[8]);
        pings.incrementAndGet();
      }
    }));
  }

  /** Until neither side takes anything in any more. */
  private void awaitStall() {
    AtomicLong last = new AtomicLong();
    await()
        .pollInterval(Duration.ofMillis(300))
        .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
        .until(() -> pings.get() > 0 && last.getAndSet(pings.get()) == pings.get());
  }

  @Test
  void send_onAConnectionWhosePingsBlockEverybody_endsAllTheSame() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    try (RawServer server = pingingAfterItsAnswer();
        HttpTransport transport = transport()) {
      assertThat(new Sending(transport).to(server.url("https")).succeeded()).isTrue();
      awaitStall();

      AttemptResult[] second = new AttemptResult[1];
      Thread thread =
          new Thread(() -> transport.send(Sending.request(server.url("https"), SHORT), result -> {
            second[0] = result;
            done.countDown();
          }));
      thread.setDaemon(true);
      thread.start();

      assertThat(done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(second[0].outcome())
          .isIn(AttemptOutcome.TIMED_OUT, AttemptOutcome.BROKEN, AttemptOutcome.SUCCEEDED);
    }
  }

  @Test
  void close_whileAnEndpointTakesNothingIn_doesNotWaitForIt() throws InterruptedException {
    CountDownLatch closed = new CountDownLatch(1);
    try (RawServer server = pingingAfterItsAnswer()) {
      HttpTransport transport = transport();
      assertThat(new Sending(transport).to(server.url("https")).succeeded()).isTrue();
      awaitStall();

      Thread thread = new Thread(() -> {
        transport.close();
        closed.countDown();
      });
      thread.setDaemon(true);
      thread.start();

      assertThat(closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
  }
}
