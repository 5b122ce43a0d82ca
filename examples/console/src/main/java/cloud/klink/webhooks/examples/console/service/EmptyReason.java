package cloud.klink.webhooks.examples.console.service;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * Why a log may be empty, and where to look instead.
 *
 * @param code why
 * @param log the log to look at; empty if no other helps
 * @param webhookId the webhook whose subscriptions to look at; empty for those of all
 * @param removedBefore what finished before this time was removed; empty if that is not the reason
 */
public record EmptyReason(
    Code code,
    Optional<DeliveryFilter> log,
    Optional<String> webhookId,
    Optional<Instant> removedBefore) {
  /** The address that K-LINK sends from, which firewalls of endpoints have to let in. */
  public static final String OUTBOUND_ADDRESS = "51.79.216.180";

  /** Why a log may be empty. */
  public enum Code {
    /** All that is searched for is older than the retention. */
    OLD,
    /** Conditions are set. */
    FILTER,
    /** The environment has no webhook. */
    WEBHOOKS,
    /** No webhook is subscribed to the event. */
    SUBSCRIPTIONS,
    /** A webhook is paused; what it gets is held. */
    PAUSED,
    /** The other environment has deliveries. */
    ENVIRONMENT,
    /** For endpoints that never respond: their firewalls may not let the sender in. */
    ADDRESS,
    /** Nothing happened that a webhook is subscribed to. */
    EVENTS,
    /** What finished longer ago than the retention was removed. */
    RETENTION;

    /**
     * The name in JSON and in the keys of the message bundles.
     *
     * @return lower-case letters
     */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static EmptyReason of(Code code) {
    return new EmptyReason(code, Optional.empty(), Optional.empty(), Optional.empty());
  }

  static EmptyReason of(Code code, DeliveryFilter log) {
    return new EmptyReason(code, Optional.of(log), Optional.empty(), Optional.empty());
  }

  static EmptyReason of(Code code, Instant removedBefore) {
    return new EmptyReason(code, Optional.empty(), Optional.empty(), Optional.of(removedBefore));
  }
}
