/**
 * Work that is recorded once as a flat list of prepared native calls and replayed, as CUDA graphs
 * do.
 */
package org.descry.engine.tape;
