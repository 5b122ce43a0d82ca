package cloud.klink.webhooks.verifier;

import java.nio.file.Path;

/** The file that this process logs to; each of the processes that run tests has its own. */
public final class TestLog {
  /** The file. */
  public static final Path FILE =
      Path.of(System.getProperty("org.slf4j.simpleLogger.logFile", "target/test.log"));

  private TestLog() {}
}
