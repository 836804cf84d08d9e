/**
 * The bulk operations of a training step, on plain float arrays.
 *
 * <p>{@link org.trawl.core.kernel.Kernels} are all of them; an interface a kind lists them, each
 * with its simple loop, and says which bits they are: {@link org.trawl.core.kernel.Products},
 * {@link org.trawl.core.kernel.Columns}, {@link org.trawl.core.kernel.Batches}, {@link
 * org.trawl.core.kernel.Elementwise}, {@link org.trawl.core.kernel.Losses}, {@link
 * org.trawl.core.kernel.RandomNumbers} and {@link org.trawl.core.kernel.Updates}. {@code
 * PlainKernels} are these loops. {@code VectorKernels} compute the same bits on the Vector API, by
 * {@code VectorProducts} and so on; what is named {@code Vector...} is compiled apart from its
 * callers, {@code Lanes} within them.
 *
 * <p>Matrices are in {@link org.trawl.core.kernel.Panels}. Callers own all memory; no operation
 * allocates. Random numbers come from {@link org.trawl.core.kernel.RandomStream}, a counter-based
 * generator.
 */
package org.trawl.core.kernel;
