package cloud.klink.webhooks.verifier.servlet;

import cloud.klink.webhooks.canonical.CanonicalTarget;
import cloud.klink.webhooks.event.WebhookHeaders;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.Part;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A request that has the authenticated body and query in place of those that arrived, with the
 * headers that describe this body.
 */
final class AuthenticatedRequest extends HttpServletRequestWrapper {
  /** Headers that describe the body as it was sent, not the one that is passed on. */
  private static final Set<String> REMOVED_HEADERS = Set.of(
      "transfer-encoding",
      "content-encoding",
      "content-language",
      "content-location",
      "content-range",
      "content-disposition",
      "content-md5",
      "content-digest",
      "repr-digest",
      "digest",
      "trailer");

  private final HttpServletResponse response;
  private final byte[] body;
  private final CanonicalTarget target;
  private final Map<String, String> bodyHeaders;
  private @Nullable ServletInputStream in;
  private @Nullable BufferedReader reader;

  AuthenticatedRequest(
      HttpServletRequest request,
      HttpServletResponse response,
      byte[] body,
      CanonicalTarget target) {
    super(request);
    this.response = response;
    this.body = body;
    this.target = target;
    this.bodyHeaders = Map.of(
        "content-length", Integer.toString(body.length), "content-type", WebhookHeaders.JSON);
  }

  /** Without this, a later dispatch would get the container's request, whose body is consumed. */
  @Override
  public AsyncContext startAsync() {
    return startAsync(this, response);
  }

  // --- the body

  @Override
  public ServletInputStream getInputStream() {
    if (reader != null) {
      throw new IllegalStateException("getReader has been called for this request");
    }
    if (in == null) {
      in = new AuthenticatedInput(body, this);
    }
    return in;
  }

  @Override
  public BufferedReader getReader() {
    if (reader == null) {
      if (in != null) {
        throw new IllegalStateException("getInputStream has been called for this request");
      }
      reader = new BufferedReader(
          new InputStreamReader(new AuthenticatedInput(body, this), StandardCharsets.UTF_8));
    }
    return reader;
  }

  @Override
  public String getCharacterEncoding() {
    return "UTF-8";
  }

  /** Does nothing: the body is always UTF-8. */
  @Override
  public void setCharacterEncoding(String encoding) {}

  @Override
  public String getContentType() {
    return WebhookHeaders.JSON;
  }

  @Override
  public int getContentLength() {
    return body.length;
  }

  @Override
  public long getContentLengthLong() {
    return body.length;
  }

  @Override
  public Collection<Part> getParts() throws ServletException {
    throw new ServletException("A webhook is JSON and has no parts");
  }

  @Override
  public Part getPart(String name) throws ServletException {
    throw new ServletException("A webhook is JSON and has no parts");
  }

  // --- the query

  @Override
  public @Nullable String getQueryString() {
    return target.rawQuery().isEmpty() ? null : target.rawQuery();
  }

  @Override
  public @Nullable String getParameter(String name) {
    List<String> values = target.parameters().get(name);
    return values == null ? null : values.get(0);
  }

  @Override
  public String @Nullable [] getParameterValues(String name) {
    List<String> values = target.parameters().get(name);
    return values == null ? null : values.toArray(String[]::new);
  }

  @Override
  public Enumeration<String> getParameterNames() {
    return Collections.enumeration(target.parameters().keySet());
  }

  @Override
  public Map<String, String[]> getParameterMap() {
    Map<String, String[]> all = new LinkedHashMap<>();
    target.parameters().forEach((name, values) -> all.put(name, values.toArray(String[]::new)));
    return Collections.unmodifiableMap(all);
  }

  // --- the headers

  private @Nullable String bodyHeader(String name) {
    return bodyHeaders.get(name.toLowerCase(Locale.ROOT));
  }

  private static boolean isRemoved(String name) {
    return REMOVED_HEADERS.contains(name.toLowerCase(Locale.ROOT));
  }

  @Override
  public int getIntHeader(String name) {
    if (isRemoved(name)) {
      return -1;
    }
    String value = bodyHeader(name);
    return value == null ? super.getIntHeader(name) : Integer.parseInt(value);
  }

  @Override
  public @Nullable String getHeader(String name) {
    if (isRemoved(name)) {
      return null;
    }
    String value = bodyHeader(name);
    return value == null ? super.getHeader(name) : value;
  }

  @Override
  public Enumeration<String> getHeaders(String name) {
    if (isRemoved(name)) {
      return Collections.emptyEnumeration();
    }
    String value = bodyHeader(name);
    return value == null ? super.getHeaders(name) : Collections.enumeration(List.of(value));
  }

  @Override
  public Enumeration<String> getHeaderNames() {
    TreeSet<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    names.addAll(Collections.list(super.getHeaderNames()));
    names.removeIf(AuthenticatedRequest::isRemoved);
    names.add("Content-Length");
    names.add("Content-Type");
    return Collections.enumeration(names);
  }
}
