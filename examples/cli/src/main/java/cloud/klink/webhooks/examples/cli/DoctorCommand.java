package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.canonical.CanonicalTarget;
import cloud.klink.webhooks.examples.cli.doctor.Examination;
import cloud.klink.webhooks.examples.cli.doctor.Finding;
import cloud.klink.webhooks.signature.SigningSecret;
import okhttp3.Request;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Examines a receiver from outside. */
@Command(
    name = "doctor",
    description = {
      "Examines a receiver from outside: sends it signed requests, and some that it must refuse, and"
          + " reports what can be seen. Each line is ok, wrong or unknown, with a remedy.",
      "",
      "The receiver's handlers run: it is sent up to ten events 'webhook.test', which K-LINK's own"
          + " sender tests webhooks with; their ids begin with 'doctor-'. If it does not verify,"
          + " they run for forged ones too. Examine only a receiver that is yours.",
      "",
      "Checked are the address, TLS, redirects, the status, the speed, a lost query, a wrong"
          + " signature, a tampered body, a change of white space and of member order, a repetition,"
          + " and whether a kept connection is closed early. The exit status is 1 if anything is"
          + " wrong."
    },
    footer = {
      "  klink-webhooks doctor --url https://example.com/hook --secret-file secret.txt",
      "  ok       tls: TLSv1.3, the certificate is valid for 61 days",
      "  wrong    white space: a change of it is refused with status 401",
      "           The receiver hashes the bytes that come in. …"
    })
final class DoctorCommand extends BaseCommand {
  @Option(
      names = {"-u", "--url"},
      paramLabel = "URL",
      required = true,
      description = "The receiver's URL with its query, as it was entered in K-LINK.")
  private String url = "";

  @Mixin
  private final TrustOptions trust = new TrustOptions();

  @Mixin
  private final HeaderOptions headers = new HeaderOptions();

  @Mixin
  private final SecretOptions secret;

  private int wrong;

  DoctorCommand(Surroundings surroundings) {
    this.secret = new SecretOptions(surroundings);
  }

  @Override
  public Integer call() throws InterruptedException {
    SigningSecret signing = secret.one();
    Examination examination = new Examination(url, start(), trust.trusted(), signing, this::show);
    String warning = "The receiver's handlers run for what is sent now: up to ten events "
        + Examination.EVENT + " with ids that begin with doctor-";
    print(warning, object().put("warning", warning).put("event", Examination.EVENT.value()));
    examination.run();
    return wrong == 0 ? 0 : ErrorLines.REFUSED;
  }

  private Request start() {
    try {
      if (CanonicalTarget.of("POST", url).url().startsWith("ws")) {
        throw new BadUsage("--url: it must be an http or https URL");
      }
    } catch (MalformedException e) {
      throw new BadUsage("--url: " + Messages.withoutField(e));
    }
    return SenderHeaders.request(url, headers.all()).build();
  }

  private void show(Finding finding) {
    wrong += finding.result() == Finding.Result.WRONG ? 1 : 0;
    String detail = Printable.cut(finding.detail(), 200);
    String remedy = finding
        .remedy()
        .map(text -> System.lineSeparator() + "         " + text)
        .orElse("");
    print(
        String.format("%-8s %s: %s", finding.result(), finding.check(), detail) + remedy,
        object()
            .put("check", finding.check())
            .put("result", finding.result().toString())
            .put("detail", finding.detail())
            .put("remedy", finding.remedy().orElse(null)));
  }
}
