package cloud.klink.webhooks.sender;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.webhook.Webhook;
import cloud.klink.webhooks.sender.webhook.Webhooks;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What re-encrypting came to, as the versions of the webhooks show.
 *
 * @param changed how many were written anew
 * @param current how many were left as they are
 * @param unreadable the ids of those that could not be read
 */
public record Reencrypted(int changed, int current, Set<String> unreadable) {
  /** Re-encrypts, and counts. */
  public static Reencrypted by(Webhooks webhooks) {
    Map<String, Long> before = versions(webhooks);
    Set<String> unreadable = webhooks.reencrypt();
    Map<String, Long> after = versions(webhooks);
    after.keySet().removeAll(unreadable);
    int current = 0;
    for (Map.Entry<String, Long> one : after.entrySet()) {
      current += one.getValue().equals(before.get(one.getKey())) ? 1 : 0;
    }
    return new Reencrypted(after.size() - current, current, unreadable);
  }

  private static Map<String, Long> versions(Webhooks webhooks) {
    Map<String, Long> versions = new HashMap<>();
    for (Environment environment : Environment.values()) {
      for (Webhook webhook : webhooks.list(environment)) {
        versions.put(webhook.id(), webhook.version());
      }
    }
    return versions;
  }
}
