package cloud.klink.webhooks.sender.faults;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.delivery.Failure;
import cloud.klink.webhooks.sender.listener.AttemptEvent;
import cloud.klink.webhooks.sender.listener.SenderListener;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.policy.PausePolicy;
import cloud.klink.webhooks.sender.secret.AesGcmCipher;
import cloud.klink.webhooks.sender.secret.SecretCipher;
import cloud.klink.webhooks.sender.storage.InterceptedStorage;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.transport.OutgoingRequest;
import cloud.klink.webhooks.sender.transport.Transport;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import cloud.klink.webhooks.sender.webhook.Pause;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The parts that a user hands in, each of which may do wrong. */
final class FaultyParts {
  private static final byte[] KEY = new byte[32];

  private final Fault fault;
  private final ScheduledThreadPoolExecutor answers = new ScheduledThreadPoolExecutor(2);
  private final Set<String> failedOnce = ConcurrentHashMap.newKeySet();

  FaultyParts(Fault fault) {
    this.fault = fault;
  }

  void close() {
    answers.shutdownNow();
  }

  /** Each method of the storage is a place of its name. */
  Storage storage(Storage storage) {
    return InterceptedStorage.of(storage, call -> {
      fault.at("Storage." + call.name());
      return call.proceed();
    });
  }

  Optional<Duration> retryAfter(Attempt failed, Duration age) {
    fault.at("RetryPolicy");
    return failed.number() < 1_000_000 ? Optional.of(Duration.ofMillis(10)) : Optional.empty();
  }

  PausePolicy pausing() {
    return new PausePolicy() {
      @Override
      public Duration window() {
        fault.at("PausePolicy.window");
        return Duration.ofMinutes(1);
      }

      @Override
      public int sample() {
        fault.at("PausePolicy.sample");
        return 10;
      }

      @Override
      public Optional<Pause> decide(List<Failure> failures, Instant now) {
        fault.at("PausePolicy.decide");
        return Optional.empty();
      }
    };
  }

  EndpointPolicy endpoints() {
    EndpointPolicy policy = EndpointPolicy.forDevelopment();
    return new EndpointPolicy() {
      @Override
      public List<String> faults(String url) {
        fault.at("EndpointPolicy");
        return policy.faults(url);
      }

      @Override
      public boolean allows(String host, InetAddress address) {
        return policy.allows(host, address);
      }
    };
  }

  SecretCipher cipher() {
    SecretCipher cipher = AesGcmCipher.of("key", KEY);
    return new SecretCipher() {
      @Override
      public String keyId() {
        return cipher.keyId();
      }

      @Override
      public boolean hasKey(String keyId) {
        return cipher.hasKey(keyId);
      }

      @Override
      public byte[] encrypt(byte[] plain, byte[] associated) {
        return cipher.encrypt(plain, associated);
      }

      @Override
      public Optional<byte[]> decrypt(String keyId, byte[] encrypted, byte[] associated) {
        fault.at("SecretCipher");
        return cipher.decrypt(keyId, encrypted, associated);
      }

      @Override
      public String describe() {
        return cipher.describe();
      }
    };
  }

  SenderListener listener() {
    return new SenderListener() {
      @Override
      public void onAttempt(AttemptEvent event) {
        fault.at("SenderListener");
      }
    };
  }

  /** Refuses, throws, or runs the task in the caller's thread. */
  Executor executor(String name, Executor executor) {
    return task -> {
      fault.at(name);
      if (fault.happens(name + " runs it in the caller's thread")) {
        task.run();
      } else {
        executor.execute(task);
      }
      fault.at(name + " after it took the task");
    };
  }

  ScheduledThreadPoolExecutor timer() {
    return new ScheduledThreadPoolExecutor(1) {
      @Override
      public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        fault.at("timer");
        ScheduledFuture<?> scheduled = super.schedule(task, delay, unit);
        fault.at("timer after it took the task");
        return scheduled;
      }
    };
  }

  /** Answers after 2 milliseconds, and every delivery's first attempt with 500. */
  Transport transport() {
    return new Transport() {
      @Override
      public DeliveryMethod method() {
        return DeliveryMethod.WEBHOOK;
      }

      @Override
      public void send(OutgoingRequest request, Consumer<AttemptResult> whenDone) {
        fault.at("Transport.send");
        if (fault.happens("Transport.send never answers")) {
          return;
        }
        if (fault.happens("Transport.send blocks")) {
          block();
          return;
        }
        if (fault.happens("Transport.send answers null")) {
          whenDone.accept(null);
          return;
        }
        AttemptResult result =
            AttemptResult.answered(failedOnce.add(request.deliveryId()) ? 500 : 200, new byte[0]);
        ScheduledFuture<?> unused = answers.schedule(
            () -> {
              whenDone.accept(result);
              if (fault.happens("Transport.send answers twice")) {
                whenDone.accept(result);
              }
            },
            2,
            TimeUnit.MILLISECONDS);
        fault.at("Transport.send after it began");
      }

      @Override
      public void close() {
        fault.at("Transport.close");
      }
    };
  }

  private static void block() {
    try {
      new java.util.concurrent.CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
