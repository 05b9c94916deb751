/**
 * DL4J layers made of kernels. A layer's configuration is a real SameDiff layer (JSON, parameters,
 * shapes and its forward pass as a SameDiff graph); its runtime runs the kernels' explicit passes.
 */
package org.descry.layer;
