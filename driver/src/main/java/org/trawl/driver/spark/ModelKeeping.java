package org.trawl.driver.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.trawl.core.data.split.TrainingData;
import org.trawl.core.network.Network;
import org.trawl.core.network.NetworkState;
import org.trawl.core.training.EpochResult;
import org.trawl.core.training.TrainingState;
import org.trawl.driver.model.Model;
import org.trawl.driver.plan.Peers;
import org.trawl.driver.results.BestEpoch;
import org.trawl.driver.results.Models;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.sweep.Keep;
import org.trawl.driver.sweep.Objective;

/**
 * Keeps the models of a run from where they were trained: after each best epoch of a trial a copy
 * of its weights in memory, and at its end a file, if it may be among the best ones of the run.
 *
 * <p>A JVM knows the values of the trials that ended before the run began and of its own since, so
 * of many trials it writes few models; whichever are the best ones of all is among them. The driver
 * removes the others.
 *
 * @param folder of the run, as executors find it
 * @param count of the best trials of each data set; {@link Keep#ALL}, or 0 for none
 * @param session tells the runs of a JVM apart
 * @param values of the objective that the best trials before had, of each data set at most {@code
 *     count}
 */
record ModelKeeping(RunFolder folder, int count, String session, Map<Peers, List<Double>> values)
    implements Serializable {

  /** The best values that this JVM knows of a session. */
  private static final Map<Peers, List<Double>> BEST = new HashMap<>();

  private static String bestOf = "";

  ModelKeeping {
    values = Map.copyOf(values);
  }

  /** Watches one trial. */
  Candidate candidate(TrialTask task) {
    return new Candidate(task);
  }

  /** Whether fewer than {@code count} of its peers that are known here are better than a trial. */
  private boolean mayBeKept(Peers peers, double value) {
    if (count == Keep.ALL) {
      return true;
    }
    synchronized (BEST) {
      if (!bestOf.equals(session)) {
        bestOf = session;
        BEST.clear();
        values.forEach((of, known) -> BEST.put(of, new ArrayList<>(known)));
      }
      Objective objective = peers.objective();
      List<Double> best = BEST.computeIfAbsent(peers, none -> new ArrayList<>());
      if (!Double.isFinite(value)) {
        return best.size() < count;
      }
      long better = best.stream().filter(known -> objective.better(known, value)).count();
      if (better >= count) {
        return false;
      }
      best.add(value);
      best.sort((one, other) -> objective.better(one, other) ? -1 : one.equals(other) ? 0 : 1);
      while (best.size() > count) {
        best.remove(best.size() - 1);
      }
      return true;
    }
  }

  /** The model that a trial may become. Used by the trial's thread. */
  final class Candidate {
    private static final String BEST_EPOCH = "best.epoch";
    private static final String VALUE = "best.value";
    private static final String OBJECTIVE_VALUE = "best.objective-value";
    private static final String CHOICE = "best.choice";
    private static final String LEARNT = "best.network.";

    private final TrialTask task;
    private final BestEpoch best;

    /** The objective's value at the best epoch. */
    private double value = Double.NaN;

    private Optional<Network> network = Optional.empty();
    private Optional<NetworkState> state = Optional.empty();

    /** What the best epoch before an interruption had learnt, until the network is there. */
    private Optional<TrainingState> before = Optional.empty();

    /** Whether all epochs of the trial were seen, by this attempt or those before. */
    private boolean whole = true;

    private Candidate(TrialTask task) {
      this.task = task;
      best = new BestEpoch(task.choice());
    }

    /** The training goes on from a state, which may tell of the best epoch before. */
    void resume(TrainingState from) {
      if (from.arrays().get(CHOICE) instanceof int[] kept && Arrays.equals(kept, mark())) {
        int[] epoch = new int[1];
        double[] chosenFor = new double[1];
        double[] ofObjective = new double[1];
        from.read(BEST_EPOCH, epoch);
        from.read(VALUE, chosenFor);
        from.read(OBJECTIVE_VALUE, ofObjective);
        best.resume(epoch[0], chosenFor[0]);
        value = ofObjective[0];
        before = Optional.of(from);
      } else {
        whole = false;
      }
    }

    /** Adds what is the best so far to a state that a training can go on from. */
    void save(TrainingState into) {
      if (count > 0 && whole && (state.isPresent() || before.isPresent())) {
        into.put(CHOICE, mark());
        into.put(BEST_EPOCH, new int[] {best.epoch()});
        into.put(VALUE, new double[] {best.value()});
        into.put(OBJECTIVE_VALUE, new double[] {value});
        state.ifPresent(
            learnt -> learnt.arrays().forEach((name, values) -> into.put(LEARNT + name, values)));
      }
    }

    private int[] mark() {
      return (task.peers().objective() + " " + task.choice()).chars().toArray();
    }

    /** An epoch has ended, and left the network so. */
    void learnt(EpochResult epoch, Network learnt) {
      network = Optional.of(learnt);
      if (before.isPresent()) {
        NetworkState earlier = learnt.newState();
        earlier.arrays().forEach((name, values) -> before.get().read(LEARNT + name, values));
        state = Optional.of(earlier);
        before = Optional.empty();
      }
      if (count > 0 && whole && best.offer(epoch)) {
        value = BestEpoch.value(epoch, task.peers().objective());
        state.ifPresentOrElse(learnt::save, () -> state = Optional.of(learnt.newState()));
      }
    }

    /**
     * Keeps the model of a trial that has completed, if it may be among the best. One of which not
     * all epochs were seen is left to the driver, which has it trained again if it is needed.
     */
    void completed(TrainingData data) {
      boolean known = whole && state.isPresent() && network.isPresent();
      if (known && mayBeKept(task.peers(), value)) {
        NetworkState last = network.get().newState();
        network.get().restore(state.get());
        Model model =
            Model.of(task.trial(), task.config(), task.spec(), data, best.epoch(), network.get());
        network.get().restore(last);
        folder.models().keep(new Models.Id(task.trial(), best.epoch()), model.encode());
      }
    }
  }
}
