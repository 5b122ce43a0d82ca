package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.canonical.CanonicalTarget;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.examples.cli.http.TrustedCertificates;
import cloud.klink.webhooks.signature.SigningSecret;
import java.time.Duration;
import java.util.List;

/** Sends signed events to one URL, each once: no queue, no retry, no redirect. */
interface EventSender extends AutoCloseable {
  /**
   * A sender for a URL.
   *
   * @param url an http, https, ws or wss URL
   * @param secret what events are signed with
   * @param headers header lines to add
   * @param trusted whose certificates are trusted
   * @param timeout for a whole exchange
   */
  static EventSender to(
      String url,
      SigningSecret secret,
      List<Header> headers,
      TrustedCertificates trusted,
      Duration timeout) {
    CanonicalTarget target;
    try {
      target = CanonicalTarget.of("POST", url);
    } catch (RuntimeException e) {
      throw new BadUsage("--url: " + Messages.withoutField(e));
    }
    return target.url().startsWith("ws")
        ? new SignedMessages(url, target, secret, headers, trusted, timeout)
        : new SignedPost(url, target, secret, headers, trusted, timeout);
  }

  /** Sends an event and waits for the answer. */
  Answer send(Event event);

  @Override
  void close();

  /**
   * What came of sending.
   *
   * @param acknowledged whether it was answered with 2xx or an ack
   * @param outcome the status, ack, nack, or failed
   * @param detail the beginning of the answer's body, or what went wrong
   * @param duration from the start to the answer
   */
  record Answer(boolean acknowledged, String outcome, String detail, Duration duration) {
    static Answer failed(String detail, Duration duration) {
      return new Answer(false, "failed", detail, duration);
    }
  }
}
