/** A receiver in Spring Boot. */
@NullMarked
package cloud.klink.webhooks.examples.spring;

import org.jspecify.annotations.NullMarked;
