/**
 * Preparation: features made of features.
 *
 * <p>A {@link org.trawl.core.data.preparation.PrepareStep} is asked for, a {@link
 * org.trawl.core.data.preparation.FittedStep} is what it becomes on the rows that are trained on, a
 * {@link org.trawl.core.data.preparation.Preparation} is all of them, as it is stored with a
 * network. {@link org.trawl.core.data.preparation.PreparedSamples} applies them to all samples,
 * stage by stage, so that trials can share a stage; {@link
 * org.trawl.core.data.preparation.FeatureForm} knows what comes out without computing it.
 *
 * <p>It is told which rows to fit to, and knows {@code sample} alone: neither files nor parts.
 */
package org.trawl.core.data.preparation;
