/** What webhooks that are slow, or hang, cost the others on their node. */
@NullMarked
package cloud.klink.webhooks.examples.benchmarks.neighbours;

import org.jspecify.annotations.NullMarked;
