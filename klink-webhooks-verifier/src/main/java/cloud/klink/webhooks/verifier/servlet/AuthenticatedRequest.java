package cloud.klink.webhooks.verifier.servlet;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A request whose body is what was authenticated. */
final class AuthenticatedRequest extends HttpServletRequestWrapper {
  private static final String CONTENT_LENGTH = "Content-Length";

  private final byte[] body;
  private @Nullable ServletInputStream in;
  private @Nullable BufferedReader reader;

  AuthenticatedRequest(HttpServletRequest request, byte[] body) {
    super(request);
    this.body = body;
  }

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

  @Override
  public int getContentLength() {
    return body.length;
  }

  @Override
  public long getContentLengthLong() {
    return body.length;
  }

  @Override
  public int getIntHeader(String name) {
    return name.equalsIgnoreCase(CONTENT_LENGTH) ? body.length : super.getIntHeader(name);
  }

  @Override
  public @Nullable String getHeader(String name) {
    if (isGone(name)) {
      return null;
    }
    return name.equalsIgnoreCase(CONTENT_LENGTH)
        ? Integer.toString(body.length)
        : super.getHeader(name);
  }

  @Override
  public Enumeration<String> getHeaders(String name) {
    if (isGone(name)) {
      return Collections.emptyEnumeration();
    }
    return name.equalsIgnoreCase(CONTENT_LENGTH)
        ? Collections.enumeration(List.of(Integer.toString(body.length)))
        : super.getHeaders(name);
  }

  @Override
  public Enumeration<String> getHeaderNames() {
    TreeSet<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    names.addAll(Collections.list(super.getHeaderNames()));
    names.removeIf(AuthenticatedRequest::isGone);
    names.add(CONTENT_LENGTH);
    return Collections.enumeration(names);
  }

  /** How the body travelled says nothing about what is handed on. */
  private static boolean isGone(String name) {
    return name.equalsIgnoreCase("Transfer-Encoding");
  }
}
