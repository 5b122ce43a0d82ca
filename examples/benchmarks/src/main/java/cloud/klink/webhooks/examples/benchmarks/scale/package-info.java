/** Several sender processes on one PostgreSQL. */
@NullMarked
package cloud.klink.webhooks.examples.benchmarks.scale;

import org.jspecify.annotations.NullMarked;
