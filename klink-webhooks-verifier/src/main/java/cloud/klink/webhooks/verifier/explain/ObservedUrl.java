package cloud.klink.webhooks.verifier.explain;

import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.explain.Location.Authority;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The URL as a request shows it: its line, Host, and the headers that proxies add. All of it is
 * hostile, so it is only ever tried, and only so much of it.
 */
final class ObservedUrl {
  private static final int MAX_EACH = 4;
  private static final int MAX_TARGET = 8_192;
  private static final Pattern FORWARDED =
      Pattern.compile("(?i)\\b(host|proto)=(?:\"([^\"]*)\"|([^\",;\\s]*))");
  private static final Pattern PORT = Pattern.compile("\\d{1,5}");
  private static final Pattern TARGET =
      Pattern.compile("(?:[A-Za-z]+://[^/?]*)?(/[\\x21-\\x7e&&[^?#]]*)?(?:\\?([\\x21-\\x7e]*))?");

  private final Set<Authority> authorities = new LinkedHashSet<>();
  private final Set<String> schemes = new LinkedHashSet<>();
  private final Set<String> ports = new LinkedHashSet<>();
  private final Optional<String> path;
  private final Optional<String> query;

  ObservedUrl(IncomingRequest request) {
    List<String> forwarded = values(request, "Forwarded");
    forwarded(forwarded, "host").forEach(this::addAuthority);
    values(request, "X-Forwarded-Host").forEach(this::addAuthority);
    values(request, "X-Original-Host").forEach(this::addAuthority);
    values(request, "Host").forEach(this::addAuthority);
    forwarded(forwarded, "proto").forEach(this::addScheme);
    values(request, "X-Forwarded-Proto").forEach(this::addScheme);
    values(request, "X-Forwarded-Scheme").forEach(this::addScheme);
    values(request, "X-Forwarded-Port").forEach(this::addPort);
    authorities.forEach(authority -> addPort(authority.port().replace(":", "")));
    Matcher target =
        TARGET.matcher(request.target().filter(t -> t.length() <= MAX_TARGET).orElse(""));
    boolean known = target.matches();
    this.path = known ? Optional.ofNullable(target.group(1)) : Optional.empty();
    this.query = known ? Optional.ofNullable(target.group(2)) : Optional.empty();
  }

  private static List<String> values(IncomingRequest request, String header) {
    List<String> all = new ArrayList<>();
    for (String line : request.headers(header)) {
      if (line.length() <= MAX_TARGET) {
        all.addAll(List.of(line.split(",", MAX_EACH + 1)));
      }
    }
    return all.subList(0, Math.min(all.size(), MAX_EACH));
  }

  private static List<String> forwarded(List<String> elements, String parameter) {
    List<String> found = new ArrayList<>();
    for (String element : elements) {
      Matcher matcher = FORWARDED.matcher(element);
      while (matcher.find()) {
        if (matcher.group(1).equalsIgnoreCase(parameter)) {
          found.add(matcher.group(2) == null ? matcher.group(3) : matcher.group(2));
        }
      }
    }
    return found;
  }

  private void addAuthority(String text) {
    if (authorities.size() < MAX_EACH) {
      Authority.parse(text).ifPresent(authorities::add);
    }
  }

  private void addScheme(String text) {
    String scheme = text.strip().toLowerCase(Locale.ROOT);
    if (Location.SCHEMES.contains(scheme)) {
      schemes.add(scheme);
    }
  }

  private void addPort(String text) {
    if (PORT.matcher(text.strip()).matches()) {
      ports.add(":" + text.strip());
    }
  }

  /** Hosts with their ports, in the case in which they came. */
  Set<Authority> authorities() {
    return authorities;
  }

  Set<String> schemes() {
    return schemes;
  }

  /** Each with its colon. */
  Set<String> ports() {
    return ports;
  }

  Optional<String> path() {
    return path;
  }

  /** The raw query, without its question mark. */
  Optional<String> query() {
    return query;
  }
}
