package cloud.klink.webhooks.examples.console.setup;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.authentication.dao.DaoAuthenticationProvider;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.WebAttributes;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.header.writers.CrossOriginResourcePolicyHeaderWriter.CrossOriginResourcePolicy;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;

/**
 * What protects the console: tokens against forged requests, a policy that lets no script run but
 * the console's own, and the refusal of names that only resolve to this machine. Without users
 * there are no sessions, so any instance can answer any request; with users, a session belongs to
 * the instance that has begun it.
 */
@Configuration(proxyBeanMethods = false)
class SecuritySetup {
  private static final Set<String> LOOPBACK_NAMES =
      Set.of("127.0.0.1", "localhost", "[::1]", "::1", "[0:0:0:0:0:0:0:1]", "0:0:0:0:0:0:0:1");

  private static final String CONTENT_SECURITY_POLICY = String.join(
      "; ",
      "default-src 'none'",
      "style-src 'self'",
      "script-src 'self'",
      "img-src 'self'",
      "connect-src 'self'",
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'");

  /** Pages that only lead to changes, so that a viewer has no use for them. */
  private static final String[] OPERATOR_PAGES = {
    "/webhooks/new",
    "/webhooks/*/edit",
    "/webhooks/*/regenerate",
    "/webhooks/*/pause",
    "/webhooks/*/resume",
    "/webhooks/*/delete",
    "/webhooks/*/test/choose",
    "/deliveries/redeliver",
    "/demo"
  };

  @Bean
  SecurityFilterChain security(
      HttpSecurity http, ConsoleSettings settings, AuthenticationManager users) {
    http.csrf(csrf -> csrf.csrfTokenRepository(csrfTokens()).ignoringRequestMatchers("/api/**"))
        .requestCache(AbstractHttpConfigurer::disable)
        .exceptionHandling(faults -> faults.accessDeniedHandler((request, response, e) -> {
          request.setAttribute(WebAttributes.ACCESS_DENIED_403, e);
          response.sendError(HttpStatus.FORBIDDEN.value());
        }))
        .headers(headers -> headers
            .contentSecurityPolicy(policy -> policy.policyDirectives(CONTENT_SECURITY_POLICY))
            .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.NO_REFERRER))
            .crossOriginOpenerPolicy(opener -> opener.policy(CrossOriginOpenerPolicy.SAME_ORIGIN))
            .crossOriginResourcePolicy(
                resource -> resource.policy(CrossOriginResourcePolicy.SAME_ORIGIN)));
    return settings.access().isLoginRequired() ? withLogin(http, users) : withoutLogin(http);
  }

  private static SecurityFilterChain withoutLogin(HttpSecurity http) {
    return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
        .sessionManagement(
            sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .logout(AbstractHttpConfigurer::disable)
        .build();
  }

  /** A viewer can read all other pages, as no page that is read holds a secret. */
  private static SecurityFilterChain withLogin(HttpSecurity http, AuthenticationManager users) {
    String viewer = ConsoleSettings.Role.VIEWER.name();
    String operator = ConsoleSettings.Role.OPERATOR.name();
    PathPatternRequestMatcher.Builder paths = PathPatternRequestMatcher.withDefaults();
    return http.authenticationManager(users)
        .authorizeHttpRequests(requests -> requests
            .dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR)
            .permitAll()
            .requestMatchers("/login", "/console.css", "/console.js", "/icon.svg", "/webjars/**")
            .permitAll()
            .requestMatchers(HttpMethod.POST, "/preferences", "/logout")
            .hasAnyRole(viewer, operator)
            .requestMatchers(OPERATOR_PAGES)
            .hasRole(operator)
            .requestMatchers(HttpMethod.GET)
            .hasAnyRole(viewer, operator)
            .requestMatchers(HttpMethod.HEAD)
            .hasAnyRole(viewer, operator)
            .anyRequest()
            .hasRole(operator))
        .formLogin(login -> login.loginPage("/login").defaultSuccessUrl("/webhooks", true))
        .logout(logout -> logout.logoutSuccessUrl("/login?logout").deleteCookies("session"))
        .exceptionHandling(faults -> {
          for (String path : List.of("/api/**", "/deliveries/stream")) {
            faults.defaultAuthenticationEntryPointFor(
                (request, response, e) -> response.sendError(HttpStatus.UNAUTHORIZED.value()),
                paths.matcher(path));
          }
          faults.defaultAuthenticationEntryPointFor(
              SecuritySetup::toLogin, AnyRequestMatcher.INSTANCE);
        })
        .build();
  }

  /** Says so to whoever comes with a session that has ended. */
  private static void toLogin(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
      throws IOException {
    boolean isEnded =
        request.getRequestedSessionId() != null && !request.isRequestedSessionIdValid();
    response.sendRedirect(isEnded ? "/login?ended" : "/login");
  }

  private static CookieCsrfTokenRepository csrfTokens() {
    CookieCsrfTokenRepository tokens = new CookieCsrfTokenRepository();
    tokens.setCookieCustomizer(
        cookie -> cookie.httpOnly(true).sameSite("Strict").path("/"));
    return tokens;
  }

  /**
   * A page elsewhere whose name is made to resolve to the loopback address would otherwise count as
   * the console's own origin (DNS rebinding).
   */
  @Bean
  StrictHttpFirewall firewall(ConsoleSettings settings) {
    StrictHttpFirewall firewall = new StrictHttpFirewall();
    firewall.setAllowedHostnames(
        name -> LOOPBACK_NAMES.contains(name) || settings.access().hosts().contains(name));
    return firewall;
  }

  /** The users of the settings; without any, Spring Boot would make one. */
  @Bean
  AuthenticationManager users(ConsoleSettings settings, Clock clock) {
    if (!settings.access().isLoginRequired()) {
      return authentication -> {
        throw new BadCredentialsException("There are no users");
      };
    }
    List<UserDetails> users = settings.access().users().stream()
        .map(user -> User.withUsername(user.name())
            .password(user.password())
            .roles(user.role().name())
            .build())
        .toList();
    DaoAuthenticationProvider passwords =
        new DaoAuthenticationProvider(new InMemoryUserDetailsManager(users));
    passwords.setPasswordEncoder(PasswordEncoderFactories.createDelegatingPasswordEncoder());
    return new LoginThrottle(new ProviderManager(passwords), clock);
  }
}
