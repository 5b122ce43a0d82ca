package cloud.klink.webhooks.examples.console.service;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;

/**
 * Looks every second at what the pages that are open show. It asks the database, for other
 * instances deliver as well.
 */
@Service
public class LogStreams {
  /** How many pages of an instance are followed at once. */
  public static final int MAX_STREAMS = 50;

  /** How many deliveries, the newest, a page follows. */
  public static final int ROWS = 50;

  private static final Logger LOG = LoggerFactory.getLogger(LogStreams.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /** So often something is sent though nothing has changed: by that a closed page is noticed. */
  private static final int KEEP_ALIVE_ROUNDS = 15;

  private final DeliveryService deliveries;
  private final Set<Stream> streams = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "console-streams");
        thread.setDaemon(true);
        return thread;
      });

  LogStreams(DeliveryService deliveries) {
    this.deliveries = deliveries;
    var unused = timer.scheduleWithFixedDelay(
        this::look, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** A page that is followed. */
  public static final class Stream {
    private final DeliveryFilter filter;
    private final Consumer<Map<String, String>> reader;
    private final Runnable whenStopped;
    private Map<String, String> last = Map.of();
    private int rounds;

    private Stream(
        DeliveryFilter filter, Consumer<Map<String, String>> reader, Runnable whenStopped) {
      this.filter = filter;
      this.reader = reader;
      this.whenStopped = whenStopped;
    }
  }

  /**
   * Begins to follow.
   *
   * @param filter what the page shows
   * @param reader is given the newest deliveries of the filter, newest first: how far each is, by
   *     its id. Nothing, if nothing has changed for a while. When it throws, the stream ends
   * @param whenStopped is called when the application stops, and ends the answer
   * @return the stream, to be closed
   * @throws IllegalStateException if there are {@value #MAX_STREAMS} already, or the application
   *     stops
   */
  public Stream open(
      DeliveryFilter filter, Consumer<Map<String, String>> reader, Runnable whenStopped) {
    if (timer.isShutdown()) {
      throw new IllegalStateException("the application stops");
    }
    if (streams.size() >= MAX_STREAMS) {
      throw new IllegalStateException("there are " + MAX_STREAMS + " streams already");
    }
    Stream stream = new Stream(filter, reader, whenStopped);
    streams.add(stream);
    return stream;
  }

  /**
   * Ends a stream.
   *
   * @param stream the stream
   */
  public void close(Stream stream) {
    streams.remove(stream);
  }

  private void look() {
    Map<DeliveryFilter, Map<String, String>> found = new LinkedHashMap<>();
    for (Stream stream : List.copyOf(streams)) {
      try {
        tell(stream, found.computeIfAbsent(stream.filter, this::rows));
      } catch (RuntimeException e) {
        // The page is closed, or the database is away: the browser connects again.
        LOG.debug("A stream ends", e);
        close(stream);
      }
    }
  }

  private Map<String, String> rows(DeliveryFilter filter) {
    Map<String, String> rows = new LinkedHashMap<>();
    deliveries
        .search(filter, ROWS)
        .rows()
        .forEach(row -> rows.put(row.delivery().id(), row.progress()));
    return rows;
  }

  private static void tell(Stream stream, Map<String, String> rows) {
    boolean isNews =
        !new ArrayList<>(rows.entrySet()).equals(new ArrayList<>(stream.last.entrySet()));
    stream.rounds = isNews ? 0 : stream.rounds + 1;
    if (isNews) {
      stream.last = rows;
      stream.reader.accept(rows);
    } else if (stream.rounds % KEEP_ALIVE_ROUNDS == 0) {
      stream.reader.accept(Map.of());
    }
  }

  /** Ends all streams, before the server waits for its requests to end: these would not. */
  @EventListener(ContextClosedEvent.class)
  public void stop() {
    timer.shutdownNow();
    for (Stream stream : List.copyOf(streams)) {
      close(stream);
      stream.whenStopped.run();
    }
  }
}
