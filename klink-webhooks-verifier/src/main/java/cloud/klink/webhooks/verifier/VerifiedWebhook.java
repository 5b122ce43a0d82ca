package cloud.klink.webhooks.verifier;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.canonical.CanonicalBody;
import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.event.Event;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A verified webhook: the canonical body that the signature covers, never the received bytes.
 * Immutable and safe for use by many threads.
 */
public final class VerifiedWebhook {
  private final CanonicalBody body;
  private final int secretIndex;
  private final String secretGroup;
  private final List<String> ambiguousNumbers;
  private @Nullable Event event;

  VerifiedWebhook(
      CanonicalBody body, int secretIndex, String secretGroup, List<String> ambiguousNumbers) {
    this.body = body;
    this.secretIndex = secretIndex;
    this.secretGroup = secretGroup;
    this.ambiguousNumbers = ambiguousNumbers;
  }

  /**
   * The event, parsed from the canonical body when it is first asked for. The tree usually takes
   * about ten times the memory of the body, and up to 40 times if the body consists of empty arrays
   * only. A number with a point or an exponent is a double in it.
   *
   * @return the event, whatever its name
   * @throws MalformedException if the body is authentic but not an event; the message names the
   *     field
   */
  public Event event() {
    // A race parses twice and is harmless: events are immutable, all their fields final.
    Event parsed = event;
    if (parsed == null) {
      parsed = Event.parse(body.toBytes());
      event = parsed;
    }
    return parsed;
  }

  /**
   * The canonical body.
   *
   * @return what was authenticated
   */
  public CanonicalBody body() {
    return body;
  }

  /**
   * The dialect in which the sender signed. If several produce the same text for this body, the
   * first of the verifier's.
   *
   * @return the dialect
   */
  public Dialect dialect() {
    return body.dialect();
  }

  /**
   * Which of the verifier's secrets matched: shows when an old one is no longer used.
   *
   * @return its place in the order in which the secrets were given, from 0
   */
  public int secretIndex() {
    return secretIndex;
  }

  /**
   * The group of the secret that matched. If one verifier has the secrets of several webhooks or
   * environments, it tells which one the event came from.
   *
   * @return {@link WebhookVerifier#DEFAULT_GROUP} unless the secret was given with another
   */
  public String secretGroup() {
    return secretGroup;
  }

  /**
   * Where the body has numbers that may differ from what was sent: the dialect converts them to
   * doubles, and numbers with other values have the same canonical form. The double is what is
   * handed on. None of them is the event's id, which is refused with
   * {@link RefusalReason#AMBIGUOUS_NUMBER}; do not use them to identify anything else.
   *
   * @return JSON Pointers (RFC 6901) into the body, the first 100; empty if every number is exactly
   *     what was sent
   */
  public List<String> ambiguousNumbers() {
    return ambiguousNumbers;
  }

  /** Shows the length of the body and how it was signed, not its content. */
  @Override
  public String toString() {
    return "VerifiedWebhook[" + body + ", secret " + secretIndex + "]";
  }
}
