package org.trawl.driver.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.trawl.driver.results.InfrastructureException;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.RunFolders;
import org.trawl.driver.results.RunStatus;
import org.trawl.driver.results.Session;
import org.trawl.driver.results.Sessions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code trawl stop RUN} */
@Command(
    name = "stop",
    description = "Ends a run, from another terminal or machine; what is finished is kept.")
final class StopCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration LOOK = Duration.ofMillis(300);

  @Parameters(paramLabel = "RUN", description = "a folder, an address or a name under runs/")
  private String run;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws InterruptedException {
    RunFolder folder = RunFolders.findStarting(run);
    Sessions sessions = folder.sessions();
    List<Session> alive = sessions.alive(Instant.now());
    alive.forEach(session -> sessions.stop(session.id()));
    Instant end = Instant.now().plus(PATIENCE);
    while (!sessions.alive(Instant.now()).isEmpty()) {
      if (Instant.now().isAfter(end)) {
        throw new InfrastructureException(
            String.format(
                Locale.ROOT,
                "Cannot stop %s: asked %s, who did not end within %d s. Look there, or try again.",
                folder,
                drivers(alive),
                PATIENCE.toSeconds()),
            null);
      }
      Thread.sleep(LOOK.toMillis());
    }
    sessions.clean(Instant.now());
    if (!folder.holdsRun()) {
      folder.removeIfEmpty();
      command.commandLine().getOut().printf("Stopped %s before it began.%n", drivers(alive));
      return ExitCode.DONE;
    }
    RunStatus status = RunStatus.of(folder, Instant.now());
    PrintWriter out = command.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "%s; %d of %d trials are finished.%n",
        alive.isEmpty() ? "No run is at " + folder : "Stopped " + drivers(alive),
        status.finished(),
        status.trials());
    return ExitCode.DONE;
  }

  private static String drivers(List<Session> sessions) {
    return String.join(
        ", ",
        sessions.stream()
            .map(
                session ->
                    String.format(Locale.ROOT, "process %d on %s", session.pid(), session.host()))
            .toList());
  }
}
