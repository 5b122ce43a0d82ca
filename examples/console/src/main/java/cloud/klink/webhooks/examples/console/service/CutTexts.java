package cloud.klink.webhooks.examples.console.service;

import cloud.klink.webhooks.sender.delivery.AttemptResult;
import java.nio.charset.StandardCharsets;

/** Whether what is kept of an answer may be only its beginning. */
public final class CutTexts {
  /** A character that was cut in two is left out. */
  private static final int LONGEST_CHARACTER = 3;

  /**
   * Whether the body is as long as what is kept of one.
   *
   * @param result what came of an attempt
   * @return true if there may have been more
   */
  public boolean isBodyCut(AttemptResult result) {
    int bytes = result.response().getBytes(StandardCharsets.UTF_8).length;
    return bytes >= AttemptResult.MAX_RESPONSE_BYTES - LONGEST_CHARACTER;
  }

  /**
   * Whether there are as many headers, or they are as long, as what is kept of them.
   *
   * @param result what came of an attempt
   * @return true if there may have been more
   */
  public boolean areHeadersCut(AttemptResult result) {
    String headers = result.responseHeaders();
    return headers.length() >= AttemptResult.MAX_RESPONSE_HEADERS_LENGTH
        || headers.lines().count() >= AttemptResult.MAX_RESPONSE_HEADERS;
  }
}
