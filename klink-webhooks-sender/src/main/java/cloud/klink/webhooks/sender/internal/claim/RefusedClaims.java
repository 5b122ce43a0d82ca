package cloud.klink.webhooks.sender.internal.claim;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.internal.Durations;
import cloud.klink.webhooks.sender.internal.tasks.DispatchRuntime;
import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.ClaimRequest;
import cloud.klink.webhooks.sender.storage.Claims;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims, and leaves out webhooks whose deliveries the storage refuses to lease, for example
 * because a row is damaged or a rule of the database's owner forbids it. They are found by halving:
 * one such row would otherwise keep all deliveries from being claimed. They are claimed again at
 * growing intervals.
 *
 * <p>Only one thread may claim at a time.
 */
public final class RefusedClaims {
  private static final Logger LOG = LoggerFactory.getLogger(RefusedClaims.class);
  private static final Duration FIRST_DELAY = Duration.ofSeconds(30);
  private static final Duration MAX_DELAY = Duration.ofMinutes(2);

  /** The most webhooks that are left out. Others are looked for again at each claim. */
  private static final int MAX_WEBHOOKS = 1_000;

  /** How long one call may search before other work gets its turn. */
  private static final Duration MAX_SEARCH = Duration.ofSeconds(1);

  private static final int PAGE = 1_000;

  private final Storage storage;
  private final DispatchRuntime runtime;
  private final Map<String, Exclusion> excluded = new LinkedHashMap<>();

  /** The webhooks that are still to be tried after a refusal, in groups. */
  private final Deque<List<String>> groups = new ArrayDeque<>();

  /** Leaves no webhook out yet. */
  public RefusedClaims(Storage storage, DispatchRuntime runtime) {
    this.storage = storage;
    this.runtime = runtime;
  }

  private record Exclusion(Instant until, Duration delay) {}

  /** The number of webhooks that are left out, or were until the next claim. */
  public synchronized int size() {
    return excluded.size();
  }

  /**
   * Claims. After a refusal, each call claims for a part of the webhooks, until all were tried.
   *
   * @throws StorageException if the storage is unavailable, or refuses to claim anything
   */
  Claims claim(ClaimRequest request) {
    Instant now = runtime.now();
    ClaimRequest allowed = withoutExcluded(request, now);
    if (groups.isEmpty()) {
      try {
        Claims claims = storage.claim(allowed);
        forget(now);
        return claims;
      } catch (StorageException e) {
        if (!isRefusal(e)) {
          throw e;
        }
        ensureOthersCanBeClaimed(allowed, e);
        groups.add(webhookIds(allowed));
      }
    }
    return search(allowed, now);
  }

  private static boolean isRefusal(StorageException e) {
    return e.reason() == SenderReason.STORAGE_REFUSED || e.reason() == SenderReason.STORAGE_CORRUPT;
  }

  private synchronized ClaimRequest withoutExcluded(ClaimRequest request, Instant now) {
    if (excluded.isEmpty()) {
      return request;
    }
    Map<String, Integer> allowances = new HashMap<>(request.allowances());
    excluded.forEach((id, exclusion) -> {
      if (now.isBefore(exclusion.until)) {
        allowances.put(id, 0);
      }
    });
    return request.withAllowances(request.perWebhook(), allowances);
  }

  /** After a claim that left out only those whose time is not over. */
  private synchronized void forget(Instant now) {
    excluded.values().removeIf(exclusion -> !now.isBefore(exclusion.until));
  }

  /**
   * Claims for ever fewer webhooks at once, until the storage leases something, or those are known
   * for which it refuses.
   */
  private Claims search(ClaimRequest request, Instant start) {
    while (!groups.isEmpty() && !runtime.now().isAfter(start.plus(MAX_SEARCH))) {
      List<String> group = groups.remove();
      try {
        Claims claims = storage.claim(only(group, request));
        if (!claims.deliveries().isEmpty()) {
          return withoutOutlook(claims, request);
        }
      } catch (StorageException e) {
        if (!isRefusal(e)) {
          groups.addFirst(group);
          throw e;
        }
        narrow(group, e);
      }
    }
    return withoutOutlook(
        new Claims(List.of(), request.after(), Optional.empty(), Set.of(), false), request);
  }

  private static ClaimRequest only(List<String> group, ClaimRequest request) {
    Map<String, Integer> allowances = new HashMap<>();
    group.forEach(id -> allowances.put(id, request.allowance(id)));
    return request.withAllowances(0, allowances);
  }

  /** Claims of a part of the webhooks, which do not tell what is due; the next part follows. */
  private Claims withoutOutlook(Claims claims, ClaimRequest request) {
    return new Claims(
        claims.deliveries(),
        claims.deliveries().isEmpty() ? request.after() : claims.after(),
        groups.isEmpty() ? Optional.empty() : Optional.of(request.now()),
        Set.of(),
        claims.isTruncated());
  }

  private void narrow(List<String> group, StorageException why) {
    if (group.size() == 1) {
      exclude(group.get(0), why);
    } else if (!group.isEmpty()) {
      int half = group.size() / 2;
      groups.add(group.subList(0, half));
      groups.add(group.subList(half, group.size()));
    }
  }

  /** A claim that asks for nothing tells whether the storage refuses claims altogether. */
  private void ensureOthersCanBeClaimed(ClaimRequest request, StorageException refusal) {
    try {
      storage.claim(request.withAllowances(0, Map.of()));
    } catch (StorageException e) {
      refusal.addSuppressed(e);
      throw refusal;
    }
  }

  private List<String> webhookIds(ClaimRequest request) {
    List<String> ids = new ArrayList<>();
    for (Environment environment : Environment.values()) {
      String after = "";
      List<Webhook> page;
      do {
        page = storage.list(environment, after, PAGE);
        page.stream()
            .filter(webhook -> !webhook.isPaused() && request.allowance(webhook.id()) > 0)
            .forEach(webhook -> ids.add(webhook.id()));
        after = page.isEmpty() ? "" : page.get(page.size() - 1).id();
      } while (!page.isEmpty());
    }
    return ids;
  }

  private synchronized void exclude(String id, StorageException why) {
    Exclusion before = excluded.get(id);
    if (before == null && excluded.size() >= MAX_WEBHOOKS) {
      return;
    }
    Duration delay =
        before == null ? FIRST_DELAY : Durations.min(before.delay.multipliedBy(2), MAX_DELAY);
    excluded.put(id, new Exclusion(runtime.now().plus(delay), delay));
    if (before == null) {
      SafeRunner.log(() -> LOG.error(
          "{}: the storage refuses to lease its deliveries, so they wait. They are claimed again"
              + " every {} minutes, or sooner",
          id,
          MAX_DELAY.toMinutes(),
          why));
    }
  }
}
