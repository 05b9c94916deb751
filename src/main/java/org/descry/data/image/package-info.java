/**
 * * Images from disk to batches: CIFAR files and image folders through DataVec, normalisation,
 * augmentation.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.data.image;
