/**
 * Pictures from disk to batches: CIFAR files and image folders through DataVec, the built-in shapes
 * set, normalisation, augmentation and prefetching; captions from annotation files to batches, the
 * vocabulary and the built-in scenes. Knows nothing of layers or models.
 */
package org.descry.data;
