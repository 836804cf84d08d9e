package org.trawl.core.network;

import org.trawl.core.kernel.Terms;

/**
 * What a layer reads in a workspace.
 *
 * @param values batch x inputs of the layer; not modified
 * @param deltas the same: where the loss's derivatives by them go, with 0 in the columns that fill
 *     up its last panel; null where nobody asks for them
 * @param rowTerms of the values, for a product of the batch; null where all count
 * @param columnTerms likewise, for one of the batch transposed
 */
record LayerInput(float[] values, float[] deltas, Terms rowTerms, Terms columnTerms) {

  /** The terms of a product of the batch that count; null for all. */
  Terms rowsThatCount() {
    return rowTerms != null && rowTerms.fewer() ? rowTerms : null;
  }

  /** The terms of a product of the batch transposed that count; null for all. */
  Terms columnsThatCount() {
    return columnTerms != null && columnTerms.fewer() ? columnTerms : null;
  }
}
