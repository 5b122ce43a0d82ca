package cloud.klink.webhooks.examples.cli.doctor;

import cloud.klink.webhooks.canonical.CanonicalTarget;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.examples.cli.http.TrustedCertificates;
import cloud.klink.webhooks.signature.SigningSecret;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import okhttp3.Request;

/**
 * Examines a receiver: sends it requests that it should accept or refuse, and tells what it made of
 * them. Each sends an event of its own, so that no check is answered by de-duplication.
 */
public final class Examination {
  /** The name of the events that are sent. */
  public static final EventName EVENT = Probe.NAME;

  /** How long a whole exchange may take, as for the sender. */
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** The sender keeps an idle connection for 4 s. */
  private static final Duration IDLE = Duration.ofSeconds(4);

  private final Request start;
  private final String url;
  private final CanonicalTarget target;
  private final TrustedCertificates trusted;
  private final SigningSecret secret;
  private final Consumer<Finding> findings;

  /**
   * An examination that has not begun.
   *
   * @param url the receiver's URL
   * @param start a request to it, with the headers that every probe has
   * @param trusted whose certificates are trusted
   * @param secret the receiver's secret
   * @param findings takes each finding as it is made
   */
  public Examination(
      String url,
      Request start,
      TrustedCertificates trusted,
      SigningSecret secret,
      Consumer<Finding> findings) {
    this.url = url;
    this.start = start;
    this.target = CanonicalTarget.of("POST", url);
    this.trusted = trusted;
    this.secret = secret;
    this.findings = findings;
  }

  /**
   * Examines the receiver. It takes as long as the receiver takes for eight requests, and 4 s.
   *
   * @throws InterruptedException if the thread is interrupted meanwhile
   */
  public void run() throws InterruptedException {
    try (Endpoint endpoint = new Endpoint(start, trusted, TIMEOUT)) {
      findings.accept(AddressCheck.check(endpoint.url().host()));
      findings.accept(TlsCheck.check(endpoint.url(), trusted, TIMEOUT));
      Probe probe = signed("accepted");
      Endpoint.Answer answer = endpoint.send(probe);
      findings.accept(AnswerChecks.redirect(answer));
      findings.accept(AnswerChecks.status(answer));
      findings.accept(AnswerChecks.speed(answer, TIMEOUT));
      findings.accept(query(endpoint, answer));
      boolean accepts = answer.isSuccess();
      SigningSecret another = SigningSecret.generate(new SecureRandom());
      findings.accept(SignatureChecks.wrongSignature(
          accepts, ask(endpoint, answer, Probe.signed("wrong-signature", target, another))));
      findings.accept(SignatureChecks.tamperedBody(
          accepts, ask(endpoint, answer, signed("tampered-body").tampered())));
      findings.accept(SignatureChecks.whiteSpace(
          accepts, ask(endpoint, answer, signed("white-space").withWhiteSpace())));
      findings.accept(SignatureChecks.memberOrder(
          accepts, ask(endpoint, answer, signed("member-order").inAnotherOrder())));
      findings.accept(AnswerChecks.repetition(accepts, ask(endpoint, answer, probe)));
      findings.accept(keptConnection(endpoint, answer));
    }
  }

  /** A receiver that did not answer the first probe is not waited for again: each takes 10 s. */
  private static Endpoint.Answer ask(Endpoint endpoint, Endpoint.Answer first, Probe probe) {
    return first.status() == 0 ? first : endpoint.send(probe);
  }

  private Probe signed(String purpose) {
    return Probe.signed(purpose, target, secret);
  }

  private Finding query(Endpoint endpoint, Endpoint.Answer answer) {
    if (target.query().isEmpty()) {
      return Finding.ok(SignatureChecks.QUERY, "the URL has no query to be lost");
    }
    if (answer.isSuccess()) {
      return Finding.ok(SignatureChecks.QUERY, "it is part of what is verified");
    }
    CanonicalTarget without = CanonicalTarget.of("POST", url.replaceFirst("\\?[^#]*", ""));
    return SignatureChecks.query(
        ask(endpoint, answer, Probe.signed("without-query", without, secret)));
  }

  /** Two requests on one connection, with as long a pause as the sender may make. */
  private Finding keptConnection(Endpoint endpoint, Endpoint.Answer answer)
      throws InterruptedException {
    Endpoint.Answer first = ask(endpoint, answer, signed("first-on-connection"));
    if (first.status() == 0) {
      return AnswerChecks.keptConnection(first, first);
    }
    TimeUnit.MILLISECONDS.sleep(IDLE.toMillis() - 500);
    return AnswerChecks.keptConnection(first, endpoint.send(signed("second-on-connection")));
  }
}
