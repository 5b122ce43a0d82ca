package cloud.klink.webhooks.sender.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The whole sender under faults. A failure tells the seed and what happened; {@link SimulationMain}
 * runs that seed again, or a range of them.
 */
class SimulationTest {
  private static final int SEEDS = 1_000;

  @Test
  void cluster_underFaults_keepsItsPromises() {
    Map<String, Integer> tally = new TreeMap<>();
    for (int seed = 1; seed <= SEEDS; seed++) {
      Simulation.run(seed).forEach((what, times) -> tally.merge(what, times, Integer::sum));
    }

    // It would prove little if these were rare.
    assertThat(tally)
        .hasEntrySatisfying("delivery SUCCEEDED", times -> assertThat(times).isGreaterThan(10_000))
        .hasEntrySatisfying("delivery FAILED", times -> assertThat(times).isGreaterThan(500))
        .hasEntrySatisfying("delivery CANCELLED", times -> assertThat(times).isGreaterThan(200))
        .hasEntrySatisfying("delivery DISCARDED", times -> assertThat(times).isGreaterThan(200))
        .hasEntrySatisfying("paused by failures", times -> assertThat(times).isGreaterThan(200))
        .hasEntrySatisfying("is told of a pause by failures", t -> assertThat(t).isGreaterThan(100))
        .hasEntrySatisfying("is told of a pause", times -> assertThat(times).isGreaterThan(200))
        .hasEntrySatisfying("is told of a resumption", t -> assertThat(t).isGreaterThan(200))
        .hasEntrySatisfying("is told of a recovery", times -> assertThat(times).isGreaterThan(500))
        .hasEntrySatisfying("listener fails", times -> assertThat(times).isGreaterThan(500))
        .hasEntrySatisfying("paused by gone", times -> assertThat(times).isGreaterThan(50))
        .hasEntrySatisfying("node is cut off", times -> assertThat(times).isGreaterThan(100))
        .hasEntrySatisfying("probe", times -> assertThat(times).isGreaterThan(1_000))
        .hasEntrySatisfying("spared", times -> assertThat(times).isGreaterThan(1_000))
        .hasEntrySatisfying("unreachable is charged", t -> assertThat(t).isGreaterThan(5_000))
        .hasEntrySatisfying("sent at a limited rate", t -> assertThat(t).isGreaterThan(10_000))
        .hasEntrySatisfying("retry later as asked", t -> assertThat(t).isGreaterThan(100))
        .hasEntrySatisfying("crashes at", times -> assertThat(times).isGreaterThan(1_000))
        .hasEntrySatisfying("freezes at", times -> assertThat(times).isGreaterThan(200))
        .hasEntrySatisfying("keys change to", times -> assertThat(times).isGreaterThan(500))
        .hasEntrySatisfying("lacks a key for one of", t -> assertThat(t).isGreaterThan(50))
        .hasEntrySatisfying("has stopped", times -> assertThat(times).isGreaterThan(1_000))
        .hasEntrySatisfying("outcome is stale", times -> assertThat(times).isGreaterThan(200))
        .hasEntrySatisfying("accepted twice", times -> assertThat(times).isGreaterThan(200))
        .hasEntrySatisfying("redelivered", times -> assertThat(times).isGreaterThan(500))
        .hasEntrySatisfying("redelivered failed", times -> assertThat(times).isGreaterThan(200))
        .hasEntrySatisfying("tested", times -> assertThat(times).isGreaterThan(200))
        .hasEntrySatisfying("delivery purged", times -> assertThat(times).isGreaterThan(2_000))
        .hasEntrySatisfying("sent as it was before a change", t -> assertThat(t).isGreaterThan(20))
        .hasEntrySatisfying("message sent", times -> assertThat(times).isGreaterThan(10_000))
        .hasEntrySatisfying("message sent again", times -> assertThat(times).isGreaterThan(200))
        .hasEntrySatisfying(
            "ends after 1 ends of connections", times -> assertThat(times).isGreaterThan(200))
        .hasEntrySatisfying(
            "ends after 2 ends of connections", times -> assertThat(times).isGreaterThan(20))
        .hasEntrySatisfying("socket fails", times -> assertThat(times).isGreaterThan(500))
        .hasEntrySatisfying("endpoint closes socket", t -> assertThat(t).isGreaterThan(200))
        .hasEntrySatisfying("replaces a socket", times -> assertThat(times).isGreaterThan(15))
        .hasEntrySatisfying("ack of another", times -> assertThat(times).isGreaterThan(100))
        .hasEntrySatisfying("answers again", times -> assertThat(times).isGreaterThan(50))
        .hasEntrySatisfying("answer is late", times -> assertThat(times).isGreaterThan(5));
  }

  @Test
  void trace_ofTheSameSeed_isTheSameToTheByte() {
    int published = 0;
    for (int seed = 1; seed <= 30; seed++) {
      String trace = Simulation.trace(seed);

      assertThat(trace).contains("seed " + seed, "faults end");
      assertThat(Simulation.trace(seed)).isEqualTo(trace);
      published += trace.contains("published") ? 1 : 0;
    }
    assertThat(published).isGreaterThan(25);
  }

  @Test
  void trace_ofAnotherSeed_isAnother() {
    assertThat(Simulation.trace(2)).isNotEqualTo(Simulation.trace(1));
  }
}
