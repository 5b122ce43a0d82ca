package cloud.klink.webhooks.sender.transport.net;

import cloud.klink.webhooks.internal.BoundedMap;
import java.util.HashMap;
import java.util.Map;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Which names may be looked up at the same time, for a look-up that hangs keeps its thread. There
 * are {@value #THREADS} threads. Names that have not been resolved here take at most
 * {@value #UNPROVEN} of them; those of these whose last look-up failed, {@value #FAILED}; and when
 * {@value #CROWDED} are taken, a domain that has {@value #OF_DOMAIN} gets no more. So the names
 * that were resolved before always find threads. For one thread at a time.
 */
final class LookupLimits {
  static final int THREADS = 256;
  static final int UNPROVEN = 192;
  static final int FAILED = 32;
  static final int CROWDED = 128;
  static final int OF_DOMAIN = 8;

  private static final int REMEMBERED = 10_000;

  /** Whether the last look-up of a name brought addresses, for those looked up last. */
  private final Map<String, Boolean> resolved = BoundedMap.ofRecentlyUsed(REMEMBERED);

  private final Map<String, Integer> domains = new HashMap<>();
  private int all;
  private int unproven;
  private int failed;

  /** What a look-up counts as, from its beginning to its end. */
  record Permit(boolean isProven, boolean hasFailed, String domain) {}

  /** Admits a look-up; null if it may not begin now. */
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
        unproven >= CROWDED && domains.getOrDefault(permit.domain(), 0) >= OF_DOMAIN;
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

  /** A domain that can be registered, under which there may be any number of names. */
  private static String domain(String host) {
    try {
      String domain = new HttpUrl.Builder().scheme("https").host(host).build().topPrivateDomain();
      return domain == null ? host : domain;
    } catch (IllegalArgumentException e) {
      return host;
    }
  }
}
