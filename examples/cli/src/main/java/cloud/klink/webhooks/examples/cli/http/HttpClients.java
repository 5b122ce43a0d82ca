package cloud.klink.webhooks.examples.cli.http;

import java.time.Duration;
import okhttp3.OkHttpClient;

/** HTTP clients that do what a sender does: one deadline, no redirects, nothing sent twice. */
public final class HttpClients {
  private HttpClients() {}

  /**
   * A client whose exchanges end within a time.
   *
   * @param timeout for a whole exchange, from the look-up of the name to the last byte
   * @return a builder, for what else is wanted
   */
  public static OkHttpClient.Builder within(Duration timeout) {
    return new OkHttpClient.Builder()
        .callTimeout(timeout)
        .connectTimeout(Duration.ZERO)
        .readTimeout(Duration.ZERO)
        .writeTimeout(Duration.ZERO)
        .followRedirects(false)
        .retryOnConnectionFailure(false);
  }
}
