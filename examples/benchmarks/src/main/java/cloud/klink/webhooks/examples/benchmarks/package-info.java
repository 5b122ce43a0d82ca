/** The benchmarks. */
@NullMarked
package cloud.klink.webhooks.examples.benchmarks;

import org.jspecify.annotations.NullMarked;
