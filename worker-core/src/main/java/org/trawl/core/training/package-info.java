/**
 * Trials: what one is ({@link org.trawl.core.training.TrialSpec}), its random streams ({@link
 * org.trawl.core.training.SeedStreams}), the loop that trains it ({@link
 * org.trawl.core.training.Trainer}) and what that measures.
 *
 * <p>A training runs in the calling thread and owns all its memory but the shared data set.
 */
package org.trawl.core.training;
