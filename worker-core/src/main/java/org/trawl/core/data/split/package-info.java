/**
 * Splits: which samples of a data set are trained, validated and tested on.
 *
 * <p>A {@link org.trawl.core.data.split.DataSpec} asks for one; {@link
 * org.trawl.core.data.split.TrainingData} is it, with its samples prepared, and what one trial
 * gets. {@link org.trawl.core.data.split.ClassCounts} and {@link
 * org.trawl.core.data.split.PreparedSize} tell what it will be, for who plans.
 *
 * <p>A split is a function of the labels, the specification and a key. It opens no file.
 */
package org.trawl.core.data.split;
