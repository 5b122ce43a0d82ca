package cloud.klink.webhooks.sender.internal.claim;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.internal.Durations;
import cloud.klink.webhooks.sender.internal.tasks.DispatchRuntime;
import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.ClaimRequest;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Claims;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
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

  /** The most claims that look for refused webhooks in a row, and how long they may take. */
  private static final int MAX_CLAIMS = 200;

  private static final Duration MAX_SEARCH = Duration.ofSeconds(10);

  private static final int PAGE = 1_000;

  private final Storage storage;
  private final DispatchRuntime runtime;
  private final Map<String, Exclusion> excluded = new LinkedHashMap<>();

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
   * Claims.
   *
   * @throws StorageException if the storage is unavailable, or refuses to claim anything
   */
  Claims claim(ClaimRequest request) {
    Instant now = runtime.now();
    ClaimRequest allowed = withoutExcluded(request, now);
    try {
      Claims claims = storage.claim(allowed);
      forget(now);
      return claims;
    } catch (StorageException e) {
      if (!isRefusal(e)) {
        throw e;
      }
      return search(allowed, now, e);
    }
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
    return with(request, request.max(), request.perWebhook(), allowances, request.maxBytes());
  }

  /** After a claim that left out only those whose time is not over. */
  private synchronized void forget(Instant now) {
    excluded.values().removeIf(exclusion -> !now.isBefore(exclusion.until));
  }

  private static ClaimRequest with(
      ClaimRequest request,
      int max,
      int perWebhook,
      Map<String, Integer> allowances,
      long maxBytes) {
    return new ClaimRequest(
        request.now(),
        request.leaseUntil(),
        max,
        perWebhook,
        allowances,
        request.after(),
        maxBytes);
  }

  /** Claims for ever fewer webhooks at once, until those are known that the storage refuses. */
  private Claims search(ClaimRequest request, Instant start, StorageException refusal) {
    ensureOthersCanBeClaimed(request, refusal);
    Found found = new Found(request);
    Deque<List<String>> groups = new ArrayDeque<>();
    groups.add(webhookIds(request));
    for (int claims = 0; !groups.isEmpty() && !found.isFull(); claims++) {
      if (claims == MAX_CLAIMS || runtime.now().isAfter(start.plus(MAX_SEARCH))) {
        SafeRunner.log(() -> LOG.warn("Too many claims are refused; not all were looked at"));
        break;
      }
      List<String> group = groups.remove();
      try {
        found.add(storage.claim(found.rest(group)));
      } catch (RuntimeException | Error e) {
        if (e instanceof StorageException known && isRefusal(known)) {
          narrow(group, known, groups);
        } else if (found.isEmpty()) {
          throw e;
        } else {
          SafeRunner.log(() -> LOG.debug("Cannot look for refused claims any further", e));
          break;
        }
      }
    }
    return found.claims();
  }

  private void narrow(List<String> group, StorageException why, Deque<List<String>> groups) {
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
      storage.claim(with(request, request.max(), 0, Map.of(), request.maxBytes()));
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

  /** What the claims of a search have leased. */
  private static final class Found {
    private final ClaimRequest request;
    private final List<ClaimedDelivery> deliveries = new ArrayList<>();
    private String after;
    private long bytes;
    private boolean isTruncated;

    private Found(ClaimRequest request) {
      this.request = request;
      this.after = request.after();
    }

    private void add(Claims claims) {
      deliveries.addAll(claims.deliveries());
      bytes +=
          claims.deliveries().stream().mapToLong(one -> one.body().length()).sum();
      after = claims.deliveries().isEmpty() ? after : claims.after();
      isTruncated |= claims.isTruncated();
    }

    private boolean isEmpty() {
      return deliveries.isEmpty();
    }

    private boolean isFull() {
      return isTruncated || deliveries.size() >= request.max() || bytes >= request.maxBytes();
    }

    /** A request for what may still be claimed, of a group of webhooks. */
    private ClaimRequest rest(Collection<String> group) {
      Map<String, Integer> allowances = new HashMap<>();
      group.forEach(id -> allowances.put(id, request.allowance(id)));
      return with(
          request, request.max() - deliveries.size(), 0, allowances, request.maxBytes() - bytes);
    }

    private Claims claims() {
      return new Claims(deliveries, after, Optional.empty(), Set.of(), isTruncated);
    }
  }
}
