package cloud.klink.webhooks.verifier.deduplication;

import java.util.Objects;

/**
 * What became of an attempt to claim an event's key: the key is the caller's now, or it is in
 * progress elsewhere, or it was done. Made by {@link ProcessedEvents}. Immutable.
 */
public final class Claim {
  private final String key;
  private final String token;
  private final boolean isDone;

  private Claim(String key, String token, boolean isDone) {
    this.key = Objects.requireNonNull(key, "key");
    this.token = token;
    this.isDone = isDone;
  }

  /**
   * The key is the caller's now.
   *
   * @param key the key
   * @param token another for each claim; not empty
   * @return a claim to be ended by marking it done or by releasing it
   * @throws IllegalArgumentException if the token is empty
   */
  public static Claim granted(String key, String token) {
    if (token.isEmpty()) {
      throw new IllegalArgumentException("token: a granted claim needs one");
    }
    return new Claim(key, token, false);
  }

  /**
   * Another's claim of the key holds.
   *
   * @param key the key
   * @return nothing to end
   */
  public static Claim inProgress(String key) {
    return new Claim(key, "", false);
  }

  /**
   * The key was marked done before.
   *
   * @param key the key
   * @return nothing to end
   */
  public static Claim done(String key) {
    return new Claim(key, "", true);
  }

  /**
   * The key that was asked for.
   *
   * @return 1 to {@value ProcessedEvents#MAX_KEY_LENGTH} characters
   */
  public String key() {
    return key;
  }

  /**
   * What tells this claim from every other of the same key.
   *
   * @return empty unless the claim is granted
   */
  public String token() {
    return token;
  }

  /**
   * Whether the key is the caller's now.
   *
   * @return false if it is in progress elsewhere or was done
   */
  public boolean isGranted() {
    return !token.isEmpty();
  }

  /**
   * Whether the key was marked done before.
   *
   * @return false if it is in progress, with the caller or elsewhere
   */
  public boolean isDone() {
    return isDone;
  }

  /** Returns the key and whether the claim was granted. */
  @Override
  public String toString() {
    return "Claim[" + key + ", " + (isGranted() ? "granted" : isDone ? "done" : "in progress")
        + "]";
  }
}
