package org.trawl.driver.plan;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.trawl.core.data.preparation.PrepareStep;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.split.DataSpec;
import org.trawl.core.training.TrialSpec;
import org.trawl.driver.sweep.Key;
import org.trawl.driver.sweep.Keys;

/**
 * The canonical configuration of a trial and its hashes.
 *
 * <p>The canonical configuration is JSON: an object with the core's version and, by path in
 * alphabetic order, every key whose value is not its default, numbers by value (0.10 and 1e-1 are
 * 0.1), the source as the fingerprint of its content. So a trial keeps its hash when keys are
 * added, when a file is moved, and however its sweep file is written. A hash is the first 12
 * hexadecimal digits of the SHA-256 of such a text.
 */
final class Canonical {
  private static final int DIGITS = 12;
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().configure(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN, true).build();

  private Canonical() {}

  /** The canonical configuration of a point: without seed, repeat and fold. */
  static String point(Map<Key, Object> values, String fingerprint) {
    return json(canonical(values, fingerprint));
  }

  /** The canonical configuration of a trial. */
  static String trial(
      Map<Key, Object> values, String fingerprint, long seed, int repeat, int fold) {
    return json(seeded(canonical(values, fingerprint), seed, repeat, fold));
  }

  /**
   * The canonical configuration of a trial, however many epochs it has; with a schedule that ends
   * with the last epoch, their number belongs to it.
   */
  static String lineage(
      Map<Key, Object> values, String fingerprint, long seed, int repeat, int fold) {
    Map<String, Object> canonical = canonical(values, fingerprint);
    if (!values.get(Keys.SCHEDULE_KIND).equals("cosine")) {
      canonical.remove(Keys.EPOCHS.path());
    }
    return json(seeded(canonical, seed, repeat, fold));
  }

  /**
   * What decides which samples a trial's metrics are of, whatever the seed, the repeat and the
   * fold.
   *
   * @param ownValidation whether the source has a validation part of its own
   */
  static String data(
      Map<Key, Object> values, String fingerprint, DataSpec spec, boolean ownValidation) {
    boolean validates = spec.validation().size() > 0;
    boolean own = validates && ownValidation && !spec.pooled();
    boolean divided = spec.test().size() > 0 || spec.folds() > 0 || (validates && !own);
    Map<String, Object> data = new TreeMap<>();
    data.put(Keys.SOURCE.path(), fingerprint);
    data.put(Keys.VALIDATION.path(), own ? "own" : values.get(Keys.VALIDATION));
    data.put(Keys.TEST.path(), values.get(Keys.TEST));
    data.put(Keys.FOLDS.path(), values.get(Keys.FOLDS));
    data.put(Keys.POOLED.path(), values.get(Keys.POOLED));
    data.put(
        Keys.LIMIT.path(), divided ? values.get(Keys.LIMIT) : 0L); // else of what is trained on
    data.put(
        "classes",
        spec.prepare().stream()
            .filter(PrepareStep.Classes.class::isInstance)
            .map(step -> ((PrepareStep.Classes) step).names().stream().sorted().toList())
            .toList());
    return json(data);
  }

  /** The hash of a canonical configuration. */
  static String hash(String canonical) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * The whole trial as JSON for people and programs: every key, defaults included, nested as in a
   * sweep file.
   */
  static String config(
      Map<Key, Object> values,
      SourceSpec source,
      String fingerprint,
      long seed,
      int repeat,
      int fold) {
    Map<String, Object> config = new LinkedHashMap<>();
    values.forEach(
        (key, value) -> put(config, key.path(), key.equals(Keys.SOURCE) ? source.name() : value));
    put(config, "data.content", fingerprint);
    config.put("seed", seed);
    config.put("repeat", repeat);
    config.put("fold", fold);
    config.put("core", TrialSpec.CORE_VERSION);
    return json(config);
  }

  @SuppressWarnings("unchecked") // Groups are the maps put here.
  private static void put(Map<String, Object> config, String path, Object value) {
    Map<String, Object> group = config;
    String[] parts = path.split("\\.", -1);
    for (int i = 0; i < parts.length - 1; i++) {
      group = (Map<String, Object>) group.computeIfAbsent(parts[i], part -> new LinkedHashMap<>());
    }
    group.put(parts[parts.length - 1], value);
  }

  private static Map<String, Object> canonical(Map<Key, Object> values, String fingerprint) {
    Map<String, Object> canonical = new TreeMap<>();
    canonical.put("core", TrialSpec.CORE_VERSION);
    values.forEach(
        (key, value) -> {
          if (key.equals(Keys.SOURCE)) {
            canonical.put(key.path(), fingerprint);
          } else if (!key.defaultValue().equals(Optional.of(value))) {
            canonical.put(key.path(), value);
          }
        });
    return canonical;
  }

  private static Map<String, Object> seeded(
      Map<String, Object> canonical, long seed, int repeat, int fold) {
    canonical.put("seed", seed);
    canonical.put("repeat", repeat);
    canonical.put("fold", fold);
    return canonical;
  }

  private static String json(Map<String, Object> fields) {
    try {
      return MAPPER.writeValueAsString(fields);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
