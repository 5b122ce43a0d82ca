package cloud.klink.webhooks.examples.cli.conformance;

import cloud.klink.webhooks.MalformedReason;
import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.signature.SigningSecret;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines as vectors, strictly. Fields that a vector does not have are passed over. Not for use
 * by several threads.
 */
final class VectorParser {
  private static final List<String> CODES = Stream.of(
          MalformedReason.MALFORMED_METHOD,
          MalformedReason.MALFORMED_URL,
          MalformedReason.MALFORMED_BODY)
      .map(MalformedReason::code)
      .toList();

  // Lines are limited by who reads them, so a string in them needs no limit of its own.
  private static final ObjectReader JSON = JsonMapper.builder(JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build())
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .build()
      .reader();

  // Most files have one secret for all vectors, and making one ready costs more than using it.
  private String lastText = "";
  private @Nullable SigningSecret lastSecret;

  Vector parse(byte[] line) {
    JsonNode json = object(line);
    return new Vector(
        required(json, "name"),
        dialect(required(json, "dialect")),
        secret(required(json, "secret")),
        required(json, "method"),
        required(json, "url"),
        body(json),
        expected(json));
  }

  private static JsonNode object(byte[] line) {
    JsonNode json;
    try {
      json = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new BrokenVectorException("the line must be one JSON object: column "
          + e.getLocation().getColumnNr() + ": " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new BrokenVectorException("the line must be UTF-8: " + e.getMessage());
    }
    if (!json.isObject()) {
      throw new BrokenVectorException("the line must be one JSON object");
    }
    return json;
  }

  private static @Nullable String optional(JsonNode json, String field) {
    JsonNode value = json.get(field);
    if (value != null && !value.isTextual()) {
      throw new BrokenVectorException(field, "it must be a string");
    }
    return value == null ? null : value.textValue();
  }

  private static String required(JsonNode json, String field) {
    String value = optional(json, field);
    if (value == null) {
      throw new BrokenVectorException(field, "it is missing");
    }
    return value;
  }

  private static Dialect dialect(String id) {
    try {
      return Dialect.ofId(id);
    } catch (IllegalArgumentException e) {
      throw new BrokenVectorException("dialect", "it must be klink, python-ascii, go or go-number");
    }
  }

  private SigningSecret secret(String text) {
    SigningSecret secret = lastSecret;
    if (secret == null || !text.equals(lastText)) {
      secret = newSecret(text);
      lastSecret = secret;
      lastText = text;
    }
    return secret;
  }

  private static SigningSecret newSecret(String text) {
    try {
      return SigningSecret.of(text);
    } catch (IllegalArgumentException e) {
      throw new BrokenVectorException(String.valueOf(e.getMessage()));
    }
  }

  private static byte[] body(JsonNode json) {
    String text = optional(json, "body");
    String base64 = optional(json, "bodyBase64");
    if (text != null && base64 != null) {
      throw new BrokenVectorException("body", "there must not be a bodyBase64 beside it");
    }
    if (text != null) {
      return utf8(text);
    }
    if (base64 == null) {
      throw new BrokenVectorException("body", "it is missing, and so is bodyBase64");
    }
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new BrokenVectorException("bodyBase64", "it must be Base64 (RFC 4648, section 4)");
    }
  }

  private static byte[] utf8(String text) {
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      return copy;
    } catch (CharacterCodingException e) {
      throw new BrokenVectorException(
          "body", "half a surrogate pair cannot be sent; give the bytes in bodyBase64");
    }
  }

  private static Outcome expected(JsonNode json) {
    String error = optional(json, "error");
    if (error == null) {
      return new Outcome.Signed(required(json, "canonical"), required(json, "signature"));
    }
    if (json.has("canonical") || json.has("signature")) {
      throw new BrokenVectorException(
          "error", "there must not be a canonical or a signature beside it");
    }
    if (!CODES.contains(error)) {
      throw new BrokenVectorException("error", "it must be one of " + String.join(", ", CODES));
    }
    return new Outcome.Malformed(error, "");
  }
}
