/** The search itself, through Arbiter. */
package org.descry.sweep.arbiter;
