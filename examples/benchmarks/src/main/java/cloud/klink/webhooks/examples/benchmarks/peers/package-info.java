/** Other libraries that deliver from a PostgreSQL database, beside which the sender is measured. */
@NullMarked
package cloud.klink.webhooks.examples.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
