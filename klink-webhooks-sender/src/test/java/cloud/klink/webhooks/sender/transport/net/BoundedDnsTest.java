package cloud.klink.webhooks.sender.transport.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.transport.RawServer;
import cloud.klink.webhooks.sender.transport.Sending;
import cloud.klink.webhooks.sender.transport.http.HttpTransport;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Names whose look-ups hang or fail take nothing from others. */
class BoundedDnsTest {
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofSeconds(30);

  private final CountDownLatch released = new CountDownLatch(1);
  private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
  private final AtomicInteger hanging = new AtomicInteger();
  private final RawServer server =
      RawServer.saying("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpTransport transport = HttpTransport.builder(EndpointPolicy.forDevelopment())
      .client(new OkHttpClient.Builder().dns(this::resolve).build())
      .build();

  private List<InetAddress> resolve(String host) throws UnknownHostException {
    asked.computeIfAbsent(host, name -> new AtomicInteger()).incrementAndGet();
    if (host.startsWith("missing")) {
      throw new UnknownHostException(host);
    }
    if (host.startsWith("hanging")) {
      hanging.incrementAndGet();
      try {
        released.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      throw new UnknownHostException(host);
    }
    return List.of(InetAddress.getLoopbackAddress());
  }

  private CompletableFuture<AttemptResult> send(String host, Duration timeout) {
    String url = "http://" + host + ":" + server.port() + "/";
    return CompletableFuture.supplyAsync(
        () -> new Sending(transport).send(Sending.request(url, timeout)), threads);
  }

  private static void assertSucceeds(AttemptResult result) {
    assertThat(result.succeeded()).as("%s %s", result, result.error()).isTrue();
  }

  private void awaitHanging(int count) {
    await().atMost(LONG).untilAsserted(() -> assertThat(hanging).hasValue(count));
  }

  private void hang(int count, IntFunction<String> host) {
    for (int i = 0; i < count; i++) {
      var unused = send(host.apply(i), LONG);
    }
  }

  @Test
  void newName_besideAHundredThatHang_isLookedUpAtOnce() {
    hang(100, i -> "hanging" + i + ".example.com");

    awaitHanging(100);
    assertSucceeds(send("healthy.example.com", LONG).join());
  }

  @Test
  void newName_besideMoreThatHangThanThereAreThreads_isLookedUpIfOfAnotherDomain() {
    hang(300, i -> "hanging" + i + ".example.com");

    awaitHanging(LookupLimits.CROWDED);
    assertSucceeds(send("healthy.example.org", LONG).join());
  }

  @Test
  void knownName_besideDomainsThatHang_alwaysHasAThread() {
    assertSucceeds(send("healthy.example.com", LONG).join());
    hang(300, i -> "hanging.example" + i + ".com");

    awaitHanging(LookupLimits.UNPROVEN);
    assertThat(send("newcomer.example.net", SHORT).join().outcome())
        .isEqualTo(AttemptOutcome.UNREACHABLE);
    assertSucceeds(send("healthy.example.com", LONG).join());
  }

  @Test
  void missingName_askedAgainSoon_isNotLookedUpAgain() {
    AttemptResult first = send("missing.example.com", LONG).join();
    AttemptResult second = send("missing.example.com", LONG).join();

    assertThat(second.outcome()).isEqualTo(AttemptOutcome.UNREACHABLE);
    assertThat(second.error()).isEqualTo(first.error());
    assertThat(asked.get("missing.example.com")).hasValue(1);
  }

  @Test
  void hangingName_askedByMany_takesOneThread() {
    hang(20, i -> "hanging.example.com");
    awaitHanging(1);
    send("hanging.example.com", SHORT).join();

    assertThat(hanging).hasValue(1);
  }

  @AfterEach
  void close() {
    released.countDown();
    transport.close();
    threads.shutdownNow();
    server.close();
  }
}
