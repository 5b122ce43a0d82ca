package cloud.klink.webhooks.examples.benchmarks.chart;

import com.fasterxml.jackson.databind.JsonNode;

/** A figure that was measured several times. */
record Bar(String name, double median, double lowerQuartile, double upperQuartile) {
  static Bar of(String name, JsonNode figure) {
    return new Bar(
        name,
        figure.path("median").asDouble(),
        figure.path("lowerQuartile").asDouble(),
        figure.path("upperQuartile").asDouble());
  }
}
