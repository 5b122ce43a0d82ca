package cloud.klink.webhooks.verifier.servlet;

import cloud.klink.webhooks.verifier.AdapterContract;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import java.util.EnumSet;
import org.eclipse.jetty.ee11.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A Servlet container with one servlet, and perhaps one filter before it. */
final class Jetty implements AdapterContract.Server {
  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);

  Jetty(Servlet servlet, Filter... filters) throws Exception {
    this(EnumSet.of(DispatcherType.REQUEST), servlet, filters);
  }

  /** With filters for these dispatches; errors are dispatched to the servlet, as {@code /error}. */
  Jetty(EnumSet<DispatcherType> dispatches, Servlet servlet, Filter... filters) throws Exception {
    connector.setHost("localhost");
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/");
    for (Filter filter : filters) {
      FilterHolder holder = new FilterHolder(filter);
      holder.setAsyncSupported(true);
      context.addFilter(holder, "/*", dispatches);
    }
    ServletHolder holder = new ServletHolder(servlet);
    holder.setAsyncSupported(true);
    context.addServlet(holder, "/*");
    if (dispatches.contains(DispatcherType.ERROR)) {
      ErrorPageErrorHandler errors = new ErrorPageErrorHandler();
      errors.addErrorPage(ErrorPageErrorHandler.GLOBAL_ERROR_PAGE, "/error");
      context.setErrorHandler(errors);
    }
    server.setHandler(context);
    server.start();
  }

  @Override
  public int port() {
    return connector.getLocalPort();
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
