package cloud.klink.webhooks.sender.simulation;

import cloud.klink.webhooks.canonical.CanonicalTarget;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.Webhook;
import cloud.klink.webhooks.signature.SigningSecret;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A webhook as the model sees it: all of its versions, and its failures. */
final class WebhookModel {
  final String id;
  final DeliveryPolicy policy;
  final List<Version> versions = new ArrayList<>();

  /** When failed attempts ended, as they were recorded. */
  final List<Instant> failures = new ArrayList<>();

  /** How many failures led to a pause, those after it left out, by the version that it made. */
  final Map<Long, Integer> failuresOfPauses = new HashMap<>();

  /** The newest version that a node has been told of by a call of its own that has returned. */
  final Map<NodeRun, Long> told = new HashMap<>();

  /** When attempts ended that say that it is gone, by the run that has to look at them. */
  final Map<NodeRun, Set<Instant>> gone = new HashMap<>();

  @Nullable
  Deletion deletion;

  /** A deletion, and by what call. */
  record Deletion(NodeRun by, @Nullable Call call) {}

  /** A version as it was committed. */
  record Version(
      Webhook webhook,
      SigningSecret secret,
      CanonicalTarget target,
      String authentication,
      NodeRun by,
      @Nullable Call call) {
    static Version of(StoredWebhook stored, NodeRun by, @Nullable Call call) {
      return new Version(
          stored.webhook(),
          SigningSecret.of(stored.secret()),
          CanonicalTarget.of("POST", stored.webhook().url()),
          stored.authentication(),
          by,
          call);
    }

    long number() {
      return webhook.version();
    }
  }

  WebhookModel(String id, DeliveryPolicy policy) {
    this.id = id;
    this.policy = policy;
  }

  Version newest() {
    return versions.get(versions.size() - 1);
  }

  boolean isDeleted() {
    return deletion != null;
  }

  boolean isPaused() {
    return newest().webhook().isPaused();
  }

  /** Whether this pause holds. */
  boolean isNow(Pause pause) {
    return !isDeleted() && newest().webhook().pause().equals(Optional.of(pause));
  }

  boolean isActive() {
    return !isDeleted() && !isPaused();
  }

  /** Without the library's help: a name, or everything before its first dot and a star. */
  boolean gets(EventName event) {
    String name = event.value();
    String group = name.substring(0, name.indexOf('.'));
    for (String selector : newest().webhook().subscriptions()) {
      if (selector.equals(name) || selector.equals(group + ".*")) {
        return true;
      }
    }
    return false;
  }

  /** A call of people's has returned: what it committed is known on its node from now on. */
  void returned(Call call) {
    for (Version version : versions) {
      if (call.equals(version.call)) {
        told.merge(version.by, version.number(), Math::max);
      }
    }
    if (deletion != null && call.equals(deletion.call)) {
      told.put(deletion.by, Long.MAX_VALUE);
    }
  }

  long toldTo(NodeRun run) {
    return told.getOrDefault(run, 0L);
  }
}
