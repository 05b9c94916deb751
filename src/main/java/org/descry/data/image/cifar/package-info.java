/** CIFAR-10 and CIFAR-100: their files, and where they come from. */
package org.descry.data.image.cifar;
