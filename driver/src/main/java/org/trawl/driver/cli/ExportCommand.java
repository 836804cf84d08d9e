package org.trawl.driver.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.trawl.driver.model.Model;
import org.trawl.driver.model.Onnx;
import org.trawl.driver.report.TensorBoard;
import org.trawl.driver.results.OutputFile;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.sweep.InputException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code trawl export TRIAL --format onnx}, {@code trawl export RUN --format tensorboard} */
@Command(
    name = "export",
    description = "Writes the model of a trial, or the curves of a run, for other programs.")
final class ExportCommand implements Callable<Integer> {
  @Mixin private ModelArgument argument;

  @Option(
      names = "--format",
      required = true,
      paramLabel = "FORMAT",
      description =
          "onnx, raw features in and probabilities out; or safetensors, the weights with what"
              + " trawl predict needs; or tensorboard, a run's event files with scalars and"
              + " hyperparameters")
  private Kind format;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "the file (default: the trial's hash with the format's ending); of tensorboard a folder"
              + " (default: tensorboard in the run's folder)")
  private Optional<Path> out = Optional.empty();

  @Spec private CommandSpec command;

  /** What can be written; a file holds a model. */
  private enum Kind {
    ONNX {
      @Override
      byte[] file(Model model) {
        return Onnx.of(model);
      }
    },
    SAFETENSORS {
      @Override
      byte[] file(Model model) {
        return model.encode();
      }
    },
    TENSORBOARD {
      @Override
      byte[] file(Model model) {
        throw new IllegalArgumentException("event files are of a run");
      }
    };

    abstract byte[] file(Model model);

    String ending() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Override
  public Integer call() {
    return format == Kind.TENSORBOARD ? exportRun(argument.run()) : exportModel();
  }

  private int exportRun(RunFolder run) {
    if (out.isEmpty() && !run.local()) {
      throw new InputException(
          "Cannot write into %s: say with --out where on this machine".formatted(run));
    }
    Path folder = out.orElseGet(() -> Path.of(run.address()).resolve(format.ending()));
    int trials = TensorBoard.export(run, folder);
    command
        .commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "Wrote %d trials to %s: tensorboard --logdir %s%n",
            trials,
            folder,
            folder);
    return ExitCode.DONE;
  }

  private int exportModel() {
    Model model = argument.model();
    Path file = out.orElse(Path.of(model.trial() + "." + format.ending()));
    Path folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file) || folder == null || !Files.isDirectory(folder)) {
      throw new InputException(
          "Cannot write %s: expected a file in a folder that exists".formatted(file));
    }
    OutputFile.write(file, format.file(model));
    command
        .commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "%s: trial %s after epoch %d, %d features to %d classes%n",
            file,
            model.trial(),
            model.epoch(),
            model.features(),
            model.classes().size());
    return ExitCode.DONE;
  }
}
