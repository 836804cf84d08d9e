/**
 * Samples in memory, and what they are collected with.
 *
 * <p>A {@link org.trawl.core.data.sample.Dataset} has {@link org.trawl.core.data.sample.Samples},
 * their labels, and what the files say of the {@link org.trawl.core.data.sample.Columns}. Who reads
 * files fills a {@link org.trawl.core.data.sample.SamplesBuilder} and a {@link
 * org.trawl.core.data.sample.LabelsBuilder}, which decide how values are held and which labels are
 * one class. Every room refuses data with a {@link org.trawl.core.data.sample.DataException}.
 *
 * <p>It knows no other room: what samples are does not depend on where they come from.
 */
package org.trawl.core.data.sample;
