/** Examines a receiver from outside, by requests that it should accept or refuse. */
@NullMarked
package cloud.klink.webhooks.examples.cli.doctor;

import org.jspecify.annotations.NullMarked;
