package cloud.klink.webhooks.sender.logs;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.event.Level;

/**
 * What the library logs while this is open, from a level up, by whatever thread. Tests that run at
 * the same time would see each other's lines; nothing is kept while none is open.
 */
public final class CapturedLog implements AutoCloseable {
  private static final Set<CapturedLog> OPEN = new CopyOnWriteArraySet<>();

  private final Level from;
  private final Runnable before;
  private final LinkedBlockingQueue<LogLine> lines = new LinkedBlockingQueue<>();

  private CapturedLog(Level from, Runnable before) {
    this.from = from;
    this.before = before;
  }

  /**
   * Begins to capture.
   *
   * @param level the lowest level that is enabled
   * @return the log, to be closed
   */
  public static CapturedLog from(Level level) {
    return from(level, () -> {});
  }

  /**
   * Begins to capture.
   *
   * @param level the lowest level that is enabled
   * @param before run at each line, by the thread that logs; what it throws is thrown by the logger
   * @return the log, to be closed
   */
  public static CapturedLog from(Level level, Runnable before) {
    CapturedLog log = new CapturedLog(level, before);
    OPEN.add(log);
    return log;
  }

  /**
   * What was logged so far.
   *
   * @return the lines, in their order
   */
  public List<LogLine> lines() {
    return List.copyOf(lines);
  }

  static boolean isEnabled(Level level) {
    return OPEN.stream().anyMatch(log -> log.takes(level));
  }

  static void add(LogLine line) {
    OPEN.stream().filter(log -> log.takes(line.level())).forEach(log -> {
      log.before.run();
      log.lines.add(line);
    });
  }

  private boolean takes(Level level) {
    return level.toInt() >= from.toInt();
  }

  @Override
  public void close() {
    OPEN.remove(this);
  }
}
