package cloud.klink.webhooks.examples.console.web;

import cloud.klink.webhooks.examples.console.redelivery.UnknownRedelivery;
import cloud.klink.webhooks.examples.console.service.UnknownDelivery;
import cloud.klink.webhooks.sender.reason.NotFoundException;
import cloud.klink.webhooks.sender.secret.UnreadableSecretException;
import cloud.klink.webhooks.sender.storage.StorageException;
import jakarta.servlet.http.HttpServletRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.ui.ExtendedModelMap;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.servlet.ModelAndView;

/** What people see when something cannot be done. */
@ControllerAdvice(basePackageClasses = ErrorPages.class)
class ErrorPages {
  private static final Logger LOG = LoggerFactory.getLogger(ErrorPages.class);

  private final PageModel pages;

  ErrorPages(PageModel pages) {
    this.pages = pages;
  }

  @ExceptionHandler
  ModelAndView missing(NotFoundException e, HttpServletRequest request) {
    return switch (e.reason()) {
      case UNKNOWN_WEBHOOK -> page(HttpStatus.NOT_FOUND, "error.webhook", request);
      case UNKNOWN_DELIVERY -> page(HttpStatus.NOT_FOUND, "error.delivery", request);
      default -> page(HttpStatus.CONFLICT, "error." + e.reason().code(), request);
    };
  }

  @ExceptionHandler
  ModelAndView unknown(UnknownDelivery e, HttpServletRequest request) {
    return page(HttpStatus.NOT_FOUND, "error.delivery", request);
  }

  @ExceptionHandler
  ModelAndView unknown(UnknownRedelivery e, HttpServletRequest request) {
    return page(HttpStatus.NOT_FOUND, "error.redelivery", request);
  }

  @ExceptionHandler
  ModelAndView unreadable(UnreadableSecretException e, HttpServletRequest request) {
    LOG.warn("A signing secret cannot be read", e);
    return page(HttpStatus.CONFLICT, "error.secret", request);
  }

  @ExceptionHandler
  ModelAndView broken(StorageException e, HttpServletRequest request) {
    LOG.error("The storage cannot do its work", e);
    return page(HttpStatus.SERVICE_UNAVAILABLE, "error.storage", request);
  }

  private ModelAndView page(HttpStatus status, String key, HttpServletRequest request) {
    Model model = new ExtendedModelMap();
    pages.fill(model, request);
    ModelAndView page = new ModelAndView("error", model.asMap(), status);
    page.addObject("key", key);
    return page;
  }
}
