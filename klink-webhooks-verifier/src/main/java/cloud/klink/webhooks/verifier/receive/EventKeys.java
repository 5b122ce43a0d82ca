package cloud.klink.webhooks.verifier.receive;

import cloud.klink.webhooks.canonical.CanonicalTarget;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.MalformedEventException;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The keys by which events are remembered: the endpoint, a colon, and the event's id; or, where it
 * has none or one that is no fit key, {@code sha256:} and the hash of the id or the body.
 */
final class EventKeys {
  private static final Pattern FIT = Pattern.compile("(?!sha256:)[A-Za-z0-9._:-]{1,150}");

  /** JSON has no byte 0, so that no body has the hash of an id. */
  private static final byte[] BEFORE_ID = {0};

  private final String endpoint;

  /**
   * One event goes to each webhook that subscribed to it. Two endpoints that share a storage must
   * each process it, so the key begins with 64 bits of the endpoint's hash.
   */
  EventKeys(CanonicalTarget target) {
    byte[] hash = sha256(new byte[0], target.toString().getBytes(StandardCharsets.UTF_8));
    this.endpoint = HexFormat.of().formatHex(hash, 0, 8) + ":";
  }

  String of(VerifiedWebhook webhook) {
    String id = id(webhook);
    if (id == null) {
      return endpoint + hashed(new byte[0], webhook.body().toBytes());
    }
    return endpoint
        + (FIT.matcher(id).matches() ? id : hashed(BEFORE_ID, id.getBytes(StandardCharsets.UTF_8)));
  }

  private static @Nullable String id(VerifiedWebhook webhook) {
    try {
      return webhook.event().id().orElse(null);
    } catch (MalformedEventException e) {
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

  /** Says which event it is, for logs: never more than a short line, whatever the event holds. */
  static String describe(VerifiedWebhook webhook) {
    try {
      Event event = webhook.event();
      return "event " + line(event.name().value()) + ", id " + line(event.id().orElse("none"));
    } catch (MalformedEventException e) {
      return "a body that is no event, of " + webhook.body().length() + " bytes";
    }
  }

  private static String line(String text) {
    String cut = text.length() <= 100 ? text : text.substring(0, 100) + "…";
    return cut.replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}]", "?");
  }
}
