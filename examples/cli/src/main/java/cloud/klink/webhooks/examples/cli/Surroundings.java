package cloud.klink.webhooks.examples.cli;

import java.io.InputStream;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What commands take from their process.
 *
 * @param input the standard input
 * @param environment the value of an environment variable, or null if it is not set
 */
record Surroundings(InputStream input, Function<String, @Nullable String> environment) {}
