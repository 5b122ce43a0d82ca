package cloud.klink.webhooks.sender;

import cloud.klink.webhooks.sender.internal.secret.SecretCodec;

/** Gives a sender a codec that a test also reads with. */
public final class SecretCodecs {
  private SecretCodecs() {}

  /** The same builder, whose sender stores secrets as the codec does. */
  public static WebhookSenderBuilder use(SecretCodec codec, WebhookSenderBuilder builder) {
    return builder.secretCodec(codec);
  }
}
