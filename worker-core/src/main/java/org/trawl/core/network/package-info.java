/**
 * Networks: what they are ({@link org.trawl.core.network.NetworkSpec}), where their parameters lie
 * ({@link org.trawl.core.network.Layout}), and how they compute ({@link
 * org.trawl.core.network.Network}).
 *
 * <p>All parameters of a network are one flat array, its gradients another of the same length. The
 * arrays of a step are allocated once, in a {@link org.trawl.core.network.Workspace}.
 */
package org.trawl.core.network;
