/**
 * Update rules: {@link org.trawl.core.optimizer.OptimizerSpec} describes one, {@link
 * org.trawl.core.optimizer.Optimizer} is one with its state, arrays as long as the parameters.
 */
package org.trawl.core.optimizer;
