package cloud.klink.webhooks.sender.transport;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import okhttp3.Call;
import okhttp3.Response;

/**
 * One request and its answer.
 *
 * @param call the call, which ends itself with the timeout
 * @param progress what watches it
 * @param start when it began, as {@link System#nanoTime} tells
 * @param timeout how long it may take
 * @param closed whether the transport was closed
 */
record Exchange(
    Call call, Progress progress, long start, Duration timeout, BooleanSupplier closed) {
  /** How much behind what is kept is read for the sake of the connection, in bytes. */
  private static final int SHORT_REST = 16 * 1_024;

  private static final String CLOSED = "the sender was closed during the attempt";
  private static final byte[] NOTHING = {};
  private static final int FIRST_FINAL_STATUS = 200;

  AttemptResult run() {
    if (closed.getAsBoolean()) {
      return AttemptResult.failed(AttemptOutcome.INTERNAL, CLOSED);
    }
    try (Response response = call.execute()) {
      return read(response);
    } catch (IOException e) {
      // OkHttp may refuse an answer for what follows its status, as a body after 204.
      int status = progress.status();
      return status >= FIRST_FINAL_STATUS
          ? AttemptResult.answered(status, NOTHING, tell(e), e)
          : AttemptResult.failed(AttemptOutcome.BROKEN, tell(e), e);
    }
  }

  private AttemptResult read(Response response) {
    Beginning beginning = new Beginning(response.body());
    try {
      if (!beginning.readToEnd(SHORT_REST)) {
        call.cancel(); // closing alone would read on for a while
      }
      return AttemptResult.answered(response.code(), beginning.bytes());
    } catch (IOException e) {
      return beginning.isComplete()
          ? AttemptResult.answered(response.code(), beginning.bytes())
          : AttemptResult.answered(response.code(), beginning.bytes(), tell(e), e);
    }
  }

  /** What cut the call off is not to be seen in the exception, so it is asked for first. */
  private String tell(IOException failure) {
    if (closed.getAsBoolean()) {
      return CLOSED;
    }
    if (System.nanoTime() - start >= timeout.toNanos()) {
      return Failures.timedOut(timeout, progress.stage());
    }
    return Thread.currentThread().isInterrupted()
        ? "interrupted while " + progress.stage()
        : Failures.tell(failure, call.request().url().host());
  }
}
