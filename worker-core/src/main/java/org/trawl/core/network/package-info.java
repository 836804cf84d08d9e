/**
 * Networks: what they are ({@link org.trawl.core.network.NetworkSpec}), their layers and where the
 * parameters of each lie ({@link org.trawl.core.network.Layout}, which lists the kinds), and how
 * they compute ({@link org.trawl.core.network.Network}).
 *
 * <p>A kind of {@link org.trawl.core.network.Layer} is one class: its shape, its tensors with their
 * names and places, its work and memory, its initial weights, and forward and backward in the part
 * of a workspace that it makes. Dense is the first one. Nothing else knows of kinds.
 *
 * <p>All parameters of a network are one flat array, its gradients another of the same length; what
 * is kept of batches for evaluation is a third, of statistics. The arrays of a step are allocated
 * once, in a {@link org.trawl.core.network.Workspace}.
 */
package org.trawl.core.network;
