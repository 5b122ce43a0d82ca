package cloud.klink.webhooks.examples.console.setup;

import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import org.apache.catalina.core.StandardHost;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.LocaleResolver;
import org.springframework.web.servlet.i18n.AcceptHeaderLocaleResolver;
import org.springframework.web.servlet.i18n.CookieLocaleResolver;

/** Languages and times: chosen on the page, kept in a cookie, guessed from the browser before. */
@Configuration(proxyBeanMethods = false)
class WebSetup {
  /** English, and Khmer. */
  private static final List<Locale> LOCALES = List.of(Locale.ENGLISH, Locale.forLanguageTag("km"));

  @Bean
  LocaleResolver localeResolver() {
    AcceptHeaderLocaleResolver browser = new AcceptHeaderLocaleResolver();
    browser.setSupportedLocales(LOCALES);
    browser.setDefaultLocale(Locale.ENGLISH);
    CookieLocaleResolver cookie = new CookieLocaleResolver("view");
    cookie.setDefaultLocaleFunction(browser::resolveLocale);
    cookie.setDefaultTimeZoneFunction(request -> TimeZone.getTimeZone(ZoneOffset.UTC));
    cookie.setCookieHttpOnly(true);
    cookie.setCookieSameSite("Strict");
    cookie.setRejectInvalidCookies(false);
    return cookie;
  }

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> serverErrors() {
    return server -> server.addContextCustomizers(context -> ((StandardHost) context.getParent())
        .setErrorReportValveClass(ServerErrors.class.getName()));
  }

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }
}
