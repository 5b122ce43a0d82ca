package cloud.klink.webhooks.verifier.claim;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.internal.LogText;
import cloud.klink.webhooks.verifier.internal.ThreadSignals;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The keys of processed events: a hash of the endpoint and the group, a colon, and the event's id.
 * Where the event has no id, or one that does not suit as a key, {@code sha256:} and the hash of
 * the body or of the id stand instead.
 */
public final class EventKeys {
  private static final Pattern PLAIN_ID = Pattern.compile("(?!sha256:)[A-Za-z0-9._:-]{1,150}");

  /** Hashed before an id, so that no body has the hash of an id: JSON has no byte 0. */
  private static final byte[] ID_MARK = {0};

  private final Map<String, String> prefixes;

  /**
   * An event goes to each webhook that is subscribed to it. Two endpoints that share a store, or
   * two groups of secrets of one endpoint, must each process it. Therefore a key begins with 64
   * bits of the hash of the endpoint and the group.
   *
   * @param verifier authenticates the events
   */
  public EventKeys(WebhookVerifier verifier) {
    Map<String, String> all = new HashMap<>();
    for (String group : verifier.secretGroups()) {
      all.put(group, prefix(verifier.target() + " " + group));
    }
    this.prefixes = Map.copyOf(all);
  }

  private static String prefix(String owner) {
    byte[] hash = sha256(new byte[0], owner.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(hash, 0, 8) + ":";
  }

  /** Returns the key of an event that the verifier authenticated. */
  public String of(VerifiedWebhook webhook) {
    String endpoint = prefixes.get(webhook.secretGroup());
    if (endpoint == null) {
      throw new IllegalArgumentException(
          "webhook: it was verified by another verifier, which has the group "
              + webhook.secretGroup());
    }
    String id = id(webhook);
    if (id == null) {
      return endpoint + hashed(new byte[0], webhook.body().toBytes());
    }
    return endpoint
        + (PLAIN_ID.matcher(id).matches()
            ? id
            : hashed(ID_MARK, id.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Whether another event may have the same key. That is so if the key is the hash of the body, and
   * the body has a number that was rounded to a double, as other numbers are.
   */
  static boolean isAmbiguous(VerifiedWebhook webhook) {
    return !webhook.ambiguousNumbers().isEmpty() && id(webhook) == null;
  }

  private static @Nullable String id(VerifiedWebhook webhook) {
    try {
      return webhook.event().id().orElse(null);
    } catch (MalformedException e) {
      return null;
    }
  }

  private static String hashed(byte[] before, byte[] bytes) {
    return "sha256:" + HexFormat.of().formatHex(sha256(before, bytes));
  }

  private static byte[] sha256(byte[] before, byte[] bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(before);
      return digest.digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform must provide SHA-256", e);
    }
  }

  /** Describes an event for logs, in one short line, whatever the event holds. */
  public static String describe(VerifiedWebhook webhook) {
    try {
      Event event = webhook.event();
      return "event "
          + LogText.line(event.name().value())
          + ", id "
          + LogText.line(event.id().orElse("none"));
    } catch (MalformedException e) {
      return "a body of " + webhook.body().length() + " bytes that is not an event";
    } catch (Throwable e) {
      ThreadSignals.passOn(e);
      return "an event that cannot be read";
    }
  }
}
