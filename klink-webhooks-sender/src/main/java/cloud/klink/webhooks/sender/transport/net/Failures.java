package cloud.klink.webhooks.sender.transport.net;

import java.io.EOFException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** Explains exceptions to people. */
public final class Failures {
  private static final int MAX_DEPTH = 20;

  /** The JDK's message for a received alert; newer JDKs put the alert's name before it. */
  private static final Pattern ALERT =
      Pattern.compile("(?:\\(\\w{1,40}\\) )?Received fatal alert: (\\w{1,40})");

  private Failures() {}

  /** Whether an exception is thrown only before a connection is established. */
  static boolean isBeforeConnection(Throwable failure) {
    return failure instanceof UnknownHostException
        || failure instanceof ConnectException
        || failure instanceof NoRouteToHostException
        || failure instanceof BindException;
  }

  /** Whether the endpoint, or a machine on the network path, refused the connection. */
  static boolean isRefusal(Throwable failure) {
    return failure instanceof ConnectException && has(failure, "refused");
  }

  /**
   * Returns the exception with which this side closed the connection, even if TLS has wrapped it;
   * otherwise null.
   */
  public static @Nullable CutOffException cutOff(Throwable failure) {
    return find(failure, CutOffException.class);
  }

  /** Whether TLS failed, and not the connection below it. */
  static boolean isTls(Throwable failure) {
    return failure instanceof SSLException
        && !is(failure, SocketException.class)
        && !is(failure, CutOffException.class);
  }

  /** Whether a TLS alert was received. */
  static boolean isAlert(Throwable failure) {
    return isTls(failure) && ALERT.matcher(message(failure)).matches();
  }

  /**
   * Describes an exception.
   *
   * @param host the name of the host to connect to
   * @param peer the name of the peer that answered
   */
  public static String describe(Throwable failure, String host, String peer) {
    if (failure instanceof AddressNotAllowedException) {
      return message(failure);
    }
    CutOffException cutOff = cutOff(failure);
    if (cutOff != null) {
      return message(cutOff);
    }
    if (failure instanceof UnknownHostException) {
      return "unknown host: " + host;
    }
    if (isTls(failure)) {
      return "TLS: " + tls(failure, host);
    }
    if (failure instanceof NoRouteToHostException) {
      return "no route to " + host;
    }
    if (failure instanceof ConnectException) {
      return isRefusal(failure) ? "connection refused" : "could not connect to " + host;
    }
    if (has(failure, "\\n not found: limit=") && !has(failure, "\\n not found: limit=0 ")) {
      return peer + " ended its answer within the headers, or they are too long";
    }
    if (failure instanceof EOFException || has(failure, "unexpected end of stream")) {
      return peer + " closed the connection before its answer was complete";
    }
    if (failure instanceof ProtocolException) {
      return "the answer is not valid HTTP: " + message(failure);
    }
    if (isReset(failure)) {
      return reset(peer);
    }
    if (has(failure, "Failed to authenticate with proxy")) {
      return "it asks for other credentials (407)";
    }
    if (has(failure, "response code for CONNECT")) {
      return message(failure);
    }
    return failure.getClass() == IOException.class
        ? "the answer could not be read: " + message(failure)
        : failure.getClass().getSimpleName() + ": " + message(failure);
  }

  /** Describes a connection that the peer has reset. */
  static String reset(String peer) {
    return "connection reset by " + peer;
  }

  /** Whether a stream was reset, alone or with all others of its connection. */
  public static boolean isStreamReset(Throwable failure) {
    return has(failure, "stream was reset");
  }

  /** Whether the endpoint says that it has not processed the request (RFC 9113, section 8.7). */
  public static boolean isRefusedStream(Throwable failure) {
    return has(failure, "stream was reset: REFUSED_STREAM");
  }

  /** Whether the peer reset the connection; the messages of operating systems differ. */
  private static boolean isReset(Throwable failure) {
    return isStreamReset(failure)
        || (is(failure, SocketException.class)
            && (has(failure, "reset") || has(failure, "pipe") || has(failure, "abort")));
  }

  private static String tls(Throwable failure, String host) {
    if (failure instanceof SSLPeerUnverifiedException) {
      return "the certificate is not for " + host;
    }
    if (is(failure, CertificateExpiredException.class)) {
      return "the certificate has expired";
    }
    if (is(failure, CertificateNotYetValidException.class)) {
      return "the certificate is not valid yet";
    }
    if (is(failure, CertPathBuilderException.class)
        || is(failure, CertPathValidatorException.class)
        || is(failure, CertificateException.class)) {
      return "the certificate is not trusted: its issuer is unknown, or a certificate between is"
          + " missing";
    }
    if (has(failure, "plaintext connection") || has(failure, "Unsupported or unrecognized")) {
      return "the endpoint does not speak TLS on this port";
    }
    if (has(failure, "terminated the handshake")) {
      return "the endpoint broke off the handshake; perhaps it does not speak TLS on this port";
    }
    if (has(failure, "Unknown alert description")) {
      return "the endpoint sent an unknown alert";
    }
    Matcher alert = ALERT.matcher(message(failure));
    return alert.matches() ? "the endpoint sent the alert " + alert.group(1) : message(failure);
  }

  private static boolean is(Throwable failure, Class<? extends Throwable> type) {
    return find(failure, type) != null;
  }

  /** Finds an exception of a class among an exception and its causes. */
  private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
    @Nullable Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
      cause = cause.getCause();
    }
    return null;
  }

  /** Whether the message of an exception or of one of its causes contains a text. */
  private static boolean has(Throwable failure, String text) {
    @Nullable Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
      if (message(cause).contains(text)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  private static String message(Throwable failure) {
    return Objects.requireNonNullElse(failure.getMessage(), "no details are known");
  }
}
