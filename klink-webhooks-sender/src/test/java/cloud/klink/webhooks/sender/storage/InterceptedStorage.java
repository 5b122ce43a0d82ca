package cloud.klink.webhooks.sender.storage;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A storage of which a test watches the calls, or answers some of them itself. */
public final class InterceptedStorage {
  private InterceptedStorage() {}

  /** What to do instead of a call. */
  @FunctionalInterface
  public interface Interceptor {
    /** Returns the result of the call, for example of {@link Call#proceed}. */
    @Nullable
    Object intercept(Call call) throws Throwable;
  }

  /** One call of the storage. */
  public static final class Call {
    private final Storage storage;
    private final Method method;
    private final Object @Nullable [] arguments;

    private Call(Storage storage, Method method, Object @Nullable [] arguments) {
      this.storage = storage;
      this.method = method;
      this.arguments = arguments;
    }

    /** The name of the method. */
    public String name() {
      return method.getName();
    }

    /** Whether it is a call of a method of this name. */
    public boolean is(String name) {
      return name().equals(name);
    }

    /** An argument, counted from 0. */
    public Object argument(int number) {
      return Objects.requireNonNull(arguments)[number];
    }

    /** Calls the storage itself. */
    public @Nullable Object proceed() throws Throwable {
      try {
        return method.invoke(storage, arguments);
      } catch (InvocationTargetException e) {
        throw Objects.requireNonNull(e.getCause());
      }
    }
  }

  /** Passes all calls of a storage to an interceptor. */
  public static Storage of(Storage storage, Interceptor interceptor) {
    return (Storage) Proxy.newProxyInstance(
        Storage.class.getClassLoader(),
        new Class<?>[] {Storage.class},
        (proxy, method, arguments) -> interceptor.intercept(new Call(storage, method, arguments)));
  }
}
