package org.trawl.driver.results;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.trawl.driver.sweep.Objective;

/**
 * What a run was made with: the file provenance.json. A session is one start of {@code trawl run}
 * that trained something; each adds itself to those before.
 *
 * @param sweep name of the sweep
 * @param objective in force in the last session; of several data sets that of the first
 * @param sessions in order
 */
public record Provenance(String sweep, Objective objective, List<Session> sessions) {
  static final String FILE = "provenance.json";

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  public Provenance {
    sessions = List.copyOf(sessions);
  }

  /**
   * One start.
   *
   * @param command as typed, without credentials
   * @param trials how many it was to train
   * @param versions of what computes: names and values
   * @param data name of each source, and what identifies its content
   */
  public record Session(
      Instant started,
      String command,
      int trials,
      Map<String, String> versions,
      Map<String, String> data) {

    public Session {
      // Whoever puts a key into an address must not find it in a file that is passed around.
      command = command.replaceAll("//[^/@\\s]+@", "//***@");
    }
  }

  /**
   * The objective of a trial: the run's, or the default of its data where that has other parts.
   *
   * @param trial row of the table trials
   */
  public Objective objectiveOf(Map<String, Object> trial) {
    return trial.get("objective") instanceof String metric && !metric.equals(objective.metric())
        ? Objective.of(metric)
        : objective;
  }

  /** The session that is running, or was the last. */
  public Session lastSession() {
    return sessions.get(sessions.size() - 1);
  }

  /** The text of the file. */
  String text() {
    try {
      return JSON.writeValueAsString(this) + "\n";
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static Provenance parse(String text, String address) {
    try {
      return JSON.readValue(text, Provenance.class);
    } catch (JsonProcessingException damaged) {
      throw new InfrastructureException(
          "Cannot read %s/%s: it is damaged (%s)"
              .formatted(address, FILE, damaged.getOriginalMessage()),
          damaged);
    }
  }
}
