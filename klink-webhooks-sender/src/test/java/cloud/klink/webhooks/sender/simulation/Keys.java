package cloud.klink.webhooks.sender.simulation;

import cloud.klink.webhooks.sender.internal.secret.SecretCodec;
import cloud.klink.webhooks.sender.secret.AesGcmCipher;
import cloud.klink.webhooks.sender.secret.UnreadableSecretException;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import java.util.ArrayList;
import java.util.List;

/** How secrets are to be stored, as people change it. A node knows what was so when it began. */
final class Keys {
  private static final int OFF = 250;

  private final RandomSource random;
  private final List<byte[]> keys = new ArrayList<>();
  private boolean encrypts;
  private int changes;

  Keys(RandomSource random) {
    this.random = random;
  }

  /** There is a new key, or none is used any more. */
  void change() {
    changes++;
    encrypts = !encrypts || !random.permille(OFF);
    if (encrypts) {
      keys.add(AesGcmCipher.generateKey(random.asSecureRandom()));
    }
  }

  int changes() {
    return changes;
  }

  /** For a node that begins now: all keys that there are. */
  SecretCodec secretCodec() {
    if (keys.isEmpty()) {
      return SecretCodec.plain();
    }
    int newest = keys.size() - 1;
    AesGcmCipher cipher =
        AesGcmCipher.of("k" + newest, keys.get(newest)).withRandom(random.asSecureRandom());
    for (int i = 0; i < newest; i++) {
      cipher = cipher.withOlderKey("k" + i, keys.get(i));
    }
    return encrypts
        ? SecretCodec.encrypting(cipher).allowingUnencrypted()
        : SecretCodec.decrypting(cipher);
  }

  /** For the model, which reads everything. */
  StoredWebhook opened(StoredWebhook stored) {
    SecretCodec secretCodec = secretCodec();
    return new StoredWebhook(
        stored.webhook(),
        secretCodec
            .openSecret(stored.id(), stored.secretVersion(), stored.secret())
            .reveal(),
        stored.secretVersion(),
        secretCodec.openAuthentication(
            stored.id(),
            stored.webhook().url(),
            stored.authenticationVersion(),
            stored.authentication()),
        stored.authenticationVersion());
  }

  static boolean canRead(SecretCodec secretCodec, StoredWebhook stored) {
    try {
      secretCodec.openSecret(stored.id(), stored.secretVersion(), stored.secret());
      return true;
    } catch (UnreadableSecretException e) {
      return false;
    }
  }
}
