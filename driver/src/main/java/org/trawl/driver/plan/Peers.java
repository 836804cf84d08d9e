package org.trawl.driver.plan;

import java.io.Serializable;
import org.trawl.driver.sweep.Objective;

/**
 * The trials that a trial is compared with, itself among them: those whose metrics are of the same
 * samples.
 *
 * @param data hash of what decides which samples the validation and the test part have, seed,
 *     repeat and fold left out: the content, and the keys that divide it or choose classes. How
 *     samples are prepared, and how many of them are trained on, is not among it
 * @param objective by which they are compared
 */
public record Peers(String data, Objective objective) implements Serializable {}
