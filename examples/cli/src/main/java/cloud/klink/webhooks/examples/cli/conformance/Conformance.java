package cloud.klink.webhooks.examples.cli.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Checks files of vectors, with a worker for each processor. Failures are told in the order of the
 * lines. Only so many bytes are in memory at a time, however long a file is.
 */
public final class Conformance implements AutoCloseable {
  /** The longest line, in bytes: 256 MiB, which holds a body of 64 MiB and its canonical form. */
  public static final int MAX_LINE = 256 << 20;

  /** How many bytes of lines may be read ahead of what has been checked. */
  private static final int MAX_AHEAD = 4 << 20;

  private final Deque<Checking> ahead = new ArrayDeque<>();
  private final int workers = Runtime.getRuntime().availableProcessors();
  private final ExecutorService executor = Executors.newFixedThreadPool(workers);
  private final Consumer<String> failureLines;
  private long bytesAhead;
  private long passed;
  private long failed;

  /**
   * A check that has not seen a vector yet.
   *
   * @param failureLines takes a line for each vector that fails
   */
  public Conformance(Consumer<String> failureLines) {
    this.failureLines = failureLines;
  }

  /**
   * Checks a file.
   *
   * @param file its name
   * @param in its content, plain or packed with gzip
   * @throws BrokenVectorsException at the first line that is no vector
   * @throws IOException if it cannot be read
   */
  public void check(String file, InputStream in) throws IOException {
    Lines lines = Lines.of(in, MAX_LINE);
    long line = 1;
    Batch batch;
    do {
      batch = read(file, line, lines);
      line += batch.lines();
      submit(batch);
    } while (batch.lines() > 0);
    finish();
  }

  /** The next batch. Where reading fails, what stands before that is checked first. */
  private Batch read(String file, long firstLine, Lines lines) throws IOException {
    Batch batch = new Batch(file, firstLine);
    try {
      batch.fill(lines);
      return batch;
    } catch (IOException | Lines.TooLongException | OutOfMemoryError e) {
      submit(batch);
      finish();
      if (e instanceof IOException unreadable) {
        throw unreadable;
      }
      String place = file + ":" + (firstLine + batch.lines()) + ": ";
      throw new BrokenVectorsException(place
          + (e instanceof OutOfMemoryError
              ? Batch.TOO_LITTLE_MEMORY
              : "a line must have at most " + MAX_LINE + " bytes"));
    }
  }

  private void submit(Batch batch) {
    while (!ahead.isEmpty()
        && (bytesAhead + batch.bytes() > MAX_AHEAD || ahead.size() > workers * 4)) {
      tell(ahead.remove());
    }
    ahead.add(new Checking(executor.submit(batch::check), batch.bytes()));
    bytesAhead += batch.bytes();
  }

  private void finish() {
    while (!ahead.isEmpty()) {
      tell(ahead.remove());
    }
  }

  private void tell(Checking checking) {
    bytesAhead -= checking.bytes();
    Batch.Verdict verdict = await(checking.verdict());
    verdict.failures().forEach(failureLines);
    passed += verdict.passed();
    failed += verdict.failures().size();
    if (verdict.broken() != null) {
      throw new BrokenVectorsException(verdict.broken());
    }
  }

  private static Batch.Verdict await(Future<Batch.Verdict> verdict) {
    try {
      return verdict.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * How many vectors passed.
   *
   * @return in all files so far
   */
  public long passed() {
    return passed;
  }

  /**
   * How many vectors failed.
   *
   * @return in all files so far
   */
  public long failed() {
    return failed;
  }

  /** Ends the workers. */
  @Override
  public void close() {
    executor.shutdownNow();
  }

  private record Checking(Future<Batch.Verdict> verdict, int bytes) {}
}
