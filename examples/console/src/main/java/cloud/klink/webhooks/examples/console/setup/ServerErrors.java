package cloud.klink.webhooks.examples.console.setup;

import java.io.IOException;
import java.io.Writer;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;

/**
 * What Tomcat answers itself, as it cannot tell what a request is for: problem details to the API's
 * clients, a short page to everybody else.
 */
public final class ServerErrors extends ErrorReportValve {
  private static final String PROBLEM = """
      {"title":"Bad Request","status":%d,"code":"bad_request","detail":"The request line or a header\
       cannot be read.","errors":[{"field":"request","rule":"it must be a well-formed URL, with\
       headers of 8 KB at most"}]}""";

  private static final String PAGE = """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><title>K-LINK</title>
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <link rel="stylesheet" href="/console.css"></head>
      <body><main class="narrow"><h1>That did not work</h1>
      <p>The console cannot read the address of this page. (%d)</p>
      <p><a class="button" href="/webhooks">Webhooks</a></p></main></body></html>
      """;

  @Override
  protected void report(Request request, Response response, Throwable throwable) {
    if (response.getStatus() < 400
        || response.getContentWritten() > 0
        || !response.setErrorReported()) {
      return;
    }
    String path = String.valueOf(request.getCoyoteRequest().requestURI());
    boolean isApi = path.startsWith("/api/");
    response.setContentType(isApi ? "application/problem+json" : "text/html");
    response.setCharacterEncoding("utf-8");
    try {
      Writer writer = response.getReporter();
      if (writer != null) {
        writer.write((isApi ? PROBLEM : PAGE).formatted(response.getStatus()));
        response.finishResponse();
      }
    } catch (IOException e) {
      container.getLogger().debug("An error could not be told", e);
    }
  }
}
