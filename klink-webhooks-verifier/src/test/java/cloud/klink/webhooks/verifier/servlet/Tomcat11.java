package cloud.klink.webhooks.verifier.servlet;

import cloud.klink.webhooks.verifier.AdapterContract;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import java.nio.file.Path;
import java.util.EnumSet;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;

/** Tomcat with one servlet, filters for all dispatches, and {@code /error} for errors. */
final class Tomcat11 implements AdapterContract.Server {
  private final Tomcat tomcat = new Tomcat();

  Tomcat11(Path directory, Servlet servlet, Filter... filters) throws LifecycleException {
    tomcat.setBaseDir(directory.toString());
    tomcat.setPort(0);
    Context context = tomcat.addContext("", directory.toString());
    if (context instanceof StandardContext standard) {
      // They look into the JDK, which does not allow that, and are of no use in a test.
      standard.setClearReferencesRmiTargets(false);
      standard.setClearReferencesThreadLocals(false);
    }
    for (int i = 0; i < filters.length; i++) {
      FilterDef definition = new FilterDef();
      definition.setFilterName("filter" + i);
      definition.setFilter(filters[i]);
      definition.setAsyncSupported("true");
      context.addFilterDef(definition);
      FilterMap map = new FilterMap();
      map.setFilterName("filter" + i);
      map.addURLPattern("/*");
      EnumSet.allOf(DispatcherType.class).forEach(type -> map.setDispatcher(type.name()));
      context.addFilterMap(map);
    }
    Wrapper wrapper = Tomcat.addServlet(context, "servlet", servlet);
    wrapper.setAsyncSupported(true);
    context.addServletMapping("/*", "servlet");
    ErrorPage errors = new ErrorPage();
    errors.setLocation("/error");
    context.addErrorPage(errors);
    tomcat.getConnector();
    tomcat.start();
  }

  @Override
  public int port() {
    return tomcat.getConnector().getLocalPort();
  }

  @Override
  public void close() {
    try {
      tomcat.stop();
      tomcat.destroy();
    } catch (LifecycleException e) {
      throw new IllegalStateException(e);
    }
  }
}
