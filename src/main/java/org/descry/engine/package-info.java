/**
 * The native engine: which binary of ND4J runs, with how many threads, and calls to its operations
 * and memory that cost no more than they must.
 */
package org.descry.engine;
