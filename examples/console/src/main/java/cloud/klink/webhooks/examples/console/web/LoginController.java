package cloud.klink.webhooks.examples.console.web;

import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The page to log in. */
@Controller
class LoginController {

  @GetMapping("/login")
  String show(Model model) {
    model.addAttribute("environment", "development");
    return "login";
  }
}
