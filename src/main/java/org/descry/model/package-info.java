/** Whole networks as DL4J configurations. */
package org.descry.model;
