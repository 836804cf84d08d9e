package org.trawl.driver.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.spark.SparkBuildInfo;
import org.trawl.driver.results.InfrastructureException;
import org.trawl.driver.spark.JvmDefaults;
import org.trawl.driver.spark.Requirements;
import org.trawl.driver.spark.Versions;
import org.trawl.driver.sweep.InputException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line: one verb a class. */
@Command(
    name = "trawl",
    description = "Sweeps the hyperparameters of neural networks on Apache Spark.",
    subcommands = {
      InitCommand.class,
      KeysCommand.class,
      PlanCommand.class,
      RunCommand.class,
      StatusCommand.class,
      StopCommand.class,
      CompareCommand.class,
      BestCommand.class,
      ShowCommand.class,
      SqlCommand.class,
      ReportCommand.class,
      VerifyCommand.class,
      CleanCommand.class,
      PredictCommand.class,
      ExportCommand.class,
      EnsembleCommand.class,
      DataCommand.class,
    },
    synopsisSubcommandLabel = "VERB",
    commandListHeading = "%nVerbs (trawl VERB --help tells more):%n",
    exitCodeListHeading = "%nExit statuses:%n",
    exitCodeList = {
      "0:done",
      "1:some trials failed, or differ when verified; the others are finished",
      "2:the input is wrong; nothing was started, nothing written",
      "3:the infrastructure failed; run again to go on",
      "130:cancelled; run again to go on",
    },
    versionProvider = Main.Version.class)
public final class Main implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = CommandLine.ScopeType.INHERIT,
      description = "shows this help")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "shows the versions of Trawl, Spark and Java")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean version;

  /** Runs a verb and ends the JVM with its exit status. */
  public static void main(String[] arguments) {
    JvmDefaults.neutral();
    int status = ExitCode.INFRASTRUCTURE;
    Interrupt.endWithItsStatus();
    try {
      status = run(arguments);
    } catch (OutOfMemoryError full) {
      System.err.printf(
          Locale.ROOT,
          "Cannot hold it all in a heap of %d MiB (%s): set TRAWL_MEMORY, such as 8g, and run again%n",
          Runtime.getRuntime().maxMemory() >> 20,
          full.getMessage());
    } catch (NoClassDefFoundError | IncompatibleClassChangeError other) {
      // The message names the class or method.
      System.err.printf(
          Locale.ROOT,
          "Cannot run on this Spark, which lacks %s: expected version %s. Give a cluster of that"
              + " version, or deploy/trawl, which brings its own, and run again.%n",
          other.getMessage(),
          Requirements.SPARK);
    } catch (Error failure) {
      unexpected(failure, utf8(System.err));
    }
    if (YarnApplication.here()) {
      YarnApplication.ends(status);
    }
    System.exit(status);
  }

  /** Runs a verb that prints to the standard streams, in UTF-8; the exit status. */
  static int run(String... arguments) {
    int status = run(utf8(System.out), utf8(System.err), arguments);
    return System.out.checkError() ? outputLost(status) : status;
  }

  /** What was printed has not all arrived. Who reads it may have enough; a full disk is told. */
  private static int outputLost(int status) {
    try (FileOutputStream output = new FileOutputStream(FileDescriptor.out)) {
      output.write('\n'); // print streams do not say why
      output.flush();
    } catch (IOException failure) {
      String reason = String.valueOf(failure.getMessage());
      if (reason.contains("Broken pipe")) {
        return status;
      }
      System.err.printf(
          Locale.ROOT, "Cannot write all of the output (%s). Make room, and run again.%n", reason);
      return ExitCode.INFRASTRUCTURE;
    }
    System.err.println("Cannot write all of the output. Run again.");
    return ExitCode.INFRASTRUCTURE;
  }

  /** The verbs and their options. */
  static CommandLine commandLine() {
    return new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true);
  }

  /** Runs a verb in this JVM; the exit status. */
  public static int run(PrintWriter out, PrintWriter err, String... arguments) {
    return commandLine()
        .setOut(out)
        .setErr(err)
        .setParameterExceptionHandler(new WrongArguments())
        .setExecutionExceptionHandler(
            (exception, command, parsed) -> {
              if (exception instanceof InputException input) {
                input.problems().forEach(command.getErr()::println);
                return ExitCode.WRONG_INPUT;
              } else if (exception instanceof InfrastructureException failure) {
                command.getErr().println(failure.getMessage());
                return ExitCode.INFRASTRUCTURE;
              }
              unexpected(exception, command.getErr());
              return ExitCode.INFRASTRUCTURE;
            })
        .execute(arguments);
  }

  private static void unexpected(Throwable failure, PrintWriter err) {
    failure.printStackTrace(err);
    err.println("This was not foreseen: please report it. What is finished is kept.");
  }

  /** What --version prints: of Trawl, of Spark and of Java. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "trawl %s, Spark %s, Java %s"
            .formatted(
                Versions.trawl(), SparkBuildInfo.spark_version(), Runtime.version().toString())
      };
    }
  }

  private static PrintWriter utf8(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Missing verb");
  }
}
