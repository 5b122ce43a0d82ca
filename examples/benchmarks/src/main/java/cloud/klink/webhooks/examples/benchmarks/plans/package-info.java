/** How the database finds what the sender asks it for, with many rows. */
@NullMarked
package cloud.klink.webhooks.examples.benchmarks.plans;

import org.jspecify.annotations.NullMarked;
