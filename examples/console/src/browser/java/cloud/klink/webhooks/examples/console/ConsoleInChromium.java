package cloud.klink.webhooks.examples.console;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A console and a Chromium for all tests of a class. */
final class ConsoleInChromium implements BeforeAllCallback, AfterAllCallback {
  private final Supplier<RunningConsole> start;
  private @Nullable RunningConsole console;
  private @Nullable Chromium chromium;

  ConsoleInChromium(Supplier<RunningConsole> start) {
    this.start = start;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    console = start.get();
    chromium = new Chromium();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (chromium != null) {
      chromium.close();
    }
    console().close();
  }

  RunningConsole console() {
    return Objects.requireNonNull(console);
  }

  Chromium chromium() {
    return Objects.requireNonNull(chromium);
  }
}
