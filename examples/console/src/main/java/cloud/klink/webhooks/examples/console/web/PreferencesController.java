package cloud.klink.webhooks.examples.console.web;

import cloud.klink.webhooks.examples.console.setup.ConsoleSettings;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.TimeZone;
import org.springframework.context.i18n.SimpleTimeZoneAwareLocaleContext;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.LocaleContextResolver;
import org.springframework.web.servlet.LocaleResolver;
import org.springframework.web.servlet.View;

/** Language and zone, kept in a cookie. */
@Controller
class PreferencesController {
  private final LocaleContextResolver resolver;
  private final ConsoleSettings settings;

  PreferencesController(LocaleResolver resolver, ConsoleSettings settings) {
    this.resolver = (LocaleContextResolver) resolver;
    this.settings = settings;
  }

  @PostMapping("/preferences")
  View set(
      @RequestParam(defaultValue = "en") String language,
      @RequestParam(defaultValue = "utc") String zone,
      @RequestParam(defaultValue = "/") String back,
      HttpServletRequest request,
      HttpServletResponse response) {
    Locale locale = language.equals("km") ? Locale.forLanguageTag("km") : Locale.ENGLISH;
    TimeZone timeZone =
        TimeZone.getTimeZone(zone.equals("local") ? settings.zone() : ZoneOffset.UTC);
    resolver.setLocaleContext(
        request, response, new SimpleTimeZoneAwareLocaleContext(locale, timeZone));
    return Links.redirect(isOwn(back) ? back : "/webhooks");
  }

  /** A path of the console's, and no other site's. */
  private static boolean isOwn(String back) {
    return back.matches("/[A-Za-z0-9_].*|/") && back.chars().noneMatch(c -> c <= ' ' || c == '\\');
  }
}
