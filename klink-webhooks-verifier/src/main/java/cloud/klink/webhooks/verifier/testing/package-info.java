/** For the tests of those who receive webhooks: requests that are signed as the sender signs. */
@NullMarked
package cloud.klink.webhooks.verifier.testing;

import org.jspecify.annotations.NullMarked;
