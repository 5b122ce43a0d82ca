package cloud.klink.webhooks.sender.transport;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.transport.http.HttpTransport;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections are used again. */
class ConnectionReuseTest {
  private static final int REQUESTS = 1_000;

  private final MockWebServer server = new MockWebServer();
  private final Set<Integer> connections = ConcurrentHashMap.newKeySet();
  private final HttpTransport transport =
      HttpTransport.builder(EndpointPolicy.forDevelopment()).build();
  private final Sending sending = new Sending(transport);

  @BeforeEach
  void start() throws IOException {
    server.start();
  }

  @AfterEach
  void stop() {
    transport.close();
    server.close();
  }

  private void answer(MockResponse response) {
    server.setDispatcher(new Dispatcher() {
      @Override
      public MockResponse dispatch(RecordedRequest request) {
        connections.add(request.getConnectionIndex());
        return response;
      }
    });
  }

  private String url() {
    return server.url("/hook").toString();
  }

  @Test
  void send_aThousandTimes_takesOneConnection() {
    answer(new MockResponse.Builder().build());

    for (int i = 0; i < REQUESTS; i++) {
      assertThat(sending.to(url()).succeeded()).isTrue();
    }

    assertThat(connections).hasSize(1);
  }

  @Test
  void send_ofSixteenThreads_takesOneConnectionForEach() throws InterruptedException {
    answer(new MockResponse.Builder().build());
    int threads = 16;
    List<AttemptResult> results = new CopyOnWriteArrayList<>();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      for (int i = 0; i < REQUESTS; i++) {
        pool.execute(() -> transport.send(Sending.request(url(), Sending.LONG), results::add));
      }
    } finally {
      pool.shutdown();
      assertThat(pool.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }

    assertThat(results).hasSize(REQUESTS).allMatch(AttemptResult::succeeded);
    assertThat(connections).hasSizeLessThanOrEqualTo(threads);
  }

  @Test
  void send_answeredWithAShortRest_keepsTheConnection() {
    for (MockResponse.Builder answer : List.of(
        new MockResponse.Builder().code(500).body("x".repeat(10_000)),
        new MockResponse.Builder().code(500).chunkedBody("x".repeat(10_000), 100))) {
      connections.clear();
      answer(answer.build());

      for (int i = 0; i < 10; i++) {
        assertThat(sending.to(url()).status()).hasValue(500);
      }

      assertThat(connections).hasSize(1);
    }
  }

  @Test
  void send_answeredWithALongRest_givesTheConnectionUp() {
    answer(new MockResponse.Builder().body("x".repeat(100_000)).build());

    for (int i = 0; i < 5; i++) {
      assertThat(sending.to(url()).succeeded()).isTrue();
    }

    assertThat(connections).hasSize(5);
  }
}
