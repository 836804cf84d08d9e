/**
 * Formats that are images: folders of them, and CIFAR's records.
 *
 * <p>A reader each. {@link org.trawl.core.data.format.image.ImageDecoder} decodes what is an image
 * file, wherever it comes from, and trusts nothing that it claims.
 */
package org.trawl.core.data.format.image;
