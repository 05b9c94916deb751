/**
 * CIFAR-10 and CIFAR-100: their files, and where they come from.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.data.image.cifar;
