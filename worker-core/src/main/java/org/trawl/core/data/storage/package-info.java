/**
 * The bytes of a source's files, wherever they lie and however they are packed.
 *
 * <p>A {@link org.trawl.core.data.storage.Storage} opens addresses; the driver brings one that
 * knows clusters too. Readers take a {@link org.trawl.core.data.storage.SourceFile}: unpacked,
 * taken out of its archive, checked to its end, with errors that name the place. A {@link
 * org.trawl.core.data.storage.SampleInput} is one apart from any source. Of tables that storage
 * reads itself, {@link org.trawl.core.data.storage.TableRows} takes the rows.
 *
 * <p>It does not know what the bytes mean.
 */
package org.trawl.core.data.storage;
