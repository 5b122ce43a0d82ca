package cloud.klink.webhooks.examples.console.web;

import cloud.klink.webhooks.examples.console.service.AttemptSum;
import cloud.klink.webhooks.examples.console.web.Charts.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** The columns of a chart by HTTP status. */
final class StatusColumns {
  /** As many as a legend can be read with; the rarest are summed up. */
  private static final int MAX = 8;

  /** The class of a column whose kind another has before it. */
  private static final String NEXT = " next";

  private StatusColumns() {}

  /** The statuses that there are, the others together, and the attempts without an answer. */
  static List<Column> of(AttemptSum total) {
    TreeSet<Integer> shown = total.statuses().entrySet().stream()
        .sorted(Map.Entry.<Integer, Long>comparingByValue().reversed())
        .limit(MAX)
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
    List<Column> columns = new ArrayList<>();
    String before = "";
    for (int status : shown) {
      String kind = kind(status);
      String shade = kind.equals(before) ? kind + NEXT : kind;
      columns.add(new Column("", Integer.toString(status), shade, one -> count(one, status)));
      before = shade;
    }
    if (total.statuses().size() > shown.size()) {
      ToLongFunction<AttemptSum> others = one ->
          answered(one) - shown.stream().mapToLong(status -> count(one, status)).sum();
      columns.add(new Column("chart.statuses", "soft-bar" + NEXT, others));
    }
    columns.add(new Column("answer.none", "other-bar", one -> one.attempts() - answered(one)));
    return List.copyOf(columns);
  }

  private static long count(AttemptSum sum, int status) {
    return sum.statuses().getOrDefault(status, 0L);
  }

  private static long answered(AttemptSum sum) {
    return sum.statuses().values().stream().mapToLong(Long::longValue).sum();
  }

  private static String kind(int status) {
    return switch (status / 100) {
      case 2 -> "good-bar";
      case 4 -> "warn-bar";
      case 5 -> "bad-bar";
      default -> "soft-bar";
    };
  }
}
