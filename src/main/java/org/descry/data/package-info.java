/**
 * Pictures from disk to batches: CIFAR files and image folders through DataVec, the built-in shapes
 * set, normalisation, augmentation and prefetching. Knows nothing of layers or models.
 */
package org.descry.data;
