package cloud.klink.webhooks.examples.console.web;

import cloud.klink.webhooks.examples.console.service.AttemptHistory;
import cloud.klink.webhooks.examples.console.service.AttemptSum;
import cloud.klink.webhooks.examples.console.web.Chart.Series;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The charts of a history. */
public final class Charts {
  private static final List<Column> OUTCOMES = List.of(
      new Column("outcome.succeeded", "good-bar", one -> one.count(AttemptOutcome.SUCCEEDED)),
      new Column("outcome.rejected", "bad-bar", one -> one.count(AttemptOutcome.REJECTED)),
      new Column("outcome.timed_out", "warn-bar", one -> one.count(AttemptOutcome.TIMED_OUT)),
      new Column("chart.connection", "other-bar", Charts::unconnected),
      new Column("chart.others", "soft-bar", Charts::others));

  private final AttemptHistory history;
  private final int limit;
  private final List<Column> answers;

  Charts(AttemptHistory history, int limit) {
    this.history = history;
    this.limit = limit;
    this.answers = StatusColumns.of(history.total());
  }

  /**
   * What a chart and its table show of each bucket.
   *
   * @param key its name, as a key of the message bundles
   * @param text its name where it is the same in all languages; null if it has a key
   * @param kind its classes in the stylesheet
   * @param value how many
   */
  public record Column(
      String key, @Nullable String text, String kind, ToLongFunction<AttemptSum> value) {
    Column(String key, String kind, ToLongFunction<AttemptSum> value) {
      this(key, null, kind, value);
    }

    /**
     * How many there are in a bucket.
     *
     * @param sum the bucket
     * @return 0 or more
     */
    public long of(AttemptSum sum) {
      return value.applyAsLong(sum);
    }

    private Series<AttemptSum> series() {
      return new Series<>(kind, value::applyAsLong);
    }
  }

  private static long unconnected(AttemptSum sum) {
    return sum.count(AttemptOutcome.UNREACHABLE)
        + sum.count(AttemptOutcome.CONNECTION_REFUSED)
        + sum.count(AttemptOutcome.TLS_FAILED)
        + sum.count(AttemptOutcome.BROKEN);
  }

  private static long others(AttemptSum sum) {
    return sum.count(AttemptOutcome.NOT_ALLOWED) + sum.count(AttemptOutcome.INTERNAL);
  }

  /**
   * What is drawn.
   *
   * @return the history
   */
  public AttemptHistory history() {
    return history;
  }

  /**
   * How many failures within an hour do not pause the webhook yet.
   *
   * @return 0 if there is no limit
   */
  public int limit() {
    return limit;
  }

  /**
   * The outcomes.
   *
   * @return in the order from bottom to top
   */
  public List<Column> outcomeColumns() {
    return OUTCOMES;
  }

  /**
   * The statuses of answers.
   *
   * @return in the order from bottom to top
   */
  public List<Column> answerColumns() {
    return answers;
  }

  /**
   * Attempts by outcome.
   *
   * @return the chart
   */
  public Chart outcomes() {
    return stacked(OUTCOMES);
  }

  /**
   * Attempts by the status of their answers.
   *
   * @return the chart
   */
  public Chart answers() {
    return stacked(answers);
  }

  private Chart stacked(List<Column> columns) {
    return Chart.stacked(history.buckets(), columns.stream().map(Column::series).toList(), 0);
  }

  /**
   * The failures within an hour, and the limit.
   *
   * @return the chart
   */
  public Chart failures() {
    return Chart.stacked(
        history.buckets(), List.of(new Series<>("bad-bar", AttemptSum::peak)), limit);
  }

  /**
   * The medians and the 95th percentiles of durations.
   *
   * @return the chart, in milliseconds
   */
  public Chart durations() {
    return Chart.lines(
        history.buckets(),
        List.of(
            new Series<>("p95-line", one -> millis(one, 95)),
            new Series<>("p50-line", one -> millis(one, 50))));
  }

  private static double millis(AttemptSum sum, int percent) {
    return sum.percentile(percent)
        .map(Duration::toMillis)
        .map(Long::doubleValue)
        .orElse(Double.NaN);
  }

  /** The attempts of a day, small. */
  static Chart day(List<AttemptSum> day) {
    return Chart.stacked(
        day,
        List.of(
            new Series<>("bad-bar", AttemptSum::failures),
            new Series<>("good-bar", one -> one.attempts() - one.failures())),
        0);
  }

  /**
   * A rate as a width in a drawing, the same in all languages.
   *
   * @param rate from 0 to 100
   * @return with one digit after the point
   */
  public String width(double rate) {
    return String.format(Locale.ROOT, "%.1f", rate);
  }
}
