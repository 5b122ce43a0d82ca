package cloud.klink.webhooks.verifier.receive;

import java.util.Objects;

/**
 * The answer to an attempt to claim the key of an event.
 *
 * @param key the key
 * @param state how the key stood
 * @param token for {@link State#NEW}, what proves that the claim is still the caller's: another for
 *     each claim, never used again. Empty for the other states
 */
public record Claim(String key, State state, String token) {
  /** How a key stood when it was claimed. */
  public enum State {
    /** It was free and is the caller's now. */
    NEW,

    /** Another holds it: the event is being processed. */
    IN_PROGRESS,

    /** The event was processed. */
    DONE
  }

  /**
   * Checks that there is a token for a new claim and for no other.
   *
   * @param key the key
   * @param state how the key stood
   * @param token another for each new claim, empty for the other states
   * @throws IllegalArgumentException if not
   */
  public Claim {
    Objects.requireNonNull(key, "key");
    if ((state == State.NEW) == token.isEmpty()) {
      throw new IllegalArgumentException("claim: a new one needs a token, another must have none");
    }
  }
}
