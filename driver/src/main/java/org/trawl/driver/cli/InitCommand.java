package org.trawl.driver.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.trawl.driver.results.OutputFile;
import org.trawl.driver.sweep.InputException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code trawl init [FILE]} */
@Command(
    name = "init",
    description = "Writes a commented sweep file to start from; prints it without FILE.")
final class InitCommand implements Callable<Integer> {
  @Spec private CommandSpec command;

  @Parameters(paramLabel = "FILE", arity = "0..1", description = "a file that does not exist yet")
  private Optional<Path> file = Optional.empty();

  @Override
  public Integer call() throws IOException {
    String text = text();
    if (file.isEmpty()) {
      command.commandLine().getOut().print(text);
      command.commandLine().getOut().flush();
      return ExitCode.DONE;
    }
    try {
      Files.writeString(file.get(), text, StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException there) {
      throw new InputException(
          "Cannot write %s: expected no such file, found one".formatted(file.get()));
    } catch (NoSuchFileException missing) {
      throw new InputException(
          "Cannot write %s: expected the folder %s, found none"
              .formatted(file.get(), file.get().toAbsolutePath().getParent()));
    } catch (IOException refused) {
      Files.deleteIfExists(file.get()); // the beginning of it
      throw OutputFile.refused(file.get(), refused);
    }
    command.commandLine().getOut().println("Wrote " + file.get());
    return ExitCode.DONE;
  }

  static String text() throws IOException {
    try (InputStream stream = InitCommand.class.getResourceAsStream("init.conf")) {
      return new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
