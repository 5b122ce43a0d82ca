package cloud.klink.webhooks.verifier.explain;

import java.util.Comparator;

/** Orders of members that signers mistake for the canonical one. */
final class NameOrder {
  /** JavaScript's: integers that can be array indices by value, then the rest by UTF-16 units. */
  static final Comparator<String> JAVASCRIPT = Comparator.comparing((String name) -> !isIndex(name))
      .thenComparing(NameOrder::index)
      .thenComparing(Comparator.naturalOrder());

  private static final long MAX_INDEX = 4_294_967_294L;
  private static final int MAX_DIGITS = 10;

  private NameOrder() {}

  private static boolean isIndex(String name) {
    return name.matches("0|[1-9][0-9]*")
        && name.length() <= MAX_DIGITS
        && Long.parseLong(name) <= MAX_INDEX;
  }

  private static long index(String name) {
    return isIndex(name) ? Long.parseLong(name) : 0;
  }
}
