/** Figures as a picture. */
@NullMarked
package cloud.klink.webhooks.examples.benchmarks.chart;

import org.jspecify.annotations.NullMarked;
