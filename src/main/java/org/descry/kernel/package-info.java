/**
 * The numerics: one class an operation, forward pass, cache and backward pass side by side. A
 * kernel is an object because it owns its scratch memory and its native operations; it is not
 * thread-safe.
 */
package org.descry.kernel;
