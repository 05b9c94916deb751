/**
 * The gradient check: a layer's or a network's explicit gradients against SameDiff's autodiff of
 * its own definition and against central differences, in float64. The command {@code gradcheck}
 * runs it, and so do the tests of the layers.
 */
package org.descry.gradcheck;
