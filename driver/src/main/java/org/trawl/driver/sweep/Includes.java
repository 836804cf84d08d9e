package org.trawl.driver.sweep;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import java.io.File;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Follows the includes of a file: remembers which file is included where, and collects those that
 * are missing. Config's own includer passes over a missing file silently, and stops at the first
 * one that is required.
 */
final class Includes
    implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
  private final Map<Path, List<String>> texts = new LinkedHashMap<>();
  private final Map<Path, List<Integer>> chains = new HashMap<>();
  private final List<Missing> missing = new ArrayList<>();
  private final Deque<Path> open = new ArrayDeque<>();
  private ConfigIncluder fallback;

  /** An include of a file that is not there. */
  record Missing(Path file, int line, String name) {}

  Includes(Path main) {
    enter(main, List.of());
  }

  List<Missing> missing() {
    return missing;
  }

  /** The lines of the files read so far, in the order in which reading began. */
  Map<Path, List<String>> texts() {
    return texts;
  }

  /** The position of a file in the order in which reading began. */
  int index(Path file) {
    int index = new ArrayList<>(texts.keySet()).indexOf(file);
    return index < 0 ? texts.size() : index;
  }

  /**
   * The line of the include in the main file, that of the include in the included one and so on.
   */
  List<Integer> chain(Path file) {
    return chains.getOrDefault(file, List.of());
  }

  /** Where a line of a file names a key, from 0; 0 if it does not. */
  int column(Path file, int line, String key) {
    List<String> lines = texts.getOrDefault(file, List.of());
    return line > lines.size() ? 0 : Math.max(0, lines.get(line - 1).indexOf(key));
  }

  @Override
  public ConfigIncluder withFallback(ConfigIncluder other) {
    this.fallback = other;
    return this;
  }

  @Override
  public ConfigObject include(ConfigIncludeContext context, String what) {
    return follow(context, what, strict -> fallback.include(strict, what));
  }

  @Override
  public ConfigObject includeFile(ConfigIncludeContext context, File what) {
    return follow(
        context,
        what.toString(),
        strict -> ((ConfigIncluderFile) fallback).includeFile(strict, what));
  }

  @Override
  public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
    return follow(
        context,
        what.toString(),
        strict -> ((ConfigIncluderURL) fallback).includeURL(strict, what));
  }

  @Override
  public ConfigObject includeResources(ConfigIncludeContext context, String what) {
    return follow(
        context,
        what,
        strict -> ((ConfigIncluderClasspath) fallback).includeResources(strict, what));
  }

  private ConfigObject follow(
      ConfigIncludeContext context,
      String what,
      Function<ConfigIncludeContext, ConfigObject> include) {
    Path from = open.element();
    int line = line(from, what);
    if (what.indexOf('\0') >= 0) {
      missing.add(new Missing(from, line, what));
      return ConfigFactory.empty().root();
    }
    List<Integer> chain = new ArrayList<>(chain(from));
    chain.add(line);
    enter(existing(from.resolveSibling(what)), chain);
    try {
      return include.apply(context.setParseOptions(context.parseOptions().setAllowMissing(false)));
    } catch (ConfigException.IO absent) {
      missing.add(new Missing(from, line, what));
      return ConfigFactory.empty().root();
    } finally {
      open.pop();
    }
  }

  private void enter(Path file, List<Integer> chain) {
    open.push(file);
    if (Files.isRegularFile(file)) {
      texts.putIfAbsent(file, SweepFile.lines(file));
      chains.putIfAbsent(file, chain);
    }
  }

  /** The file that Config finds under a name: without an ending it tries those it knows. */
  private static Path existing(Path file) {
    Path plain = file.normalize();
    for (String ending : List.of("", ".conf", ".json", ".properties")) {
      Path candidate = plain.resolveSibling(plain.getFileName() + ending);
      if (Files.isRegularFile(candidate)) {
        return candidate;
      }
    }
    return plain;
  }

  /** The line of a file that includes a name; 1 if none shows it. */
  private int line(Path file, String what) {
    List<String> lines = texts.getOrDefault(file, List.of());
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).contains("include") && lines.get(i).contains(what)) {
        return i + 1;
      }
    }
    return 1;
  }
}
