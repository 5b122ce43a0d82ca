package cloud.klink.webhooks.examples.console.setup;

import java.net.URI;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The console's own settings.
 *
 * @param zone the zone that times can be shown in, beside UTC
 * @param demo the built-in endpoint
 * @param access who may use the console
 * @param warning who is told of webhooks that are about to be paused
 */
@ConfigurationProperties("console")
public record ConsoleSettings(
    @DefaultValue("UTC") ZoneId zone,
    @DefaultValue Demo demo,
    @DefaultValue Access access,
    @DefaultValue Warning warning) {
  /**
   * Who is told of webhooks that are about to be paused.
   *
   * @param chatUrl the incoming webhook of a chat, a secret of it; null for none
   */
  public record Warning(@Nullable URI chatUrl) {
    /** Tells nothing of the URL. */
    @Override
    public String toString() {
      return "Warning[" + (chatUrl == null ? "none" : "a chat") + "]";
    }
  }

  /**
   * The built-in endpoint.
   *
   * @param enabled whether there is one
   * @param port its port on the loopback address; 0 for any that is free
   */
  public record Demo(
      @DefaultValue("true") boolean enabled,
      @DefaultValue("8082") int port) {}

  /**
   * Who may use the console.
   *
   * @param users those who can log in; without any, nobody has to, and the console is on the
   *     loopback address only
   * @param hosts the names that browsers reach it by, beside those of the loopback address
   */
  public record Access(
      @DefaultValue List<User> users, @DefaultValue List<String> hosts) {
    /**
     * Whether people have to log in.
     *
     * @return true if there is a user
     */
    public boolean isLoginRequired() {
      return !users.isEmpty();
    }
  }

  /**
   * Somebody who can log in.
   *
   * @param name the name
   * @param password the password's hash, as Spring Security's {@code DelegatingPasswordEncoder}
   *     writes it: <code>{bcrypt}$2a$…</code>
   * @param role what the user may do
   */
  public record User(String name, String password, Role role) {
    /** Tells nothing of the password. */
    @Override
    public String toString() {
      return "User[" + name + ", " + role + "]";
    }
  }

  /** What a user may do. */
  public enum Role {
    /** Look at everything but secrets, and change nothing. */
    VIEWER,
    /** Everything. */
    OPERATOR
  }
}
