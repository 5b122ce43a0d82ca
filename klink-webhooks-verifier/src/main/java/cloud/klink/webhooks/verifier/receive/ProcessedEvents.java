package cloud.klink.webhooks.verifier.receive;

import java.time.Instant;

/**
 * Remembers which events were processed, so that an event that is delivered twice is processed
 * once.
 *
 * <p>An event's key is first claimed, with a lease, then marked done; or released, if processing
 * failed. Whoever crashes in between leaves a claim behind whose lease runs out, and then the key
 * can be claimed again. Each claim carries a token of its own: whoever lost a claim to another can
 * neither mark it done nor release it.
 *
 * <p>Implementations are safe for use by many threads and, if they share their storage, by many
 * processes: of all that claim a free key at the same time, exactly one gets
 * {@link Claim.State#NEW}. They take the time as an argument, never from a clock.
 * {@link InMemoryProcessedEvents} and {@link JdbcProcessedEvents} are two; the contract test that
 * both pass is in this project's tests.
 */
public interface ProcessedEvents {
  /** The longest key, in characters. Keys are ASCII without control characters. */
  int MAX_KEY_LENGTH = 200;

  /**
   * Claims a key, atomically. A key is free if it was never claimed, was released, is forgotten, or
   * its lease ran out: {@code leaseUntil} of the claim before is not after {@code now}.
   *
   * <p>{@link Claim.State#DONE} has the sender repeat no more, so it is told only of a mark that
   * will not be lost, as far as the storage can promise that.
   *
   * @param key 1 to {@value #MAX_KEY_LENGTH} characters
   * @param now the time
   * @param leaseUntil until when nobody else may claim the key, unless it is released before
   * @return {@link Claim.State#NEW} if the key is the caller's now, otherwise how it stands
   * @throws RuntimeException if it cannot be told; then nothing is processed, and a claim that was
   *     made nevertheless ends with its lease
   */
  Claim claim(String key, Instant now, Instant leaseUntil);

  /**
   * Prolongs a claim, also one whose lease ran out if nobody has taken the key over.
   *
   * @param claim what {@link #claim} returned as new
   * @param leaseUntil until when nobody else may claim the key
   * @return false, and nothing is changed, if the claim is lost: taken over, released, done or
   *     forgotten
   * @throws RuntimeException if it cannot be told
   */
  boolean renew(Claim claim, Instant leaseUntil);

  /**
   * Marks a claimed event as processed. From then on the key is {@link Claim.State#DONE} until it
   * is forgotten.
   *
   * @param claim what {@link #claim} returned as new
   * @param now the time
   * @return false, and nothing is changed, if the claim is lost: taken over, released, done or
   *     forgotten
   * @throws RuntimeException if it cannot be told; the claim may end with its lease, and a
   *     repetition may be processed again
   */
  boolean done(Claim claim, Instant now);

  /**
   * Gives a claim up, so that the key is free at once.
   *
   * @param claim what {@link #claim} returned as new
   * @return false, and nothing is changed, if the claim is lost: taken over, released, done or
   *     forgotten
   * @throws RuntimeException if it cannot be told; the claim may end only with its lease
   */
  boolean release(Claim claim);
}
