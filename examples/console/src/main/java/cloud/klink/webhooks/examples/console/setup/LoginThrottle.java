package cloud.klink.webhooks.examples.console.setup;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.LockedException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

/**
 * Lets nobody guess passwords: after {@value #MAX_OF_NAME} failures with one name, or
 * {@value #MAX_OF_ADDRESS} from one address, log-ins of either are refused until ten minutes have
 * passed since the first. Each instance counts for itself.
 */
final class LoginThrottle implements AuthenticationManager {
  static final int MAX_OF_NAME = 5;
  static final int MAX_OF_ADDRESS = 50;

  private static final Logger AUDIT = LoggerFactory.getLogger("console.audit");
  private static final Duration WINDOW = Duration.ofMinutes(10);
  private static final int MAX_KEYS = 10_000;
  private static final int MAX_NAME = 100;

  private final AuthenticationManager users;
  private final Clock clock;

  private final Map<String, Failures> failures = new LinkedHashMap<>() {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
      return size() > MAX_KEYS;
    }
  };

  private record Failures(Instant first, int count) {}

  LoginThrottle(AuthenticationManager users, Clock clock) {
    this.users = users;
    this.clock = clock;
  }

  @Override
  public Authentication authenticate(Authentication attempt) {
    String name = attempt.getName().replaceAll("[^\\x20-\\x7E]", "?");
    String shown = name.substring(0, Math.min(MAX_NAME, name.length()));
    String address = attempt.getDetails() instanceof WebAuthenticationDetails details
        ? details.getRemoteAddress()
        : "";
    if (isBlocked("name " + shown, MAX_OF_NAME)
        || isBlocked("address " + address, MAX_OF_ADDRESS)) {
      AUDIT.warn("A log-in as \"{}\" from {} was refused: too many have failed", shown, address);
      throw new LockedException("too many log-ins have failed");
    }
    try {
      Authentication user = users.authenticate(attempt);
      forget("name " + shown);
      AUDIT.info("{} has logged in from {}", shown, address);
      return user;
    } catch (AuthenticationException e) {
      count("name " + shown);
      count("address " + address);
      AUDIT.warn("A log-in as \"{}\" from {} has failed", shown, address);
      throw e;
    }
  }

  private synchronized boolean isBlocked(String key, int max) {
    Failures before = failures.get(key);
    if (before != null && !before.first.plus(WINDOW).isAfter(clock.instant())) {
      failures.remove(key);
      return false;
    }
    return before != null && before.count >= max;
  }

  private synchronized void count(String key) {
    Failures before = failures.get(key);
    failures.put(
        key,
        before == null
            ? new Failures(clock.instant(), 1)
            : new Failures(before.first, before.count + 1));
  }

  private synchronized void forget(String key) {
    failures.remove(key);
  }
}
