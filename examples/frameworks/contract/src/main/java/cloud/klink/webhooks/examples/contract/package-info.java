/** What a receiver does in every framework. */
@NullMarked
package cloud.klink.webhooks.examples.contract;

import org.jspecify.annotations.NullMarked;
