/** What the senders of the benchmarks send, and the process that receives it. */
@NullMarked
package cloud.klink.webhooks.examples.benchmarks.receiver;

import org.jspecify.annotations.NullMarked;
