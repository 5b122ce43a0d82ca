/** What it costs to keep the log for so long, and to remove what is older. */
@NullMarked
package cloud.klink.webhooks.examples.benchmarks.retention;

import org.jspecify.annotations.NullMarked;
