/** Delivery against a bare loop of POSTs: how many a second, and how soon. */
@NullMarked
package cloud.klink.webhooks.examples.benchmarks.delivery;

import org.jspecify.annotations.NullMarked;
