package org.trawl.core.training;

/**
 * A network's results on one part of the data, dropout and noise off.
 *
 * @param loss mean data loss of its samples
 * @param accuracy share of samples whose class has the largest output
 * @param confusion counts, row-major [actual][predicted]
 */
public record Evaluation(double loss, double accuracy, int[] confusion) {}
