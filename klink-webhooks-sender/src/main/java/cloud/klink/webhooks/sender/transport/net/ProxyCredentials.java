package cloud.klink.webhooks.sender.transport.net;

import java.io.IOException;
import okhttp3.Authenticator;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.Route;
import org.jspecify.annotations.Nullable;

/**
 * Sends credentials to the proxy, once, and to no other server: with {@code CONNECT} for endpoints
 * that are reached through a tunnel, and otherwise with the request itself.
 */
final class ProxyCredentials implements Authenticator, Interceptor {
  private static final String HEADER = "Proxy-Authorization";

  private final transient String authorization; // so that serializers of fields leave it out

  /**
   * Credentials.
   *
   * @param authorization the header's value; empty for no credentials
   */
  ProxyCredentials(String authorization) {
    this.authorization = authorization;
  }

  @Override
  public @Nullable Request authenticate(@Nullable Route route, Response response) {
    Request request = response.request();
    return authorization.isEmpty()
            || request.header(HEADER) != null
            || !request.method().equals("CONNECT")
        ? null
        : request.newBuilder().header(HEADER, authorization).build();
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Request request = chain.request();
    return chain.proceed(
        request.isHttps()
            ? request // through a tunnel, to the endpoint
            : request.newBuilder().header(HEADER, authorization).build());
  }
}
