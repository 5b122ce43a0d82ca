package cloud.klink.webhooks.sender.transport.net;

import cloud.klink.webhooks.internal.BoundedMap;
import java.util.HashMap;
import java.util.Map;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Limits concurrent look-ups, since one that hangs blocks its thread. There are {@value #THREADS}
 * threads. Names that have not been resolved here use at most {@value #UNPROVEN} of them, and those
 * whose last look-up failed at most {@value #FAILED}. Once unresolved names use {@value #CROWDED},
 * a domain that uses {@value #PER_DOMAIN} gets no more. So there are always threads for names that
 * were resolved before. Not safe for use by several threads at once.
 */
final class LookupLimits {
  static final int THREADS = 256;
  static final int UNPROVEN = 192;
  static final int FAILED = 32;
  static final int CROWDED = 128;
  static final int PER_DOMAIN = 8;

  private static final int REMEMBERED = 10_000;

  /** Whether the last look-up of a name succeeded, for the names that were looked up last. */
  private final Map<String, Boolean> resolved = BoundedMap.ofRecentlyUsed(REMEMBERED);

  private final Map<String, Integer> domains = new HashMap<>();
  private int all;
  private int unproven;
  private int failed;

  /** A permitted look-up, and the limits that it counts towards. */
  record Permit(boolean isProven, boolean hasFailed, String domain) {}

  /** Permits a look-up; returns null if it must wait. */
  @Nullable
  Permit begin(String host) {
    if (all >= THREADS) {
      return null;
    }
    Boolean last = resolved.get(host);
    if (last != null && last) {
      all++;
      return new Permit(true, false, "");
    }
    Permit permit = new Permit(false, last != null, domain(host));
    boolean isCrowdedOut =
        unproven >= CROWDED && domains.getOrDefault(permit.domain(), 0) >= PER_DOMAIN;
    if (unproven >= UNPROVEN || (permit.hasFailed() && failed >= FAILED) || isCrowdedOut) {
      return null;
    }
    all++;
    unproven++;
    failed += permit.hasFailed() ? 1 : 0;
    domains.merge(permit.domain(), 1, Integer::sum);
    return permit;
  }

  void end(String host, Permit permit, boolean hasResolved) {
    all--;
    resolved.put(host, hasResolved);
    if (!permit.isProven()) {
      unproven--;
      failed -= permit.hasFailed() ? 1 : 0;
      domains.merge(permit.domain(), -1, (one, other) -> one + other == 0 ? null : one + other);
    }
  }

  /** The registrable domain of a host, under which its owner may create any number of names. */
  private static String domain(String host) {
    try {
      String domain = new HttpUrl.Builder().scheme("https").host(host).build().topPrivateDomain();
      return domain == null ? host : domain;
    } catch (IllegalArgumentException e) {
      return host;
    }
  }
}
