package org.trawl.driver.results;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The drivers that are at a run, and their way to hear that they should stop. */
public final class Sessions {
  private static final String STOP = ".stop";
  private static final String FILE = ".json";

  private final FileStorage storage;

  Sessions(FileStorage storage) {
    this.storage = storage;
  }

  /** Those whose drivers are still there. */
  public List<Session> alive(Instant now) {
    return all().stream().filter(session -> session.alive(now)).toList();
  }

  /** Writes what a session is at. */
  public void write(Session session) {
    storage.replace(path(session.id(), FILE), session.text().getBytes(UTF_8));
  }

  /** Removes a session that ends. */
  public void remove(String id) {
    storage.delete(path(id, FILE));
    storage.delete(path(id, STOP));
  }

  /** Asks a session to stop. */
  public void stop(String id) {
    storage.replace(path(id, STOP), new byte[0]);
  }

  /** Whether a session was asked to stop. */
  public boolean stopped(String id) {
    return storage.exists(path(id, STOP));
  }

  /** Removes what drivers left behind that have gone. */
  public void clean(Instant now) {
    for (Session session : all()) {
      if (!session.alive(now)) {
        remove(session.id());
      }
    }
  }

  private List<Session> all() {
    List<Session> sessions = new ArrayList<>();
    for (FileStorage.Entry entry : storage.list(Session.FOLDER)) {
      if (entry.name().endsWith(FILE)) {
        storage
            .read(Session.FOLDER + "/" + entry.name())
            .flatMap(bytes -> Session.parse(new String(bytes, UTF_8)))
            .ifPresent(sessions::add);
      }
    }
    return sessions;
  }

  private static String path(String id, String kind) {
    return Session.FOLDER + "/" + id + kind;
  }
}
