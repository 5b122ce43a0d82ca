package cloud.klink.webhooks.examples.console.web;

import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/** The page to log in. */
@Controller
class LoginController {

  @GetMapping("/login")
  String show() {
    return "login";
  }
}
