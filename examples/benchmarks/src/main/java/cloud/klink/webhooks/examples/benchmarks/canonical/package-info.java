/** Canonical form, signature and verification against HMAC alone and against Jackson by hand. */
@NullMarked
package cloud.klink.webhooks.examples.benchmarks.canonical;

import org.jspecify.annotations.NullMarked;
