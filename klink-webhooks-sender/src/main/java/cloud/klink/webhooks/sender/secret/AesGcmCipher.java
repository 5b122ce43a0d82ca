package cloud.klink.webhooks.sender.secret;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256 in Galois/Counter Mode (NIST SP 800-38D), with a random nonce of 96 bits for each secret
 * and a tag of 128 bits. Encrypts under one key and decrypts with that and any number of older
 * ones. Immutable.
 *
 * <p>With random nonces, at most 2<sup>32</sup> secrets may be encrypted under one key: creating a
 * webhook, regenerating its secret and setting its authentication encrypt one or two.
 *
 * <p>To change the key of several nodes without a moment in which one cannot read what another has
 * written: first give the new key to all of them as an {@linkplain #withOlderKey older} one, then
 * make it the current one everywhere with the former as an older one, re-encrypt, and at last leave
 * the former away. Keys are never printed.
 */
public final class AesGcmCipher implements SecretCipher {
  /** How long a key is. */
  public static final int KEY_BYTES = 32;

  private static final String ALGORITHM = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BYTES = 16;

  private final String keyId;
  private final transient Map<String, SecretKeySpec> keys;
  private final SecureRandom random;

  private AesGcmCipher(String keyId, Map<String, SecretKeySpec> keys, SecureRandom random) {
    this.keyId = keyId;
    this.keys = Map.copyOf(keys);
    this.random = random;
  }

  /**
   * A cipher with one key.
   *
   * @param keyId how the key is called in the database: 1 to {@value #MAX_KEY_ID_LENGTH} ASCII
   *     letters, digits and {@code . _ -}, a date for example; another key never gets the same
   * @param key {@value #KEY_BYTES} random bytes, which are copied
   * @return the cipher
   * @throws IllegalArgumentException if the id or the key breaks its rule
   */
  public static AesGcmCipher of(String keyId, byte[] key) {
    return new AesGcmCipher(keyId, Map.of(keyId, checked(keyId, key)), new SecureRandom());
  }

  /**
   * The same cipher with one more key, which decrypts only.
   *
   * @param olderKeyId how the key is called; not as another one is
   * @param key {@value #KEY_BYTES} bytes, which are copied
   * @return another cipher
   * @throws IllegalArgumentException if the id or the key breaks its rule
   */
  public AesGcmCipher withOlderKey(String olderKeyId, byte[] key) {
    Map<String, SecretKeySpec> more = new HashMap<>(keys);
    if (more.put(olderKeyId, checked(olderKeyId, key)) != null) {
      throw new IllegalArgumentException(
          "keyId: there are two keys " + olderKeyId + "; give each an id of its own");
    }
    return new AesGcmCipher(keyId, more, random);
  }

  /**
   * The same cipher with another source of nonces; the system's unless this is called.
   *
   * @param source the source
   * @return another cipher
   */
  public AesGcmCipher withRandom(SecureRandom source) {
    return new AesGcmCipher(keyId, keys, Objects.requireNonNull(source, "source"));
  }

  /**
   * A new key.
   *
   * @param random where its bits come from
   * @return {@value #KEY_BYTES} bytes
   */
  public static byte[] generateKey(SecureRandom random) {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    return key;
  }

  /**
   * A key as configuration holds it: what {@code openssl rand -base64 32} prints.
   *
   * @param base64 the key in Base64, of either alphabet, with padding or without, and with white
   *     space at its ends or without
   * @return {@value #KEY_BYTES} bytes
   * @throws IllegalArgumentException if it is something else
   */
  public static byte[] decodeKey(String base64) {
    byte[] key;
    try {
      key = Base64.getDecoder().decode(base64.strip().replace('-', '+').replace('_', '/'));
    } catch (IllegalArgumentException e) {
      // The exception's own message quotes the text, so it is no cause to hand on.
      throw new IllegalArgumentException(
          "key: it must be Base64; make one with: openssl rand -base64 " + KEY_BYTES);
    }
    checkLength("key", key);
    return key;
  }

  private static SecretKeySpec checked(String keyId, byte[] key) {
    SecretCipher.checkKeyId(keyId);
    checkLength("key " + keyId, key);
    return new SecretKeySpec(key, "AES");
  }

  private static void checkLength(String what, byte[] key) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException(what + ": it must have " + KEY_BYTES + " bytes, not "
          + key.length + "; make one with: openssl rand -base64 " + KEY_BYTES);
    }
  }

  @Override
  public String keyId() {
    return keyId;
  }

  @Override
  public boolean hasKey(String anyKeyId) {
    return keys.containsKey(anyKeyId);
  }

  @Override
  public byte[] encrypt(byte[] plain, byte[] associated) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, keyId, nonce, associated);
      byte[] encrypted = Arrays.copyOf(nonce, NONCE_BYTES + plain.length + TAG_BYTES);
      cipher.doFinal(plain, 0, plain.length, encrypted, NONCE_BYTES);
      return encrypted;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java platform cannot do " + ALGORITHM, e);
    }
  }

  @Override
  public Optional<byte[]> decrypt(String anyKeyId, byte[] encrypted, byte[] associated) {
    if (encrypted.length < NONCE_BYTES + TAG_BYTES) {
      return Optional.empty();
    }
    byte[] nonce = Arrays.copyOf(encrypted, NONCE_BYTES);
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, anyKeyId, nonce, associated);
      return Optional.of(cipher.doFinal(encrypted, NONCE_BYTES, encrypted.length - NONCE_BYTES));
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java platform cannot do " + ALGORITHM, e);
    }
  }

  private Cipher cipher(int mode, String id, byte[] nonce, byte[] associated)
      throws GeneralSecurityException {
    SecretKeySpec key = keys.get(id);
    if (key == null) {
      throw new IllegalArgumentException("keyId: there is no such key");
    }
    Cipher cipher = Cipher.getInstance(ALGORITHM);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
    cipher.updateAAD(associated);
    return cipher;
  }

  @Override
  public String describe() {
    int older = keys.size() - 1;
    return "AES-256-GCM, key " + keyId
        + (older == 0 ? "" : " and " + older + (older == 1 ? " older one" : " older ones"));
  }

  /** As {@link #describe}. */
  @Override
  public String toString() {
    return describe();
  }
}
