/**
 * The bulk operations of a training step, on plain float arrays.
 *
 * <p>{@link org.trawl.core.kernel.Kernels} lists them; its implementations compute the same bits.
 * Matrices are row-major. Callers own all memory; no operation allocates. Random numbers come from
 * {@link org.trawl.core.kernel.RandomStream}, a counter-based generator.
 */
package org.trawl.core.kernel;
