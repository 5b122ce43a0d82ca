package cloud.klink.webhooks.verifier.spring;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * The path of the endpoint within the application. Other spellings of it, with a slash at the end
 * or with path parameters, belong to the endpoint too, so that a request for one of them reaches
 * nothing else. Only a request with the exact path is received.
 *
 * @param path begins with a slash, without the context path
 */
record EndpointPath(String path) {

  EndpointPath {
    if (!path.startsWith("/") || path.indexOf('?') >= 0 || path.indexOf(';') >= 0) {
      throw ReceiverSetupException.property(
          "path",
          "it must begin with / and have no query and no path parameters, not " + path,
          "give the path that requests have within the application, as /webhooks/klink",
          null);
    }
  }

  /** Returns the configured path, or else that of the public URL without the context path. */
  static EndpointPath of(@Nullable String set, String publicPath, String contextPath) {
    if (set != null) {
      return new EndpointPath(set);
    }
    boolean within = !contextPath.isEmpty() && publicPath.startsWith(contextPath + "/");
    return new EndpointPath(within ? publicPath.substring(contextPath.length()) : publicPath);
  }

  /** Whether a request is for the endpoint, in any spelling. */
  boolean matches(HttpServletRequest request) {
    return withoutSlash(withoutParameters(within(request))).equals(withoutSlash(path));
  }

  /** Whether a request is for the endpoint in the exact spelling. */
  boolean matchesExactly(HttpServletRequest request) {
    return within(request).equals(path);
  }

  private static String within(HttpServletRequest request) {
    String uri = request.getRequestURI();
    String context = request.getContextPath();
    return context != null && uri.startsWith(context) ? uri.substring(context.length()) : uri;
  }

  private static String withoutParameters(String uri) {
    return uri.indexOf(';') < 0 ? uri : uri.replaceAll(";[^/]*", "");
  }

  private static String withoutSlash(String uri) {
    return uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
  }

  /** The patterns that a filter is mapped to. */
  String[] patterns() {
    String bare = withoutSlash(path);
    return new String[] {bare, bare + "/"};
  }
}
