package cloud.klink.webhooks.sender.webhook;

import java.util.Set;

/**
 * What re-encrypting came to. A webhook counts once: as unreadable, else as changed, else as
 * current. One that was deleted meanwhile does not count, nor does one whose row is damaged
 * otherwise.
 *
 * @param changed how many were written anew
 * @param current how many were as they are to be already
 * @param unreadable the ids of those of which a secret could not be read; what could be read of
 *     them was written anew
 */
public record ReencryptionResult(int changed, int current, Set<String> unreadable) {
  /**
   * Copies the ids.
   *
   * @param changed how many were written anew
   * @param current how many were as they are to be already
   * @param unreadable the ids of those that could not be read
   */
  public ReencryptionResult {
    unreadable = Set.copyOf(unreadable);
  }
}
