package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.WebhookRefusedException;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.explain.SignatureExplainer;
import cloud.klink.webhooks.verifier.receive.ReceiverResponse;
import java.time.Clock;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Verifies what arrives, has it answered, and tells what people want to know of it. */
final class RequestExaminer {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);
  private static final int ACKNOWLEDGED = 204;

  /** An explanation takes hundreds of signatures, and anybody can send what is refused. */
  private static final int EXPLAINED_PER_SECOND = 5;

  private final WebhookVerifier verifier;
  private final SignatureExplainer explainer;
  private final EventFilter filter;
  private final Application application;
  private final RefusalLimit explained = new RefusalLimit(Clock.systemUTC(), EXPLAINED_PER_SECOND);

  /**
   * An examiner.
   *
   * @param verifier what requests are verified with
   * @param filter which events are shown and given to the application
   * @param application what answers those
   * @param localUrl where the receiver listens; senders may have signed that
   */
  RequestExaminer(
      WebhookVerifier verifier, EventFilter filter, Application application, String localUrl) {
    this.verifier = verifier;
    this.explainer = SignatureExplainer.builder(verifier).candidateUrl(localUrl).build();
    this.filter = filter;
    this.application = application;
  }

  WebhookVerifier verifier() {
    return verifier;
  }

  /** The first line of a report. */
  static String title(String what, String from, int bytes) {
    return LocalTime.now(ZoneId.systemDefault()).format(TIME) + " " + what + " from " + from + ", "
        + bytes + " bytes";
  }

  /**
   * Examines a request.
   *
   * @param title the first line of its report
   * @param request the request
   */
  Received examine(String title, IncomingRequest request) {
    return examine(title, request, application);
  }

  /**
   * Examines a request for another application.
   *
   * @param title the first line of its report
   * @param request the request
   * @param application what answers it, if it is verified and wanted
   */
  Received examine(String title, IncomingRequest request, Application application) {
    Report report = new Report().request(title, request);
    VerifiedWebhook webhook;
    try {
      webhook = verifier.verify(request);
    } catch (WebhookRefusedException e) {
      report.refused(e, request, explained.allows() ? explainer.explain(request) : null);
      ReceiverResponse refusal = ReceiverResponse.refused(e.reason(), verifier);
      Reply reply = new Reply(refusal.status(), refusal.headers(), refusal.body());
      return new Received(report, reply, false, true);
    }
    if (!filter.wants(webhook)) {
      return new Received(report, Reply.of(ACKNOWLEDGED), true, false);
    }
    report.verified(verifier, webhook);
    return new Received(report, application.answer(request, report), true, true);
  }
}
