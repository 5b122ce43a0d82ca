package cloud.klink.webhooks.examples.benchmarks.delivery;

import cloud.klink.webhooks.event.WebhookHeaders;
import cloud.klink.webhooks.examples.benchmarks.receiver.EventId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** The floor: threads that POST ready-made bodies, and nothing else. */
public final class BareLoop implements AutoCloseable {
  /** The threads of the floor with which ratios are compared. */
  static final int FLOOR_THREADS = 16;

  /** As many as threads of a library that is measured beside. */
  private static final int CONNECTIONS = 64;

  private static final MediaType JSON = MediaType.get(WebhookHeaders.JSON);
  private static final String SIGNATURE = "0".repeat(64);

  private final OkHttpClient client = new OkHttpClient.Builder()
      .connectionPool(new ConnectionPool(CONNECTIONS, 1, TimeUnit.MINUTES))
      .followRedirects(false)
      .retryOnConnectionFailure(false)
      .build();
  private final ExecutorService threads;
  private final int count;
  private final HttpUrl url;

  /**
   * A loop that has sent nothing yet.
   *
   * @param url where it sends to
   * @param threads how many threads it has, from 1 to 64
   */
  public BareLoop(String url, int threads) {
    this.url = HttpUrl.get(url);
    this.threads = Executors.newFixedThreadPool(threads);
    this.count = threads;
  }

  /**
   * POSTs a body for each event of a run, and returns when all are answered.
   *
   * @param run the run
   * @param bodies the bodies
   * @throws InterruptedException if this thread is interrupted while it waits
   */
  public void post(long run, List<byte[]> bodies) throws InterruptedException {
    AtomicInteger next = new AtomicInteger();
    List<Future<?>> all = IntStream.range(0, count)
        .<Future<?>>mapToObj(thread -> threads.submit(() -> {
          for (int i = next.getAndIncrement(); i < bodies.size(); i = next.getAndIncrement()) {
            postOne(EventId.of(run, i), bodies.get(i));
          }
          return thread;
        }))
        .toList();
    for (Future<?> one : all) {
      try {
        one.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** POSTs a body from another thread, without waiting for it. */
  void postSoon(String id, byte[] body) {
    threads.execute(() -> {
      try {
        postOne(id, body);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  /** Posts a body in this thread. */
  void post(String id, String body) {
    try {
      postOne(id, body.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void postOne(String id, byte[] body) throws IOException {
    Request request = new Request.Builder()
        .url(url)
        .post(RequestBody.create(body, JSON))
        .header(WebhookHeaders.SIGNATURE, SIGNATURE)
        .header(WebhookHeaders.EVENT, "contact.updated")
        .header(WebhookHeaders.EVENT_ID, id)
        .header(WebhookHeaders.DELIVERY_ID, id)
        .header(WebhookHeaders.ATTEMPT, "1")
        .build();
    try (Response response = client.newCall(request).execute()) {
      if (!response.isSuccessful()) {
        throw new IOException("status " + response.code());
      }
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    client.connectionPool().evictAll();
  }
}
