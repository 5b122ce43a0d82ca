package cloud.klink.webhooks.examples.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints the signature of a request. */
@Command(
    name = "sign",
    description = "Prints the signature of a request: the value of its X-Signature header.",
    footer = {
      "  klink-webhooks sign --url https://example.com/hook --secret-file secret.txt body.json",
      "  f0e4c2f76c58916ec258f246851bea091d14d4247a2fc3e18694461b1816e13b"
    })
final class SignCommand extends BaseCommand {
  @Mixin
  private final RequestOptions request;

  @Mixin
  private final DialectOption dialect = new DialectOption();

  @Mixin
  private final SecretOptions secret;

  SignCommand(Surroundings surroundings) {
    this.request = new RequestOptions(surroundings);
    this.secret = new SecretOptions(surroundings);
  }

  @Override
  public Integer call() {
    String signature = secret.one().sign(request.canonical(dialect.dialect())).hex();
    print(signature, object().put("signature", signature));
    return 0;
  }
}
