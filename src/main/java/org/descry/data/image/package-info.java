/**
 * Images from disk to batches: CIFAR files and image folders through DataVec, normalisation,
 * augmentation.
 */
package org.descry.data.image;
