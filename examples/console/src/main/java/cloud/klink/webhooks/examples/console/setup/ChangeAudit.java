package cloud.klink.webhooks.examples.console.setup;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Writes a line to {@code console.audit} for whatever may change something: who, what, and how it
 * ended.
 */
@Configuration(proxyBeanMethods = false)
class ChangeAudit implements WebMvcConfigurer, HandlerInterceptor {
  private static final Logger AUDIT = LoggerFactory.getLogger("console.audit");

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(this);
  }

  @Override
  public void afterCompletion(
      HttpServletRequest request,
      HttpServletResponse response,
      Object handler,
      @Nullable Exception exception) {
    String method = request.getMethod();
    if (method.equals("GET") || method.equals("HEAD")) {
      return;
    }
    Principal user = request.getUserPrincipal();
    AUDIT.info(
        "{} from {}: {} {} ({})",
        user == null ? "nobody logged in" : user.getName(),
        request.getRemoteAddr(),
        method,
        request.getRequestURI().replaceAll("[^\\x21-\\x7E]", "?"),
        response.getStatus());
  }
}
