package org.trawl.core.network;

import java.util.Locale;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.kernel.Panels;
import org.trawl.core.kernel.Terms;

/**
 * What the layers' parts of a workspace have in common: the network's memory, the size of the
 * batch, and arrays that one layer uses after the other. It gives out all matrices, or counts them
 * only.
 */
final class Room {
  private static final float[] NOTHING = new float[0];

  /** The network at work, with its live parameters and statistics; set by {@link #enter}. */
  Kernels kernels;

  float[] parameters;
  float[] statistics;

  /** What training adds at random; null for evaluation. */
  private final Perturbation perturbation;

  /** Whether batches are learnt from part by part. */
  final boolean inParts;

  private final boolean counts;
  private final int capacity;
  private int rows;
  private long numbers;
  private int longestMatrix;
  private int longestNoise;
  private int longestGradient;

  /** For the product at hand. Its values last until the next layer. */
  float[] matrix = NOTHING;

  /** Normal numbers, likewise. */
  float[] noise = NOTHING;

  /** A piece of the gradient, likewise. */
  float[] gradient = NOTHING;

  /**
   * Room for batches of up to {@code capacity} samples.
   *
   * @param perturbation of training; null for evaluation
   * @param counts whether all arrays that it gives out are empty
   */
  Room(int capacity, boolean inParts, Perturbation perturbation, boolean counts) {
    this.perturbation = perturbation;
    this.inParts = inParts;
    this.counts = counts;
    this.capacity = capacity;
    this.rows = capacity;
  }

  /** Lets a network work here, until another one does. */
  void enter(Kernels kernels, float[] parameters, float[] statistics) {
    this.kernels = kernels;
    this.parameters = parameters;
    this.statistics = statistics;
  }

  /** Samples of the batch. */
  int rows() {
    return rows;
  }

  /** Rows a panel of the batch's matrices. */
  int stride() {
    return Panels.paddedRows(rows);
  }

  /** As {@link Workspace#resize}. */
  void resize(int rows) {
    if (rows < 1 || rows > capacity) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "Invalid rows of a batch (1 to %d): %d", capacity, rows));
    }
    this.rows = rows;
  }

  /** Whether there is a way back. */
  boolean training() {
    return perturbation != null;
  }

  /** Whether noise is added to activations. */
  boolean addsNoise() {
    return training() && perturbation.sigma() > 0;
  }

  /** Whether noise is added to the deltas of all layers. */
  boolean addsGradientNoise() {
    return training() && perturbation.gradientSigma() > 0;
  }

  /** A new array. */
  float[] array(int length) {
    numbers += length;
    return counts ? NOTHING : new float[length];
  }

  /** A new matrix of a batch of as many samples as there may be. */
  float[] batch(int columns) {
    return array(Panels.length(Panels.paddedRows(capacity), columns));
  }

  /** Room for the terms of a product. */
  Terms terms(int lines, int depth) {
    numbers += training() ? Terms.length(lines, depth) : 0;
    return counts ? new Terms(0, 0) : new Terms(lines, depth);
  }

  /** Asks for so long a {@link #matrix}. */
  void needMatrix(int length) {
    longestMatrix = Math.max(longestMatrix, length);
  }

  /** Asks for noise on a matrix of a batch. */
  void needNoise(int columns) {
    int length = Panels.length(Panels.paddedRows(capacity), columns);
    longestNoise = Math.max(longestNoise, length);
  }

  /** Asks for so long a {@link #gradient}. */
  void needGradient(int length) {
    longestGradient = Math.max(longestGradient, length);
  }

  /** Makes the common arrays, once all layers have asked. */
  void open() {
    matrix = array(longestMatrix);
    noise = array(longestNoise);
    gradient = array(longestGradient);
  }

  /** Numbers in all arrays. */
  long numbers() {
    return numbers;
  }
}
