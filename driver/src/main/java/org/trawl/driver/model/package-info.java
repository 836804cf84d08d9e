/**
 * Trained networks outside of training: their files, and what is done with them.
 *
 * <p>{@link org.trawl.driver.model.SafeTensors} is the format of weights, {@link
 * org.trawl.driver.model.WeightFiles} reads the ones that networks start from.
 */
package org.trawl.driver.model;
