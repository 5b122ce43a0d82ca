package cloud.klink.webhooks.examples.cli.doctor;

import java.time.Duration;

/** What the answers to rightly signed requests tell. */
final class AnswerChecks {
  private static final Duration SLOW = Duration.ofSeconds(3);

  private AnswerChecks() {}

  static Finding redirect(Endpoint.Answer answer) {
    return answer.status() / 100 == 3
        ? Finding.wrong(
            "redirect",
            "status " + answer.status() + " to " + answer.location(),
            "Redirects are not followed: enter the URL that it redirects to, to the letter (https,"
                + " host, trailing slash).")
        : answer.status() == 0
            ? Finding.unknown("redirect", answer.shown(), "See the line before.")
            : Finding.ok("redirect", "none");
  }

  static Finding status(Endpoint.Answer answer) {
    return answer.isSuccess()
        ? Finding.ok("status", answer.shown())
        : Finding.wrong("status", answer.shown(), remedy(answer.status()));
  }

  private static String remedy(int status) {
    return switch (status) {
      case 0 -> "Let the receiver listen at the URL, and answer within 10 s.";
      case 400, 401, 403 ->
        "The receiver refuses a rightly signed request: compare its secret and its"
            + " public URL with what is entered in K-LINK. 'listen' and 'explain' say which change"
            + " would make the signature match.";
      case 404, 405 -> "The URL's path must lead to the receiver, and POST must be allowed.";
      case 411, 413, 415 -> "Accept JSON bodies with a Content-Length, of at least 256 KiB.";
      case 429 -> "Do not limit the rate of the webhook's URL.";
      default ->
        status / 100 == 3
            ? "Only 2xx counts as received."
            : "Answer 2xx once the event is safe; the receiver's own log tells what failed.";
    };
  }

  static Finding speed(Endpoint.Answer answer, Duration timeout) {
    long millis = answer.duration().toMillis();
    String remedy = "Answer within " + timeout.toSeconds()
        + " s: store the event, answer, and process it afterwards.";
    if (answer.status() == 0) {
      return answer.duration().compareTo(timeout) < 0
          ? Finding.unknown("speed", answer.shown(), "See the lines before.")
          : Finding.wrong("speed", "no answer within " + timeout.toSeconds() + " s", remedy);
    }
    return answer.duration().compareTo(SLOW) < 0
        ? Finding.ok("speed", millis + " ms")
        : Finding.wrong("speed", millis + " ms", remedy);
  }

  /** Our own receivers say that an event is a repetition; others need not. */
  static Finding repetition(boolean accepts, Endpoint.Answer answer) {
    if (!accepts) {
      return Finding.unknown("repetition", "the first was not accepted", "Mend that first.");
    }
    if (!answer.isSuccess()) {
      return Finding.wrong(
          "repetition",
          answer.shown() + " to an event that was accepted before",
          "Answer a repetition with 2xx, or it is sent again and again.");
    }
    return answer.duplicate()
        ? Finding.ok("repetition", answer.shown() + ", it is known as a duplicate")
        : Finding.unknown(
            "repetition",
            answer.shown() + ", which does not say whether it was handled twice",
            "Make sure that the receiver drops events by their id.");
  }

  static Finding keptConnection(Endpoint.Answer first, Endpoint.Answer second) {
    String check = "kept connection";
    String remedy =
        "Keep idle connections for more than 4 s (keep-alive timeout): otherwise requests"
            + " meet connections that are being closed, and each event costs a new one.";
    // A request that meets a connection which the receiver is closing gets no answer, at once.
    boolean cutOff =
        second.status() == 0 && !second.newConnection() && second.duration().compareTo(SLOW) < 0;
    if (first.status() == 0 || (second.status() == 0 && !cutOff)) {
      return Finding.unknown(check, second.shown(), "See the lines before.");
    }
    if (first.closes()) {
      return Finding.wrong(check, "the receiver closes it after each request", remedy);
    }
    return second.newConnection() || cutOff
        ? Finding.wrong(check, "closed within 3.5 s", remedy)
        : Finding.ok(check, "used again after 3.5 s");
  }
}
