package org.trawl.driver.cli;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.trawl.driver.results.InfrastructureException;
import org.trawl.driver.sweep.InputException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line: one verb a class. */
@Command(
    name = "trawl",
    description = "Sweeps the hyperparameters of neural networks on Apache Spark.",
    subcommands = {
      PlanCommand.class,
      RunCommand.class,
      StatusCommand.class,
      CompareCommand.class,
      ShowCommand.class,
      BestCommand.class,
      SqlCommand.class,
      VerifyCommand.class,
      KeysCommand.class,
      InitCommand.class,
    },
    mixinStandardHelpOptions = true)
public final class Main implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /** Runs a verb and ends the JVM with its exit status. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs a verb that prints to the standard streams, in UTF-8; the exit status. */
  static int run(String... arguments) {
    return run(utf8(System.out), utf8(System.err), arguments);
  }

  /** Runs a verb; the exit status. */
  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    return new CommandLine(new Main())
        .setOut(out)
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
            (exception, command, parsed) -> {
              if (exception instanceof InputException input) {
                input.problems().forEach(command.getErr()::println);
                return ExitCode.WRONG_INPUT;
              } else if (exception instanceof InfrastructureException failure) {
                command.getErr().println(failure.getMessage());
                return ExitCode.INFRASTRUCTURE;
              }
              throw exception;
            })
        .execute(arguments);
  }

  private static PrintWriter utf8(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Missing verb");
  }
}
